"""Last component of the pipeline: a message about danger gets its crisis intent, whatever the classifier thought.

It asks the same function as the guard and sets intent and ranking both: Rasa's fallback looks at the ranking.
"""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any, Dict, List

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from ketaguide.safety.detector import CrisisDetector
from ketaguide.safety.shared import shared_detector
from ketaguide.understanding import encoder_export, signal_export
from ketaguide.understanding.danger_signal import DangerSignal
from ketaguide.understanding.encoder_export import published_model_folder
from ketaguide.understanding.fingerprints import source_fingerprint

# Where the verdict stands in the parsed message: kinds and rule ids, never words.
VERDICT_KEY = "crisis"
# Readings that say nothing against danger: most of what is dangerous is not about the clinic's subject.
NO_OBJECTION = frozenset({"nlu_fallback", "out_of_scope"})
# So sure must be the classifier of an ordinary message that it outweighs a weak likeness to dangerous ones.
SURE = 0.7
ONNX_FILE = "danger_signal.onnx"
TOKENIZER_FILE = "tokenizer.json"
INTENT_PREFIX = "crisis_"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CrisisIntentDetector(GraphComponent):
    """Reads each message for danger with the rules of the content folder, as they are when the model is loaded.

    The danger signal travels inside the model; a loaded model gives it to the detector, and so to the guard.
    """

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """The component's default config (see parent class for full docstring)."""
        return {"rules_dir": "data/crisis/rules"}

    @classmethod
    def fingerprint_addon(cls, config: Dict[str, Any]) -> str:
        """Trains again when the danger signal changes."""
        return (
            source_fingerprint(signal_export, encoder_export)
            + hashlib.sha256(signal_export.ADAPTER.read_bytes()).hexdigest()
        )

    def __init__(self, rules: Path, model_storage: ModelStorage, resource: Resource) -> None:
        """Construct the component for a folder of rules."""
        self._rules = rules
        self._model_storage = model_storage
        self._resource = resource

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CrisisIntentDetector:
        """Creates a component for the rules of the configured folder (see parent class for full docstring)."""
        return cls(Path(config["rules_dir"]), model_storage, resource)

    @property
    def _detector(self) -> CrisisDetector:
        # Not read before it is needed: training needs no rules, and reading them takes seconds.
        return shared_detector(self._rules)

    def train(self, training_data: TrainingData) -> Resource:
        """Stores the danger signal in the model: there is nothing to learn."""
        with self._model_storage.write_to(self._resource) as folder:
            shutil.copyfile(signal_export.exported_signal(), folder / ONNX_FILE)
            shutil.copyfile(published_model_folder() / TOKENIZER_FILE, folder / TOKENIZER_FILE)
        return self._resource

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> CrisisIntentDetector:
        """Loads the danger signal from the model and hands it to the detector (see parent class)."""
        component = cls.create(config, model_storage, resource, execution_context)
        with model_storage.read_from(resource) as folder:
            component._detector.use_likeness(DangerSignal(folder / ONNX_FILE, folder / TOKENIZER_FILE).scores)
        return component

    def process(self, messages: List[Message]) -> List[Message]:
        """Overrides intent and ranking of each message that says that someone is in danger."""
        for message in messages:
            text = message.get(TEXT)
            if not text or text.startswith("/") or _read_by_guard(message):
                continue
            verdict = self._detector.read(text)
            if verdict.is_doubtful and _is_surely_ordinary(message):
                verdict = verdict.dropped()
            message.set(VERDICT_KEY, asdict(verdict), add_to_output=True)
            if verdict.is_crisis:
                first = {INTENT_NAME_KEY: INTENT_PREFIX + verdict.kind, PREDICTED_CONFIDENCE_KEY: 1.0}
                others = [{**entry, PREDICTED_CONFIDENCE_KEY: 0.0} for entry in message.get(INTENT_RANKING_KEY) or []]
                message.set(INTENT, first, add_to_output=True)
                message.set(INTENT_RANKING_KEY, [first, *others], add_to_output=True)
        return messages


def _is_surely_ordinary(message: Message) -> bool:
    intent = message.get(INTENT) or {}
    confidence = float(intent.get(PREDICTED_CONFIDENCE_KEY) or 0.0)
    return intent.get(INTENT_NAME_KEY) not in NO_OBJECTION and confidence >= SURE


def _read_by_guard(message: Message) -> bool:
    # The guard has asked the same function already; what it lets through is no crisis.
    return bool(((message.get("metadata") or {}).get(VERDICT_KEY) or {}).get("read"))

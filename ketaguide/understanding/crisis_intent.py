"""Last component of the pipeline: a message about danger gets its crisis intent, whatever the classifier thought.

It asks the same function as the guard and sets intent and ranking both: Rasa's fallback looks at the ranking.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any, Dict, List

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from ketaguide.safety.detector import CrisisDetector
from ketaguide.safety.shared import shared_detector

# Where the verdict stands in the parsed message: kinds and rule ids, never words.
VERDICT_KEY = "crisis"
INTENT_PREFIX = "crisis_"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class CrisisIntentDetector(GraphComponent):
    """Reads each message for danger with the rules of the content folder, as they are when the model is loaded."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """The component's default config (see parent class for full docstring)."""
        return {"rules_dir": "data/crisis/rules"}

    def __init__(self, detector: CrisisDetector) -> None:
        """Construct the component around a detector."""
        self._detector = detector

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CrisisIntentDetector:
        """Creates a component with the rules of the configured folder (see parent class for full docstring)."""
        return cls(shared_detector(Path(config["rules_dir"])))

    def process(self, messages: List[Message]) -> List[Message]:
        """Overrides intent and ranking of each message that says that someone is in danger."""
        for message in messages:
            text = message.get(TEXT)
            if not text or text.startswith("/") or _read_by_guard(message):
                continue
            verdict = self._detector.read(text)
            message.set(VERDICT_KEY, asdict(verdict), add_to_output=True)
            if verdict.is_crisis:
                first = {INTENT_NAME_KEY: INTENT_PREFIX + verdict.kind, PREDICTED_CONFIDENCE_KEY: 1.0}
                others = [{**entry, PREDICTED_CONFIDENCE_KEY: 0.0} for entry in message.get(INTENT_RANKING_KEY) or []]
                message.set(INTENT, first, add_to_output=True)
                message.set(INTENT_RANKING_KEY, [first, *others], add_to_output=True)
        return messages


def _read_by_guard(message: Message) -> bool:
    # The guard has asked the same function already; what it lets through is no crisis.
    return bool(((message.get("metadata") or {}).get(VERDICT_KEY) or {}).get("read"))

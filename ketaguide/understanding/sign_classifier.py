"""Tells follow-ups from questions that stand for themselves, and which move or aspect a follow-up is."""

from __future__ import annotations

from typing import Any, Dict, List, Type

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from ketaguide.dialogue.light import STANDALONE
from ketaguide.understanding import linear_model
from ketaguide.understanding.fingerprints import source_fingerprint
from ketaguide.understanding.linear_classifier import FEATURES_KEY
from ketaguide.understanding.linear_model import LinearModel, by_label, sentence_features, softmax

FILE = "signs.npz"
NEARNESS_FILE = "nearness.npz"
# On a training example its move or aspect, on a message the share of each.
SIGN_KEY = "sign"
SIGNS_KEY = "signs"
NEARNESS_KEY = "nearness"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SignClassifier(GraphComponent, IntentClassifier):
    """A linear model over moves and aspects, and how near each two intents lie by their examples."""

    @classmethod
    def required_components(cls) -> List[Type]:
        """Components that should be included in the pipeline before this component."""
        return []

    @staticmethod
    def required_packages() -> List[str]:
        """Any extra python dependencies required for this component to run."""
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """The component's default config (see parent class for full docstring)."""
        return {
            # Inverse strength of regularisation.
            "C": 0.3,
            # How much a margin counts when shares are made of margins.
            "sharpness": 5.0,
            # Of the examples of all intents, which stand for themselves, every so many is learnt from.
            "every": 5,
        }

    @classmethod
    def fingerprint_addon(cls, config: Dict[str, Any]) -> str:
        """Trains again when the model behind this component changes."""
        return source_fingerprint(linear_model)

    def __init__(self, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        """Construct the classifier; `train` or `load` gives it its weights."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._model = LinearModel()
        self._nearness: Dict[str, Dict[str, float]] = {}

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SignClassifier:
        """Creates a new untrained component (see parent class for full docstring)."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fits the weights to the follow-ups against questions that stand for themselves."""
        follow_ups = [example for example in training_data.training_examples if example.get(SIGN_KEY)]
        questions = [example for example in training_data.intent_examples if example.get(TEXT)]
        if not follow_ups or not questions:
            return self._resource
        examples = [*follow_ups, *questions[:: self._config["every"]]]
        self._model.fit(
            [sentence_features(example) for example in examples],
            [example.get(SIGN_KEY) or STANDALONE for example in examples],
            strength=self._config["C"],
            max_iter=2000,
            tol=1e-3,
        )
        intents, nearness = _nearness(questions)
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder / FILE)
            np.savez_compressed(folder / NEARNESS_FILE, intents=np.array(intents), nearness=nearness)
        self._take_nearness(intents, nearness)
        return self._resource

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SignClassifier:
        """Loads the weights from the model (see parent class for full docstring)."""
        component = cls.create(config, model_storage, resource, execution_context)
        with model_storage.read_from(resource) as folder:
            component._model = LinearModel.load(folder / FILE)
            with np.load(folder / NEARNESS_FILE, allow_pickle=False) as stored:
                component._take_nearness([str(intent) for intent in stored["intents"]], stored["nearness"])
        return component

    def _take_nearness(self, intents: List[str], nearness: np.ndarray) -> None:
        self._nearness = {intent: by_label(intents, row) for intent, row in zip(intents, nearness)}

    def process(self, messages: List[Message]) -> List[Message]:
        """Gives each message the share of each sign, and the nearness of intents; neither is part of the record."""
        for message in messages:
            if self._model.labels and message.get(TEXT):
                margins = self._model.margins(message.get(FEATURES_KEY) or sentence_features(message))
                message.set(SIGNS_KEY, by_label(self._model.labels, softmax(margins * self._config["sharpness"])))
                message.set(NEARNESS_KEY, self._nearness)
        return messages


def _nearness(examples: List[Message]) -> Any:
    """Returns the intents and the cosine between the mean sentence vectors of each two, shape (intents, intents)."""
    by_intent: Dict[str, List[np.ndarray]] = {}
    for example in examples:
        by_intent.setdefault(example.get(INTENT), []).append(sentence_features(example)[0][0])
    intents = sorted(by_intent)
    means = []
    for intent in intents:
        mean = np.mean(by_intent[intent], axis=0)
        means.append(mean / max(1e-9, float(np.linalg.norm(mean))))
    stacked = np.vstack(means)
    return intents, (stacked @ stacked.T).astype(np.float16)

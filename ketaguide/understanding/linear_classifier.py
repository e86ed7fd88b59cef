"""One linear classifier over all topics and small talk."""

from __future__ import annotations

from typing import Any, Dict, List, Type

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from ketaguide.understanding import linear_model
from ketaguide.understanding.fingerprints import source_fingerprint
from ketaguide.understanding.linear_model import LinearModel, by_label, sentence_features, softmax

FILE = "classifier.npz"
# The score of every intent, of which the ranking shows the best.
SCORES_KEY = "intent_scores"
# The features as this component took them together; the next linear model need not do so again.
FEATURES_KEY = "linear_features"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(GraphComponent, IntentClassifier):
    """A linear support vector machine on the sentence vector beside the n-grams."""

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
            # How much a margin counts when confidences are made of margins.
            "sharpness": 6.0,
            "max_iter": 2000,
            "tol": 1e-3,
            # How many intents the ranking names.
            "ranking_length": 10,
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

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LinearIntentClassifier:
        """Creates a new untrained component (see parent class for full docstring)."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fits the weights to the examples."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        if len({example.get(INTENT) for example in examples}) < 2:
            return self._resource
        self._model.fit(
            [sentence_features(example) for example in examples],
            [example.get(INTENT) for example in examples],
            strength=self._config["C"],
            max_iter=self._config["max_iter"],
            tol=self._config["tol"],
        )
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder / FILE)
        return self._resource

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LinearIntentClassifier:
        """Loads the weights from the model (see parent class for full docstring)."""
        component = cls.create(config, model_storage, resource, execution_context)
        with model_storage.read_from(resource) as folder:
            component._model = LinearModel.load(folder / FILE)
        return component

    def process(self, messages: List[Message]) -> List[Message]:
        """Sets intent and ranking of each message; without text or features there is no intent."""
        for message in messages:
            if not self._model.labels or not message.get(TEXT):
                continue
            features = sentence_features(message)
            scores = self._model.margins(features) * self._config["sharpness"]
            ranking = self._ranking(scores)
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
            # For the components after this one; no part of the record.
            message.set(SCORES_KEY, by_label(self._model.labels, scores))
            message.set(FEATURES_KEY, features)
        return messages

    def _ranking(self, scores: np.ndarray) -> List[Dict[str, Any]]:
        confidences = softmax(scores)
        best = np.argsort(-confidences, kind="stable")[: self._config["ranking_length"]]
        return [
            {INTENT_NAME_KEY: self._model.labels[index], PREDICTED_CONFIDENCE_KEY: float(confidences[index])}
            for index in best
        ]

"""Dense featurizer: the MiniLM vector of the whole message."""

from __future__ import annotations

import shutil
from typing import Any, Dict, List, Type

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from ketaguide.understanding import encoder, encoder_export
from ketaguide.understanding.encoder import Encoder
from ketaguide.understanding.fingerprints import source_fingerprint
from ketaguide.understanding.plain_text import for_reading
from ketaguide.understanding.quick_prints import QuickFeatures

ONNX_FILE = "encoder.onnx"
TOKENIZER_FILE = "tokenizer.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceEncoder(GraphComponent):
    """Adds the sentence vector of each message; the encoder itself travels inside the model."""

    @classmethod
    def required_components(cls) -> List[Type]:
        """Components that should be included in the pipeline before this component."""
        return [Tokenizer]

    @staticmethod
    def required_packages() -> List[str]:
        """Any extra python dependencies required for this component to run."""
        return ["onnxruntime", "tokenizers"]

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """The component's default config (see parent class for full docstring)."""
        return {}

    @classmethod
    def fingerprint_addon(cls, config: Dict[str, Any]) -> str:
        """Trains again when the code or the weights behind this component change."""
        return source_fingerprint(encoder, encoder_export)

    def __init__(self, model_storage: ModelStorage, resource: Resource, alias: str) -> None:
        """Construct the featurizer; `train` or `load` makes it usable."""
        self._model_storage = model_storage
        self._resource = resource
        self._alias = alias
        self._encoder: Encoder

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoder:
        """Creates a new untrained component (see parent class for full docstring)."""
        return cls(model_storage, resource, config.get(FEATURIZER_CLASS_ALIAS) or execution_context.node_name)

    def train(self, training_data: TrainingData) -> Resource:
        """Stores the encoder in the model: there is nothing to learn."""
        with self._model_storage.write_to(self._resource) as folder:
            shutil.copyfile(encoder_export.exported_encoder(), folder / ONNX_FILE)
            shutil.copyfile(encoder_export.published_model_folder() / TOKENIZER_FILE, folder / TOKENIZER_FILE)
            self._encoder = Encoder(folder / ONNX_FILE, folder / TOKENIZER_FILE)
        return self._resource

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SentenceEncoder:
        """Loads the encoder from the model (see parent class for full docstring)."""
        component = cls.create(config, model_storage, resource, execution_context)
        with model_storage.read_from(resource) as folder:
            component._encoder = Encoder(folder / ONNX_FILE, folder / TOKENIZER_FILE)
        return component

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Adds vectors to all training examples."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Adds the sentence vector to each message that has text."""
        with_text = [message for message in messages if message.get(TEXT)]
        vectors = self._encoder.encode([for_reading(message.get(TEXT)) for message in with_text])
        for message, vector in zip(with_text, vectors):
            message.add_features(QuickFeatures(vector[np.newaxis], FEATURE_TYPE_SENTENCE, TEXT, self._alias))
        return messages

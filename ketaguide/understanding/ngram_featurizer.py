"""Sparse featurizer: TF-IDF weights of n-grams.

Character n-grams inside words survive typos and dropped letters; word n-grams over spaCy's tokens keep short exact
phrases, which a sentence vector blurs.
"""

from __future__ import annotations

import json
from typing import Any, Dict, List, Mapping, Type, Union

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS, TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.feature_extraction.text import TfidfVectorizer

from ketaguide.understanding import ngram_weights, plain_text
from ketaguide.understanding.fingerprints import source_fingerprint
from ketaguide.understanding.ngram_weights import NgramWeights
from ketaguide.understanding.quick_prints import QuickFeatures

FILE = "ngrams.json"
CHARACTERS, WORDS = "char_wb", "word"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class NgramFeaturizer(GraphComponent):
    """Adds the TF-IDF weights of one kind of n-gram to each message, as a unit vector."""

    @classmethod
    def required_components(cls) -> List[Type]:
        """Components that should be included in the pipeline before this component."""
        return [Tokenizer]

    @staticmethod
    def required_packages() -> List[str]:
        """Any extra python dependencies required for this component to run."""
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """The component's default config (see parent class for full docstring)."""
        return {
            # "char_wb" for characters, cut at word ends; "word" for spaCy tokens.
            "analyzer": CHARACTERS,
            # Shortest and longest n-gram, in characters or tokens.
            "min_ngram": 2,
            "max_ngram": 4,
            # N-grams in fewer examples than this are noise.
            "min_examples": 2,
        }

    @classmethod
    def fingerprint_addon(cls, config: Dict[str, Any]) -> str:
        """Trains again when the reading form of a message or the weights change."""
        return source_fingerprint(plain_text, ngram_weights)

    def __init__(self, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource, alias: str) -> None:
        """Construct the featurizer; `train` or `load` gives it its vocabulary."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._alias = alias
        self._weights: NgramWeights

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NgramFeaturizer:
        """Creates a new untrained component (see parent class for full docstring)."""
        alias = config.get(FEATURIZER_CLASS_ALIAS) or execution_context.node_name
        return cls(config, model_storage, resource, alias)

    def _new_vectorizer(self) -> TfidfVectorizer:
        options: Dict[str, Any] = {}
        if self._config["analyzer"] == WORDS:
            # The documents are lists of tokens already.
            options.update(tokenizer=_as_it_is, token_pattern=None, lowercase=False)
        return TfidfVectorizer(
            analyzer=self._config["analyzer"],
            ngram_range=(self._config["min_ngram"], self._config["max_ngram"]),
            min_df=self._config["min_examples"],
            sublinear_tf=True,
            dtype=np.float32,
            **options,
        )

    def _document(self, message: Message) -> Union[str, List[str]]:
        if self._config["analyzer"] == WORDS:
            tokens = message.get(TOKENS_NAMES[TEXT], [])
            return [token.lemma.lower() for token in tokens if any(map(str.isalnum, token.text))]
        return plain_text.for_reading(message.get(TEXT))

    def train(self, training_data: TrainingData) -> Resource:
        """Learns which n-grams there are and how telling each is."""
        texts = [self._document(example) for example in training_data.intent_examples if example.get(TEXT)]
        vectorizer = self._new_vectorizer().fit(texts)
        ngrams = sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.__getitem__)
        learnt = {"ngrams": ngrams, "idf": [round(float(weight), 6) for weight in vectorizer.idf_]}
        with self._model_storage.write_to(self._resource) as folder:
            (folder / FILE).write_text(json.dumps(learnt, ensure_ascii=False), encoding="utf-8")
        self._take(learnt)
        return self._resource

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> NgramFeaturizer:
        """Loads the vocabulary from the model (see parent class for full docstring)."""
        component = cls.create(config, model_storage, resource, execution_context)
        with model_storage.read_from(resource) as folder:
            learnt = json.loads((folder / FILE).read_text(encoding="utf-8"))
        component._take(learnt)
        return component

    def _take(self, learnt: Mapping[str, Any]) -> None:
        analyzer = self._new_vectorizer().build_analyzer()
        self._weights = NgramWeights(learnt["ngrams"], np.array(learnt["idf"]), analyzer)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Adds n-gram weights to all training examples."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Adds n-gram weights to each message that has text."""
        for message in messages:
            if message.get(TEXT):
                weights = self._weights.row(self._document(message))
                message.add_features(QuickFeatures(weights, FEATURE_TYPE_SENTENCE, TEXT, self._alias))
        return messages


def _as_it_is(tokens: List[str]) -> List[str]:
    return tokens

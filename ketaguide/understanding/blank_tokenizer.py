"""Tokens by spaCy's blank English pipeline: its rules ship with the package, no model needs downloading."""

from __future__ import annotations

from typing import Any, Dict, List

import spacy
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from ketaguide.understanding.plain_text import for_reading
from ketaguide.understanding.quick_prints import QuickToken

LANGUAGE = "en"
# spaCy keeps every word it has met; after so many new ones the visitors' words are let go with the old tokenizer.
MOST_NEW_WORDS = 2000


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class BlankSpacyTokenizer(Tokenizer):
    """Splits a message into words and marks; "don't" becomes "do" and "n't"."""

    @staticmethod
    def required_packages() -> List[str]:
        """Any extra python dependencies required for this component to run."""
        return ["spacy"]

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """The component's default config (see parent class for full docstring)."""
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
        }

    def __init__(self, config: Dict[str, Any]) -> None:
        """Construct the tokenizer."""
        super().__init__(config)
        self._renew()

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> BlankSpacyTokenizer:
        """Creates a new component (see parent class for full docstring)."""
        return cls(config)

    def tokenize(self, message: Message, attribute: str) -> List[Token]:
        """Returns the tokens of one attribute, at least one: nothing downstream expects none."""
        text = for_reading(message.get(attribute))
        tokenize = self._tokenize
        found = [QuickToken(token.text, token.idx, lemma=token.norm_) for token in tokenize(text) if not token.is_space]
        if len(tokenize.vocab.strings) > self._words_at_first + MOST_NEW_WORDS:
            self._renew()
        return found or [QuickToken(text or " ", 0)]

    def _renew(self) -> None:
        tokenizer: Any = spacy.blank(LANGUAGE).tokenizer
        self._words_at_first = len(tokenizer.vocab.strings)
        self._tokenize = tokenizer

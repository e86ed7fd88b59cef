"""Examples, tokens and features whose fingerprints cost little.

Rasa asks for the fingerprint of every example, token and feature several times while it trains, and makes each out of
many nested hashes; that was a fifth of the training time. It also copies all examples in depth whenever it merges some.
"""

from __future__ import annotations

import copy
from hashlib import blake2b
from typing import Any, Dict

from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message


class QuickMessage(Message):
    """An example, hashed in one go while it is plain words; a copy shares what nobody changes in place."""

    def fingerprint(self) -> str:
        """Returns a stable hash of the example."""
        if self.features or not all(map(_is_plain, self.data.values())):
            return str(super().fingerprint())
        return _hash(repr(sorted(self.data.items())).encode())

    def __deepcopy__(self, memo: Dict[int, Any]) -> QuickMessage:
        """Returns a copy to which other data and features can be added."""
        copied = copy.copy(self)
        copied.data = dict(self.data)
        copied.features = list(self.features)
        copied.output_properties = set(self.output_properties)
        return copied


class QuickToken(Token):
    """A token, hashed in one go."""

    def fingerprint(self) -> str:
        """Returns a stable hash of the token."""
        return _hash(repr((self.text, self.start, self.end, self.lemma)).encode())


class QuickFeatures(Features):
    """Features, hashed by their bytes."""

    def fingerprint(self) -> str:
        """Returns a stable hash of the features."""
        about = repr((self.type, self.origin, self.attribute, self.features.shape)).encode()
        if self.is_dense():
            return _hash(about, self.features.tobytes())
        found = self.features.tocoo()
        return _hash(about, found.row.tobytes(), found.col.tobytes(), found.data.tobytes())


def _is_plain(value: Any) -> bool:
    return isinstance(value, str)


def _hash(*parts: bytes) -> str:
    digest = blake2b(digest_size=16)
    for part in parts:
        digest.update(part)
    return digest.hexdigest()

"""Sentence vectors that are computed beside other work, before the pipeline asks for them.

A vector is a pure function of the text and the encoder, and is kept no longer than the turn that it was computed for.
"""

from __future__ import annotations

from concurrent.futures import Future
from typing import Dict, List, Optional, Sequence, Tuple

import numpy as np
from rasa.shared.nlu.constants import TEXT

from ketaguide.understanding.encoder import Encoder
from ketaguide.understanding.message_parts import parts
from ketaguide.understanding.plain_text import for_reading

# Far longer than the longest message takes.
WAIT_SECONDS = 1.0

_encoder: Optional[Encoder] = None
_begun: Dict[Tuple[str, ...], Tuple[Encoder, Future[np.ndarray]]] = {}


def use(encoder: Encoder) -> None:
    """Makes this the encoder of the messages to come."""
    global _encoder
    _encoder = encoder


def compute(message: str) -> None:
    """Computes the vectors that reading a message will need, on the calling thread."""
    if _encoder is None or not message or message.startswith("/"):
        return
    texts = _texts(message)
    future: Future[np.ndarray] = Future()
    _begun[texts] = (_encoder, future)
    try:
        future.set_result(_encoder.encode(texts))
    except Exception as error:  # whoever needs the vectors computes them again and meets it there
        future.set_exception(error)


def vectors(encoder: Encoder, texts: Sequence[str]) -> np.ndarray:
    """Returns the vectors of texts, shape (len(texts), dimensions): those begun before, or new ones."""
    begun = _begun.get(tuple(texts))
    if begun and begun[0] is encoder:
        try:
            return begun[1].result(WAIT_SECONDS)
        except Exception:  # late or broken; this thread computes them itself
            return encoder.encode(texts)
    return encoder.encode(texts)


def forget(message: str) -> None:
    """Drops what was computed for a message."""
    if message and not message.startswith("/"):
        _begun.pop(_texts(message), None)


def _texts(message: str) -> Tuple[str, ...]:
    of_parts: List[str] = [str(part.get(TEXT)) for part in parts(message)]
    return tuple(for_reading(text) for text in [message, *of_parts])

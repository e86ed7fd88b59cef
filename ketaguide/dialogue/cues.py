"""What in the wording of a message points back to what was said before."""

from __future__ import annotations

import re
from dataclasses import dataclass

_POINTS_BACK = re.compile(r"\b(?:that|this|those|these|they|them|it|its|it's|one|ones|both|either|same|thats)\b")
_GOES_ON = re.compile(
    r"^(?:and|or|but|so|then|also|even|not even|what about|how about|what if|ok(?:ay)? (?:and|so|but))\b"
    r"|\b(?:then|too|also|instead|though|altogether|either)\W*$"
)
_FULL_SENTENCE = re.compile(
    r"\b(?:is|are|was|were|am|im|i'm|do|does|did|can|could|will|would|should|shall|may|might|have|has|had|get|take|i|you|my"
    r"|how|what|when|where|who|which|why)\b"
)
SHORT_WORDS = 3
FRAGMENT_WORDS = 6


@dataclass(frozen=True)
class Cues:
    """Signs that a message is not to be understood alone.

    Attributes:
        points_back: It has a word such as "that", "it" or "those".
        goes_on: It begins or ends like the continuation of something: "and …", "what about …", "… too?".
        fragment: It is no sentence: "the spray?".
        short: It has three words or fewer.
        words: How many words it has.
    """

    points_back: bool
    goes_on: bool
    fragment: bool
    short: bool
    words: int

    @property
    def any(self) -> bool:
        """Whether there is any sign at all."""
        return self.points_back or self.goes_on or self.fragment or self.short


def read_cues(text: str) -> Cues:
    """Returns the signs in a message."""
    plain = " ".join(text.casefold().replace("’", "'").split())
    words = re.findall(r"[\w']+", plain)
    return Cues(
        points_back=bool(_POINTS_BACK.search(plain)),
        goes_on=bool(_GOES_ON.search(plain)),
        fragment=len(words) <= FRAGMENT_WORDS and not _FULL_SENTENCE.search(plain),
        short=len(words) <= SHORT_WORDS,
        words=len(words),
    )

"""The form of a message that the featurizers read: long messages cut to their ends, odd characters plain."""

from __future__ import annotations

import re
import unicodedata

# A life story comes before its question; the encoder reads some 128 word pieces, so the end counts most.
HEAD_CHARACTERS = 120
TAIL_CHARACTERS = 380

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "..."})


def for_reading(text: str) -> str:
    """Returns at most about 500 characters of the text, normalised, on one line."""
    plain = unicodedata.normalize("NFKC", _CONTROL.sub("", text)).translate(_QUOTES)
    plain = " ".join(plain.split())
    if len(plain) > HEAD_CHARACTERS + TAIL_CHARACTERS:
        plain = f"{plain[:HEAD_CHARACTERS]} {plain[-TAIL_CHARACTERS:]}"
    return plain

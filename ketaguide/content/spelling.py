"""Which words no dictionary has, and what was probably meant. Works without a network."""

from __future__ import annotations

import functools
import re
from typing import AbstractSet, List, Optional, Tuple

from spellchecker import SpellChecker

# Dictionaries that come with the library; texts of other languages are not checked.
LANGUAGES = frozenset({"en", "es", "fr", "pt", "de", "it", "nl", "ru"})
MOST_SUGGESTIONS = 3
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")


def unknown_words(text: str, language: str, known: AbstractSet[str]) -> List[str]:
    """Returns the words that are neither in the dictionary nor in `known` (lower case), as they are written, once."""
    dictionary = _dictionary(language)
    if dictionary is None:
        return []
    found: List[str] = []
    for word in dict.fromkeys(_WORD.findall(_PLACEHOLDER.sub(" ", text))):
        plain = word.replace("’", "'").casefold()
        forms = {plain, _POSSESSIVE.sub("", plain)}
        if not forms & known and not dictionary.known(forms):
            found.append(word)
    return found


def suggestions(word: str, language: str, known: AbstractSet[str]) -> Tuple[str, ...]:
    """Returns what was probably meant, the likeliest first, with the word's own capital."""
    dictionary = _dictionary(language)
    if dictionary is None:
        return ()
    plain = word.replace("’", "'").casefold()
    near = {*(dictionary.candidates(plain) or ()), *(dictionary.edit_distance_1(plain) & set(known))} - {plain}
    # A word of the clinic's own that comes so close is what was meant.
    ordered = sorted(near, key=lambda one: (one not in known, -dictionary[one], one))
    return tuple(_with_capital_of(word, one) for one in ordered[:MOST_SUGGESTIONS])


def _with_capital_of(word: str, other: str) -> str:
    return other[:1].upper() + other[1:] if word[:1].isupper() else other


@functools.cache
def _dictionary(language: str) -> Optional[SpellChecker]:
    # One letter wrong, missing, too many or two exchanged: two of them take seconds for a long word.
    return SpellChecker(language=language, distance=1) if language in LANGUAGES else None

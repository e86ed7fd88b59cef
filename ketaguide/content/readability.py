"""How hard a text is to read, by counts that a writer can act on.

Formulas are unreliable on short texts, so sentences are judged one by one and the Flesch-Kincaid grade (Kincaid et al.
1975) is given only from 30 words up. Words that every visitor of this site must meet count as easy.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import List, Optional, Tuple

MAX_SENTENCE_WORDS = 20
MAX_LONG_WORDS_PER_SENTENCE = 4
MIN_WORDS_FOR_GRADE = 30

# Their length says nothing about the writing: the visitor came with these words.
FAMILIAR_WORDS = frozenset(
    "ketamine esketamine spravato infusion infusions depression medicine medicines medication medications "
    "emergency session sessions antidepressant antidepressants".split()
)
_ABBREVIATIONS = re.compile(r"\b(e\.g|i\.e|Dr|Mr|Mrs|Ms|vs|etc|a\.m|p\.m|U\.S)\.")
_SENTENCE_END = re.compile(r"(?<=[.?!:])\s+|\n+")
_WORD = re.compile(r"[^\W_][\w'’-]*")


@dataclass(frozen=True)
class Sentence:
    """One sentence or list line with its words."""

    text: str
    words: Tuple[str, ...]

    @property
    def long_words(self) -> List[str]:
        """The words of four and more syllables that are not familiar ones."""
        return [w for w in self.words if w.lower() not in FAMILIAR_WORDS and syllables(w) >= 4]


def sentences(text: str) -> List[Sentence]:
    """Splits at sentence ends, colons and line breaks, so that list lines count as sentences."""
    protected = _ABBREVIATIONS.sub(lambda match: match.group().replace(".", "․"), text)
    parts = (part.strip() for part in _SENTENCE_END.split(protected))
    found = (Sentence(part, tuple(_WORD.findall(part))) for part in parts)
    return [sentence for sentence in found if sentence.words]


def syllables(word: str) -> int:
    """Returns an estimate of the English syllables in a word, at least 1."""
    letters = re.sub(r"[^a-z]", "", word.lower())
    groups = len(re.findall(r"[aeiouy]+", letters))
    silent_end = letters.endswith("e") and not letters.endswith(("le", "ee"))
    return max(1, groups - (1 if silent_end and groups > 1 else 0))


def grade(text: str) -> Optional[float]:
    """Returns the Flesch-Kincaid US school grade, or None for a text too short to judge."""
    found = sentences(text)
    words = [word for sentence in found for word in sentence.words]
    if len(words) < MIN_WORDS_FOR_GRADE:
        return None
    total = sum(1 if word.lower() in FAMILIAR_WORDS else syllables(word) for word in words)
    return 0.39 * len(words) / len(found) + 11.8 * total / len(words) - 15.59


def word_count(text: str) -> int:
    """Returns the number of words, as a person would count them."""
    return len(text.split())

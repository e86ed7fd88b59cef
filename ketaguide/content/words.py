"""Reads `words.yml`: words that are right although no dictionary has them, and hard words with their plainer ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, FrozenSet, Mapping

from ketaguide.content.problems import ContentError, Problem
from ketaguide.content.yaml_files import read_yaml

WORDS_FILE = "words.yml"
KNOWN, PLAINER = "known", "plainer"


@dataclass(frozen=True)
class Words:
    """The clinic's own words.

    Attributes:
        known: Language to words that are spelt rightly, in lower case.
        plainer: Language to hard words, in lower case, with what to say instead.
    """

    known: Mapping[str, FrozenSet[str]] = field(default_factory=dict)
    plainer: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def load_words(data_folder: Path) -> Words:
    """Returns the words of a content folder; none where it has no list.

    Raises:
        ContentError: if an entry is unknown or of the wrong kind.
    """
    path = data_folder / WORDS_FILE
    raw: Any = read_yaml(path) if path.exists() else {}
    if not isinstance(raw, dict) or not set(raw) <= {KNOWN, PLAINER}:
        remedy = f"write `{KNOWN}:` and `{PLAINER}:`, and nothing else at the beginning of a line"
        raise ContentError([Problem(WORDS_FILE, "-", "it is not a list of words", remedy)])
    known, plainer = raw.get(KNOWN) or {}, raw.get(PLAINER) or {}
    problems = [
        Problem(WORDS_FILE, str(name), "an entry is not text", "put it in quotes, below the language it belongs to")
        for name, languages, kind in ((KNOWN, known, list), (PLAINER, plainer, dict))
        if not _are_texts(languages, kind)
    ]
    if problems:
        raise ContentError(problems)
    return Words(
        {language: frozenset(word.casefold() for word in words) for language, words in known.items()},
        {language: _in_lower_case(words) for language, words in plainer.items()},
    )


def _are_texts(languages: Any, kind: type) -> bool:
    if not isinstance(languages, dict):
        return False
    for words in languages.values():
        if not issubclass(type(words), kind):
            return False
        texts = [*words, *words.values()] if isinstance(words, dict) else words
        if not all(isinstance(text, str) and text.strip() for text in texts):
            return False
    return True


def _in_lower_case(words: Mapping[str, str]) -> Dict[str, str]:
    return {hard.casefold(): plain for hard, plain in words.items()}

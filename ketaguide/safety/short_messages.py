"""Reads what a short message says after a crisis reply: yes, no, a country, "is it free?", "help is here".

The words are data (`followups.yml`); nothing here knows what is answered.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ketaguide.content.problems import ContentError, Problem
from ketaguide.content.yaml_files import read_yaml

FOLLOWUPS_FILE = "followups.yml"
LANGUAGES = ("en", "es")

# "whole" lists are compared with short messages only; a long one says more than its fillers and a phrase.
_MOST_WHOLE_WORDS = 10
_MOST_ANYWHERE_WORDS = 25
_BARE_PLACE_WORDS = 4
_LEAST_LETTERS_FOR_SLIPS = 5
_READ_CHARACTERS = 2000
# "No, nobody is in danger": the first word answers a question and takes nothing away from the rest.
_ANSWERS = frozenset({"no", "yes", "si", "yeah", "nope"})
_SYMBOLS = "👍👎✅🤷🙏😭😢❤♥"
_TOKEN = re.compile(rf"[a-z0-9]+|[{_SYMBOLS}]")

Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Heard:
    """What a message says.

    Attributes:
        names: Names of the lists that it matched.
        language: Language of the matched phrases where it is only one, else "".
        country: Two-letter code of a country that the visitor says they are in, or "".
        only_place: Whether the message says nothing but the place.
        words: Number of words.
    """

    names: frozenset[str] = frozenset()
    language: str = ""
    country: str = ""
    only_place: bool = False
    words: int = 0

    def says(self, *names: str) -> bool:
        """Say whether one of the lists was matched."""
        return not self.names.isdisjoint(names)


@dataclass(frozen=True)
class PhraseList:
    """One list of one language."""

    whole: frozenset[Phrase] = frozenset()
    anywhere: frozenset[Phrase] = frozenset()
    blocked: frozenset[str] = frozenset()


def plain_words(text: str) -> list[str]:
    """Return a message's words: lower case, no accents, no apostrophes, stretched letters shortened."""
    text = unicodedata.normalize("NFKD", text[:_READ_CHARACTERS]).casefold()
    text = "".join(char for char in text if not unicodedata.combining(char))
    text = re.sub(r"['’`´]", "", text)
    return _TOKEN.findall(re.sub(r"([a-z])\1{2,}", r"\1", text))


class ShortMessages:
    """The closed lists, ready to read messages."""

    def __init__(
        self,
        lists: Mapping[str, Mapping[str, PhraseList]],
        fillers: Mapping[str, frozenset[str]],
        places: Mapping[Phrase, str],
        place_words: frozenset[Phrase],
    ) -> None:
        """Keep the lists by name and language."""
        self._lists = lists
        self._fillers = fillers
        self._places = places
        self._place_words = place_words
        phrases = (phrase for by in lists.values() for one in by.values() for phrase in one.anywhere)
        self._longest = max((len(phrase) for phrase in phrases), default=0)
        self._longest_place = max((len(place) for place in places), default=0)

    def read(self, text: str, only: Collection[str] | None = None) -> Heard:
        """Return what a message says; `only` names the lists to look into, where not all of them matter."""
        words = plain_words(text)
        runs = _runs(words, self._longest) if len(words) <= _MOST_ANYWHERE_WORDS else frozenset()
        found = {
            (name, language)
            for name, by_language in self._lists.items()
            if only is None or name in only
            for language, one in by_language.items()
            if self._is_whole(one, language, words) or _stands_in(one, words, runs)
        }
        languages = {language for _, language in found}
        country, only_place = self._place(words)
        return Heard(
            names=frozenset(name for name, _ in found),
            language=languages.pop() if len(languages) == 1 else "",
            country=country,
            only_place=only_place,
            words=len(words),
        )

    def _is_whole(self, one: PhraseList, language: str, words: Sequence[str]) -> bool:
        """Say whether the message is a phrase of the list, with nothing but fillers round it."""
        if not words or len(words) > _MOST_WHOLE_WORDS:
            return False
        fillers = self._fillers[language]
        # What is no filler must lie inside the phrase, so few phrases are left to compare.
        inside = [place for place, word in enumerate(words) if word not in fillers]
        first, last = (inside[0], inside[-1]) if inside else (len(words) - 1, 0)
        return any(
            _same(phrase, words[start : start + len(phrase)])
            for phrase in one.whole
            for start in range(max(0, last - len(phrase) + 1), min(first, len(words) - len(phrase)) + 1)
        )

    def _place(self, words: Sequence[str]) -> tuple[str, bool]:
        """Return the country that a message names and whether it says nothing else."""
        spans = [
            (start, start + length)
            for length in range(min(self._longest_place, len(words)), 0, -1)
            for start in range(len(words) - length + 1)
            if tuple(words[start : start + length]) in self._places
        ]
        for start, end in spans:
            before, after = words[:start], words[end:]
            introduced = max((len(p) for p in self._place_words if tuple(before[-len(p) :]) == p), default=0)
            alone = not after and len(before) == introduced
            bare = len(words) <= _BARE_PLACE_WORDS and all(self._is_filler(word) for word in (*before, *after))
            said = any(len(p) > 1 and tuple(before[-len(p) :]) == p for p in self._place_words)
            if alone or bare or said:
                return self._places[tuple(words[start:end])], alone or bare
        return "", False

    def _is_filler(self, word: str) -> bool:
        return any(word in fillers for fillers in self._fillers.values()) or (word,) in self._place_words


def _stands_in(one: PhraseList, words: Sequence[str], runs: frozenset[Phrase]) -> bool:
    return any(not _is_blocked(phrase, one.blocked, words) for phrase in one.anywhere & runs)


def _is_blocked(phrase: Phrase, blocked: frozenset[str], words: Sequence[str]) -> bool:
    """Say whether a word elsewhere in the message takes the phrase's meaning away."""
    length = len(phrase)
    start = next(place for place in range(len(words)) if tuple(words[place : place + length]) == phrase)
    answered = 1 if start and words[0] in _ANSWERS else 0
    return not blocked.isdisjoint((*words[answered:start], *words[start + length :]))


def _runs(words: Sequence[str], longest: int) -> frozenset[Phrase]:
    """Return every run of neighbouring words up to a length."""
    places = range(len(words))
    return frozenset(tuple(words[i : i + n]) for n in range(1, longest + 1) for i in places if i + n <= len(words))


def _same(phrase: Sequence[str], words: Sequence[str]) -> bool:
    return len(phrase) == len(words) and all(_alike(one, other) for one, other in zip(phrase, words))


def _alike(word: str, typed: str) -> bool:
    """Say whether a typed word is the listed one, give or take one slip in a long word."""
    if word == typed:
        return True
    same = next((i for i, (a, b) in enumerate(zip(word, typed)) if a != b), min(len(word), len(typed)))
    rest, goal = typed[same:], word[same:]
    swapped = rest[:2] == goal[1::-1] and rest[2:] == goal[2:]
    if len(word) < _LEAST_LETTERS_FOR_SLIPS:
        return swapped and len(word) == _LEAST_LETTERS_FOR_SLIPS - 1
    return swapped or rest[1:] == goal[1:] or rest[1:] == goal or rest == goal[1:]


def load_short_messages(crisis_folder: Path) -> ShortMessages:
    """Return the lists of a folder.

    Raises:
        ContentError: listing every entry that is not as the file's header says.
    """
    raw = read_yaml(crisis_folder / FOLLOWUPS_FILE)
    problems = list(_problems(raw))
    if problems:
        raise ContentError(problems)
    places = {phrase: code for code, names in raw["places"].items() for phrase in _phrases(names)}
    place_words = frozenset(phrase for names in raw["place_words"].values() for phrase in _phrases(names))
    fillers = {language: frozenset(raw["fillers"][language].split()) for language in LANGUAGES}
    lists = {name: _by_language(entry) for name, entry in raw["lists"].items()}
    return ShortMessages(lists, fillers, places, place_words)


def _phrases(texts: Iterable[str]) -> frozenset[Phrase]:
    return frozenset(tuple(plain_words(text)) for text in texts) - {()}


def _by_language(entry: Mapping[str, Any]) -> dict[str, PhraseList]:
    return {
        language: PhraseList(
            whole=_phrases(entry.get("whole", {}).get(language, ())),
            anywhere=_phrases(entry.get("anywhere", {}).get(language, ())),
            blocked=frozenset(entry.get("blocked", {}).get(language, "").split()),
        )
        for language in LANGUAGES
    }


def _problems(raw: Any) -> Iterable[Problem]:
    keys = ("fillers", "lists", "places", "place_words")
    if not isinstance(raw, dict) or not all(isinstance(raw.get(key), dict) for key in keys):
        yield Problem(FOLLOWUPS_FILE, "-", "a part is missing", f"give: {', '.join(keys)}")
        return
    for name, entry in raw["lists"].items():
        if not isinstance(name, str) or not isinstance(entry, dict) or not {"whole", "anywhere"} & set(entry):
            yield Problem(FOLLOWUPS_FILE, str(name), "it is no list of phrases", "give it `whole:` or `anywhere:`")
            continue
        for how in ("whole", "anywhere"):
            for language, phrases in entry.get(how, {}).items():
                yield from _check_phrases(f"{name}.{how}.{language}", phrases)
    for code, names in raw["places"].items():
        if not isinstance(code, str):
            yield Problem(FOLLOWUPS_FILE, str(code), "the country code is not read as text", 'put it in quotes: "NO"')
        yield from _check_phrases(f"places.{code}", names)


def _check_phrases(place: str, phrases: Any) -> Iterable[Problem]:
    if not isinstance(phrases, list) or not all(isinstance(phrase, str) for phrase in phrases):
        yield Problem(FOLLOWUPS_FILE, place, "it is no list of texts", 'put "yes", "no" and numbers in quotes')

"""The notation that rules are written in, and what it stands for.

    want/wants to die      words one after the other; `/` gives a choice of single words
    @want to @die          a word class, or a group of phrases, of `words.yml`
    really? want           `?` makes the word, class or group before it optional
    ~3                     up to three words of any kind, but no word of negation
    (a b|c|d e)            a choice of phrases
    !my                    any one word but this
    #                      a number
    [dying] to know        in masks: only the words in brackets are masked
    ^ … $                  the clause begins, or ends, here; also inside a choice: (now|today|$)
    a & b                  both parts, anywhere within the scope

A pattern is expanded into sequences of single-word steps, which spaCy's Matcher then reads.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

NUMBER = "#"
ELSEWHERE = "_"  # stands for every word that no pattern uses
MOST_SEQUENCES = 6000
_SIGNS = re.compile(r"\(|\)|\||\[|\]|\?|~\d+|\^|\$|&|[^\s()|\[\]?^$&]+")


class PatternError(ValueError):
    """A pattern that cannot be read; the message says what to change."""


@dataclass(frozen=True)
class Step:
    """One word of a sequence.

    Attributes:
        words: The words that fit; empty means any word.
        other: Whether every word but these fits.
        optional: Whether the word may be missing.
        masked: Whether a mask covers it.
        gap: Whether it stands for a free word of a gap.
    """

    words: frozenset[str]
    other: bool = False
    optional: bool = False
    masked: bool = False
    gap: bool = False


@dataclass(frozen=True)
class Sequence:
    """A row of steps, perhaps bound to the beginning or the end of a clause."""

    steps: tuple[Step, ...]
    at_start: bool = False
    at_end: bool = False

    @property
    def needed(self) -> tuple[frozenset[str], ...]:
        """The word sets of which one word each must be there."""
        return tuple(step.words for step in self.steps if step.words and not step.optional and not step.other)


# Marks in a row; no word of a message looks like them.
_START, _END = Step(frozenset("^")), Step(frozenset("$"))


@dataclass
class Lexicon:
    """Word classes and phrase groups by name.

    Attributes:
        words: For each class, its words.
        phrases: For each group, its patterns.
        sets: The word sets read so far.
    """

    words: Mapping[str, frozenset[str]] = field(default_factory=dict)
    phrases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sets: dict[str, frozenset[str]] = field(default_factory=dict)
    _expanded: dict[str, tuple[tuple[Step, ...], ...]] = field(default_factory=dict)

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The numbers that patterns name one by one; `#` means these too."""
        named = {word for words in self.words.values() for word in words if word[0].isdigit()}
        return frozenset(named | {str(number) for number in range(200)})

    def group(self, name: str) -> tuple[tuple[Step, ...], ...]:
        """Return the sequences of a phrase group.

        Raises:
            PatternError: If the name is unknown or the group contains itself.
        """
        if name not in self.phrases:
            raise PatternError(f"@{name} is not defined: add it to words.yml or correct the name")
        if name not in self._expanded:
            self._expanded[name] = ()
            found = [steps for pattern in self.phrases[name] for steps in _parse_part(pattern, self)]
            self._expanded[name] = _merge(found)
        if not self._expanded[name]:
            raise PatternError(f"@{name} refers to itself: write its phrases out")
        return self._expanded[name]


def parse(pattern: str, lexicon: Lexicon) -> tuple[tuple[Sequence, ...], ...]:
    """Return, for each part of a pattern, the sequences that it stands for.

    Raises:
        PatternError: If the pattern cannot be read or is too wide.
    """
    return tuple(_sequences(part, lexicon) for part in pattern.split("&"))


def _sequences(part: str, lexicon: Lexicon) -> tuple[Sequence, ...]:
    sequences = tuple(_sequence(row) for row in _merge(_parse_part(part, lexicon)) if _anchors_fit(row))
    if not sequences or any(not sequence.needed for sequence in sequences):
        raise PatternError(f"“{part.strip()}” can match without any word: give it a word that must be there")
    return sequences


def _sequence(row: tuple[Step, ...]) -> Sequence:
    """Take the marks of beginning and end off a row."""
    at_start, at_end = _START in row, _END in row
    return Sequence(tuple(step for step in row if step not in (_START, _END)), at_start, at_end)


def _anchors_fit(row: tuple[Step, ...]) -> bool:
    """Say whether a clause can begin and end where a row says so."""
    return _START not in row[1:] and _END not in row[:-1]


def _parse_part(part: str, lexicon: Lexicon) -> list[tuple[Step, ...]]:
    signs = _SIGNS.findall(part.strip())
    reader = _Reader(signs, lexicon, part)
    rows = reader.choice()
    if reader.place != len(signs):
        raise PatternError(f"“{part.strip()}” has a bracket too many")
    return rows


class _Reader:
    """Reads the signs of one pattern part from left to right."""

    def __init__(self, signs: list[str], lexicon: Lexicon, part: str) -> None:
        self._signs, self._lexicon, self._part = signs, lexicon, part.strip()
        self.place = 0

    def choice(self) -> list[tuple[Step, ...]]:
        rows = self._row()
        while self._peek() == "|":
            self.place += 1
            rows = rows + self._row()
        return rows

    def _peek(self) -> str:
        return self._signs[self.place] if self.place < len(self._signs) else ""

    def _row(self) -> list[tuple[Step, ...]]:
        rows: list[tuple[Step, ...]] = [()]
        while self._peek() not in ("", "|", ")", "]"):
            choices = self._item()
            if self._peek() == "?":
                self.place += 1
                choices = _optional(choices)
            rows = [row + choice for row, choice in itertools.product(rows, choices)]
            if len(rows) > MOST_SEQUENCES:
                raise PatternError(f"“{self._part}” stands for too many sequences: split it")
        return rows

    def _item(self) -> list[tuple[Step, ...]]:
        sign = self._signs[self.place]
        self.place += 1
        if sign in ("(", "["):
            return self._bracket(sign)
        if sign in ("^", "$"):
            return [(_START if sign == "^" else _END,)]
        if sign.startswith("~"):
            return [tuple(Step(_GAP, other=True, optional=True, gap=True) for _ in range(int(sign[1:])))]
        if sign.startswith("@") and "/" not in sign and sign[1:] not in self._lexicon.words:
            return list(self._lexicon.group(sign[1:]))
        other = sign.startswith("!")
        return [(Step(self._word_set(sign[other:]), other=other),)]

    def _bracket(self, sign: str) -> list[tuple[Step, ...]]:
        rows = list(_merge(self.choice()))
        if self._peek() != {"(": ")", "[": "]"}[sign]:
            raise PatternError(f"“{self._part}” has an open bracket")
        self.place += 1
        if sign == "[":
            return [tuple(replace(step, masked=True) for step in row) for row in rows]
        return rows

    def _word_set(self, sign: str) -> frozenset[str]:
        cache = self._lexicon.sets
        if sign not in cache:
            cache[sign] = self._read_set(sign)
        return cache[sign]

    def _read_set(self, sign: str) -> frozenset[str]:
        words: set[str] = set()
        for name in sign.split("/"):
            if not name.startswith("@"):
                words.add(name)
            elif name[1:] in self._lexicon.words:
                words |= self._lexicon.words[name[1:]]
            else:
                raise PatternError(f"{name} in “{self._part}” is not a class of single words")
        words.discard("")
        if NUMBER in words:
            words |= self._lexicon.numbers
        return frozenset(words)


# Words of negation end a gap, so that a gap never swallows the "not" that turns a statement round.
_GAP = frozenset("not no never without nobody none neither nor no tampoco nunca jamas ni sin nadie".split())


def _optional(rows: Iterable[tuple[Step, ...]]) -> list[tuple[Step, ...]]:
    rows = list(rows)
    if len(rows) == 1 and len(rows[0]) == 1:
        return [(replace(rows[0][0], optional=True),)]
    return [*rows, ()]


def _merge(rows: Iterable[tuple[Step, ...]]) -> tuple[tuple[Step, ...], ...]:
    """Join rows that are one plain word long into one row with all their words."""
    single: set[str] = set()
    masked = False
    longer: dict[tuple[Step, ...], None] = {}
    for row in rows:
        if len(row) == 1 and row[0].words and row[0] not in (_START, _END) and not (row[0].other or row[0].optional):
            single |= row[0].words
            masked = masked or row[0].masked
        else:
            longer[row] = None
    merged = ((Step(frozenset(single), masked=masked),),) if single else ()
    return merged + tuple(longer)

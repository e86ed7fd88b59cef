"""Tell at once which of many thousand sequences may match somewhere in a short text, with bit masks of word places.

Each word set has one number whose bits are the places of its words. Sequences are dismissed together: first those
whose rarest sets are absent, then those whose sets do not follow each other closely enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

PIECE = 64  # words, one for each bit
_EVERYWHERE = ~np.uint64(0)


class CandidateIndex:
    """Sequences of needed word sets with the most words that may lie between each and the next."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._set_ids: dict[frozenset[str], int] = {}
        self._sets_of: dict[str, list[int]] = {}
        self._rows: list[_Row] = []
        self._tables: _Tables | None = None
        self._arrays_of: dict[str, np.ndarray] = {}
        self._rarest_of: dict[str, list[int]] = {}

    def add(self, number: int, needed: Sequence[frozenset[str]], gaps: Sequence[int], weights: Sequence[int]) -> None:
        """Add a sequence.

        Args:
            number: What it is called in answers.
            needed: Its word sets in order.
            gaps: For each set, how many words may lie between it and the one before; the first is not used.
            weights: For each set, how often it is likely to be met.
        """
        ids = [self._set_id(words) for words in needed]
        rarest, *others = [ids[place] for place in sorted(range(len(ids)), key=lambda place: weights[place])]
        self._rows.append(_Row(number, ids, gaps, rarest, others[0] if others else rarest))

    def finish(self) -> None:
        """Make the tables that answers come from, when all is added; threads may ask at the same time afterwards."""
        rarest = {row.rarest for row in self._rows}
        self._arrays_of = {word: np.array(ids) for word, ids in self._sets_of.items()}
        self._rarest_of = {word: [one for one in ids if one in rarest] for word, ids in self._sets_of.items()}
        self._tables = _Tables(self._rows, len(self._set_ids)) if self._rows else None

    def possible(self, places_of: Mapping[str, Sequence[int]]) -> list[int]:
        """Return the sequences that may match in a text of at most `PIECE` words, given the places of each word."""
        if self._tables is None:
            return []
        present: set[int] = set()
        places = np.zeros(len(self._set_ids) + 1, dtype=np.uint64)
        for word, found in places_of.items():
            if word in self._arrays_of:
                places[self._arrays_of[word]] |= np.uint64(sum(1 << place for place in found))
                present.update(self._rarest_of[word])
        return self._tables.possible(present, places) if present else []

    def _set_id(self, words: frozenset[str]) -> int:
        if words not in self._set_ids:
            self._set_ids[words] = len(self._set_ids)
            for word in words:
                self._sets_of.setdefault(word, []).append(self._set_ids[words])
        return self._set_ids[words]


class _Row(NamedTuple):
    """One sequence: its sets in order with the gaps before them, and the two that are met least often."""

    number: int
    sets: list[int]
    gaps: Sequence[int]
    rarest: int
    second: int


class _Tables:
    """The sequences as rows of numbers, in order of their rarest sets, padded with a set that is everywhere.

    Only the rows of sets that are present are touched: the whole is larger than a processor's nearest memory.
    """

    def __init__(self, rows: Sequence[_Row], padding: int) -> None:
        rows = sorted(rows, key=lambda row: row.rarest)
        width = max(len(row.sets) for row in rows)
        self.starts = np.searchsorted([row.rarest for row in rows], np.arange(padding + 1))
        self.second = np.array([row.second for row in rows], dtype=np.int32)
        self.numbers = np.array([row.number for row in rows])
        self.sets = np.full((len(rows), width), padding, dtype=np.int32)
        self.reach = np.ones((len(rows), width), dtype=np.int16)
        for at, row in enumerate(rows):
            self.sets[at, : len(row.sets)] = row.sets
            self.reach[at, : len(row.sets)] = [gap + 1 for gap in row.gaps]
        self.lengths = np.array([len(row.sets) for row in rows])
        self.padding = padding

    def possible(self, present: Iterable[int], places: np.ndarray) -> list[int]:
        left = self._with_rarest(np.array(sorted(present)))
        left = left[places[self.second[left]] != 0]
        places[self.padding] = _EVERYWHERE
        spots = places[self.sets[left]]
        all_there = np.flatnonzero(spots.all(axis=1))
        left, spots = left[all_there], spots[all_there]
        found: list[int] = self.numbers[left[self._in_order(left, spots)]].tolist()
        return found

    def _with_rarest(self, sets: np.ndarray) -> np.ndarray:
        """Return the rows whose rarest set is one of these."""
        starts = self.starts[sets]
        counts = self.starts[sets + 1] - starts
        return np.repeat(starts + counts - counts.cumsum(), counts) + np.arange(counts.sum())

    def _in_order(self, rows: np.ndarray, places: np.ndarray) -> np.ndarray:
        """Return which of the rows have their sets, at these places, follow each other within reach."""
        left, spots = np.arange(len(rows)), places[:, 0]
        for step in range(1, places.shape[1]):
            going_on = self.lengths[rows[left]] > step
            if not going_on.any():
                break
            following = _within(spots, self.reach[rows[left], step]) & places[left, step]
            spots = np.where(going_on, following, spots)
            keep = np.flatnonzero(spots)
            left, spots = left[keep], spots[keep]
        return left


def _within(spots: np.ndarray, reach: np.ndarray) -> np.ndarray:
    """Return the places that lie 1 to `reach` after one of the spots."""
    found = spots << np.uint64(1)
    covered, furthest = 1, int(reach.max(initial=1))
    while covered < furthest:
        further = np.minimum(np.maximum(reach, covered) - covered, covered).astype(np.uint64)
        found |= found << further
        covered *= 2
    return found

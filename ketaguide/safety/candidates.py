"""Tell at once which of many thousand sequences may match somewhere in a short text, with bit masks of word places.

Each word set has one number whose bits are the places of its words. Sequences are dismissed together: first those
whose rarest sets are absent, then those whose sets do not follow each other closely enough.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

PIECE = 64  # words, one for each bit


class CandidateIndex:
    """Sequences of needed word sets with the most words that may lie between each and the next."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._set_ids: dict[frozenset[str], int] = {}
        self._sets_of: dict[str, list[int]] = {}
        self._rows: list[tuple[int, list[int], Sequence[int], list[int]]] = []
        self._tables: _Tables | None = None

    def add(self, number: int, needed: Sequence[frozenset[str]], gaps: Sequence[int], weights: Sequence[int]) -> None:
        """Add a sequence.

        Args:
            number: What it is called in answers.
            needed: Its word sets in order.
            gaps: For each set, how many words may lie between it and the one before; the first is not used.
            weights: For each set, how often it is likely to be met.
        """
        ids = [self._set_id(words) for words in needed]
        by_rarity = [ids[place] for place in sorted(range(len(ids)), key=lambda place: weights[place])]
        self._rows.append((number, ids, gaps, by_rarity))
        self._tables = None

    def possible(self, words: Sequence[str]) -> np.ndarray:
        """Return the sequences that may match in a text of at most `PIECE` words, in order of their numbers."""
        if not self._rows:
            return np.zeros(0, dtype=np.int64)
        if self._tables is None:
            self._tables = _Tables(self._rows, len(self._set_ids))
            self._arrays_of = {word: np.array(ids) for word, ids in self._sets_of.items()}
        places = np.zeros(len(self._set_ids) + 1, dtype=np.uint64)
        places[-1] = ~np.uint64(0)  # stands where a sequence has no further set
        for place, word in enumerate(words):
            sets = self._arrays_of.get(word)
            if sets is not None:
                places[sets] |= np.uint64(1 << place)
        return self._tables.possible(places)

    def _set_id(self, words: frozenset[str]) -> int:
        if words not in self._set_ids:
            self._set_ids[words] = len(self._set_ids)
            for word in words:
                self._sets_of.setdefault(word, []).append(self._set_ids[words])
        return self._set_ids[words]


class PartsOfPatterns:
    """Which part of which pattern each sequence is: one part alone says nothing."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._ids: dict[tuple[str, int], int] = {}
        self._rows: list[tuple[int, int, int]] = []
        self._columns = np.zeros((3, 0), dtype=np.int64)

    def add(self, pattern: tuple[str, int], part: int, parts: int) -> None:
        """Add the next sequence: a part, counted from 0, of a pattern of so many parts."""
        self._rows.append((self._ids.setdefault(pattern, len(self._ids)), part, parts))

    def complete(self, numbers: np.ndarray) -> np.ndarray:
        """Return those sequences, once each, whose pattern has all its parts among them."""
        if self._columns.shape[1] != len(self._rows):
            self._columns = np.array(self._rows, dtype=np.int64).T
        numbers = np.unique(numbers)
        pattern, part, parts = self._columns[:, numbers]
        found = np.unique(np.stack([pattern, part]), axis=1)[0]
        return numbers[np.bincount(found, minlength=len(self._ids))[pattern] >= parts]


class _Tables:
    """The sequences as columns of numbers, padded with a set that is everywhere."""

    def __init__(self, rows: Sequence[tuple[int, list[int], Sequence[int], list[int]]], padding: int) -> None:
        width = max(len(ids) for _, ids, _, _ in rows)
        rows = sorted(rows, key=lambda row: row[0])
        self.numbers = np.array([number for number, *_ in rows])
        self.lengths = np.array([len(ids) for _, ids, _, _ in rows])
        # Columns, as each is read on its own.
        self.in_order = np.full((width, len(rows)), padding, dtype=np.int32)
        self.by_rarity = np.full((width, len(rows)), padding, dtype=np.int32)
        self.reach = np.ones((width, len(rows)), dtype=np.int8)
        for at, (_, ids, gaps, by_rarity) in enumerate(rows):
            self.in_order[: len(ids), at] = ids
            self.by_rarity[: len(ids), at] = by_rarity
            self.reach[: len(ids), at] = [gap + 1 for gap in gaps]

    def possible(self, places: np.ndarray) -> np.ndarray:
        present = places != 0
        left = np.flatnonzero(present[self.by_rarity[0]])
        for column in self.by_rarity[1:]:
            if not len(left):
                break
            left = left[present[column[left]]]
        return self.numbers[self._in_order(left, places)]

    def _in_order(self, left: np.ndarray, places: np.ndarray) -> np.ndarray:
        """Return those sequences whose sets follow each other within reach."""
        spots = places[self.in_order[0][left]]
        for step in range(1, len(self.in_order)):
            going_on = self.lengths[left] > step
            if not going_on.any():
                break
            following = _within(spots, self.reach[step][left]) & places[self.in_order[step][left]]
            spots = np.where(going_on, following, spots)
            keep = spots != 0
            left, spots = left[keep], spots[keep]
        return left


def _within(spots: np.ndarray, reach: np.ndarray) -> np.ndarray:
    """Return the places that lie 1 to `reach` after one of the spots."""
    found = np.zeros_like(spots)
    for distance in range(1, int(reach.max(initial=0)) + 1):
        found |= np.where(reach >= distance, spots << np.uint64(distance), np.uint64(0))
    return found

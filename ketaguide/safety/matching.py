"""Find every pattern in a passage: a word index chooses the candidates, spaCy's Matcher reads them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from spacy.matcher import Matcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from ketaguide.safety.candidates import PIECE, CandidateIndex, PartsOfPatterns
from ketaguide.safety.clauses import Passage
from ketaguide.safety.patterns import ELSEWHERE, NUMBER, Sequence

_COMMON_WEIGHT = 40
_ENOUGH = 40  # finds of one pattern in one text; more would only cost time
_COMMON = frozenset(
    (
        "i me my to a the it is am are was be been of in on and or not do have had has that this for with so "
        "just all he she they him her them his their you we up out at from an will would can could want like "
        "feel get going # 's no if how que de la el me mi lo no en y a un una se con por para es estoy he ha "
        "yo su te si"
    ).split()
)


@dataclass(frozen=True)
class Find:
    """A pattern found: its owner, which part of the pattern, the span of words, and the words it masks."""

    owner: str
    part: tuple[int, int]
    start: int
    end: int
    masked: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Row:
    """The needed words of a sequence in order, for telling quickly where it cannot match.

    Attributes:
        needed: The word sets.
        gaps: For each set, how many words may lie between it and the one before.
        rarest: Which set is the rarest; its words choose the candidates.
        lead: How many words may come before the first set.
        trail: How many words may come after the last set.
    """

    needed: tuple[frozenset[str], ...]
    gaps: tuple[int, ...]
    rarest: int
    lead: int
    trail: int

    def span(self, words: list[str], anchor: int) -> tuple[int, int] | None:
        """Return the span in which the sequence may match round a rarest word, or None."""
        spots = {anchor}
        for number in range(self.rarest + 1, len(self.needed)):
            reach = self.gaps[number] + 2
            spots = {p for spot in spots for p in range(spot + 1, min(spot + reach, len(words)))}
            spots = {p for p in spots if words[p] in self.needed[number]}
            if not spots:
                return None
        last, spots = max(spots), {anchor}
        for number in range(self.rarest - 1, -1, -1):
            reach = self.gaps[number + 1] + 1
            spots = {p for spot in spots for p in range(max(0, spot - reach), spot)}
            spots = {p for p in spots if words[p] in self.needed[number]}
            if not spots:
                return None
        return max(0, min(spots) - self.lead), min(len(words), last + self.trail + 1)


class Finder:
    """Holds many sequences and finds them in passages."""

    def __init__(self, vocab: Vocab) -> None:
        """Take the vocabulary of the blank pipeline."""
        self._vocab = vocab
        self._sequences: list[Sequence] = []
        self._owners: list[tuple[str, tuple[int, int]]] = []
        self._patterns = PartsOfPatterns()
        self._rows: list[_Row] = []
        # Statements in one piece stand apart from masks and parts of statements.
        self._in_one_piece = CandidateIndex()
        self._in_parts = CandidateIndex()
        self._matchers: dict[int, Matcher] = {}
        self._weights: dict[frozenset[str], int] = {}
        self._longest = 0
        self.known: set[str] = set()

    def __len__(self) -> int:
        return len(self._sequences)

    def add(
        self, owner: str, part: tuple[int, int], sequences: Iterable[Sequence], *, parts: int = 1, is_mask: bool = False
    ) -> None:
        """Add the sequences of one part of an owner's pattern, which has so many parts."""
        index = self._in_parts if is_mask or parts > 1 else self._in_one_piece
        for sequence in sequences:
            number = len(self._sequences)
            row = self._row(sequence)
            self._sequences.append(sequence)
            self._owners.append((owner, part))
            self._patterns.add((owner, part[0]), part[1], parts)
            self._rows.append(row)
            self._longest = max(self._longest, len(sequence.steps))
            weights = [self._weight(words) for words in row.needed]
            index.add(number, row.needed, row.gaps, weights)

    def _row(self, sequence: Sequence) -> _Row:
        """Return what a sequence needs, and how far apart."""
        places = [
            place for place, step in enumerate(sequence.steps) if step.words and not (step.optional or step.other)
        ]
        needed = tuple(sequence.steps[place].words for place in places)
        gaps = (0, *(right - left - 1 for left, right in pairwise(places)))
        weights = [self._weight(step.words) for step in sequence.steps]
        rarest = min(range(len(places)), key=lambda number: weights[places[number]])
        return _Row(needed, gaps, rarest, places[0], len(sequence.steps) - 1 - places[-1])

    def _weight(self, words: frozenset[str]) -> int:
        """Return how often a word set is likely to be met; rare sets choose the candidates."""
        if words not in self._weights:
            self._weights[words] = sum(_COMMON_WEIGHT if word in _COMMON else 1 for word in words)
            self.known |= words
        return self._weights[words]

    def find(self, passage: Passage) -> list[Find]:
        """Return everything found, in a fixed order.

        A long passage is searched in pieces that share more words than the longest sequence has, so that the
        work grows with its length alone. In joined messages a statement in one piece counts only where it bridges
        the newest and the one before.
        """
        words = [self._plain(word) for word in passage.words]
        candidates = self._candidates(words, passage.newest)
        if not candidates:
            return []
        doc = Doc(self._vocab, words=words)
        finds: dict[Find, None] = {}
        counts: Counter[tuple[str, tuple[int, int]]] = Counter()
        for number in sorted(candidates):
            for find in self._read(number, _joined(candidates[number]), doc, passage, counts):
                finds[find] = None
        return list(finds)

    def _candidates(self, words: list[str], newest: int) -> dict[int, list[tuple[int, int]]]:
        """Return the sequences that may match, each with the spans in which it may."""
        possible: list[tuple[int, list[str], np.ndarray]] = []
        for offset in range(0, max(1, len(words) - self._longest), PIECE - self._longest):
            piece = words[offset : offset + PIECE]
            possible.append((offset, piece, self._in_parts.possible(piece)))
            if not newest:
                possible.append((offset, piece, self._in_one_piece.possible(piece)))
        if newest:
            offset = max(0, newest - PIECE // 2)
            bridge = words[offset : newest + PIECE // 2]
            possible.append((offset, bridge, self._in_one_piece.possible(bridge)))
        complete = self._patterns.complete(np.concatenate([numbers for _, _, numbers in possible]))
        candidates: dict[int, list[tuple[int, int]]] = {}
        for offset, piece, numbers in possible:
            left = numbers[np.isin(numbers, complete)].tolist()
            places = _places(piece) if left else {}
            for number in left:
                candidates.setdefault(number, []).extend(self._spans(number, piece, places, offset))
        return candidates

    def _spans(
        self, number: int, words: list[str], places: Mapping[str, list[int]], offset: int
    ) -> Iterator[tuple[int, int]]:
        """Yield the spans of a piece of the passage in which a sequence may match."""
        row = self._rows[number]
        for word in row.needed[row.rarest] & places.keys():
            for anchor in places[word]:
                span = row.span(words, anchor)
                if span:
                    yield span[0] + offset, span[1] + offset

    def _read(
        self,
        number: int,
        spans: Iterable[tuple[int, int]],
        doc: Doc,
        passage: Passage,
        counts: Counter[tuple[str, tuple[int, int]]],
    ) -> Iterable[Find]:
        """Yield the finds of one sequence, until its pattern has been found `_ENOUGH` times."""
        sequence, (owner, part) = self._sequences[number], self._owners[number]
        for start, end in spans:
            for first, last, steps in self._match(number, doc, start, end):
                if counts[owner, part] >= _ENOUGH:
                    return
                if _fits(sequence, first, last, passage):
                    counts[owner, part] += 1
                    masked = tuple(first + place for place, step in enumerate(steps) if sequence.steps[step].masked)
                    yield Find(owner, part, first, last, masked)

    def _plain(self, word: str) -> str:
        """Keep only words of the patterns: a visitor's own words must not stay in spaCy's string store."""
        if word in self.known:
            return word
        return NUMBER if word[0].isdigit() else ELSEWHERE

    def _match(self, number: int, doc: Doc, start: int, end: int) -> list[tuple[int, int, list[int]]]:
        """Return what spaCy's Matcher finds of one sequence: start, end and, for masks, the step of each word."""
        steps = self._sequences[number].steps
        if len(steps) == 1 and not steps[0].other:  # one plain word is its own match
            return [(place, place + 1, [0]) for place in range(start, end) if doc[place].text in steps[0].words]
        matcher = self._matchers.get(number)
        if matcher is None:
            matcher = Matcher(self._vocab, validate=False)
            matcher.add("s", [[_token(step) for step in steps]])
            self._matchers[number] = matcher
        if any(step.masked for step in steps):
            found: list[Any] = matcher(doc[start:end], with_alignments=True)
            return [(first + start, last + start, places) for _, first, last, places in found]
        return [(first + start, last + start, []) for _, first, last in matcher(doc[start:end])]


def _places(words: list[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, word in enumerate(words):
        places.setdefault(word, []).append(place)
    return places


def _token(step: Any) -> dict[str, Any]:
    """Return a step in the notation of spaCy's Matcher."""
    token: dict[str, Any] = {"OP": "?"} if step.optional else {}
    if step.words:
        token["ORTH"] = {"NOT_IN" if step.other else "IN": sorted(step.words)}
    return token


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans in order, joined where they overlap."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _fits(sequence: Sequence, start: int, end: int, passage: Passage) -> bool:
    """Say whether a match begins and ends where its sequence asks for it."""
    if end <= start:
        return False
    if end < len(passage.words) and passage.words[end] == "'s" and not sequence.steps[-1].gap:
        return False  # "my wife" is not meant where "my wife's" stands
    if sequence.at_start and start != passage.clause_at(start).start:
        return False
    return not sequence.at_end or end == passage.clause_at(end - 1).end

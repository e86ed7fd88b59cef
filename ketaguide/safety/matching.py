"""Find every pattern in a passage: a word index chooses the candidates, spaCy's Matcher reads them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from spacy.matcher import Matcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from ketaguide.safety.clauses import Passage
from ketaguide.safety.patterns import ELSEWHERE, NUMBER, Sequence

_COMMON_WEIGHT = 40
_ENOUGH = 40  # finds of one pattern in one text; more would only cost time
_PIECE = 80  # words of a passage that are searched at once
_COMMON = frozenset(
    (
        "i me my to a the it is am are was be been of in on and or not do have had has that this for with so "
        "just all he she they him her them his their you we up out at from an will would can could want like "
        "feel get going # 's no if how que de la el me mi lo no en y a un una se con por para es estoy he ha "
        "yo su te si"
    ).split()
)

_Pairs = dict[int, dict[int, list[int]]]
_Candidates = dict[int, list[tuple[int, int]]]


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
        self._parts: dict[tuple[str, int], int] = {}
        self._joins: list[tuple[str, int] | None] = []
        self._rows: list[_Row] = []
        self._set_ids: dict[frozenset[str], int] = {}
        self._sets_of: dict[str, list[int]] = {}
        self._needed: list[frozenset[int]] = []
        # By the two word sets that are met least; statements in one piece apart from masks and parts of statements.
        self._in_one_piece: _Pairs = {}
        self._in_parts: _Pairs = {}
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
        pairs = self._in_parts if is_mask or parts > 1 else self._in_one_piece
        for sequence in sequences:
            number = len(self._sequences)
            row = self._row(sequence)
            self._sequences.append(sequence)
            self._owners.append((owner, part))
            self._joins.append((owner, part[0]) if parts > 1 else None)
            self._parts[owner, part[0]] = parts
            self._rows.append(row)
            self._longest = max(self._longest, len(sequence.steps))
            self._needed.append(frozenset(self._set_id(words) for words in row.needed))
            rarest, second = (self._set_id(words) for words in self._two_rarest(row))
            pairs.setdefault(rarest, {}).setdefault(second, []).append(number)

    def _two_rarest(self, row: _Row) -> tuple[frozenset[str], frozenset[str]]:
        """Return the two word sets of a row that are met least; the same one twice where it has only one."""
        rarest = row.needed[row.rarest]
        others = row.needed[: row.rarest] + row.needed[row.rarest + 1 :]
        return rarest, min(others, key=self._weight, default=rarest)

    def _set_id(self, words: frozenset[str]) -> int:
        """Return the number of a word set, a new one when it is first met."""
        if words not in self._set_ids:
            self._set_ids[words] = len(self._set_ids)
            for word in words:
                self._sets_of.setdefault(word, []).append(self._set_ids[words])
        return self._set_ids[words]

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
        candidates: _Candidates = {}
        for offset in range(0, max(1, len(words) - self._longest), _PIECE - self._longest):
            self._collect(words[offset : offset + _PIECE], offset, self._in_parts, candidates)
            if not passage.newest:
                self._collect(words[offset : offset + _PIECE], offset, self._in_one_piece, candidates)
        if passage.newest:
            offset = max(0, passage.newest - self._longest)
            bridge = words[offset : passage.newest + self._longest]
            self._collect(bridge, offset, self._in_one_piece, candidates)
        complete = self._complete(candidates)
        if not complete:
            return []
        doc = Doc(self._vocab, words=words)
        finds: dict[Find, None] = {}
        counts: Counter[tuple[str, tuple[int, int]]] = Counter()
        for number in complete:
            for find in self._read(number, _joined(candidates[number]), doc, passage, counts):
                finds[find] = None
        return list(finds)

    def _complete(self, candidates: Mapping[int, list[tuple[int, int]]]) -> list[int]:
        """Return the candidates in order, without those whose pattern lacks another part."""
        found: dict[tuple[str, int], set[int]] = {}
        for number in candidates:
            if self._joins[number]:
                owner, (pattern, part) = self._owners[number]
                found.setdefault((owner, pattern), set()).add(part)
        lacking = {key for key, parts in found.items() if len(parts) < self._parts[key]}
        return [number for number in sorted(candidates) if self._joins[number] not in lacking]

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

    def _collect(self, words: list[str], offset: int, pairs: _Pairs, candidates: _Candidates) -> None:
        """Add the sequences that may match in one piece of a passage, each with the spans in which it may."""
        places: dict[str, list[int]] = {}
        for place, word in enumerate(words):
            places.setdefault(word, []).append(place)
        present: set[int] = set()
        for word in places:
            present.update(self._sets_of.get(word, ()))
        for number in self._possible(present, pairs):
            row = self._rows[number]
            for word in row.needed[row.rarest] & places.keys():
                for anchor in places[word]:
                    span = row.span(words, anchor)
                    if span:
                        candidates.setdefault(number, []).append((span[0] + offset, span[1] + offset))

    def _possible(self, present: set[int], pairs: _Pairs) -> Iterator[int]:
        """Yield the sequences all of whose word sets are present."""
        for rarest in present & pairs.keys():
            numbers = pairs[rarest]
            for second in numbers.keys() & present:
                for number in numbers[second]:
                    if self._needed[number] <= present:
                        yield number

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

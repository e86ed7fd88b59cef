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

from ketaguide.safety.candidates import PIECE, CandidateIndex
from ketaguide.safety.clauses import Passage
from ketaguide.safety.patterns import ELSEWHERE, NUMBER, Sequence

Parts = tuple[tuple[Sequence, ...], ...]  # for each part the sequences that it stands for

_COMMON_WEIGHT = 40
_ENOUGH = 40  # finds of one pattern in one text; more would only cost time
_COMMON = frozenset(
    (
        "i me my to a the it is am are was be been of in on and or not do have had has that this for with so "
        "just all he she they him her them his their you your we us our out at up from an will would can could want "
        "like feel get going got go # 's no if how what about one when where who why which there as by but than then "
        "some any more much does did too over after before into back make take keep know think see say tell ask need "
        "use time day now long work live help people something de que la el me mi lo en y un una se con por para es "
        "estoy he ha yo su te si al los las del va esta tengo algo ya"
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

    @property
    def anchor(self) -> frozenset[str]:
        """The rarest word set."""
        return self.needed[self.rarest]

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


@dataclass(frozen=True)
class _Piece:
    """Some words of a passage, where they begin, and the places of each among them."""

    offset: int
    words: list[str]
    places: dict[str, list[int]]


class Finder:
    """Holds many sequences and finds them in passages."""

    def __init__(self, vocab: Vocab) -> None:
        """Take the vocabulary of the blank pipeline."""
        self._vocab = vocab
        self._sequences: list[Sequence] = []
        self._owners: list[tuple[str, tuple[int, int]]] = []
        self._rows: list[_Row] = []
        # Other parts are looked for only where the rarest part may be, masks only where a statement is found.
        self._statements = CandidateIndex()
        self._other_parts = CandidateIndex()
        self._masks = CandidateIndex()
        # For each sequence the number of its pattern, and for each pattern how many parts it has.
        self._pattern_of: list[int] = []
        self._parts_of: list[int] = []
        self._matchers: dict[int, Matcher] = {}
        self._weights: dict[frozenset[str], int] = {}
        self._longest = 0
        self.known: set[str] = set()

    def __len__(self) -> int:
        return len(self._sequences)

    def add(self, owner: str, pattern: int, parts: Parts, *, is_mask: bool = False) -> None:
        """Add one of an owner's patterns: for each of its parts the sequences that it stands for."""
        rows = [[self._row(sequence) for sequence in part] for part in parts]
        rarest = min(range(len(parts)), key=lambda part: max(self._weight(row.anchor) for row in rows[part]))
        for part, sequences in enumerate(parts):
            index = self._masks if is_mask else self._statements if part == rarest else self._other_parts
            for sequence, row in zip(sequences, rows[part]):
                index.add(len(self._rows), row.needed, row.gaps, [self._weight(words) for words in row.needed])
                self._sequences.append(sequence)
                self._owners.append((owner, (pattern, part)))
                self._pattern_of.append(len(self._parts_of))
                self._rows.append(row)
                self._longest = max(self._longest, len(sequence.steps))
        self._parts_of.append(len(parts))

    def finish(self) -> None:
        """Make ready to find, when all patterns are added."""
        for index in (self._statements, self._other_parts, self._masks):
            index.finish()

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
        pieces = _in_pieces(words, self._longest)
        statements = self._possible_statements(pieces)
        candidates = self._spans(statements, passage.newest)
        if not candidates:
            return []
        doc = Doc(self._vocab, words=words)
        counts: Counter[tuple[str, tuple[int, int]]] = Counter()
        found = self._read_all(candidates, doc, passage, counts)
        if not found:
            return []
        masks = [(piece, self._masks.possible(piece.places)) for piece in pieces]
        found |= self._read_all(self._spans(masks, 0), doc, passage, counts)
        return list(dict.fromkeys(find for number in sorted(found) for find in found[number]))

    def _possible_statements(self, pieces: list[_Piece]) -> list[tuple[_Piece, list[int]]]:
        """Return for each piece the sequences of whole statements, and of those that have all their parts."""
        possible = [(piece, self._statements.possible(piece.places)) for piece in pieces]
        begun = {self._pattern_of[number] for _, numbers in possible for number in numbers}
        if any(self._parts_of[pattern] > 1 for pattern in begun):
            others = [(piece, self._other_parts.possible(piece.places)) for piece in pieces]
            possible += [(piece, [n for n in numbers if self._pattern_of[n] in begun]) for piece, numbers in others]
        parts: dict[int, set[int]] = {}
        for number in {number for _, numbers in possible for number in numbers}:
            parts.setdefault(self._pattern_of[number], set()).add(self._owners[number][1][1])
        complete = {pattern for pattern, found in parts.items() if len(found) == self._parts_of[pattern]}
        return [(piece, [n for n in numbers if self._pattern_of[n] in complete]) for piece, numbers in possible]

    def _spans(self, possible: Iterable[tuple[_Piece, list[int]]], newest: int) -> dict[int, list[tuple[int, int]]]:
        """Return the sequences that may match, each with the spans of the passage in which it may."""
        found: dict[int, list[tuple[int, int]]] = {}
        for piece, numbers in possible:
            for number in numbers:
                must_bridge = newest and self._parts_of[self._pattern_of[number]] == 1
                for start, end in self._spans_in(piece, self._rows[number]):
                    if not must_bridge or start < newest < end:
                        found.setdefault(number, []).append((start, end))
        return found

    @staticmethod
    def _spans_in(piece: _Piece, row: _Row) -> Iterator[tuple[int, int]]:
        for word in row.anchor & piece.places.keys():
            for anchor in piece.places[word]:
                span = row.span(piece.words, anchor)
                if span:
                    yield span[0] + piece.offset, span[1] + piece.offset

    def _read_all(
        self,
        candidates: Mapping[int, list[tuple[int, int]]],
        doc: Doc,
        passage: Passage,
        counts: Counter[tuple[str, tuple[int, int]]],
    ) -> dict[int, list[Find]]:
        """Return the finds of those sequences that have any."""
        read = ((n, list(self._read(n, _joined(candidates[n]), doc, passage, counts))) for n in sorted(candidates))
        return {number: finds for number, finds in read if finds}

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


def _in_pieces(words: list[str], shared: int) -> list[_Piece]:
    """Return words in pieces that share so many with the next."""
    pieces = []
    for offset in range(0, max(1, len(words) - shared), PIECE - shared):
        piece = _Piece(offset, words[offset : offset + PIECE], {})
        for place, word in enumerate(piece.words):
            piece.places.setdefault(word, []).append(place)
        pieces.append(piece)
    return pieces


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

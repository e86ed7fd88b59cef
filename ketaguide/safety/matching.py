"""Find every pattern in a passage: a word index chooses the candidates, spaCy's Matcher reads them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from spacy.matcher import Matcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from ketaguide.safety.clauses import Passage
from ketaguide.safety.patterns import ELSEWHERE, NUMBER, Sequence

_COMMON_WEIGHT = 40
_ENOUGH = 60  # finds of one rule in one text; more would only cost time
_PIECE = 80  # words of a passage that are searched at once
_COMMON = frozenset(
    [
        "i",
        "me",
        "my",
        "to",
        "a",
        "the",
        "it",
        "is",
        "am",
        "are",
        "was",
        "be",
        "been",
        "of",
        "in",
        "on",
        "and",
        "or",
        "not",
        "do",
        "have",
        "had",
        "has",
        "that",
        "this",
        "for",
        "with",
        "so",
        "just",
        "all",
        "he",
        "she",
        "they",
        "him",
        "her",
        "them",
        "his",
        "their",
        "you",
        "we",
        "up",
        "out",
        "at",
        "from",
        "an",
        "will",
        "would",
        "can",
        "could",
        "want",
        "like",
        "feel",
        "get",
        "going",
        "#",
        "'s",
        "no",
        "if",
        "how",
        "que",
        "de",
        "la",
        "el",
        "me",
        "mi",
        "lo",
        "no",
        "en",
        "y",
        "a",
        "un",
        "una",
        "se",
        "con",
        "por",
        "para",
        "es",
        "estoy",
        "he",
        "ha",
        "yo",
        "su",
        "te",
        "si",
    ]
)


@dataclass(frozen=True)
class Find:
    """A pattern found: its owner, which part of the pattern, the span of words, and the words it masks."""

    owner: str
    part: tuple[int, int]
    start: int
    end: int
    masked: tuple[int, ...] = ()


class Finder:
    """Holds many sequences and finds them in passages."""

    def __init__(self, vocab: Vocab) -> None:
        """Take the vocabulary of the blank pipeline."""
        self._vocab = vocab
        self._sequences: list[Sequence] = []
        self._owners: list[tuple[str, tuple[int, int]]] = []
        self._needed: list[tuple[frozenset[str], ...]] = []
        self._matchers: dict[int, Matcher] = {}
        self._by_word: dict[str, list[int]] = {}
        self._weights: dict[frozenset[str], int] = {}
        self._longest = 0
        self.known: set[str] = set()

    def __len__(self) -> int:
        return len(self._sequences)

    def add(self, owner: str, part: tuple[int, int], sequences: Iterable[Sequence]) -> None:
        """Add the sequences of one part of an owner's pattern."""
        for sequence in sequences:
            number = len(self._sequences)
            self._sequences.append(sequence)
            self._owners.append((owner, part))
            # The rarest word set chooses the candidates; the next rare ones reject most of them.
            rarest, *others = sorted(sequence.needed, key=self._weight)
            self._needed.append(tuple(others))
            self._longest = max(self._longest, len(sequence.steps))
            for word in rarest:
                self._by_word.setdefault(word, []).append(number)
            for step in sequence.steps:
                if step.words not in self._weights:
                    self._weight(step.words)

    def _weight(self, words: frozenset[str]) -> int:
        """Return how often a word set is likely to be met; rare sets choose the candidates."""
        if words not in self._weights:
            self._weights[words] = sum(_COMMON_WEIGHT if word in _COMMON else 1 for word in words)
            self.known |= words
        return self._weights[words]

    def find(self, passage: Passage) -> list[Find]:
        """Return everything found, in a fixed order.

        A long passage is searched in pieces that share more words than the longest sequence has, so that the
        work grows with its length alone.
        """
        words = [self._plain(word) for word in passage.words]
        finds: dict[Find, None] = {}
        counts: Counter[str] = Counter()
        for start in range(0, max(1, len(words) - self._longest), _PIECE - self._longest):
            piece = words[start : start + _PIECE]
            for find in self._find_in(piece, start, passage, counts):
                if find not in finds:
                    finds[find] = None
                    counts[find.owner] += 1
        return list(finds)

    def _find_in(self, words: list[str], offset: int, passage: Passage, counts: Mapping[str, int]) -> Iterable[Find]:
        """Yield what is found in one piece of a passage, but no owner more than `_ENOUGH` times in all."""
        candidates = self._candidates(words)
        if not candidates:
            return
        doc = Doc(self._vocab, words=words)
        for number in sorted(candidates):
            if counts[self._owners[number][0]] >= _ENOUGH:
                continue
            yield from self._read(number, candidates[number], doc, words, offset, passage)

    def _candidates(self, words: list[str]) -> dict[int, set[int]]:
        """Return the sequences all of whose needed words are there, and the places of their rarest words."""
        places: dict[str, list[int]] = {}
        for place, word in enumerate(words):
            places.setdefault(word, []).append(place)
        present = set(places)
        candidates: dict[int, set[int]] = {}
        for word in places:
            for number in self._by_word.get(word, ()):
                for needed in self._needed[number]:
                    if needed.isdisjoint(present):
                        break
                else:
                    candidates.setdefault(number, set()).update(places[word])
        return candidates

    def _plain(self, word: str) -> str:
        """Keep only words of the patterns: a visitor's own words must not stay in spaCy's string store."""
        if word in self.known:
            return word
        return NUMBER if word[0].isdigit() else ELSEWHERE

    def _read(
        self, number: int, anchors: set[int], doc: Doc, words: list[str], offset: int, passage: Passage
    ) -> Iterable[Find]:
        """Yield the finds of one sequence round the places of its rarest words."""
        sequence = self._sequences[number]
        owner, part = self._owners[number]
        for start, end in _stretches(sorted(anchors), len(sequence.steps), len(words)):
            near = set(words[start:end])
            if any(needed.isdisjoint(near) for needed in self._needed[number]):
                continue
            for first, last, steps in self._match(number, doc[start:end]):
                begin = first + start + offset
                if _fits(sequence, begin, last + start + offset, passage):
                    masked = tuple(begin + place for place, step in enumerate(steps) if sequence.steps[step].masked)
                    yield Find(owner, part, begin, last + start + offset, masked)

    def _match(self, number: int, span: Any) -> list[tuple[int, int, list[int]]]:
        matcher = self._matchers.get(number)
        if matcher is None:
            matcher = Matcher(self._vocab, validate=False)
            matcher.add("s", [[_token(step) for step in self._sequences[number].steps]])
            self._matchers[number] = matcher
        if any(step.masked for step in self._sequences[number].steps):
            found: list[Any] = matcher(span, with_alignments=True)
            return [(start, end, steps) for _, start, end, steps in found]
        return [(start, end, []) for _, start, end in matcher(span)]


def _token(step: Any) -> dict[str, Any]:
    """Return a step in the notation of spaCy's Matcher."""
    token: dict[str, Any] = {"OP": "?"} if step.optional else {}
    if step.words:
        token["ORTH"] = {"NOT_IN" if step.other else "IN": sorted(step.words)}
    return token


def _stretches(anchors: list[int], reach: int, length: int) -> list[tuple[int, int]]:
    """Return the spans round the anchors within which a sequence can lie, joined where they overlap."""
    spans: list[tuple[int, int]] = []
    for anchor in anchors:
        start, end = max(0, anchor - reach + 1), min(length, anchor + reach)
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def _fits(sequence: Sequence, start: int, end: int, passage: Passage) -> bool:
    """Say whether a match begins and ends where its sequence asks for it."""
    if end <= start:
        return False
    if end < len(passage.words) and passage.words[end] == "'s" and not sequence.steps[-1].gap:
        return False  # "my wife" is not meant where "my wife's" stands
    if sequence.at_start and start != passage.clause_at(start).start:
        return False
    return not sequence.at_end or end == passage.clause_at(end - 1).end

"""Split a message into clauses and say how strongly each is parted from the one before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ketaguide.safety.normalise import BREAKS, HARD, QUESTION, SOFT, STAR

NO_BREAK, SOFT_BREAK, WORD_BREAK, HARD_BREAK = range(4)
_STRENGTH = {SOFT: SOFT_BREAK, STAR: SOFT_BREAK, HARD: HARD_BREAK, QUESTION: HARD_BREAK}


@dataclass(frozen=True)
class Clause:
    """A run of words that belong together.

    Attributes:
        start: Place of the first word in the passage.
        end: Place after the last word.
        sentence: Number of the sentence it stands in.
        question: Whether its sentence ends in a question mark.
    """

    start: int
    end: int
    sentence: int
    question: bool


@dataclass(frozen=True)
class Passage:
    """A message without its break marks, and its clauses.

    Attributes:
        words: The plain words.
        clauses: The clauses in order; together they cover every word once.
        clause_of: For each word, the number of its clause.
        breaks: For each word, the strength of the break before it.
        newest: Place of the first word of the newest message (0 unless messages were joined).
    """

    words: tuple[str, ...]
    clauses: tuple[Clause, ...]
    clause_of: tuple[int, ...]
    breaks: tuple[int, ...]
    newest: int = 0

    def crosses(self, start: int, end: int) -> int:
        """Return the strongest break inside a span of words."""
        return max(self.breaks[start + 1 : end], default=NO_BREAK)

    def clause_at(self, place: int) -> Clause:
        """Return the clause that a word stands in."""
        return self.clauses[self.clause_of[place]]

    def sentence_span(self, place: int) -> tuple[int, int]:
        """Return first and last-but-one place of the sentence that a word stands in."""
        sentence = self.clause_at(place).sentence
        inside = [clause for clause in self.clauses if clause.sentence == sentence]
        return inside[0].start, inside[-1].end


@dataclass(frozen=True)
class Splitters:
    """Words that begin a new clause.

    Attributes:
        alone: Words that always do ("but").
        before: Words that do if one of the given words follows ("and" before "i").
    """

    alone: frozenset[str]
    before: Mapping[str, frozenset[str]]

    def strength(self, word: str, following: str | None) -> int:
        """Return the strength of the break that a word makes; a joining "and" parts less than a "but"."""
        if word in self.alone:
            return WORD_BREAK
        return SOFT_BREAK if (following or "") in self.before.get(word, ()) else NO_BREAK


def split(messages: Sequence[Sequence[str]], splitters: Splitters) -> Passage:
    """Return the passage that one message, or several joined ones, make.

    Args:
        messages: For each message its words and break marks, oldest first.
        splitters: The words that begin a clause.

    Returns:
        The passage; an empty one for messages without words.
    """
    words: list[str] = []
    breaks: list[int] = []
    questions: set[int] = set()
    newest = 0
    for number, message in enumerate(messages):
        newest = len(words)
        _append(message, words, breaks, questions, joined=number > 0)
    for place in range(1, len(words)):
        following = words[place + 1] if place + 1 < len(words) and not breaks[place + 1] else None
        breaks[place] = max(breaks[place], splitters.strength(words[place], following))
    return _passage(words, breaks, questions, newest)


def _append(message: Sequence[str], words: list[str], breaks: list[int], questions: set[int], *, joined: bool) -> None:
    """Add one message's words; the end of an earlier message that asks nothing counts as a soft break."""
    pending = NO_BREAK
    if joined and words:
        pending = HARD_BREAK if len(words) in questions else SOFT_BREAK
    for word in message:
        if word in BREAKS:
            pending = max(pending, _STRENGTH[word])
            if word == QUESTION:
                questions.add(len(words))
            continue
        breaks.append(pending if words else NO_BREAK)
        words.append(word)
        pending = NO_BREAK


def _passage(words: list[str], breaks: list[int], questions: set[int], newest: int) -> Passage:
    """Cut the words at the breaks."""
    starts = [place for place in range(len(words)) if place == 0 or breaks[place]]
    ends = [*starts[1:], len(words)] if starts else []
    sentence_ends = [end for end in ends if end == len(words) or breaks[end] == HARD_BREAK]
    clauses: list[Clause] = []
    clause_of: list[int] = []
    sentence = 0
    for number, (start, end) in enumerate(zip(starts, ends)):
        clauses.append(Clause(start, end, sentence, sentence_ends[sentence] in questions))
        clause_of.extend([number] * (end - start))
        if end == sentence_ends[sentence]:
            sentence += 1
    return Passage(tuple(words), tuple(clauses), tuple(clause_of), tuple(breaks), newest)

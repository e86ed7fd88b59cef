"""Read what stands round a statement: negation, time, questions, whose state it is, what is only an idiom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ketaguide.safety.clauses import SOFT_BREAK, WORD_BREAK, Passage
from ketaguide.safety.matching import Find
from ketaguide.safety.normalise import within_one_edit
from ketaguide.safety.rules import Mask, Rule
from ketaguide.safety.verdict import BODY_KINDS, NOW, OTHER, SELF, SOON

GENERIC = "generic"
_QUESTION_LISTS = (
    "subjects",
    "possessives",
    "asking",
    "inverting",
    "inverted",
    "past_questions",
    "openers",
    "treatments",
    "stating",
    "listing",
)
_FRAME_REACH = 14  # how many words away the frame of an idiom may stand
_REACH = 6  # how many words before a statement a "not" is looked for; only fillers may lie between


@dataclass(frozen=True)
class ContextWords:
    """Word lists of one language.

    Attributes:
        negators: Words of negation.
        fillers: Words that may stand between a negation and what it negates.
        me: Words for the visitor.
        others: Words for another person.
        articles: Those of them that may be an article as well ("el"); beside a word for the visitor they count as one.
        reflexives: Words that turn an act on another person.
        people: Words for people in general.
        owners: Words that make a state somebody's own.
        past: Verbs that tell of the past.
        subjects: Pronouns that begin a statement of their own.
        possessives: Words that make a thought somebody's own.
        asking: Words that open a question.
        inverting: Words that open one only before a subject.
        inverted: Such subjects.
        past_questions: Words that open a question about the past.
        openers: Words that may stand before them.
        treatments: Words for the treatment.
        stating: Verbs and other words that make a row of nouns a statement.
        listing: Words that carry a negation on in a list ("no pain or fever").
        corrections: Phrases that announce a correction.
    """

    negators: frozenset[str]
    fillers: frozenset[str]
    me: frozenset[str]
    others: frozenset[str]
    articles: frozenset[str]
    reflexives: frozenset[str]
    people: frozenset[str]
    owners: frozenset[str]
    past: frozenset[str]
    subjects: frozenset[str]
    possessives: frozenset[str]
    asking: frozenset[str]
    inverting: frozenset[str]
    inverted: frozenset[str]
    past_questions: frozenset[str]
    openers: frozenset[str]
    treatments: frozenset[str]
    stating: frozenset[str]
    listing: frozenset[str]
    corrections: tuple[tuple[str, ...], ...]

    @classmethod
    def from_mapping(cls, listed: Mapping[str, Any]) -> ContextWords:
        """Return the lists of a `context.yml`."""
        names = ("negators", "fillers", "me", "others", "articles", "reflexives", "people", "owners", "past")
        sets = {name: frozenset(str(listed.get(name) or "").split()) for name in (*names, *_QUESTION_LISTS)}
        corrections = tuple(tuple(str(phrase).split()) for phrase in listed.get("corrections") or ())
        return cls(corrections=corrections, **sets)


class Context:
    """What surrounds the statements of one passage."""

    def __init__(self, passage: Passage, finds: Iterable[Find], masks: Mapping[str, Mask], words: ContextWords) -> None:
        """Sort the finds of cues and masks by name."""
        self._passage = passage
        self._words = words
        self._cues: dict[str, list[Find]] = {}
        self._masks = masks
        mask_finds: list[Find] = []
        for find in finds:
            if find.owner.startswith("cue "):
                self._cues.setdefault(find.owner[4:], []).append(find)
            elif find.owner in masks:
                mask_finds.append(find)
        self._masked = [(masks[find.owner], _masked_places(find)) for find in mask_finds if self._holds(find)]

    def _holds(self, find: Find) -> bool:
        """Say whether the cues that a mask asks for stand near it."""
        return all(
            any(abs(cue.start - find.start) <= _FRAME_REACH for cue in self._cues.get(name, ()))
            for name in self._masks[find.owner].frame
        )

    def excuse(self, rule: Rule, find: Find) -> str:
        """Return why a statement does not count, or "" if it does."""
        if rule.masks and self.is_masked(rule.kind, find):
            return "idiom"
        if rule.negation == "cancels" and self.is_negated(find):
            return "negated"
        of_body = rule.kind in BODY_KINDS
        if rule.time != "any" and self.is_past(find, within_year=rule.time == "year", of_body=of_body):
            return "past"
        whole = rule.question == "sentence"
        if rule.question != "any" and self.is_information(find, whole_sentence=whole, of_body=of_body):
            return "information"
        return ""

    def is_masked(self, kind: str, find: Find) -> bool:
        """Say whether an idiom covers words of the statement."""
        span = range(find.start, find.end)
        return any(kind in mask.kinds and any(place in span for place in places) for mask, places in self._masked)

    def is_negated(self, find: Find) -> bool:
        """Say whether a "not" before the statement, in its clause, turns it round."""
        words, clause = self._passage.words, self._passage.clause_at(find.start)
        if self._cue_before("disbelief", find):
            return True
        listed = find.start > clause.start and words[find.start - 1] in self._words.listing
        reach = 2 * _REACH if listed else _REACH
        for place in range(find.start - 1, max(clause.start, find.start - reach) - 1, -1):
            if words[place] in self._words.negators:
                return not self._covered("not_negation", place)
            if not listed and words[place] not in self._words.fillers:
                return False
        return False

    def is_past(self, find: Find, *, within_year: bool, of_body: bool = False) -> bool:
        """Say whether the statement tells of the past and nothing beside it is present.

        Args:
            find: The statement.
            within_year: Whether the past year still counts as present.
            of_body: Whether it tells of a body, where "last time" is past too.
        """
        start, end = self._clauses_of(find)
        if self._cue_within("ended", start, end) and not self._cue_within("returned", start, end):
            return True
        if self._cue_within("present" if not within_year else "returned", start, end):
            return False
        remote = ["remote"] if within_year else ["remote", "months"]
        remote.extend(["earlier"] if of_body else [])
        if any(self._cue_within(name, start, end) for name in remote):
            return True
        if not self._words.past.intersection(self._passage.words[start:end]):
            return False
        start, end = self._passage.sentence_span(find.start)
        if self._cue_within("present" if not within_year else "returned", start, end):
            return False
        return any(self._cue_within(name, start, end) for name in remote)

    def is_information(self, find: Find, *, whole_sentence: bool = False, of_body: bool = False) -> bool:
        """Say whether the statement is part of a question about a fact, a treatment or a fear of what might be.

        Args:
            find: The statement.
            whole_sentence: Whether a question elsewhere in its sentence counts too.
            of_body: Whether it tells of a body, where "my" does not yet make it a fact ("will it raise my …").
        """
        start, end = self._passage.sentence_span(find.start)
        if self._is_governed(find, of_body=of_body):
            return True
        if of_body and self._asks_of_the_past(find):
            return True
        if self._cue_within("happening", *self._clauses_of(find)):
            return False
        if self._cue_within("normality", start, end) and not self._words.people.intersection(
            self._passage.words[start:end]
        ):
            return False
        if not whole_sentence:
            start, end = self._clauses_of(find)
        return self._asks(start, end) and not self._is_owned(find)

    def _asks(self, start: int, end: int) -> bool:
        """Say whether a clause asks for a fact or is a row of nouns that names a treatment."""
        words = self._passage.words[start:end]
        last = self._passage.clause_at(end - 1)
        closes = last.end == self._passage.sentence_span(last.start)[1]
        if (closes and last.question) or self._opens_a_question(words):
            return True
        return self._cue_within("information", start, end) or self._is_noun_row(words)

    def _is_noun_row(self, words: Sequence[str]) -> bool:
        """Say whether words name a treatment and state nothing ("rash after ketamine")."""
        return bool(self._words.treatments.intersection(words)) and not self._words.stating.intersection(words)

    def _asks_of_the_past(self, find: Find) -> bool:
        """Say whether a clause asks what was ("was he unconscious in there?")."""
        clause = self._passage.clause_at(find.start)
        words = self._passage.words[clause.start : find.start + 1]
        place = next((i for i, word in enumerate(words) if word not in self._words.openers), len(words))
        if words[place : place + 1] and words[place] in self._words.asking:  # "why did my …"
            place += 1
        return place < len(words) and words[place] in self._words.past_questions

    def _governing(self, *, of_body: bool) -> list[Find]:
        """Return the cues of possibility; a fear is one for the body only ("scared of fainting")."""
        cues = self._cues.get("hypothetical", [])
        return cues + self._cues.get("fear", []) if of_body else cues

    def _opens_a_question(self, words: Sequence[str]) -> bool:
        """Say whether words begin like a question: "why …", or "can it …" but not "can not …"."""
        place = next((i for i, word in enumerate(words) if word not in self._words.openers), len(words))
        if place >= len(words):
            return False
        following = words[place + 1] if place + 1 < len(words) else ""
        return words[place] in self._words.asking or (
            words[place] in self._words.inverting and following in self._words.inverted
        )

    def _is_governed(self, find: Find, *, of_body: bool) -> bool:
        """Say whether a "will it", "do I" or "what if" before a statement makes it a mere possibility."""
        owners = self._words.subjects if of_body else self._words.subjects | self._words.possessives
        if self._cue_before("supposing", find):
            return True
        clause = self._passage.clause_at(find.start)
        for cue in self._governing(of_body=of_body):
            if not clause.start <= cue.start <= find.start or cue.start < clause.start:
                continue
            between = self._passage.words[cue.end : find.start + 1] if cue.end <= find.start else ()
            if not owners.intersection(between):
                return True
        return False

    def _is_owned(self, find: Find) -> bool:
        """Say whether a person has the state that the statement names."""
        start, end = self._clauses_of(find)
        words = self._passage.words
        return any(
            words[place] in self._words.owners and not self._covered("information", place)
            for place in range(start, end)
        )

    def subject(self, find: Find, *, of_body: bool = False) -> str:
        """Return whose state the statement tells: `self`, `other` or `generic`.

        Args:
            find: The statement.
            of_body: Whether it tells of a body. Then anybody named in it is meant ("I can't wake her"), and
                without a subject the person named before it.
        """
        inside = self._passage.words[find.start : find.end]
        leading = self._passage.words[find.start : find.end + 1] if of_body else inside[:3]
        is_me = bool(self._words.me.intersection(leading))
        others = self._words.others - self._words.articles if is_me else self._words.others
        if self._is_quoted(find) or others.intersection(leading):
            return OTHER
        if is_me:
            return SELF
        start = 0 if of_body else self._passage.clause_at(find.start).start
        before = self._person_before(start, find.start)
        if before:
            return before
        if self._cue_before("speech", find):
            return OTHER
        return OTHER if self._is_reflexive(find) else SELF

    def _is_reflexive(self, find: Find) -> bool:
        """Say whether an act within a statement is another person's; "no sé si" begins a thought of one's own."""
        inside = self._passage.words[find.start : find.end + 1]
        thoughts = self._words.asking | self._words.openers
        return any(word in self._words.reflexives and after not in thoughts for word, after in pairwise([*inside, ""]))

    def _is_quoted(self, find: Find) -> bool:
        """Say whether the statement is in the words of somebody else: "she wrote: 'I …'"."""
        return any(
            cue.end <= find.start
            and self._passage.crosses(cue.end - 1, find.start + 1) == SOFT_BREAK
            and cue.start >= self._passage.sentence_span(find.start)[0]
            for cue in self._cues.get("speech", ())
        )

    def _person_before(self, start: int, end: int) -> str:
        """Return the person named last within a span of words, or ""."""
        for word in reversed(self._passage.words[start:end]):
            if word in self._words.me:
                return SELF
            if word in self._words.others:
                return OTHER
            if word in self._words.people:
                return GENERIC
        return ""

    def urgency(self, find: Find) -> str:
        """Return `now` where a word of time, means or farewell stands beside the statement, else `soon`."""
        place = self._passage.clause_of[find.start]
        last = min(self._passage.clause_of[find.end - 1] + 1, len(self._passage.clauses) - 1)
        first = max(0, place - 1)
        start, end = self._passage.clauses[first].start, self._passage.clauses[last].end
        return NOW if self._cue_within("now", start, end) else SOON

    def _clauses_of(self, find: Find) -> tuple[int, int]:
        return self._passage.clause_at(find.start).start, self._passage.clause_at(find.end - 1).end

    def _cue_within(self, name: str, start: int, end: int) -> bool:
        return any(start <= cue.start and cue.end <= end for cue in self._cues.get(name, ()))

    def _cue_before(self, name: str, find: Find) -> bool:
        """Say whether a cue stands before the statement, or overlaps its beginning, in the same sentence."""
        start = self._passage.sentence_span(find.start)[0]
        return any(
            start <= cue.start
            and (cue.start < find.start or cue.end > find.start)
            and cue.start <= find.start
            and self._reaches(cue, find)
            for cue in self._cues.get(name, ())
        )

    def _reaches(self, cue: Find, find: Find) -> bool:
        """Say whether nothing stronger than a comma lies between a cue and a statement."""
        return self._passage.crosses(cue.start, find.start + 1) < WORD_BREAK

    def _covered(self, name: str, place: int) -> bool:
        return any(cue.start <= place < cue.end for cue in self._cues.get(name, ()))


def _masked_places(find: Find) -> tuple[int, ...]:
    return find.masked or tuple(range(find.start, find.end))


def correct(
    messages: list[list[str]], corrections: tuple[tuple[str, ...], ...], marks: frozenset[str]
) -> list[list[str]]:
    """Put what a visitor meant in the place of what they typed first ("dying, I mean dyeing, my hair")."""
    return [_correct_one(words, corrections, marks) for words in messages]


def _correct_one(words: list[str], corrections: tuple[tuple[str, ...], ...], marks: frozenset[str]) -> list[str]:
    beginnings = {correction[0] for correction in corrections}
    for place in range(1, len(words)):
        if words[place] not in beginnings:
            continue
        phrase = next((c for c in corrections if tuple(words[place : place + len(c)]) == c), None)
        if phrase is None:
            continue
        begin = place
        while begin and words[begin - 1] in marks:
            begin -= 1
        after = place + len(phrase)
        while after < len(words) and words[after] in marks:
            after += 1
        end = next((i for i in range(after, len(words)) if words[i] in marks), len(words))
        mended = _put(words[:begin], words[after:end], marks)
        if mended is not None:
            return mended + words[end:]
    return words


def _put(before: list[str], meant: list[str], marks: frozenset[str]) -> list[str] | None:
    """Return the words before a correction with the meant words in place, or None where they do not fit."""
    if not meant:
        return None
    first = max((i + 1 for i, word in enumerate(before) if word in marks), default=0)
    for place in range(len(before) - 1, first - 1, -1):
        if before[place] == meant[0] and len(meant) > 1:
            return before[:place] + meant
    for place in range(len(before) - 1, first - 1, -1):
        if _alike(before[place], meant[0]):
            return before[:place] + meant + before[place + len(meant) :]
    for shared in range(min(len(meant), len(before)) - 1, 0, -1):
        if before[-shared:] == meant[1 : shared + 1]:
            return before[: -shared - 1] + meant
    return None


def _alike(word: str, other: str) -> bool:
    """Say whether one word may be a slip for the other."""
    if word == other or word in _NEVER_ALIKE or other in _NEVER_ALIKE:
        return False
    if word[0].isdigit() and other[0].isdigit():
        return True
    if min(len(word), len(other)) < 3:
        return False
    if min(len(word), len(other)) > 5 and (word[:4] == other[:4] or (word[:2], word[-3:]) == (other[:2], other[-3:])):
        return True
    return within_one_edit(word, other) or sorted(word) == sorted(other)


_NEVER_ALIKE = frozenset("i a the to my me it in is of on at not no never he she we you they and or but so".split())

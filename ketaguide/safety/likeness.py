"""A second reading beside the rules: how like a message is to dangerous and to harmless ones. Pure; no model here.

Whoever has a model of likeness gives the detector a function that scores texts (see `Scores`); without one, the rules
decide alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Optional

from ketaguide.safety.verdict import BODY_KINDS, CRISIS_KINDS, DISTRESS, NONE, NOW, OTHER, SELF, SOON

# The order of the classes in every row of scores.
CLASSES = (NONE, DISTRESS, *CRISIS_KINDS)
HARMLESS_CLASSES = 2

# For each text a row of natural logarithms of probabilities, in the order of CLASSES.
Scores = Callable[[Sequence[str]], Sequence[Sequence[float]]]

# All of them were set on messages that no rule and no example was made from (tests/safety, docs/crisis.md).
ROUTES_ABOVE = 0.5
SURE_ABOVE = 6.0
JOINED_ROUTES_ABOVE = 3.0
JOINED_HARMLESS_BELOW = -5.0
SURELY_HARMLESS_BELOW = -8.0
DISTRESSED_ABOVE = 2.5

PIECE_WORDS = 45
SHARED_WORDS = 15
MOST_PIECES = 36
SHORT_WORDS = 6

# Statements that no likeness can explain away; the rules' own masks have let them pass.
_EXPLICIT = re.compile(
    r"\bi( am|'m|m| have|'ve|ve)?( just| really| still| only| do| so)* "
    r"((want|wanna|going|gonna|plan|planning|need|intend|decided)( to| on)? "
    r"(die|dying|be dead|kill\w* myself|end\w* my life)"
    r"|(took|taken|swallowed) (too many|too much|all (of )?(my|the)|the whole)|(can't|cant|cannot|can not) breathe)\b",
    re.IGNORECASE,
)
_NOW = re.compile(
    r"\b(tonight|right now|just now|just (took|taken|swallowed|cut|did)|today|this minute|goodbye|good bye|my note"
    r"|in my hand|on my way|already (took|taken|done|did))\b",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\W*(my|our|his|her) (wife|husband|partner|boyfriend|girlfriend|son|daughter|kid|child|baby|toddler|mum|mom|mother"
    r"|dad|father|brother|sister|friend|mate|flatmate|roommate|neighbou?r|uncle|aunt|gran\w*|nan|cousin|client|patient)\b"
    r"|\W*(he|she|they)('s|s)? ",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Likeness:
    """What a message is most like.

    Attributes:
        kind: The likeliest kind of danger.
        margin: By how much, in natural logarithms, that is likelier than every harmless class; below 0 less likely.
        distress: The same for distress against no danger at all.
    """

    kind: str
    margin: float
    distress: float

    @property
    def routes(self) -> bool:
        """Whether the message is so like dangerous ones that it must reach help."""
        return self.margin > ROUTES_ABOVE

    @property
    def is_doubtful(self) -> bool:
        """Whether that is so little sure that an ordinary question, understood as such, may still be one."""
        return self.margin < SURE_ABOVE

    @property
    def is_sure(self) -> bool:
        """Whether it routes beyond doubt."""
        return self.routes and not self.is_doubtful

    @property
    def routes_joined(self) -> bool:
        """Whether messages that were joined are so like dangerous ones."""
        return self.margin > JOINED_ROUTES_ABOVE

    @property
    def is_harmless_joined(self) -> bool:
        """Whether messages that were joined explain away a doubtful likeness of the newest alone."""
        return self.margin < JOINED_HARMLESS_BELOW

    @property
    def is_surely_harmless(self) -> bool:
        """Whether it is far likelier harmless, distress counted in."""
        return self.margin < SURELY_HARMLESS_BELOW

    @property
    def is_distress(self) -> bool:
        """Whether it sounds like pain without a danger sign."""
        return self.distress > DISTRESSED_ABOVE


# What a message is like alone, and together with those before it where these are read too.
InContext = tuple[Likeness, Optional[Likeness]]


def in_context(scores: Scores, text: str, earlier: Sequence[str]) -> InContext:
    """Return what a message is most like, alone and, where that may change it, joined to those before it."""
    alone = likeness(scores, text)
    return alone, None if alone.is_sure else joined(scores, text, earlier)


def likeness(scores: Scores, text: str) -> Likeness:
    """Return what a message is most like; a long one is read in pieces, and the worst of them counts."""
    rows = scores(pieces(text))
    return max((_likeness(row) for row in rows), key=lambda found: found.margin)


def joined(scores: Scores, text: str, earlier: Sequence[str]) -> Likeness | None:
    """Return what a short message is most like together with the two before it; None for a longer or a first one."""
    if not earlier or len(text.split()) > SHORT_WORDS:
        return None
    before = " ".join(_last_words(message) for message in earlier[-2:])
    return _likeness(scores([f"{before} {text}"])[0])


def is_new(scores: Scores, earlier: Sequence[str]) -> bool:
    """Say whether none of the earlier messages was surely dangerous when it came; what was does not count again."""
    for number, message in enumerate(earlier):
        alone, together = likeness(scores, message), joined(scores, message, earlier[:number])
        if alone.is_sure or (together and together.routes_joined):
            return False
    return True


def urgency(kind: str, text: str) -> str:
    """Return `now` for the body's emergencies and where the words say so, else `soon`."""
    return NOW if kind in BODY_KINDS or _NOW.search(text) else SOON


def is_explicit(text: str) -> bool:
    """Say whether a message states a danger in so plain words that a rule's finding stands whatever it is like."""
    return bool(_EXPLICIT.search(text.replace("\u2019", "'")))


def pieces(text: str) -> list[str]:
    """Return a text in pieces that share words with the next; of a very long one the first and the last."""
    words = text.split()
    if len(words) <= PIECE_WORDS:
        return [text]
    step = PIECE_WORDS - SHARED_WORDS
    found = [" ".join(words[start : start + PIECE_WORDS]) for start in range(0, len(words) - SHARED_WORDS, step)]
    if len(found) > MOST_PIECES:
        found = found[: MOST_PIECES // 2] + found[-MOST_PIECES // 2 :]
    return found


def subject_of(text: str) -> str:
    """Return who a message speaks of by its first words; the visitor, unless it plainly is somebody else."""
    return OTHER if _OTHERS.match(text) else SELF


def _likeness(row: Sequence[float]) -> Likeness:
    dangers = row[HARMLESS_CLASSES:]
    worst = max(range(len(dangers)), key=lambda number: dangers[number])
    return Likeness(
        kind=CRISIS_KINDS[worst],
        margin=dangers[worst] - max(row[:HARMLESS_CLASSES]),
        distress=row[1] - row[0],
    )


def _last_words(message: str) -> str:
    return " ".join(message.split()[-PIECE_WORDS // 2 :])

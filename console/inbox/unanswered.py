"""Which messages belong on the screen, and why. A message in which danger was heard never does."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Dict, FrozenSet, Iterable, List, Optional, Tuple

from django.db.models import Max

from console.answers import content
from console.answers.models import State
from console.conversations.messages import DAYS, Message, lately
from console.inbox.models import Decision, Kind
from console.inbox.scrubbing import scrubbed
from ketaguide.content.lint.across_topics import plain
from ketaguide.safety import core_list

NOT_UNDERSTOOD = "Not understood"
UNSURE = "Hardly understood"
NEARLY_ANOTHER = "Two answers nearly as likely"
ASKED_AGAIN = "Asked again"
WANTED_A_PERSON = "Asked for a person afterwards"

FALLBACK, OUT_OF_SCOPE, HANDOFF = "nlu_fallback", "out_of_scope", "human_handoff"
SURE = 0.5
MARGIN = 0.15
MOST_CHARACTERS = 300
MOST_QUESTIONS = 2000
MOST_REMEMBERED = 20_000
Topics = FrozenSet[str]
# By fingerprint: no words are remembered.
_heard_danger: Dict[str, bool] = {}


@dataclass
class Question:
    """The same words, asked once or many times.

    Attributes:
        fingerprint: SHA-256 (hex) of the normalised words.
        text: The words, scrubbed, as they were written last.
        count: How often they were written.
        last: When last, in seconds since 1970.
        closest: Answers that come closest, with their confidence.
        reasons: Why it is here.
    """

    fingerprint: str
    text: str
    count: int = 0
    last: float = 0.0
    closest: Tuple[Tuple[str, float], ...] = ()
    reasons: List[str] = field(default_factory=list)


def fingerprint(text: str) -> str:
    """Returns the SHA-256 (hex) of a text's words, whatever its case and its marks."""
    return hashlib.sha256(plain(text).encode("utf-8")).hexdigest()


def undecided(days: int = DAYS) -> List[Question]:
    """Returns the questions about which nobody has decided yet, the newest first.

    Raises:
        RecordUnreadableError: if the assistant's record cannot be read.
    """
    decided = {decision.fingerprint: decision for decision in Decision.objects.select_related("change")}
    found = [one for one in questions(lately(days)) if not _stands(decided.get(one.fingerprint), one)]
    return found[:MOST_QUESTIONS]


def questions(messages: Iterable[Message]) -> List[Question]:
    """Returns what was not answered well among messages in the order of time, the newest first."""
    found: Dict[str, Question] = {}
    # Once: each look goes to the files.
    topics = frozenset(content.library().topics)
    for message, reason in _noticed(messages, topics):
        text = scrubbed(message.text)[:MOST_CHARACTERS]
        key = fingerprint(text)
        if not plain(text) or _sounds_like_danger(key, text):
            continue
        question = found.setdefault(key, Question(key, text))
        question.count += 1
        question.text, question.last = text, message.at
        question.closest = _answers(message.ranking, topics)
        if reason not in question.reasons:
            question.reasons.append(reason)
    return sorted(found.values(), key=lambda question: -question.last)


def _noticed(messages: Iterable[Message], topics: Topics) -> Iterable[Tuple[Message, str]]:
    before: Dict[str, List[Message]] = defaultdict(list)
    for message in messages:
        earlier = before[message.conversation]
        reason = _reason(message, earlier, topics)
        if reason:
            yield message, reason
        if message.intent == HANDOFF and earlier and _was_answered(earlier[-1], topics):
            yield earlier[-1], WANTED_A_PERSON
        earlier.append(message)


def _reason(message: Message, earlier: List[Message], topics: Topics) -> Optional[str]:
    if message.in_danger or message.is_button or not message.text:
        return None
    if message.intent in (FALLBACK, OUT_OF_SCOPE):
        return NOT_UNDERSTOOD
    if message.intent not in topics:
        return None
    if message.confidence < SURE:
        return UNSURE
    second = message.ranking[1][1] if len(message.ranking) > 1 else 0.0
    if message.confidence - second < MARGIN:
        return NEARLY_ANOTHER
    words = plain(message.text)
    return ASKED_AGAIN if any(plain(one.text) == words for one in earlier) else None


def _was_answered(message: Message, topics: Topics) -> bool:
    readable = not message.in_danger and not message.is_button and bool(message.text)
    return readable and message.intent in topics


def _sounds_like_danger(key: str, text: str) -> bool:
    # The assistant has read it for danger with all its rules; the plain list is asked again in case those were broken.
    if key not in _heard_danger:
        if len(_heard_danger) >= MOST_REMEMBERED:
            _heard_danger.clear()
        _heard_danger[key] = bool(core_list.read(text, everything=True))
    return _heard_danger[key]


def _answers(ranking: Tuple[Tuple[str, float], ...], topics: Topics) -> Tuple[Tuple[str, float], ...]:
    return tuple((id_, confidence) for id_, confidence in ranking if id_ in topics)[:3]


def _stands(decision: Optional[Decision], question: Question) -> bool:
    """Tells whether a decision still counts: a draft that was put away brings its question back."""
    if decision is None:
        return False
    if decision.kind in (Kind.IGNORED, Kind.FOR_A_PERSON):
        return True
    if decision.change is None or decision.change.state == State.DROPPED:
        return False
    if decision.change.state != State.LIVE:
        return True
    # Asked since the answer is live, and here again: it was not answered for all that.
    live_since = decision.change.publishes.aggregate(at=Max("finished_at"))["at"]
    return live_since is None or question.last < live_since.timestamp()

"""The numbers of the reports, counted anew from the assistant's record each time."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass, field
from typing import Dict, Iterable, List, Tuple

from django.utils import timezone

from console.answers import content
from console.conversations.messages import Message
from console.inbox.unanswered import FALLBACK, OUT_OF_SCOPE
from console.screens.templatetags.words import DANGERS

# Greetings, thanks and the like: neither answered nor unanswered.
UNANSWERED = (FALLBACK, OUT_OF_SCOPE)


@dataclass(frozen=True)
class Day:
    """One day: questions that were answered, and those that were not."""

    day: datetime.date
    answered: int
    unanswered: int

    @property
    def questions(self) -> int:
        """All questions."""
        return self.answered + self.unanswered

    @property
    def share(self) -> float:
        """Unanswered ones of all, 0 to 1."""
        return self.unanswered / self.questions if self.questions else 0.0


@dataclass(frozen=True)
class Figures:
    """What happened in some days.

    Attributes:
        topics: Answers with how often each was asked for, the most asked first.
        never: Answers that nobody asked for.
        days: Each day, in order.
        danger: Kinds of danger with how often each was heard; every kind, also with 0.
        conversations: How many there were.
    """

    topics: Tuple[Tuple[str, int], ...]
    never: Tuple[str, ...]
    days: Tuple[Day, ...]
    danger: Tuple[Tuple[str, int], ...]
    conversations: int

    @property
    def answered(self) -> int:
        """Questions that got an answer."""
        return sum(day.answered for day in self.days)

    @property
    def unanswered(self) -> int:
        """Questions that got none."""
        return sum(day.unanswered for day in self.days)

    @property
    def unanswered_share(self) -> float:
        """Unanswered ones of all questions, 0 to 1."""
        questions = self.answered + self.unanswered
        return self.unanswered / questions if questions else 0.0


@dataclass
class _Counted:
    topics: Counter = field(default_factory=Counter)
    answered: Counter = field(default_factory=Counter)
    unanswered: Counter = field(default_factory=Counter)
    danger: Counter = field(default_factory=Counter)
    conversations: set = field(default_factory=set)


def figures(messages: Iterable[Message], days: int) -> Figures:
    """Returns the numbers of the last days; the messages are those of these days."""
    known, counted = content.library().topics, _Counted()
    for message in messages:
        day = datetime.datetime.fromtimestamp(message.at, timezone.get_current_timezone()).date()
        counted.conversations.add(message.conversation)
        if message.danger:
            counted.danger[message.danger] += 1
        elif message.intent in known:
            counted.topics[message.intent] += 1
            counted.answered[day] += 1
        elif message.intent in UNANSWERED:
            counted.unanswered[day] += 1
    return Figures(
        topics=tuple(sorted(counted.topics.items(), key=lambda one: (-one[1], one[0]))),
        never=tuple(sorted(set(known) - set(counted.topics))),
        days=tuple(_days(counted, days)),
        danger=tuple((kind, counted.danger[kind]) for kind in DANGERS),
        conversations=len(counted.conversations),
    )


def _days(counted: _Counted, days: int) -> List[Day]:
    today = timezone.localdate()
    dates = [today - datetime.timedelta(days=back) for back in range(days - 1, -1, -1)]
    return [Day(date, counted.answered[date], counted.unanswered[date]) for date in dates]


def rows(figures_: Figures) -> List[Dict[str, object]]:
    """Returns everything as rows of a table for a spreadsheet."""
    found: List[Dict[str, object]] = []
    found += [{"what": "asked", "item": id_, "count": count} for id_, count in figures_.topics]
    found += [{"what": "asked", "item": id_, "count": 0} for id_ in figures_.never]
    for day in figures_.days:
        found.append({"what": "answered", "item": day.day.isoformat(), "count": day.answered})
        found.append({"what": "unanswered", "item": day.day.isoformat(), "count": day.unanswered})
    return found + [{"what": "danger", "item": kind, "count": count} for kind, count in figures_.danger]

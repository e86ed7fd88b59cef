"""What was said in a conversation, as far as it helps to understand the next message."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, List, Mapping, Sequence, Tuple

# After a pause this long a message is read for itself.
PAUSE_SECONDS = 3600.0
# How many exchanges back a subject may lie, and by what each exchange makes it count less.
MOST_EXCHANGES = 3
FADE = 0.6
STEP_BACK = 0.35
# A night lies between two days that are this far apart.
NIGHT_SECONDS = 4 * 3600.0


@dataclass(frozen=True)
class Offer:
    """A button: its words and the message that it sends."""

    title: str
    payload: str


@dataclass(frozen=True)
class Exchange:
    """One message of the visitor with the replies to it.

    Attributes:
        topics: Ids of the topics answered, in order.
        responses: Names of all replies, in order.
        offers: The buttons of all replies, in the order shown.
        ranking: Ids that the message was likely to ask for, best first.
        reading: The stored reading of the message, as `Reading.stamp` made it.
        text: The words of the last reply; to see which terms the visitor has just read.
        at: Seconds since the epoch.
    """

    topics: Tuple[str, ...] = ()
    responses: Tuple[str, ...] = ()
    offers: Tuple[Offer, ...] = ()
    ranking: Tuple[str, ...] = ()
    reading: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
    at: float = 0.0

    @property
    def subjects(self) -> Tuple[str, ...]:
        """What it was about, the nearest first: "how long?" about nausea leaves the talk at nausea."""
        before = str(self.reading.get("before") or "") if self.reading.get("aspect") else ""
        newest = tuple(reversed(self.topics))
        return (before, *(topic for topic in newest if topic != before)) if before else newest


@dataclass(frozen=True)
class Context:
    """The exchanges of this sitting, the newest last.

    Attributes:
        exchanges: Empty at the start, after a long pause and on another day.
        returning: Whether the visitor was here on an earlier day and this is the first message of today.
    """

    exchanges: Tuple[Exchange, ...] = ()
    returning: bool = False

    @property
    def last(self) -> Exchange:
        """The newest exchange; an empty one at the start."""
        return self.exchanges[-1] if self.exchanges else Exchange()

    @property
    def topic(self) -> str:
        """The topic that the visitor is at, or ""."""
        subjects = self.subjects()
        return subjects[0][0] if subjects else ""

    @property
    def newest_answer(self) -> str:
        """The topic that was answered last and still counts, or ""."""
        recent = reversed(self.exchanges[-MOST_EXCHANGES:])
        return next((exchange.topics[-1] for exchange in recent if exchange.topics), "")

    def subjects(self) -> List[Tuple[str, float]]:
        """Returns the newest two topics with how much they still count, the newest first."""
        found: List[Tuple[str, float]] = []
        for back, exchange in enumerate(reversed(self.exchanges[-MOST_EXCHANGES:])):
            for topic in exchange.subjects:
                if topic not in (known for known, _ in found):
                    found.append((topic, FADE**back if not found else STEP_BACK * FADE ** max(0, back - 1)))
        return found[:2]

    def answered(self, topic: str) -> bool:
        """Tells whether this topic was answered in this sitting."""
        return any(topic in exchange.topics for exchange in self.exchanges)


def sitting(exchanges: Sequence[Exchange], now: float) -> Context:
    """Returns the part of a conversation that still counts at a time: up to the newest long pause or other day.

    Args:
        exchanges: All that are known, the newest last.
        now: Seconds since the epoch.
    """
    kept: List[Exchange] = []
    later = now
    for exchange in reversed(exchanges):
        if later - exchange.at > PAUSE_SECONDS or other_day(exchange.at, later):
            break
        kept.append(exchange)
        later = exchange.at
    returning = bool(exchanges) and other_day(exchanges[-1].at, now)
    return Context(tuple(reversed(kept)), returning)


def other_day(earlier: float, later: float) -> bool:
    """Tells whether a night lies between two times, by the server's clock."""
    days = (time.localtime(moment)[:3] for moment in (earlier, later))
    return later - earlier > NIGHT_SECONDS and next(days) != next(days)

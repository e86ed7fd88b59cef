"""Visitors' messages of the last 30 days, as light as the screens need them.

They are read from the record each time and copied nowhere: what a visitor erases, or what expires, is gone here too.
"""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

import sqlalchemy as sa

from console.conversations.store import address, connection

DAYS = 30
DAY_SECONDS = 86_400
# Conversations of staff with the test chat, and the console's own checks.
STAFF = "console-"
CLOSEST = 3
CRISIS_PREFIX = "crisis_"
DISTRESS = "support_distress"
# What the assistant says while a talk about danger goes on: no new danger.
_GOING_ON = frozenset({"crisis_followup", "crisis_hold"})
_BATCH = 400

_EVENTS = sa.table("events", *(sa.column(name) for name in ("id", "sender_id", "type_name", "timestamp", "data")))


@dataclass(frozen=True)
class Message:
    """One message of a visitor.

    Attributes:
        conversation: Tells messages of one conversation from others; never shown.
        at: Seconds since 1970.
        text: What the assistant kept of it: personal details are taken out, a crisis message is a kind.
        intent: What it was understood as.
        ranking: The closest readings with their confidence, best first.
        danger: Kind of danger that was heard in it, or None.
        in_danger: Whether danger was heard in it or shortly before: its words are nobody's reading matter.
        is_button: Whether it was tapped and not written.
    """

    conversation: str
    at: float
    text: str
    intent: str
    confidence: float
    ranking: Tuple[Tuple[str, float], ...]
    danger: Optional[str]
    in_danger: bool
    is_button: bool


class _Memory:
    """Messages read before, so that a page reads only those that are new."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._where = ""
        self._read: Dict[int, Optional[Message]] = {}

    def messages(self, since: float) -> List[Message]:
        with self._lock, connection() as opened:
            if self._where != address():
                self._where, self._read = address(), {}
            there = list(opened.execute(_ids(since)).scalars())
            new = [id_ for id_ in there if id_ not in self._read]
            kept = {id_: self._read[id_] for id_ in there if id_ in self._read}
            for start in range(0, len(new), _BATCH):
                for id_, sender, timestamp, data in opened.execute(_rows(new[start : start + _BATCH])):
                    kept[id_] = _message(sender, timestamp, data)
            self._read = kept
            found = (kept.get(id_) for id_ in there)
            return [message for message in found if message is not None]


_memory = _Memory()


def lately(days: int = DAYS) -> List[Message]:
    """Returns visitors' messages of the last days, oldest first; none of staff.

    Raises:
        RecordUnreadableError: if the record cannot be read.
    """
    now = time.time()
    since = now - days * DAY_SECONDS
    return [message for message in _memory.messages(now - DAYS * DAY_SECONDS) if message.at >= since]


def _ids(since: float) -> Any:
    wanted = (_EVENTS.c.type_name == "user", _EVENTS.c.timestamp >= since)
    return sa.select(_EVENTS.c.id).where(*wanted).order_by(_EVENTS.c.id)


def _rows(ids: Sequence[int]) -> Any:
    columns = (_EVENTS.c.id, _EVENTS.c.sender_id, _EVENTS.c.timestamp, _EVENTS.c.data)
    return sa.select(*columns).where(_EVENTS.c.id.in_(ids))


def _message(sender: str, timestamp: float, data: str) -> Optional[Message]:
    if sender.startswith(STAFF):
        return None
    event: Mapping[str, Any] = json.loads(data)
    parsed = event.get("parse_data") or {}
    intent = str((parsed.get("intent") or {}).get("name") or "")
    state = (event.get("metadata") or {}).get("crisis") or {}
    text = str(event.get("text") or "")
    danger = _danger(intent)
    return Message(
        conversation=sender,
        at=timestamp,
        text=text,
        intent=intent,
        confidence=float((parsed.get("intent") or {}).get("confidence") or 0.0),
        ranking=_ranking(parsed),
        danger=danger,
        in_danger=bool(danger or intent in _GOING_ON or state.get("open") or state.get("reply")),
        is_button=text.startswith("/"),
    )


def _ranking(parsed: Mapping[str, Any]) -> Tuple[Tuple[str, float], ...]:
    ranking = parsed.get("intent_ranking") or []
    return tuple((str(one["name"]), float(one["confidence"])) for one in ranking[: CLOSEST + 1])


def _danger(intent: str) -> Optional[str]:
    if intent == DISTRESS:
        return "distress"
    known = intent.startswith(CRISIS_PREFIX) and intent not in _GOING_ON
    return intent[len(CRISIS_PREFIX) :] if known else None

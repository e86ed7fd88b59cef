"""What a Rasa tracker tells of the conversation so far."""

from __future__ import annotations

from typing import Any, Container, Dict, List, Optional

from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from ketaguide.content.model import UTTER_PREFIX
from ketaguide.dialogue.context import Context, Exchange, Offer, sitting
from ketaguide.understanding.replies import response_of

READING_KEY = "reading"
MOST_EXCHANGES = 8
# After one of these its own rules decide how the next messages are taken.
CRISIS_RESPONSES = ("utter_crisis_", "utter_support_distress", "utter_emergency_languages")


def talk_so_far(tracker: Optional[DialogueStateTracker], known_topics: Container[str], now: float) -> Context:
    """Returns the exchanges before the message that is being read, since the newest crisis reply at most.

    Args:
        tracker: The conversation; None where a message is read outside one.
        known_topics: The ids of answers; small talk leaves the subject as it is.
        now: Seconds since the epoch.
    """
    exchanges: List[Exchange] = []
    replies: List[BotUttered] = []
    for event in reversed(tracker.events if tracker else ()):
        if isinstance(event, BotUttered):
            replies.insert(0, event)
        elif isinstance(event, UserUttered):
            if _is_crisis(event, replies) or len(exchanges) == MOST_EXCHANGES:
                break
            exchanges.insert(0, _exchange(event, replies, known_topics))
            replies = []
    return sitting(exchanges, now)


def _exchange(message: UserUttered, replies: List[BotUttered], known_topics: Container[str]) -> Exchange:
    # What was said before an answer to comfort does not change what the talk is about.
    replies = [reply for reply in replies if not _is_about_danger(reply)] or replies
    spoken = [response_of(reply.metadata) for reply in replies]
    topics = [str(reply.metadata.get("topic") or "") for reply in replies]
    parsed: Dict[str, Any] = message.parse_data or {}
    return Exchange(
        topics=tuple(t for t, said in zip(topics, spoken) if t in known_topics and said == UTTER_PREFIX + t),
        responses=tuple(spoken),
        offers=tuple(
            Offer(str(button.get("title") or ""), str(button.get("payload") or ""))
            for reply in replies
            for button in (reply.data or {}).get("buttons") or []
        ),
        ranking=tuple(str(entry.get("name")) for entry in parsed.get("intent_ranking") or ()),
        reading=parsed.get(READING_KEY) or {},
        text=str(replies[-1].text or "") if replies else "",
        at=max(_time(event) for event in (message, *replies)),
    )


def _is_crisis(message: UserUttered, replies: List[BotUttered]) -> bool:
    intent = str((message.intent or {}).get("name") or "")
    return intent.startswith("crisis_") or (bool(replies) and all(map(_is_about_danger, replies)))


def _is_about_danger(reply: BotUttered) -> bool:
    return response_of(reply.metadata).startswith(CRISIS_RESPONSES)


def _time(event: Event) -> float:
    return float(event.timestamp or 0.0)

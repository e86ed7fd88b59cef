"""Completes the record of a conversation: what the guard said, and turns that the agent could not save."""

from __future__ import annotations

import logging
from typing import Any, List, Mapping, Sequence, Set

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from ketaguide.understanding.replies import as_event, response_of

logger = logging.getLogger(__name__)


async def complete(agent: Agent, message: UserMessage, intent: str, said: Sequence[Mapping[str, Any]]) -> None:
    """Writes down the message and the replies to it, as far as they are not there; never raises.

    Args:
        agent: Whose stores hold the record.
        message: As it was given to the agent: without personal details, or the kind of danger in place of words.
        intent: What it was read as, or "".
        said: All that the visitor was told, in the form in which channels take it.
    """
    try:
        async with agent.lock_store.lock(message.sender_id):
            tracker = await agent.tracker_store.get_or_create_tracker(message.sender_id)
            missing = _missing(tracker, message, intent, said)
            for event in missing:
                tracker.update(event)
            if missing:
                await agent.tracker_store.save(tracker)
    except Exception as error:  # what is said must not hang on what is kept
        logger.error("A reply could not be written down (%s).", type(error).__name__)


def _missing(
    tracker: DialogueStateTracker, message: UserMessage, intent: str, said: Sequence[Mapping[str, Any]]
) -> List[Event]:
    there: Set[str] = set()
    for event in reversed(tracker.events):
        if isinstance(event, BotUttered):
            there.add(response_of(event.metadata))
        elif isinstance(event, UserUttered):
            if event.message_id == message.message_id:
                return [as_event(spoken) for spoken in said if response_of(spoken) not in there]
            there = set()
    read_as = {"name": intent, "confidence": 1.0} if intent else None
    given = {"input_channel": message.input_channel, "message_id": message.message_id, "metadata": message.metadata}
    return [UserUttered(message.text, read_as, **given), *map(as_event, said)]

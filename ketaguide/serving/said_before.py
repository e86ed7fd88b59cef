"""What was already said to a message: a process may have died after storing an answer and before it left."""

from __future__ import annotations

from typing import Any, Dict, List, Sequence

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import BotUttered, Event, UserUttered

# Metadata that a channel sets on a message which it may have passed on before; it goes no further than the guard.
AGAIN_KEY = "again"


async def said_before(agent: Agent, message: UserMessage) -> List[Dict[str, Any]]:
    """Returns the stored answer to the message with this id, in the form in which channels take messages."""
    async with agent.lock_store.lock(message.sender_id):
        tracker = await agent.tracker_store.retrieve(message.sender_id)
    return _answer(list(tracker.events), message.message_id) if tracker else []


def _answer(events: Sequence[Event], message_id: str) -> List[Dict[str, Any]]:
    said: List[Dict[str, Any]] = []
    for event in reversed(events):
        if isinstance(event, BotUttered):
            parts = {key: value for key, value in event.data.items() if value}
            said.insert(0, {"text": event.text, **parts, **event.metadata})
        elif isinstance(event, UserUttered):
            if event.message_id == message_id:
                return said
            said = []
    return []

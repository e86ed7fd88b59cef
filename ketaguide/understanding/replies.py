"""Replies as channels take them and as the record has them: Rasa keeps all but words and buttons as metadata."""

from __future__ import annotations

from typing import Any, Mapping

from rasa.shared.core.events import BotUttered

_NOT_IN_METADATA = frozenset({"text", "buttons"})


def response_of(message: Mapping[str, Any]) -> str:
    """Returns the name of a reply, or ""."""
    return str(message.get("utter_action") or (message.get("metadata") or {}).get("utter_action") or "")


def as_event(spoken: Mapping[str, Any]) -> BotUttered:
    """Returns a reply as the record has it."""
    metadata = {key: value for key, value in spoken.items() if key not in _NOT_IN_METADATA}
    return BotUttered(spoken.get("text"), {"buttons": spoken.get("buttons")}, metadata)

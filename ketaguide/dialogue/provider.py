"""Decides when an answer is followed by the suggestion to see a provider, and which one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from ketaguide.dialogue.personal import personal

SUGGEST_PROVIDER = "suggest_provider"


@dataclass(frozen=True)
class Turn:
    """What the decision rests on.

    Attributes:
        text: What the visitor wrote; for a pressed button its payload.
        topic: The id of the answer just given, or None for small talk.
        topic_asks: Whether that topic's file asks for the suggestion.
        suggested_last_turn: Whether the turn before ended in the suggestion.
        crisis_open: Whether the conversation has an open crisis state.
    """

    text: str
    topic: Optional[str]
    topic_asks: bool
    suggested_last_turn: bool = False
    crisis_open: bool = False


def provider_suggestion(turn: Turn) -> Optional[str]:
    """Returns the id of the suggestion to make, or None.

    A personal message gets the wording for its reason; a topic that asks for it the general one. Never twice in a
    row, never in a crisis, never without an answer before it.
    """
    if turn.topic is None or turn.suggested_last_turn or turn.crisis_open:
        return None
    found = None if turn.text.startswith("/") else personal(turn.text)
    if found:
        return f"{SUGGEST_PROVIDER}_{found.reason}"
    return SUGGEST_PROVIDER if turn.topic_asks else None

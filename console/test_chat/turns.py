"""One message to the assistant, what it said, and what stands behind it."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from console.answers import content
from console.answers.models import open_change
from console.answers.preview import preview
from console.assistant import client

MAX_CHARACTERS = 1000


def take(text: str, sender: str, *, drafts: bool) -> Dict[str, Any]:
    """Returns one turn, as plain values that a session can hold.

    Args:
        text: What a visitor would write, or a button's payload.
        sender: Names the conversation.
        drafts: Whether an answer that has a draft is shown as the draft has it.

    Raises:
        AssistantUnreachableError: if the assistant does not run.
        AssistantRefusedError: if it has not learned anything yet.
    """
    turn: Dict[str, Any] = {"said": text, "is_button": text.startswith("/")}
    if not turn["is_button"]:
        understood = client.understand(text)
        turn |= {
            "topic": understood.topic,
            "confidence": understood.confidence,
            "runner_up": understood.runner_up,
            "danger": understood.crisis,
        }
    said = client.ask(text, sender)
    turn["messages"] = [_message(message, drafts) for message in said]
    return turn


def _message(message: Dict[str, Any], drafts: bool) -> Dict[str, Any]:
    stamp = {**message, **(message.get("metadata") or {})}
    shown: Dict[str, Any] = {
        "text": str(message.get("text") or ""),
        "topic": stamp.get("topic") or str(stamp.get("utter_action") or "").removeprefix("utter_"),
        "version": stamp.get("content_version"),
        "approved": bool(stamp.get("approved")),
        "crisis": stamp.get("crisis"),
        "buttons": [{"title": one["title"], "payload": one["payload"]} for one in message.get("buttons") or []],
        "has_page": stamp.get("topic") in content.library().topics,
    }
    draft = _draft(shown["topic"], str(stamp.get("language") or "en")) if drafts else None
    return {**shown, "text": draft, "is_draft": True} if draft else shown


def _draft(topic: str, language: str) -> Optional[str]:
    change = open_change(topic)
    if change is None or not change.values.get("answer", {}).get(language):
        return None
    return str(preview(change.as_topic(), language)["text"])


def titles(turns: List[Dict[str, Any]]) -> Dict[str, str]:
    """Returns the words on the buttons that were offered, by payload."""
    offered = (button for turn in turns for message in turn["messages"] for button in message["buttons"])
    return {button["payload"]: button["title"] for button in offered}

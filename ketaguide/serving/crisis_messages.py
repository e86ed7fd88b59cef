"""Turns a crisis reply into the message that channels send, and into the intent under which it is recorded."""

from __future__ import annotations

from typing import Any, Dict

from ketaguide.safety.replies import CrisisReply

UTTER_PREFIX = "utter_"


def as_message(reply: CrisisReply) -> Dict[str, Any]:
    """Returns text, buttons and the stamp: crisis mark, contacts, version and language."""
    message: Dict[str, Any] = {
        "text": reply.text,
        "utter_action": reply.response,
        "crisis": reply.kind,
        "contacts": [vars(contact) for contact in reply.contacts],
        "content_version": reply.version,
        "language": reply.language,
        "approved": reply.approved,
        "risk": "safety",
    }
    if reply.buttons:
        message["buttons"] = [{"title": button.title, "payload": button.payload} for button in reply.buttons]
    return message


def record_intent(reply: CrisisReply) -> str:
    """Returns the payload that stands in the conversation's record in place of the visitor's words."""
    return "/" + reply.response[len(UTTER_PREFIX) :]

"""One JSON object per utterance: words, sources, quick replies, phone links, approval and crisis mark."""

from __future__ import annotations

import re
import uuid
from typing import Any, Dict, Iterable, List, Mapping, Optional

from rasa.core.channels.channel import OutputChannel

_STAMP_KEYS = ("topic", "content_version", "language", "approved", "checked_on", "utter_action", "crisis", "question")
_STAMP_LISTS = ("sources", "contacts")


class WebOutput(OutputChannel):
    """Collects what the assistant says during one request."""

    def __init__(self, numbers: Iterable[str] = ()) -> None:
        """Takes the phone numbers that the assistant may name, as they are written."""
        self.messages: List[Dict[str, Any]] = []
        self._numbers = tuple(numbers)

    @classmethod
    def name(cls) -> str:
        """The channel's name."""
        return "web"

    async def send_response(self, recipient_id: str, message: Dict[str, Any]) -> None:
        """Keeps one utterance whole: Rasa's own way would split it at blank lines."""
        rendered = render(message, self._numbers)
        if rendered:
            self.messages.append(rendered)

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """Keeps words that an action sends past `send_response`."""
        await self.send_response(recipient_id, {"text": text, **kwargs})


def render(message: Mapping[str, Any], numbers: Iterable[str] = ()) -> Optional[Dict[str, Any]]:
    """Returns an utterance as the widget takes it.

    Returns:
        `{"id", "text", "buttons": [{"title", "payload"}], "phones": [{"number", "tel"}], "sources": [{"title",
        "publisher", "year", "url"}], "contacts": [...], "topic", "content_version", "language", "approved",
        "checked_on", "crisis", "utter_action"}`, keys without a value left out; None where there is nothing to show.
    """
    text = str(message.get("text") or "").strip()
    buttons = [button for button in map(_button, message.get("buttons") or []) if button]
    if not text and not buttons:
        return None
    rendered: Dict[str, Any] = {"id": uuid.uuid4().hex, "text": text}
    rendered.update({key: message[key] for key in _STAMP_KEYS if message.get(key) is not None})
    rendered.update({key: list(message[key]) for key in _STAMP_LISTS if message.get(key)})
    if buttons:
        rendered["buttons"] = buttons
    phones = [{"number": number, "tel": dialable(number)} for number in _named(text, numbers)]
    if phones and not rendered.get("contacts"):
        rendered["phones"] = phones
    return rendered


def _button(button: Mapping[str, Any]) -> Optional[Dict[str, str]]:
    title, payload = button.get("title"), button.get("payload")
    return {"title": str(title), "payload": str(payload)} if title and payload else None


def _named(text: str, numbers: Iterable[str]) -> List[str]:
    return [number for number in numbers if re.search(rf"(?<![\d-]){re.escape(number)}(?![\d-])", text)]


def dialable(number: str) -> str:
    """Returns a number as a `tel:` link takes it."""
    return re.sub(r"[^\d+*#]", "", number)

"""Facebook Messenger: plain text, quick replies under the last message."""

from __future__ import annotations

from typing import Any, List, Mapping, Tuple

from ketaguide.channels.answer import Answer, Choice
from ketaguide.channels.render import Payload
from ketaguide.channels.render.wording import or_write, split, utf8_bytes, whole

# https://developers.facebook.com/docs/messenger-platform/reference/send-api: characters of `text`.
TEXT_LIMIT = 2000
# https://developers.facebook.com/docs/messenger-platform/send-messages/quick-replies
MOST_REPLIES = 13
TITLE_LIMIT = 20
PAYLOAD_LIMIT = 1000


def render(answer: Answer, first: int = 1) -> List[Payload]:
    """Returns the text with its sources; quick replies are shown until the next message, their titles can be typed."""
    fitting = [choice for choice in answer.choices if utf8_bytes(choice.payload) <= PAYLOAD_LIMIT][:MOST_REPLIES]
    others = or_write([choice for choice in answer.choices if choice not in fitting])
    text = "\n\n".join(filter(None, [whole(answer, (), first), "\n".join(others)]))
    payloads = [plain(part) for part in split(text or answer.choices[0].title, TEXT_LIMIT)]
    if fitting:
        payloads[-1]["message"]["quick_replies"] = [
            {"content_type": "text", "title": _title(choice.title), "payload": choice.payload} for choice in fitting
        ]
    return payloads


def offers(answer: Answer) -> Tuple[Choice, ...]:
    """Returns the quick replies."""
    return answer.choices


def plain(text: str) -> Payload:
    """Returns one message without quick replies."""
    return {"messaging_type": "RESPONSE", "message": {"text": text}}


def preview(payload: Mapping[str, Any]) -> str:
    """Returns the text, and the quick replies in brackets."""
    message = payload["message"]
    replies = " ".join(f"[{reply['title']}]" for reply in message.get("quick_replies", []))
    return "\n\n".join(filter(None, [str(message["text"]), replies]))


def _title(title: str) -> str:
    return title if len(title) <= TITLE_LIMIT else f"{title[: TITLE_LIMIT - 1]}…"

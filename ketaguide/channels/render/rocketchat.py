"""Rocket.Chat: Markdown, buttons below it that say their title."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Tuple

from ketaguide.channels.answer import Answer, Choice
from ketaguide.channels.render import Payload, markdown
from ketaguide.channels.render.wording import web_pages

# Message_MaxAllowedSize as a workspace has it at first: https://docs.rocket.chat/docs/message
TEXT_LIMIT = 5000


def render(answer: Answer, first: int = 1) -> List[Payload]:
    """Returns the messages, buttons under the last."""
    payloads: List[Payload] = [{"text": text} for text in markdown.texts(answer, TEXT_LIMIT)]
    actions = [_button(choice.title, msg=choice.title, msg_in_chat_window=True) for choice in answer.choices]
    actions += [_button(page.title, url=page.url) for page in web_pages(answer)]
    if actions:
        payloads = payloads or [{"text": ""}]
        payloads[-1]["attachments"] = [{"button_alignment": "vertical", "actions": actions}]
    return payloads


def offers(answer: Answer) -> Tuple[Choice, ...]:
    """Returns the quick replies; pressing one sends its title, which is read as the choice."""
    return answer.choices


def plain(text: str) -> Payload:
    """Returns one message without buttons."""
    return {"text": markdown.escape(text)}


def preview(payload: Mapping[str, Any]) -> str:
    """Returns the text, and the buttons in brackets."""
    actions = [action for attachment in payload.get("attachments", []) for action in attachment["actions"]]
    buttons = [f"[{action['text']}]{' ' + action['url'] if 'url' in action else ''}" for action in actions]
    return "\n".join([markdown.read(str(payload["text"])), *buttons])


def _button(title: str, **does: Any) -> Dict[str, Any]:
    return {"type": "button", "text": title, **does}

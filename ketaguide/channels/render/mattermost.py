"""Mattermost: Markdown, buttons below it."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Tuple

from ketaguide.channels.answer import Answer, Choice
from ketaguide.channels.render import Payload, markdown
from ketaguide.channels.render.wording import web_pages

# https://developers.mattermost.com/integrate/slash-commands/custom/: characters of one post.
TEXT_LIMIT = 16383
PAYLOAD = "payload"


def render(answer: Answer, first: int = 1) -> List[Payload]:
    """Returns the posts; a button's `integration` still lacks the address, which only the channel knows."""
    payloads: List[Payload] = [{"message": text} for text in markdown.texts(answer, TEXT_LIMIT)]
    actions = [_action(place, choice) for place, choice in enumerate(answer.choices)]
    # Buttons cannot open pages here.
    links = " · ".join(markdown.link(page.title, page.url) for page in web_pages(answer) if page not in answer.links)
    if actions or links:
        payloads = payloads or [{"message": ""}]
        payloads[-1]["props"] = {"attachments": [{"text": links, "actions": actions}]}
    return payloads


def offers(answer: Answer) -> Tuple[Choice, ...]:
    """Returns the quick replies."""
    return answer.choices


def plain(text: str) -> Payload:
    """Returns one post without buttons."""
    return {"message": markdown.escape(text)}


def preview(payload: Mapping[str, Any]) -> str:
    """Returns the text, and the buttons in brackets."""
    lines = [markdown.read(str(payload["message"]))]
    for attachment in payload.get("props", {}).get("attachments", []):
        lines += [markdown.read(attachment["text"]), *(f"[{action['name']}]" for action in attachment["actions"])]
    return "\n".join(filter(None, lines))


def _action(place: int, choice: Choice) -> Dict[str, Any]:
    # An id may hold letters and digits only.
    context = {PAYLOAD: choice.payload}
    return {"id": f"choose{place}", "name": choice.title, "type": "button", "integration": {"context": context}}

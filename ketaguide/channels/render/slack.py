"""Slack: sections and buttons, with the whole text beside them for screen readers and notifications."""

from __future__ import annotations

import html
import re
from typing import Any, Dict, Iterator, List, Mapping, Sequence, Tuple

from ketaguide.channels.answer import Answer, Choice
from ketaguide.channels.render import Payload
from ketaguide.channels.render.wording import (
    SOURCES,
    block,
    body,
    fine_print,
    or_write,
    packed,
    source_line,
    split,
    web_pages,
    whole,
)

# https://docs.slack.dev/reference/methods/chat.postMessage: text beyond this is better sent as another message.
TEXT_LIMIT = 4000
# https://docs.slack.dev/reference/block-kit/blocks/section-block and /context-block
SECTION_LIMIT = 3000
# https://docs.slack.dev/reference/block-kit/blocks/actions-block
MOST_BUTTONS = 25
# https://docs.slack.dev/reference/block-kit/block-elements/button-element
TITLE_LIMIT = 75
VALUE_LIMIT = 2000
ACTION_PREFIX = "choose_"


def render(answer: Answer, first: int = 1) -> List[Payload]:
    """Returns one message; its text alone is complete, its blocks are what is shown."""
    buttons = [choice for choice in answer.choices if len(choice.payload) <= VALUE_LIMIT]
    others = or_write([choice for choice in answer.choices if choice not in buttons])
    blocks = [_section(part) for part in split(_escaped(body(answer)), SECTION_LIMIT)]
    blocks += [_section(part) for part in packed(map(_escaped, others), SECTION_LIMIT)]
    blocks += [_context(part) for part in packed(_sources(answer), SECTION_LIMIT)]
    elements = list(_elements(buttons, answer))
    for start in range(0, len(elements), MOST_BUTTONS):
        blocks.append({"type": "actions", "elements": elements[start : start + MOST_BUTTONS]})
    if fine_print(answer):
        blocks.append(_context(_escaped(fine_print(answer))))
    text = _escaped(block([whole(answer, (), first)], [choice.title for choice in answer.choices]))
    return [{"text": text, "blocks": blocks, "unfurl_links": False, "unfurl_media": False}]


def offers(answer: Answer) -> Tuple[Choice, ...]:
    """Returns the quick replies."""
    return answer.choices


def plain(text: str) -> Payload:
    """Returns one message without blocks."""
    return {"text": _escaped(text), "unfurl_links": False, "unfurl_media": False}


def preview(payload: Mapping[str, Any]) -> str:
    """Returns the blocks as text, the buttons in brackets."""
    if "blocks" not in payload:
        return html.unescape(str(payload["text"]))
    return "\n\n".join(_shown(entry) for entry in payload["blocks"])


def _sources(answer: Answer) -> List[str]:
    if not answer.sources:
        return []
    return [SOURCES, *(f"- <{_address(source.url)}|{_escaped(source_line(source))}>" for source in answer.sources)]


def _elements(choices: Sequence[Choice], answer: Answer) -> Iterator[Dict[str, Any]]:
    for place, choice in enumerate(choices):
        yield {**_button(choice.title), "action_id": f"{ACTION_PREFIX}{place}", "value": choice.payload}
    for place, link in enumerate(web_pages(answer)):
        yield {**_button(link.title), "action_id": f"open_{place}", "url": link.url}


def _button(title: str) -> Dict[str, Any]:
    return {"type": "button", "text": {"type": "plain_text", "text": title[:TITLE_LIMIT], "emoji": False}}


def _section(text: str) -> Dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def _context(text: str) -> Dict[str, Any]:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text}]}


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)


def _address(url: str) -> str:
    return _escaped(url).replace("|", "%7C")


def _shown(entry: Mapping[str, Any]) -> str:
    if entry["type"] == "actions":
        return "\n".join(f"[{e['text']['text']}]{' ' + e['url'] if 'url' in e else ''}" for e in entry["elements"])
    text = entry["text"]["text"] if entry["type"] == "section" else entry["elements"][0]["text"]
    return html.unescape(re.sub(r"<([^|>]+)\|([^>]+)>", r"\2: \1", text))

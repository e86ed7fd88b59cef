"""Telegram: HTML text, one button a row."""

from __future__ import annotations

import html
import re
from typing import Any, Dict, List, Mapping, Tuple

from ketaguide.channels.answer import Answer, Choice
from ketaguide.channels.render import Payload
from ketaguide.channels.render.wording import (
    SOURCES,
    body,
    fine_print,
    or_write,
    packed,
    source_line,
    split,
    utf8_bytes,
    utf16_units,
    web_pages,
)

# https://core.telegram.org/bots/api#sendmessage: characters after the marks were read.
TEXT_LIMIT = 4096
# https://core.telegram.org/bots/api#inlinekeyboardbutton: bytes of `callback_data`.
PAYLOAD_BYTES = 64


def render(answer: Answer, first: int = 1) -> List[Payload]:
    """Returns the text, its sources as links below it, and the buttons under the last message."""
    buttons = [choice for choice in answer.choices if utf8_bytes(choice.payload) <= PAYLOAD_BYTES]
    others = or_write([choice for choice in answer.choices if choice not in buttons])
    texts = [_escaped(part) for part in split(body(answer), TEXT_LIMIT, utf16_units)]
    notes = [*map(_escaped, others), *_sources(answer), _escaped(fine_print(answer))]
    for note in packed(filter(None, notes), TEXT_LIMIT, _seen_length):
        if texts and _seen_length(f"{texts[-1]}\n\n{note}") <= TEXT_LIMIT:
            texts[-1] += f"\n\n{note}"
        else:
            texts.append(note)
    payloads = [_message(text) for text in texts or [answer.choices[0].title]]
    keyboard = [[{"text": choice.title, "callback_data": choice.payload}] for choice in buttons]
    keyboard += [[{"text": link.title, "url": link.url}] for link in web_pages(answer)]
    if keyboard:
        payloads[-1]["reply_markup"] = {"inline_keyboard": keyboard}
    return payloads


def offers(answer: Answer) -> Tuple[Choice, ...]:
    """Returns the quick replies."""
    return answer.choices


def plain(text: str) -> Payload:
    """Returns one message without marks."""
    return {"text": text, "link_preview_options": {"is_disabled": True}}


def preview(payload: Mapping[str, Any]) -> str:
    """Returns the text with links written out, and the buttons in brackets."""
    text = str(payload["text"])
    rows: List[List[Dict[str, str]]] = (payload.get("reply_markup") or {}).get("inline_keyboard", [])
    buttons = [f"[{button['text']}]{' ' + button['url'] if 'url' in button else ''}" for row in rows for button in row]
    return "\n".join([_written_out(text) if payload.get("parse_mode") else text, *buttons])


def _message(text: str) -> Payload:
    return {**plain(text), "parse_mode": "HTML"}


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)


def _sources(answer: Answer) -> List[str]:
    if not answer.sources:
        return []
    links = (f'- <a href="{html.escape(s.url)}">{_escaped(source_line(s))}</a>' for s in answer.sources)
    return [SOURCES, *links]


def _seen_length(text: str) -> int:
    return utf16_units(_seen(text))


def _seen(text: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", text))


def _written_out(text: str) -> str:
    return _seen(re.sub(r'<a href="([^"]+)">(.*?)</a>', r"\2: \1", text))

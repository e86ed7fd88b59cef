"""Webex: Markdown and numbered choices, which every one of its apps can show."""

from __future__ import annotations

from typing import Any, List, Mapping, Tuple

from ketaguide.channels.answer import Answer, Choice
from ketaguide.channels.render import Payload, markdown
from ketaguide.channels.render.wording import numbered, utf8_bytes

# https://developer.webex.com/docs/api/v1/messages/create-a-message: bytes of one message.
_BYTES = 7439
# Characters that fit whatever they are.
TEXT_LIMIT = _BYTES // 4


def render(answer: Answer, first: int = 1) -> List[Payload]:
    """Returns the messages; the choices stand in the last."""
    texts = markdown.texts(answer, _BYTES, _length)
    choices = markdown.escape("\n".join(numbered(answer.choices, first)))
    if choices and texts and _length(f"{texts[-1]}\n\n{choices}") <= _BYTES:
        texts[-1] += f"\n\n{choices}"
    elif choices:
        texts.append(choices)
    return [{"markdown": _with_line_breaks(text)} for text in texts]


def offers(answer: Answer) -> Tuple[Choice, ...]:
    """Returns the quick replies."""
    return answer.choices


def plain(text: str) -> Payload:
    """Returns one message without Markdown."""
    return {"text": text}


def preview(payload: Mapping[str, Any]) -> str:
    """Returns the text."""
    shown = payload.get("markdown")
    return markdown.read(shown.replace("  \n", "\n")) if shown else str(payload["text"])


def _with_line_breaks(text: str) -> str:
    # Markdown runs lines together unless they end in two blanks.
    return text.replace("\n", "  \n")


def _length(text: str) -> int:
    return utf8_bytes(_with_line_breaks(text))

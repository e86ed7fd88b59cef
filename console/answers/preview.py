"""A draft as visitors would get it, on each kind of screen."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Dict, List

from console.answers import content
from ketaguide.content.facts import fill
from ketaguide.content.model import Topic
from ketaguide.content.readability import grade, word_count

# The characters of the GSM 03.38 alphabet and of its extension; any other makes a text message cost more.
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE = frozenset("^{}\\[~]|€")


@dataclass(frozen=True)
class TextMessage:
    """What a text costs as a text message (3GPP TS 23.038)."""

    characters: int
    segments: int
    unusual: str


def text_message(text: str) -> TextMessage:
    """Returns how many segments a text message has, and which characters make it longer."""
    unusual = "".join(sorted({c for c in text if c not in _GSM and c not in _GSM_TWICE}))
    if unusual:
        length, one, several = len(text.encode("utf-16-be")) // 2, 70, 67
    else:
        length, one, several = sum(2 if c in _GSM_TWICE else 1 for c in text), 160, 153
    return TextMessage(length, 1 if length <= one else math.ceil(length / several), unusual)


def preview(topic: Topic, language: str) -> Dict[str, Any]:
    """Returns what the preview of one language shows."""
    library, facts = content.library(), content.facts()
    text = fill(topic.answer.get(language, ""), facts)
    short = fill(topic.short.get(language, ""), facts)
    return {
        "title": topic.title,
        "question": topic.question,
        "text": text,
        "short": short or text,
        "has_short": bool(short),
        "sms": text_message(short or text),
        "sources": [library.sources[id_] for id_ in topic.sources if id_ in library.sources],
        "related": [library.topics[id_].title for id_ in topic.related if id_ in library.topics],
        "words": word_count(text),
        "grade": grade(text) if language == "en" else None,
        "left_out": _left_out(topic.answer.get(language, ""), facts),
    }


def _left_out(text: str, facts: Dict[str, str]) -> List[str]:
    return [name for name, value in facts.items() if not value and "{" + name + "}" in text]

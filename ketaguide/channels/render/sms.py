"""Text messages: the short form, numbered choices, and how many segments they cost."""

from __future__ import annotations

from typing import Any, List, Mapping, Tuple

from ketaguide.channels.answer import Answer, Choice
from ketaguide.channels.render import Payload
from ketaguide.channels.render.wording import block, fine_print, link_lines, numbered, split, whole, written_pages

# https://www.twilio.com/docs/api/errors/21617: the body of one message.
TEXT_LIMIT = 1600
# 3GPP TS 23.038, 6.2.1: the alphabet of seven bits, and the characters that take two places in it.
GSM_ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_TWO_PLACES = frozenset("^{}\\[~]|€\f")
# 3GPP TS 23.040, 9.2.3.24.1: places in a single message, and in each part of a longer one.
GSM_SINGLE, GSM_PART = 160, 153
UCS2_SINGLE, UCS2_PART = 70, 67

# One of these would make every character of the message cost twice.
_SAME_IN_GSM = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", " ": " ", "•": "-", "×": "x"}
)
FULL = "full:"


def render(answer: Answer, first: int = 1) -> List[Payload]:
    """Returns the short form with its choices; danger is answered in full."""
    choices = offers(answer)
    if not answer.short:
        text = whole(answer, choices, first)
    else:
        text = block(
            [answer.short],
            link_lines(written_pages(answer)),
            numbered(choices, first),
            [fine_print(answer)],
        )
    return [plain(part) for part in split(text.translate(_SAME_IN_GSM), TEXT_LIMIT)]


def offers(answer: Answer) -> Tuple[Choice, ...]:
    """Returns the quick replies, and where the short form was sent, the full one with its sources."""
    if not answer.short:
        return answer.choices
    count = len(answer.sources)
    title = f"Full answer, {count} source{'s' if count > 1 else ''}" if count else "Full answer"
    return (*answer.choices, full_form(answer, title))


def full_form(answer: Answer, title: str) -> Choice:
    """Returns the choice that brings an answer again, in full."""
    return Choice(title, f"{FULL}/{answer.response.replace('utter_', '', 1)}")


def plain(text: str) -> Payload:
    """Returns one message."""
    return {"Body": text}


def preview(payload: Mapping[str, Any]) -> str:
    """Returns the text as the phone shows it."""
    return str(payload["Body"])


def segments(text: str) -> Tuple[str, int]:
    """Returns the encoding of a text message and the number of segments that the carrier charges."""
    if all(character in GSM_ALPHABET or character in GSM_TWO_PLACES for character in text):
        places = sum(2 if character in GSM_TWO_PLACES else 1 for character in text)
        return "GSM-7", 1 if places <= GSM_SINGLE else -(-places // GSM_PART)
    units = len(text.encode("utf-16-le")) // 2
    return "UCS-2", 1 if units <= UCS2_SINGLE else -(-units // UCS2_PART)

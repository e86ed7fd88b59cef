"""Typed words that mean a button: its title, its number, "the second one"."""

from __future__ import annotations

import re
from typing import Optional, Sequence

from ketaguide.dialogue.context import Offer

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_LEAD_IN = (
    r"(?:(?:i(?:'d| would)? (?:like|want|take|choose|pick|meant?)|show me|give me|let'?s (?:do|take)|maybe"
    r"|ok(?:ay)?|yes)[, ]+)*"
)
_NOUN = r"(?:option|number|no|nr|nummer|choice|button|answer|point|#)?"
_TAIL = r"(?: ?(?:one|option|button|choice|thing|answer|question|link))?(?: please| pls| then)?"
_BY_DIGIT = re.compile(rf"{_LEAD_IN}(?:the )?{_NOUN}[ .]*#?(\d{{1,2}})(?:st|nd|rd|th)?[.)]?{_TAIL}")
_BY_ORDINAL = re.compile(rf"{_LEAD_IN}(?:the )?({'|'.join(_ORDINALS)}|last|top|bottom){_TAIL}")
_BY_WORD = re.compile(rf"{_LEAD_IN}(?:option |number |choice |the )?({'|'.join(_NUMBERS)}){_TAIL}")


def chosen(text: str, offers: Sequence[Offer]) -> Optional[Offer]:
    """Returns the offer that a typed message means, or None.

    Args:
        text: The message as typed.
        offers: What was offered last, in the order shown.
    """
    plain = _plain(text)
    if not plain or not offers:
        return None
    by_title = next((offer for offer in offers if _plain(offer.title) == plain), None)
    if by_title:
        return by_title
    position = _position(plain, len(offers))
    return offers[position] if position is not None and 0 <= position < len(offers) else None


def _position(plain: str, count: int) -> Optional[int]:
    digit = _BY_DIGIT.fullmatch(plain)
    if digit:
        return int(digit[1]) - 1
    word = _BY_WORD.fullmatch(plain)
    if word:
        return _NUMBERS.index(word[1])
    ordinal = _BY_ORDINAL.fullmatch(plain)
    if not ordinal:
        return None
    if ordinal[1] in ("last", "bottom"):
        return count - 1
    return 0 if ordinal[1] == "top" else _ORDINALS.index(ordinal[1])


def _plain(text: str) -> str:
    lowered = text.casefold().replace("’", "'")
    return " ".join(re.sub(r"[^\w\s'#.)-]", " ", lowered).split()).strip(" .?!")

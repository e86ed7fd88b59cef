"""Finds the questions in a message, and what a correction says was meant."""

from __future__ import annotations

import re
from typing import List

MOST_PARTS = 6
# With and without its question mark.
MIN_WORDS = 2
MIN_WORDS_UNMARKED = 3
MAX_CHARACTERS = 4000

_ASKING = (
    r"(?:how|what|whats|what's|when|where|who|whos|who's|which|why|does|do|did|is|are|am|can|could|will|would|should|may|wat"
    r"|has|have|shall)"
)
# "… and how long …", "… plus can I …"; not "or", which mostly offers two answers to one question.
_JOINT = re.compile(
    rf"[,;]?\s+(?:and also|and|also|plus|but)\s+(?:also\s+|then\s+)?(?={_ASKING}\b)|\s+/\s+(?={_ASKING}\b)", re.I
)
# After a comma "who", "which" and "when" rather go on with the clause before.
_COMMA = re.compile(
    r"[,;]\s*(?=(?:how|what|whats|what's|why|do|does|did|is|are|am|can|could|will|would|should|may)\b)", re.I
)
# "If it gets too much, can I stop?" is one question.
_CONDITION = re.compile(r"^(?:and |but |so )?(?:what )?(?:if|when|since|because|as|after|before|while|once)\b", re.I)
_SENTENCE = re.compile(r"(?<=[.?!])\s+|\n+|:\s+(?=\w)")
_OPENING = re.compile(
    r"^(?:hi|hello|hey|ok(?:ay)?|so|and|also|but|well|then|please|sorry|thanks|1|2|3|first|second|third|secondly|finally"
    r"|[-*•\d.)])[\s,.:)!-]+",
    re.I,
)
_IS_QUESTION = re.compile(rf"^(?:(?:and|so|but|also|then|ok)\s+)*{_ASKING}\b", re.I)
_MEANT = re.compile(
    r"^(?:(?:no+|nope|nah|sorry|not that|wrong|actually|oh|but|that'?s (?:not it|wrong))[\s,.!:-]+)*"
    r"(?:i\s+(?:meant?|was asking|asked|wanted to (?:ask|know)|am asking|said)|i'?m asking|my question (?:is|was))\s*"
    r"(?:you\s+)?(?:about|for|if|whether|to ask)?[\s,:]*(?P<meant>\S.*)$",
    re.I | re.S,
)


def questions_in(text: str) -> List[str]:
    """Returns the questions of a message in the order asked; fewer than two mean that it is one."""
    found: List[str] = []
    for sentence in _SENTENCE.split(text[-MAX_CHARACTERS:]):
        for part in _clauses(_without_opening(sentence)):
            plain = _without_opening(part.strip())
            words = len(plain.split())
            marked = plain.endswith("?") and words >= MIN_WORDS
            asks = marked or (words >= MIN_WORDS_UNMARKED and _IS_QUESTION.match(plain))
            if asks and plain not in found:
                found.append(plain)
    return found[:MOST_PARTS]


def _clauses(sentence: str) -> List[str]:
    parts = _JOINT.split(sentence)
    return [clause for part in parts for clause in ([part] if _CONDITION.match(part) else _COMMA.split(part))]


def meant_in(text: str) -> str:
    """Returns what a correction such as "no, I meant the pills" says was meant, or ""."""
    match = _MEANT.match(" ".join(text.replace("’", "'").split()))
    return match["meant"].strip() if match else ""


def _without_opening(text: str) -> str:
    while True:
        shorter = _OPENING.sub("", text.strip(), count=1)
        if shorter == text.strip():
            return shorter
        text = shorter

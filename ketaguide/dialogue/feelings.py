"""Hears a feeling in a message, so that an answer can begin with one warm sentence."""

from __future__ import annotations

import re
from typing import Mapping, Optional, Sequence, Tuple

from ketaguide.dialogue.context import Context

# How many exchanges lie between two warm sentences at least: more would be gushing.
REST = 2
WELCOME_BACK = "welcome_back"
FEELINGS: Tuple[str, ...] = ("rejected", "no_effect", "fear", "low", "for_another", WELCOME_BACK)

_ME = r"\b(?:i|i'?m|im|i am|i'?ve|me|my|it|that|this|sounds?|feel(?:s|ing)?)\b"
_SIGNS: Tuple[Tuple[str, str], ...] = (
    (
        "rejected",
        r"\b(?:not|isn'?t|wasn'?t|no) (?:a )?(?:good |right )?(?:fit|candidate)\b|\bnot (?:eligible|suitable)\b"
        r"|\b(?:turned me (?:down|away)|rejected|denied|refused)\b|\bwon'?t (?:treat|take|accept) me\b",
    ),
    (
        "no_effect",
        r"\b(?:felt|feel|feeling|noticed?) nothing\b|\bnothing (?:happened|works|worked|helps|helped|changed)\b"
        r"|\b(?:didn'?t|did not|doesn'?t|hasn'?t|isn'?t) (?:work|help|do anything|feel any(?:thing)?)\w*\b",
    ),
    (
        "fear",
        rf"{_ME}[^.?!]{{0,40}}\b(?:scared|afraid|terrified|frightened|nervous|anxious about|worried|freak\w*|panick\w*"
        r"|scary|terrifying|fear)\b"
        r"|\b(?:scared|afraid|terrified|nervous|worried|petrified|dreading)\b (?:of|about|that|i)\b"
        r"|\bfreaks? me out\b|\bi hate needles\b",
    ),
    (
        "low",
        r"\b(?:i|i'?m|i feel|feeling)\b[^.?!]{0,30}\b(?:awful|terrible|so low|miserable|exhausted|so tired|worse"
        r"|hopeless|depressed|crying|cry|drained|broken|crushed)\b"
        r"|\bat my wits'? end\b|\bcan'?t (?:cope|take (?:it|this))\b",
    ),
    (
        "for_another",
        r"\b(?:help|support|worried about|for) my (?:wife|husband|son|daughter|mom|mum|mother|dad|father|brother|sister"
        r"|partner|friend|kid|child|girlfriend|boyfriend)\b",
    ),
)
_COMPILED = tuple((feeling, re.compile(pattern)) for feeling, pattern in _SIGNS)
_MAX_CHARACTERS = 2000


def feeling(text: str) -> Optional[str]:
    """Returns the feeling that a message tells of, or None."""
    plain = " ".join(text.casefold().replace("’", "'").split())[-_MAX_CHARACTERS:]
    return next((name for name, pattern in _COMPILED if pattern.search(plain)), None)


def lead(text: str, context: Context, sentences: Mapping[str, Sequence[str]]) -> str:
    """Returns the sentence to begin an answer with as "<feeling>.<number>", or "".

    Args:
        text: The visitor's message.
        context: What was said before.
        sentences: Feeling to its sentences.
    """
    if context.returning:
        return f"{WELCOME_BACK}.0" if sentences.get(WELCOME_BACK) else ""
    found = feeling(text)
    spoken = [str(exchange.reading.get("lead") or "") for exchange in context.exchanges]
    if not found or not sentences.get(found) or any(spoken[-REST:]):
        return ""
    earlier = sum(name.startswith(f"{found}.") for name in spoken)
    return f"{found}.{(earlier + len(text)) % len(sentences[found])}"

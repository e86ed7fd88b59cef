"""What is left of a question before staff read it.

The assistant has taken out names, contacts, addresses and long numbers before it stored the message. This takes out
what may still tell days and numbers of one person: no question needs them.
"""

from __future__ import annotations

import re

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_RULES = (
    (re.compile(r"\S+@\S+"), "[e-mail]"),
    (re.compile(r"\b(?:https?://|www\.)\S+", re.I), "[link]"),
    (
        re.compile(rf"\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}\b|\b{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?\b", re.I),
        "[date]",
    ),
    (re.compile(r"\b\d{1,4}[/.-]\d{1,2}(?:[/.-]\d{1,4})?\b"), "[date]"),
    # A year, a dose or a price has four digits at most.
    (re.compile(r"\b\d(?:[ -]?\d){4,}\b"), "[number]"),
)
LEFT_OUT = re.compile(r"\[(?:name|phone|e-mail|link|account|number|date|address|place)\]")


def scrubbed(text: str) -> str:
    """Returns the text in one line, with marks such as `[date]` in place of what was taken out."""
    for pattern, mark in _RULES:
        text = pattern.sub(mark, text)
    return " ".join(text.split())

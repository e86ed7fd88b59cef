"""Takes personal details out of a message before it goes on: names, contacts, addresses, dates of birth, numbers.

The crisis reading sees the whole message; what the model, the action server, the stores and the event broker get is
what this leaves. Phone numbers are found by `phonenumbers`, the rest by the shapes in which people write them.
"""

from __future__ import annotations

import re
from typing import Callable, List, Pattern, Tuple, Union

import phonenumbers

Replacement = Union[str, Callable[["re.Match[str]"], str]]

_MIN_PHONE_DIGITS = 7
_DIGITS = re.compile(r"(?:\d[^\d]{0,3}){6}\d")
_WORD = r"[A-ZÀ-ÖØ-Þ][\w'’.-]*"
_NAME = rf"{_WORD}(?: {_WORD}){{0,2}}"
# A pronoun or an abbreviation is no name.
_FIRST_NAME = r"(?!I['’])[A-Z][a-zà-ÿ]{2,}(?: [A-Z][a-zà-ÿ'’-]{2,})?\b"
# After "my name is" a name may come in small letters, unless one of these words shows that it is none.
_NO_NAME = (
    r"(?!(?:not|too|so|very|the|a|an|on|in|at|to|of|and|but|or|that|there|this|it|is|my|your|really|just|going|no|"
    r"private|confidential|shared|stored|kept|safe|needed|required|visible|attached|written|saved|used)\b)"
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|dic)[a-z]*"
_YEAR = r"(?:19|20)\d\d"
_LONG_NUMBER = re.compile(r"(?<![\d/.-])\d(?:[ -]?\d){6,}(?![\d/])")
_DATE = re.compile(rf"(?:{_YEAR}[/.-]\d{{1,2}}[/.-]\d{{1,2}}|\d{{1,2}}[/.-]\d{{1,2}}[/.-](?:{_YEAR}|\d\d))")
_STREET = r"(?:street|avenue|boulevard|str\.|ave|blvd|rd|road)"
_CAPITAL_STREET = r"(?:St|Drive|Dr|Lane|Ln|Court|Ct|Way|Place|Pl|Terrace|Close|Crescent|Square|Parkway|Pkwy)"
_FLAT = r"(?: (?:[Aa]pt|[Uu]nit|#)\.? ?\w+)?"
_SMALL_WORDS = (
    r"(?!(?:on|the|of|to|in|a|an|and|or|for|after|before|hours?|days?|weeks?|months?|years?|mg|ml|am|pm|out|by|is)\b)"
)
_RELATIVE = (
    r"(?:husband|wife|son|daughter|mother|mom|mum|father|dad|brother|sister|partner|boyfriend|girlfriend|friend|fianc[eé]e?"
    r"|uncle|aunt|cousin|boss|neighbou?r|roommate|therapist|doctor|psychiatrist|nurse)"
)


def _rule(pattern: str, replacement: Replacement, flags: int = 0) -> Tuple[Pattern[str], Replacement]:
    return re.compile(pattern, flags), replacement


_RULES: List[Tuple[Pattern[str], Replacement]] = [
    _rule(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+", "[e-mail]"),
    _rule(r"\b[\w.+-]+ ?(?:\(at\)|\[at\]) ?[\w-]+ ?(?:\.|\(dot\)|\[dot\]) ?[a-z]{2,}\b", "[e-mail]", re.I),
    _rule(r"\b[\w.+-]+ at [\w-]+ dot (?:com|net|org|edu|co|io|me)\b", "[e-mail]", re.I),
    _rule(r"\b(?:https?://|www\.)\S+", "[link]", re.I),
    _rule(r"(?<![\w@])@[A-Za-z_][\w.]{2,}", "[account]"),
    _rule(r"\b(?:\d{1,3}\.){3}\d{1,3}\b", "[number]"),
    # Dates with a year; one without is a date of an appointment as often as not.
    _rule(rf"\b\d{{1,2}}[/.-]\d{{1,2}}[/.-](?:{_YEAR}|\d\d)\b", "[date]"),
    _rule(rf"\b{_YEAR}[/.-]\d{{1,2}}[/.-]\d{{1,2}}\b", "[date]"),
    _rule(rf"\b\d{{1,2}}(?:st|nd|rd|th)?(?: of| de)? {_MONTH}\.?,?(?: de)? {_YEAR}\b", "[date]", re.I),
    _rule(rf"\b{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?,? {_YEAR}\b", "[date]", re.I),
    _rule(rf"\b(born|nacid[oa]|birthday|dob)(\W+(?:is|in|on|en|el)?\W*)(?:{_MONTH} )?{_YEAR}\b", r"\1\2[date]", re.I),
    _rule(
        r"\b((?:member|patient|policy|insurance|medicaid|medicare|account|case|mrn|record|group)"
        r"(?: (?:id|number|no\.?|#))?(?: is|:|#)? ?)(?=[A-Z0-9-]*\d)[A-Z0-9-]{5,}\b",
        r"\1[number]",
        re.I,
    ),
    _rule(
        rf"\b\d{{1,5}}[a-z]? (?:{_SMALL_WORDS}[\w'.-]+ ){{1,3}}{_STREET}\b\.?(?: (?:apt|unit|#)\.? ?\w+)?",
        "[address]",
        re.I,
    ),
    _rule(rf"\b\d{{1,5}}[A-Za-z]? (?:[NSEW]\.? )?(?:{_WORD} ){{1,3}}{_CAPITAL_STREET}\b\.?{_FLAT}", "[address]"),
    _rule(rf"\b({_WORD},? )?[A-Z]{{2}},? \d{{5}}(?:-\d{{4}})?\b", "[address]"),
    _rule(r"\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b", "[address]"),
    _rule(rf"\b((?i:i live|i'm living|we live|vivo) (?i:in|at|on|near|en) )({_NAME}(?:, {_NAME})?)", r"\1[place]"),
    _rule(
        rf"\b((?i:my (?:full |first |last |real )?name(?: is|'s|’s)|i am called|i'm called|me llamo|mi nombre es):? )"
        rf"{_NO_NAME}({_NAME}|[a-zà-ÿ'’-]+(?: {_WORD})*)",
        r"\1[name]",
    ),
    _rule(rf"\b((?i:name|nombre): ?)({_NAME})", r"\1[name]"),
    _rule(rf"\b((?i:call me|this is|i'm|i am|it's|soy) )({_WORD} {_WORD})(?= |,|\.|!|$)", r"\1[name]"),
    _rule(rf"\b((?:Dr|Mr|Mrs|Ms|Miss|Prof|Sr|Sra)\.? )({_NAME})", r"\1[name]"),
    _rule(rf"\b((?i:my|mi) (?i:{_RELATIVE})(?:,? (?i:named|called|is called))? )({_FIRST_NAME})", r"\1[name]"),
]


def without_personal_details(text: str) -> str:
    """Returns the text with `[name]`, `[phone]` and the like in place of what could tell who somebody is."""
    if _DIGITS.search(text):
        text = _without_numbers(text)
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def _without_numbers(text: str) -> str:
    found = phonenumbers.PhoneNumberMatcher(text, "US", leniency=phonenumbers.Leniency.POSSIBLE)
    for match in reversed(list(found)):
        if sum(character.isdigit() for character in match.raw_string) >= _MIN_PHONE_DIGITS and not _is_date(match):
            text = f"{text[: match.start]}[phone]{text[match.end :]}"
    # Cards, social security and other numbers: nothing that is asked here needs so many digits.
    return _LONG_NUMBER.sub(lambda match: match[0] if _DATE.fullmatch(match[0]) else "[number]", text)


def _is_date(match: phonenumbers.PhoneNumberMatch) -> bool:
    return bool(_DATE.fullmatch(match.raw_string.strip()))

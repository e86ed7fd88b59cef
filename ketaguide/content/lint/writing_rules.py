"""Rules for the craft of writing, which mostly know what should stand there: spelling, spaces, braces, contacts."""

from __future__ import annotations

import re
from typing import Callable, Iterator, Tuple

from phonenumbers import Leniency, PhoneNumberMatcher
from rapidfuzz import fuzz, process

from ketaguide.content.facts import CLINIC_FACTS, COUNTRY_FACTS, PLACEHOLDERS, unknown_placeholders
from ketaguide.content.model import Wording
from ketaguide.content.problems import Fix, Problem, UnknownWord
from ketaguide.content.spelling import suggestions, unknown_words
from ketaguide.content.words import Words

USUAL_COUNTRY = "US"
NEARLY_A_FACT = 60.0
_FACTS_TO_WRITE = CLINIC_FACTS + COUNTRY_FACTS
_PAIR = re.compile(r"\{[^{}]*\}")
_DOUBLE_SPACE = re.compile(r"\S+ {2,}\S+")
_DOUBLE_WORD = re.compile(r"\b([^\W\d_]+) \1\b", re.I)
_MEANT_TWICE = frozenset({"had", "that"})
_EMERGENCY = re.compile(r"(?<![\d-])(?:911|999|112)(?![\d-])")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_SHORT_CAPITALS = re.compile(r"[A-Z]{2,5}s?")


def check(wording: Wording, file: str, words: Words, country: str = USUAL_COUNTRY) -> Iterator[Problem]:
    """Yields what should be written otherwise in each language of one answer, with the words that would mend it.

    Args:
        wording: The answer.
        file: Its file, for the findings.
        words: The clinic's own words.
        country: Two letters; decides what a phone number looks like.
    """
    for _, language, text in wording.texts:
        yield from _braces(wording, file, language, text)
        yield from _contacts(wording, file, language, text, country or USUAL_COUNTRY)
        yield from _spaces(wording, file, language, text)
        yield from _plainer(wording, file, language, text, words)
        yield from _spelling(wording, file, language, text, words)


def without_numbers_to_call(text: str) -> str:
    """Returns the text without phone and emergency numbers, which are no figures."""
    for number in (*_phone_numbers(text, USUAL_COUNTRY), *_all(_EMERGENCY, text)):
        text = text.replace(number, "")
    return text


def _phone_numbers(text: str, country: str) -> Iterator[str]:
    return (match.raw_string for match in PhoneNumberMatcher(text, country, leniency=Leniency.POSSIBLE))


def _braces(wording: Wording, file: str, language: str, text: str) -> Iterator[Problem]:
    for name in dict.fromkeys(unknown_placeholders(text)):
        if name in "{}":
            continue
        old = "{" + name + "}"
        meant = _fact_like(name)
        new, remedy = (meant, f"write {meant}") if meant else (name.strip(), "take the braces out")
        message = f"“{old}” ({language}) is no fact of the clinic"
        yield Problem(file, wording.id, message, remedy, fixes=(Fix(language, old, new),) if new else ())
    masked = _PAIR.sub(lambda pair: "\0" * len(pair.group()), text)
    for match in re.finditer(r"[{}]", masked):
        yield _lone_brace(wording, file, language, text, match.start())


def _lone_brace(wording: Wording, file: str, language: str, text: str, at: int) -> Problem:
    brace = text[at]
    if brace == "{":
        name = re.match(r"\s*\w*", text[at + 1 :]).group()  # type: ignore[union-attr]
        old = text[at : at + len(name) + 2]
        around = ("", old[len(name) + 1 :])
    else:
        name = re.search(r"\w*\s*$", text[:at]).group()  # type: ignore[union-attr]
        old = text[max(0, at - len(name) - 1) : at + 1]
        around = (old[: len(old) - len(name) - 1], "")
    fix = Fix(language, old, around[0] + (_fact_like(name) or name) + around[1])
    # Where it would break another pair, a person has to look.
    helps = len(unknown_placeholders(fix.applied(text))) < len(unknown_placeholders(text))
    message = f"“{old.strip()}” ({language}) has a brace without its twin"
    return Problem(file, wording.id, message, "close the braces, or take them out", fixes=(fix,) if helps else ())


def _fact_like(name: str) -> str:
    found = process.extractOne(name.strip(), _FACTS_TO_WRITE, scorer=fuzz.ratio, score_cutoff=NEARLY_A_FACT)
    return "{" + found[0] + "}" if found else ""


def _contacts(wording: Wording, file: str, language: str, text: str, country: str) -> Iterator[Problem]:
    plain = _PAIR.sub(" ", text)
    kinds: Tuple[Tuple[Iterator[str], str, Tuple[str, ...]], ...] = (
        (_phone_numbers(plain, country), "a phone number", ("clinic_phone", "after_hours_phone")),
        (_all(_EMERGENCY, plain), "an emergency number", ("emergency_number",)),
        (_all(_EMAIL, plain), "an e-mail address", ("clinic_email",)),
    )
    for found, what, facts in kinds:
        for old in dict.fromkeys(found):
            remedy = f"write {{{facts[0]}}}, which is right in every answer when it changes"
            fixes = tuple(Fix(language, old, "{" + fact + "}") for fact in facts if fact in PLACEHOLDERS)
            yield Problem(file, wording.id, f"“{old}” ({language}) is {what}", remedy, fixes=fixes)


def _all(pattern: re.Pattern, text: str) -> Iterator[str]:
    return (match.group() for match in pattern.finditer(text))


def _spaces(wording: Wording, file: str, language: str, text: str) -> Iterator[Problem]:
    rules: Tuple[Tuple[re.Pattern, str, Callable[[re.Match], str]], ...] = (
        (_DOUBLE_SPACE, "has too many spaces", lambda match: " ".join(match.group().split())),
        (_DOUBLE_WORD, "stands twice", lambda match: match.group(1)),
    )
    for pattern, what, mended in rules:
        for match in pattern.finditer(text):
            if match.group().split()[0].casefold() in _MEANT_TWICE and pattern is _DOUBLE_WORD:
                continue
            fix = Fix(language, match.group(), mended(match))
            message = f"“{match.group()}” ({language}) {what}"
            yield Problem(file, wording.id, message, f"write “{fix.new}”", "warning", (fix,))


def _plainer(wording: Wording, file: str, language: str, text: str, words: Words) -> Iterator[Problem]:
    for hard, plain in words.plainer.get(language, {}).items():
        for match in re.finditer(rf"\b(?:(an?) )?({re.escape(hard)})\b", text, re.I):
            new = plain[:1].upper() + plain[1:] if match.group(2)[0].isupper() else plain
            if match.group(1):
                article = "an" if plain[0].casefold() in "aeiou" else "a"
                new = f"{article.capitalize() if match.group(1)[0].isupper() else article} {new}"
            message = f"“{match.group()}” ({language}) is hard to read"
            fix = Fix(language, match.group(), new)
            yield Problem(file, wording.id, message, f"say “{new}”", "warning", (fix,))


def _spelling(wording: Wording, file: str, language: str, text: str, words: Words) -> Iterator[Problem]:
    known = words.known.get(language, frozenset())
    for word in unknown_words(_EMAIL.sub(" ", text), language, known):
        if _SHORT_CAPITALS.fullmatch(word):
            continue
        near = suggestions(word, language, known)
        message = f"“{word}” ({language}) is in no dictionary"
        remedy = "correct it, or keep it among the clinic's own words if it is right"
        fixes = tuple(Fix(language, word, other) for other in near)
        yield Problem(file, wording.id, message, remedy, "warning", fixes, UnknownWord(language, word))

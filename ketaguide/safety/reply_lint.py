"""Checks every crisis reply as visitors will read it, for every kind, urgency, subject, language and country."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from ketaguide.content.problems import ContentError, Problem
from ketaguide.content.yaml_files import read_yaml
from ketaguide.safety.contact_lines import EMERGENCY_ID
from ketaguide.safety.replies import (
    ENGLISH_BELOW,
    MAX_WORDS,
    CrisisReplies,
    CrisisReply,
    Setting,
    begins_hold,
    without_examples,
    word_count,
)
from ketaguide.safety.reply_files import (
    CORE_KINDS,
    CORE_LANGUAGES,
    FULL_LANGUAGES,
    LEAST_WORDINGS,
    REPLY_KINDS,
    ReplyFiles,
    load_what_works,
)
from ketaguide.safety.resources import ALWAYS_OPEN, RESOURCES_FILE, Resources, Service, load_resources
from ketaguide.safety.short_messages import load_short_messages
from ketaguide.safety.verdict import (
    DISTRESS,
    MEDICAL_EMERGENCY,
    NOW,
    OTHER,
    OVERDOSE,
    SELF,
    SELF_HARM,
    SOON,
    SUICIDE,
    Verdict,
)

RULES_FILE = "reply_rules.yml"
MAX_CORE_WORDS = 90
UNKNOWN_COUNTRY = ""

_URGENCIES = (NOW, SOON)
_SUBJECTS = (SELF, OTHER)
# Lines that begin like this say what to do in a special case, and have room of their own.
_IF_LINE = re.compile(r"(?:if|otherwise|si|another adult|otro adulto|for|por)\b", re.I)
_DIGITS = re.compile(r"\d[\d -]*\d|\d")
_URL = re.compile(r"https?://\S+")
_ALWAYS = "24/7"


@dataclass(frozen=True)
class Case:
    """One reply to check."""

    kind: str
    urgency: str
    subject: str
    language: str
    country: str

    def __str__(self) -> str:
        return f"{self.kind}, {self.urgency}, {self.subject}, {self.language}, {self.country or 'unknown country'}"


@dataclass(frozen=True)
class Rule:
    """Something a reply must say, or must not."""

    what: str
    pattern: re.Pattern[str]
    subject: str = ""
    urgency: str = ""

    def concerns(self, case: Case) -> bool:
        """Say whether the rule is about this case."""
        return self.subject in ("", case.subject) and self.urgency in ("", case.urgency)


@dataclass(frozen=True)
class ReplyRules:
    """The rules of `reply_rules.yml`: language, then kind or "all", to rules."""

    required: Mapping[str, Mapping[str, Sequence[Rule]]]
    forbidden: Mapping[str, Mapping[str, Sequence[Rule]]]


def lint_crisis(data_folder: Path, today: datetime.date) -> list[Problem]:
    """Return every problem of the crisis replies and contacts, sorted.

    Args:
        data_folder: Holds `crisis/`.
        today: The age of the contacts and the review dates are judged against it.
    """
    folder = data_folder / "crisis"
    files, problems = load_what_works(folder)
    problems += _unreadable(folder)
    try:
        resources, rules = load_resources(folder), load_rules(folder)
    except ContentError as error:
        return sorted({*problems, *error.problems})
    problems += check_age(resources, today)
    problems += check_dates(files, today)
    problems += check_texts(files, rules)
    problems += check_translations(files, resources)
    if not any(problem.severity == "error" for problem in problems):
        problems += check_replies(CrisisReplies(files, resources), files, resources, rules)
    return sorted(set(problems))


def _unreadable(folder: Path) -> list[Problem]:
    try:
        load_short_messages(folder)
    except ContentError as error:
        return error.problems
    return []


def load_rules(crisis_folder: Path) -> ReplyRules:
    """Return the rules for replies.

    Raises:
        ContentError: if a rule is malformed or its pattern is no regular expression.
    """
    raw = read_yaml(crisis_folder / RULES_FILE)
    try:
        return ReplyRules(_rules(raw["required"]), _rules(raw["forbidden"]))
    except (KeyError, TypeError, AttributeError, re.error) as error:
        remedy = "give each rule `what` and a valid `pattern`"
        raise ContentError([Problem(RULES_FILE, "-", f"a rule cannot be read ({error})", remedy)]) from error


def _rules(raw: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, tuple[Rule, ...]]]:
    return {
        lang: {kind: tuple(_rule(r) for r in rules) for kind, rules in kinds.items()} for lang, kinds in raw.items()
    }


def _rule(raw: Mapping[str, str]) -> Rule:
    pattern = re.compile(raw["pattern"], re.I)
    return Rule(raw["what"], pattern, raw.get("subject", ""), raw.get("urgency", ""))


# Files


def check_age(resources: Resources, today: datetime.date) -> Iterator[Problem]:
    """Yield a problem when the contacts were checked too long ago."""
    if resources.too_old(today):
        message = f"the contacts were checked on {resources.checked_on}, more than {resources.max_age_days} days ago"
        yield Problem(
            f"crisis/{RESOURCES_FILE}", "-", message, "check every contact on its live page, then set the date"
        )


def check_dates(files: ReplyFiles, today: datetime.date) -> Iterator[Problem]:
    """Yield a problem for dates in the wrong order, and a warning for a review that is overdue."""
    for (language, name), file in files.files.items():
        place, id_ = _place(language, name), file.wording.id
        if file.review_by <= file.checked_on:
            yield Problem(place, id_, "the review date is not after the check", "set `review_by` to the next check")
        if file.review_by < today.isoformat():
            message = f"the review was due on {file.review_by}"
            yield Problem(place, id_, message, "check the texts, then set both dates anew", severity="warning")


def check_texts(files: ReplyFiles, rules: ReplyRules) -> Iterator[Problem]:
    """Yield literal numbers, addresses, markup and forbidden words in the texts themselves."""
    for (language, name), file in files.files.items():
        forbidden = rules.forbidden.get(language, {})
        concerned = (*forbidden.get("all", ()), *forbidden.get(name, ()))
        for entry, wordings in file.texts.items():
            # The `also` line may name another kind's subject.
            applying = forbidden.get("all", ()) if entry == "also" else concerned
            for text in wordings:
                yield from _check_text(_place(language, name), f"{file.wording.id}.{entry}", text, applying)


def _check_text(place: str, id_: str, text: str, forbidden: Sequence[Rule]) -> Iterator[Problem]:
    if re.search(r"(?<!~)\d", text):
        yield Problem(place, id_, "a number is written into the text", "use {emergency}, {contacts} or {contact}")
    if _URL.search(text) or "www." in text:
        yield Problem(
            place, id_, "an address is written into the text", "use {contacts}: it comes from the resource file"
        )
    if re.search(r"</?[a-zA-Z][^>]*>|\*\*|\]\(|!", text):
        yield Problem(place, id_, "markup or an exclamation mark", "write plain, quiet text")
    for rule in forbidden:
        if rule.pattern.search(text):
            yield Problem(place, id_, f"it must not contain {rule.what}", "take it out")


def check_translations(files: ReplyFiles, resources: Resources) -> Iterator[Problem]:
    """Yield contact details that would stand in English inside a reply in another language."""
    services = (*resources.fallback, *(s for listed in resources.services.values() for s in listed))
    for language in FULL_LANGUAGES[1:]:
        phrases = files.phrases.get(language)
        known = phrases.translations if phrases else {}
        for service in services:
            for words in _details(service, language):
                if words not in known:
                    place = f"crisis/replies/{language}/contacts.yml"
                    yield Problem(place, service.id, f"{words!r} has no translation", "add it under `translations`")


def _details(service: Service, language: str) -> Iterator[str]:
    """Yield what a contact line would show that holds English words."""
    for way in ("call", "text"):
        number = service.way(way, language)
        if re.search(r"[a-z]{2}", re.sub(r"^\S+ to ", "", number)):
            yield number
    yield from (words for words in (service.audience, service.hours) if words and words != ALWAYS_OPEN)


def _place(language: str, name: str) -> str:
    return f"crisis/replies/{language}/{name}.yml" if language else f"crisis/replies/{name}.yml"


# Finished replies


def all_cases(resources: Resources) -> Iterator[Case]:
    """Yield every kind, urgency, subject, language and country, the unknown country too."""
    countries = (*resources.countries, UNKNOWN_COUNTRY)
    for values in product(REPLY_KINDS, _URGENCIES, _SUBJECTS, FULL_LANGUAGES, countries):
        yield Case(*values)


def check_replies(
    replies: CrisisReplies, files: ReplyFiles, resources: Resources, rules: ReplyRules
) -> Iterator[Problem]:
    """Yield what is wrong with the finished replies; each problem once, with the first case that shows it."""
    seen: set[tuple[str, str, str]] = set()
    for case in all_cases(resources):
        for problem in check_reply(render(replies, case), case, resources, rules):
            # The same fault in twenty countries is one fault, unless a contact is wrong.
            key = (problem.file, problem.id.rsplit(", ", 1)[0], re.sub(r"\d+", "", problem.message))
            if key not in seen:
                seen.add(key)
                yield problem
    yield from check_rotation(replies)
    yield from check_core(replies, resources)


def render(replies: CrisisReplies, case: Case, count: int = 0) -> CrisisReply:
    """Return the reply of one case."""
    verdict = Verdict(kind=case.kind, urgency=case.urgency, subject=case.subject, language=case.language)
    return replies.crisis_reply(verdict, country=case.country, language=case.language, count=count)


def check_reply(reply: CrisisReply, case: Case, resources: Resources, rules: ReplyRules) -> Iterator[Problem]:
    """Yield what is wrong with one finished reply."""
    place, id_ = _place(case.language, case.kind), str(case)
    if not reply.version:
        yield Problem(place, id_, "the reply falls back to the last resort", "look for a missing text or placeholder")
        return
    yield from _check_content(reply.text, case, rules, place)
    yield from _check_length(reply.text, place, id_)
    yield from _check_contacts(reply, case, resources, place)


def _check_content(text: str, case: Case, rules: ReplyRules, place: str) -> Iterator[Problem]:
    own = _as_worded(case)
    required = rules.required[case.language]
    needed = () if case.kind == DISTRESS else (*required["all"], *required.get(own.kind, ()))
    for rule in needed:
        if rule.concerns(own) and not rule.pattern.search(text):
            yield Problem(place, str(case), f"it does not say: {rule.what}", "add it")
    forbidden = rules.forbidden[case.language]
    for rule in (*forbidden["all"], *forbidden.get(own.kind, ())):
        if rule.pattern.search(_URL.sub("", text)):
            yield Problem(place, str(case), f"it must not contain {rule.what}", "take it out, or use a short name")


def _as_worded(case: Case) -> Case:
    """Return the case whose texts are used: another person's danger to themselves is worry about that person."""
    if case.subject == OTHER and case.kind in (SUICIDE, SELF_HARM):
        return Case("third_party", case.urgency, SELF, case.language, case.country)
    return case


def _check_length(text: str, place: str, id_: str) -> Iterator[Problem]:
    total, core = word_counts(text)
    if total > MAX_WORDS:
        yield Problem(place, id_, f"it has {total} words", f"shorten it to {MAX_WORDS}")
    if core > MAX_CORE_WORDS:
        yield Problem(place, id_, f"it has {core} words besides its if-lines", f"shorten it to {MAX_CORE_WORDS}")


def word_counts(text: str) -> tuple[int, int]:
    """Return all words, and those outside the if-lines; the numbers of an unknown country's example do not count."""
    counts = [(word_count(line), bool(_IF_LINE.match(line))) for line in text.splitlines()]
    return sum(count for count, _ in counts), sum(count for count, is_if in counts if not is_if)


def _check_contacts(reply: CrisisReply, case: Case, resources: Resources, place: str) -> Iterator[Problem]:
    id_ = str(case)
    named = [contact for contact in reply.contacts if contact.id != EMERGENCY_ID]
    services = [resources.service(contact.id) for contact in named]
    if not named or not all(services):
        yield Problem(place, id_, "no contact, or one that may not be shown", "use {contacts} or {contact}")
        return
    if not any(service.is_always_open for service in services if service):
        yield Problem(place, id_, "no contact is open around the clock", "add one that is")
    number = resources.emergency_number(case.country, case.kind)
    if case.kind != DISTRESS and number and number not in reply.text:
        yield Problem(place, id_, "the emergency number is missing", "add {emergency}")
    yield from _check_numbers(reply, case, resources, place)
    yield from _check_first_half(reply, case, number, place)


def _check_numbers(reply: CrisisReply, case: Case, resources: Resources, place: str) -> Iterator[Problem]:
    """Yield numbers that are neither an emergency number nor a contact of the resource file."""
    ways = [
        way for contact in reply.contacts for way in (contact.call, contact.text, contact.whatsapp, contact.audience)
    ]
    numbers = [number for entry in resources.emergency.values() for number in entry.values()]
    hours = [contact.hours for contact in reply.contacts]
    known = {_bare(found) for text in (*ways, *numbers, *hours, _ALWAYS) for found in _DIGITS.findall(text)}
    names = " ".join(contact.name for contact in reply.contacts)
    for found in _DIGITS.findall(_URL.sub("", reply.text)):
        if _bare(found) not in known and found not in names and not all(part in known for part in found.split()):
            yield Problem(place, str(case), f"the number {found!r} is not in the resource file", "correct the contact")


def _bare(number: str) -> str:
    return re.sub(r"\D", "", number)


def _check_first_half(reply: CrisisReply, case: Case, number: str, place: str) -> Iterator[Problem]:
    """Yield a problem when help is named too late: the emergency number first if urgent, the contact by the middle."""
    text = without_examples(reply.text)
    first = reply.contacts[0]
    shown = next(part for part in (first.call, first.text, first.whatsapp, first.chat_url) if part)
    place_of_first = text.find(re.sub(r"^\S+ to ", "", shown))
    # Without a known country the emergency number is words, and stands first where the body is in danger.
    by_words = not number and case.kind in (MEDICAL_EMERGENCY, OVERDOSE)
    if place_of_first > len(text) / 2 and not by_words:
        yield Problem(place, str(case), "the first contact stands in the second half", "move it up")
    urgent = case.kind == MEDICAL_EMERGENCY or case.urgency == NOW
    if urgent and case.kind != DISTRESS and number and first.id != EMERGENCY_ID:
        yield Problem(place, str(case), "the emergency number does not come first", "move it up")


def check_rotation(replies: CrisisReplies, country: str = "US") -> Iterator[Problem]:
    """Yield replies that repeat themselves word for word."""
    for kind, urgency, subject, language in product(REPLY_KINDS, _URGENCIES, _SUBJECTS, FULL_LANGUAGES):
        case = Case(kind, urgency, subject, language, country)
        texts = {render(replies, case, count).text for count in range(LEAST_WORDINGS)}
        if len(texts) < LEAST_WORDINGS:
            yield Problem(_place(language, kind), str(case), "two repeats in a row read the same", "vary the openings")


def check_core(replies: CrisisReplies, resources: Resources) -> Iterator[Problem]:
    """Yield core replies that are incomplete, and follow-ups that fall back."""
    for language, kind, country in product(CORE_LANGUAGES, CORE_KINDS, (*resources.countries, UNKNOWN_COUNTRY)):
        case = Case(kind, NOW, SELF, language, country)
        reply, number = render(replies, case), resources.emergency_number(country, kind)
        own = reply.text.partition(ENGLISH_BELOW)[0]
        if not reply.version or reply.language != language or not reply.contacts or number not in own:
            yield Problem(_place(language, "core"), str(case), "the core reply is incomplete", "compare with English")
    setting = Setting(country="US")
    for kind in CORE_KINDS:
        verdict = Verdict(kind=kind, urgency=NOW)
        if not replies.hold_reply(verdict, setting).version or not begins_hold(verdict):
            yield Problem(_place("en", "hold"), kind, "the holding reply is incomplete", "compare with Spanish")
    if not replies.emergency_languages("US").version:
        yield Problem(_place("", "emergency_languages"), "-", "the line cannot be made", "compare its placeholders")

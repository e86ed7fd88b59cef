"""Rules for one topic: its button, its evidence, its neighbours, its dates."""

from __future__ import annotations

import datetime
import re
from typing import Iterator, Set

from ketaguide.content.facts import fill
from ketaguide.content.lint.writing_rules import without_numbers_to_call
from ketaguide.content.load import Library
from ketaguide.content.model import ASPECTS, Topic
from ketaguide.content.problems import Problem, Severity

MAX_TITLE_CHARACTERS = 20
# Below the first the assistant cannot learn an answer, below the second it often misses it.
MIN_EXAMPLES = 5
ENOUGH_EXAMPLES = 25
RELATED = range(2, 4)
# A plainer wording must not lose where to get help.
HELP_FACTS = ("emergency_number", "crisis_line")

_FIGURE = re.compile(r"\d[\d,.]*\d|\d")
_PLACEHOLDER = re.compile(r"\{\w+\}")
# Number words below ten are everyday words ("one of", "two hours"), those above are figures.
_NUMBER_WORDS = re.compile(
    r"\b(?:ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|twenty|thirty|forty|fifty|sixty|seventy|eighty"
    r"|ninety|hundred|thousand)\b",
    re.I,
)
_DANGER = re.compile(
    r"\b(?:chest pain|trouble breathing|cannot be woken|can't be woken|swelling of (?:the |your )?(?:face|throat))",
    re.I,
)
_SAYS_WHAT_TO_DO = re.compile(r"\{emergency_number\}|urgent|emergency", re.I)
_MOOD_DANGER = re.compile(r"\bsuicid\w+|\bself-harm\b", re.I)


def check(topic: Topic, file: str, library: Library, today: datetime.date) -> Iterator[Problem]:
    """Yields what is wrong with one topic apart from its words."""
    yield from _check_button(topic, file)
    yield from _check_examples(topic, file)
    yield from _check_related(topic, file, library)
    yield from _check_evidence(topic, file)
    yield from _check_figures(topic, file)
    yield from _check_forms(topic, file)
    yield from _check_aspects(topic, file, library)
    yield from _check_safety_advice(topic, file)
    yield from _check_reads_without_clinic(topic, file)
    yield from check_dates(topic.id, file, topic.checked_on, topic.review_by, today)


def _check_button(topic: Topic, file: str) -> Iterator[Problem]:
    if len(topic.title) > MAX_TITLE_CHARACTERS:
        message = f"the title has {len(topic.title)} characters"
        yield Problem(file, topic.id, message, f"shorten it to {MAX_TITLE_CHARACTERS}: it stands on a button")


def _check_examples(topic: Topic, file: str) -> Iterator[Problem]:
    if len(topic.examples) < ENOUGH_EXAMPLES:
        message = f"only {len(topic.examples)} example questions"
        severity: Severity = "error" if len(topic.examples) < MIN_EXAMPLES else "warning"
        yield Problem(file, topic.id, message, f"write at least {ENOUGH_EXAMPLES} ways that people ask this", severity)


def _check_related(topic: Topic, file: str, library: Library) -> Iterator[Problem]:
    if len(topic.related) not in RELATED:
        yield Problem(file, topic.id, f"{len(topic.related)} related answers", "name two or three")
    for id_ in topic.related:
        if id_ not in library.topics or id_ == topic.id:
            yield Problem(file, topic.id, f"the related answer {id_!r} does not exist", "name another answer's id")


def _check_evidence(topic: Topic, file: str) -> Iterator[Problem]:
    if not topic.sources:
        yield Problem(file, topic.id, "no sources", "name the publications that the answer rests on")
    if not any(fact.sources for fact in topic.evidence):
        yield Problem(file, topic.id, "no evidence with a source", "list the facts that the answer uses")
    backed = {source for fact in topic.evidence for source in fact.sources}
    for source in topic.sources:
        if source not in backed:
            remedy = "add the fact it supports to those that the answer rests on, or remove the source"
            yield Problem(file, topic.id, f"the source {source!r} supports none of the facts listed", remedy)


def _check_figures(topic: Topic, file: str) -> Iterator[Problem]:
    verified = " ".join(fact.fact for fact in topic.evidence if fact.verified)
    known: Set[str] = set(_FIGURE.findall(verified)) | {word.lower() for word in _NUMBER_WORDS.findall(verified)}
    for _, _, text in topic.texts:
        plain = without_numbers_to_call(_PLACEHOLDER.sub("", text))
        for figure in _FIGURE.findall(plain) + _NUMBER_WORDS.findall(plain):
            if figure.lower() not in known:
                remedy = "take it out, or add the fact it comes from, compared with its sources"
                yield Problem(file, topic.id, f"the figure {figure!r} stands in no verified fact", remedy)


def _check_safety_advice(topic: Topic, file: str) -> Iterator[Problem]:
    for form, _, text in topic.texts:
        if form == "short":
            continue
        if _DANGER.search(text) and not _SAYS_WHAT_TO_DO.search(text):
            yield Problem(file, topic.id, "names a danger sign but not what to do", "add: Call {emergency_number} if …")
        if topic.risk == "safety" and _MOOD_DANGER.search(text) and "{crisis_line}" not in text:
            yield Problem(file, topic.id, "speaks of suicide without a helpline", "add: contact {crisis_line}")


def _check_forms(topic: Topic, file: str) -> Iterator[Problem]:
    if not topic.simpler.get("en"):
        message = "there is no plain version for a visitor who says “simpler, please”"
        yield Problem(file, topic.id, message, "write a plainer version", severity="warning")
    for language, text in topic.simpler.items():
        for fact in HELP_FACTS:
            if "{" + fact + "}" in topic.answer.get(language, "") and "{" + fact + "}" not in text:
                message = f"the plain version ({language}) leaves out {{{fact}}}, which the answer names"
                yield Problem(file, topic.id, message, "keep every warning: say when to call or contact it")


def _check_aspects(topic: Topic, file: str, library: Library) -> Iterator[Problem]:
    for aspect, id_ in topic.aspects.items():
        if aspect not in ASPECTS:
            yield Problem(file, topic.id, f"unknown aspect {aspect!r}", f"use one of: {', '.join(ASPECTS)}")
        if id_ not in library.topics:
            message = f"the aspect {aspect!r} leads to {id_!r}, which does not exist"
            yield Problem(file, topic.id, message, "name the id of an answer, this one included")


def _check_reads_without_clinic(topic: Topic, file: str) -> Iterator[Problem]:
    generic = {"emergency_number": "911", "crisis_line": "a helpline"}
    for language, text in topic.answer.items():
        filled = fill(text, generic)
        first = text.split(".")[0]
        if not filled or any("{" + name + "}" in first for name in _clinic_facts_in(text)):
            remedy = "put clinic facts into a sentence of their own, after the first"
            yield Problem(file, topic.id, f"the answer ({language}) depends on a clinic fact that may be empty", remedy)


def _clinic_facts_in(text: str) -> Set[str]:
    return {name for name in re.findall(r"\{(\w+)\}", text) if name.startswith(("clinic", "booking"))}


def check_dates(id_: str, file: str, checked_on: str, review_by: str, today: datetime.date) -> Iterator[Problem]:
    """Yields a problem for dates in the wrong order and for a review that is overdue."""
    if not checked_on or not review_by:
        return
    if review_by <= checked_on:
        yield Problem(file, id_, "the review date is not after the check", "set it to the next planned check")
    if checked_on > today.isoformat():
        yield Problem(file, id_, f"checked_on {checked_on} lies in the future", "write the day of the last check")
    if review_by < today.isoformat():
        message = f"the review was due on {review_by}"
        yield Problem(file, id_, message, "check the answer, then set both dates anew", severity="warning")

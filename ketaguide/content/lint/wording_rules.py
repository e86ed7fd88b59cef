"""Rules for the words themselves, whatever kind of answer they are in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterator, List, Mapping, Optional, Tuple

from ketaguide.content.model import Topic, Wording
from ketaguide.content.problems import Fix, Problem
from ketaguide.content.readability import MAX_SENTENCE_WORDS, grade, sentences, word_count

MAX_WORDS = 110
MAX_SHORT_CHARACTERS = 300
MAX_GRADE = 8.0
MAX_SIMPLER_WORDS = 60
MAX_SIMPLER_GRADE = 5.0
# What each form is called in a finding, its most words and its hardest reading.
MEASURES: Mapping[str, Tuple[str, int, float]] = {
    "answer": ("answer", MAX_WORDS, MAX_GRADE),
    "more": ("longer part", MAX_WORDS, MAX_GRADE),
    "simpler": ("plain version", MAX_SIMPLER_WORDS, MAX_SIMPLER_GRADE),
}

# What stands shortly before a claim and turns it around: "not a cure", "not known whether they are safe".
_NEGATION = re.compile(r"\b(?:not|never|no|nor|neither|isn't|aren't|whether|if|nobody|unproven)\b[^.;]{0,30}$", re.I)


@dataclass(frozen=True)
class Forbidden:
    """Words that must not be said.

    Attributes:
        pattern: What is looked for.
        message: What is wrong with it.
        remedy: What to write instead.
        unless_negated: Whether "not …" before it makes it harmless.
        better: The words to put in their place, where they are certain.
    """

    pattern: str
    message: str
    remedy: str
    unless_negated: bool = False
    better: Optional[str] = None


FORBIDDEN: Tuple[Forbidden, ...] = (
    Forbidden(
        r"\bcur(?:e|es|ed|ing)\b", "promises a cure", "say what studies found, and that not everyone is helped", True
    ),
    Forbidden(
        r"\b(?:miracle|game.?changer|breakthrough|revolution\w*|life.?changing)\b",
        "is a marketing word",
        "describe what was measured",
    ),
    Forbidden(
        r"\b(?:re-?sets?|re-?wir(?:e|es|ed|ing))\b", "claims that the brain is reset", "say it is a theory", True
    ),
    Forbidden(r"\bguarant\w+", "promises a result", "say that results differ from person to person", True),
    Forbidden(r"\bproven\b", "claims proof", "say how strong the evidence is", True),
    Forbidden(
        r"\b(?:is|are) (?:completely |totally |very )?safe\b",
        "claims safety outright",
        "name the risk and what is done about it",
        True,
    ),
    Forbidden(
        r"\b(?:no|minimal|zero|few) side effects\b",
        "plays side effects down",
        "say how many people have which effect",
        True,
    ),
    Forbidden(r"\bnon-?addictive\b", "denies a known risk", "say that misuse and dependence can happen", True),
    Forbidden(r"100 ?(?:%|percent)", "is an absolute claim", "use the figure from the evidence, such as 55 in 100"),
    Forbidden(r"\b(?:addicts?|abusers?|junkie\w*)\b", "labels a person", "say: a person with a substance use disorder"),
    Forbidden(
        r"\bcommitted suicide\b",
        "is stigmatising",
        "say: died by suicide, or suicide attempt",
        better="died by suicide",
    ),
    Forbidden(r"\bcommitt?(?:ing|s)? suicide\b", "is stigmatising", "say: die by suicide, or suicide attempt"),
    Forbidden(
        r"\b(?:failed|successful|unsuccessful|completed) (?:suicide|attempt)",
        "is harmful wording about suicide",
        "say: suicide attempt",
    ),
    Forbidden(
        r"\bfailed (?:treatments?|medicines?|patients?)\b", "blames the person", "say: treatments that did not help"
    ),
    Forbidden(r"!+", "has an exclamation mark", "end the sentence with a full stop", better="."),
    Forbidden(r"</?[a-zA-Z][^>]*>|\*\*", "has markup", "write plain text", better=""),
    Forbidden(r"\[[^\]]*\]\(", "has markup", "write plain text"),
    Forbidden(r"https?://|www\.", "has a link", "put addresses into sources.yml or the clinic's facts"),
)
DOSE = re.compile(
    r"\b\d[\d.,]*\s*(?:mg|mcg|µg|ug|ml|cc|milligrams?|micrograms?|millilit\w+)\b(?:\s*/\s*kg)?|\bper kilo\w*", re.I
)
STOP_MEDICINE = re.compile(
    r"(?<!not )(?<!don't )(?<!never )(?<!to )(?<!or )\b(?:stop|skip|quit|halve|double)\s+"
    r"(?:taking\s+)?(?:your|the|this|all|any)\s+(?:\w+\s+)?(?:medicines?|medications?|pills?|antidepressants?|drugs?|tablets?)\b",
    re.I,
)
RASA_KEYWORD_LINE = re.compile(r"^\s*(?:nlu|responses|stories|rules):", re.M)
_APPROVAL_CLAIM = re.compile(r"\bFDA[- ]approved\b", re.I)
# Within this many characters before the claim stands what it is about, or what turns it around.
_CLAIM_REACH = 160
_APPROVAL_IS_FINE = re.compile(
    r"\bnot\b|\bnever\b|\bnor?\b|\bnone\b|n't\b|without|spray|esketamine|spravato|only|wh(?:ether|ich)|an[ae]sthe", re.I
)


def check(wording: Wording, file: str) -> Iterator[Problem]:
    """Yields what is wrong with the words in each language of one answer."""
    for form, language, text in wording.texts:
        yield from _check_text(wording, file, language, text)
        if isinstance(wording, Topic) and form in MEASURES:
            yield from _check_length(wording, file, form, language, text)
            yield from _check_reading(wording, file, form, language, text)
        if form == "short" and len(text) > MAX_SHORT_CHARACTERS:
            message = f"the short form ({language}) has {len(text)} characters"
            yield Problem(file, wording.id, message, f"shorten it to {MAX_SHORT_CHARACTERS} for text messages")


def _check_text(wording: Wording, file: str, language: str, text: str) -> Iterator[Problem]:
    for rule in FORBIDDEN:
        for found in re.finditer(rule.pattern, text, re.I):
            if not (rule.unless_negated and _NEGATION.search(text[: found.start()])):
                message = f"“{found.group().strip()}” ({language}) {rule.message}"
                fixes = () if rule.better is None else (Fix(language, found.group(), rule.better),)
                yield Problem(file, wording.id, message, rule.remedy, fixes=fixes)
    for found in DOSE.finditer(text):
        remedy = "leave amounts out: nobody must be able to dose themselves from an answer"
        yield Problem(file, wording.id, f"“{found.group()}” ({language}) is a dose", remedy)
    for found in STOP_MEDICINE.finditer(text):
        message = f"“{found.group()}” ({language}) tells people to change a medicine"
        yield Problem(file, wording.id, message, "say: do not change a medicine without the person who prescribed it")
    for claim in _APPROVAL_CLAIM.finditer(text):
        before = text[max(0, claim.start() - _CLAIM_REACH) : claim.start()]
        if not _APPROVAL_IS_FINE.search(before):
            message = f"“{claim.group()}” ({language}) reads as if ketamine were FDA-approved"
            yield Problem(
                file, wording.id, message, "say which product is approved for what; ketamine for mood is off-label"
            )
    if RASA_KEYWORD_LINE.search(text):
        message = f"a line ({language}) begins with nlu:, responses:, stories: or rules:"
        yield Problem(file, wording.id, message, "begin the line with another word; those four confuse the training")


def _check_length(wording: Wording, file: str, form: str, language: str, text: str) -> Iterator[Problem]:
    name, most, _ = MEASURES[form]
    words = word_count(text)
    if words > most:
        yield Problem(file, wording.id, f"the {name} ({language}) has {words} words", f"shorten it to {most}")


def _check_reading(wording: Wording, file: str, form: str, language: str, text: str) -> Iterator[Problem]:
    if language != "en":
        return
    name, _, hardest = MEASURES[form]
    for sentence in _long_sentences(text):
        message = f"“{sentence[:50]}…” is a sentence of more than {MAX_SENTENCE_WORDS} words"
        yield Problem(file, wording.id, message, "make two sentences of it")
    level = grade(text)
    if level is not None and level > hardest:
        message = f"the {name} reads at school grade {level:.1f}"
        yield Problem(file, wording.id, message, f"use shorter words and sentences, down to grade {hardest:.0f}")


def _long_sentences(text: str) -> List[str]:
    return [s.text for s in sentences(text) if len(s.words) > MAX_SENTENCE_WORDS]

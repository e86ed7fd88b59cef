"""Checks that know the remedy: what they find, what they offer, and that what they offer mends it."""

from __future__ import annotations

from typing import Dict, Tuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketaguide.content.lint import lint, writing_rules
from ketaguide.content.model import Wording
from ketaguide.content.problems import Fix, Problem
from ketaguide.content.words import Words
from tests.content.conftest import TODAY, ContentFolder

WORDS = Words(
    {"en": frozenset({"spravato", "esketamine"})}, {"en": {"utilize": "use", "prior to": "before", "exam": "check"}}
)
CASES: Dict[str, Tuple[str, str]] = {
    "a letter missing": ("Your tretment starts.", "Your treatment starts."),
    "two letters exchanged": ("Recieve it here.", "Receive it here."),
    "nearly a word of the clinic's own": ("Ask about Spravto.", "Ask about Spravato."),
    "a hard word": ("We utilize a spray.", "We use a spray."),
    "a hard word that begins a sentence": ("Utilize the spray.", "Use the spray."),
    "hard words in two": ("Eat prior to it.", "Eat before it."),
    "a hard word after an": ("You have an exam first.", "You have a check first."),
    "two spaces": ("Rest  well.", "Rest well."),
    "a word twice": ("Rest on the the day.", "Rest on the day."),
    "a fact misspelt": ("Call {clinic_fone}.", "Call {clinic_phone}."),
    "a fact with a space": ("Call { clinic_phone }.", "Call {clinic_phone}."),
    "an opening brace alone": ("Call {clinic_phone now.", "Call {clinic_phone} now."),
    "a closing brace alone": ("Call clinic_phone} now.", "Call {clinic_phone} now."),
    "a brace by mistake": ("It is {free now.", "It is free now."),
    "a pair of braces by mistake": ("It is {free} now.", "It is free now."),
    "a phone number": ("Call 202 555 0199 now.", "Call {clinic_phone} now."),
    "a short phone number": ("Call 555-0100.", "Call {clinic_phone}."),
    "an emergency number": ("Call 911 if you faint.", "Call {emergency_number} if you faint."),
    "an e-mail address": ("Write to desk@hill.example now.", "Write to {clinic_email} now."),
}
FINE = {
    "figures": "27 to 33 in 100 people, from 2019 to 2021, or 2019-2021.",
    "a large number": "1,000 of 20,000 people.",
    "a name in capitals": "The FDA and SSRIs.",
    "meant twice": "He had had it. I know that that helps.",
    "a possessive": "Your child's doctor’s rule.",
    "a contraction": "Don't drive, and don’t swim.",
    "facts": "Call {clinic_phone}. Or {emergency_number}.",
    "a hard word within another": "The example is here.",
}


def found(text: str, words: Words = WORDS) -> list[Problem]:
    wording = Wording("driving", {"en": text}, "clinical")
    return list(writing_rules.check(wording, "driving.yml", words, "US"))


@pytest.mark.parametrize(("text", "better"), CASES.values(), ids=CASES.keys())
def test_what_is_offered_first_mends_it(text: str, better: str) -> None:
    (problem,) = found(text)
    assert problem.fixes[0].applied(text) == better
    assert found(better) == []


@pytest.mark.parametrize("text", FINE.values(), ids=FINE.keys())
def test_what_is_right_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_only_whole_words_are_replaced() -> None:
    assert Fix("en", "adn", "and").applied("Adna adn adnate adn.") == "Adna and adnate and."
    assert Fix("en", "!", ".").applied("Rest! Well!!") == "Rest. Well!!"


def test_a_word_without_a_likely_spelling_is_named_and_can_be_kept() -> None:
    (problem,) = found("Take xqzzvw.")
    assert problem.fixes == ()
    assert problem.unknown is not None
    assert problem.unknown.word == "xqzzvw"
    assert found("Take xqzzvw.", Words({"en": frozenset({"xqzzvw"})})) == []


def test_a_brace_is_not_mended_where_that_would_break_another() -> None:
    for problem in found("Call {clinic_phone} or {clinic_phone"):
        assert all("}}" not in fix.applied("Call {clinic_phone} or {clinic_phone") for fix in problem.fixes)


@given(st.text(alphabet="ab {}!._1", max_size=40))
def test_whatever_is_written_the_checks_return_and_their_fixes_apply(text: str) -> None:
    for problem in found(text):
        for fix in problem.fixes:
            assert isinstance(fix.applied(text), str)


def test_the_project_s_checks_use_the_words_of_the_folder(folder: ContentFolder) -> None:
    folder.change(answer={"en": "Utilize Spravato and xqzzvw."})
    messages = [problem.message for problem in lint(folder.path, TODAY)]
    assert any("“Utilize”" in message for message in messages)
    assert any("“xqzzvw”" in message for message in messages)
    assert not any("Spravato" in message for message in messages)


@pytest.mark.parametrize(
    "words",
    [["ketamine"], {"other": {}}, {"known": {"en": [5]}}, {"known": ["a"]}, {"plainer": {"en": {"no": True}}}],
)
def test_a_list_of_words_in_another_form_is_refused(folder: ContentFolder, words: object) -> None:
    folder.write("words.yml", words)
    assert [problem.file for problem in lint(folder.path, TODAY)] == ["words.yml"]

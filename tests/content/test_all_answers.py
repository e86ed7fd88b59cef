"""The project's own content: complete, sound, and fit to be spoken with and without a clinic."""

from __future__ import annotations

import datetime
import statistics
from pathlib import Path

import pytest

from ketaguide.content.facts import CLINIC_FACTS, load_facts
from ketaguide.content.lint import lint
from ketaguide.content.lint.across_topics import plain
from ketaguide.content.load import load_library
from ketaguide.content.readability import grade
from ketaguide.content.speech import speak
from tests.evaluate import read_questions

DATA = Path("data")
LIBRARY = load_library(DATA)
TOPICS = sorted(LIBRARY.topics)


def test_no_problem_in_any_file() -> None:
    problems = lint(DATA, datetime.date.today())
    assert [str(problem) for problem in problems if problem.severity == "error"] == []


def test_all_98_answers_are_there() -> None:
    owed = {id_ for ids in LIBRARY.groups.values() for id_ in ids}
    assert len(owed) >= 98
    assert owed <= set(TOPICS)


def test_half_of_the_answers_read_at_grade_six_or_below() -> None:
    assert statistics.median(grade(LIBRARY.topics[id_].answer["en"]) or 0 for id_ in TOPICS) <= 6.5


@pytest.mark.parametrize("id_", [*TOPICS, *sorted(LIBRARY.replies)])
def test_it_reads_well_when_the_clinic_left_its_facts_empty(id_: str) -> None:
    wording = LIBRARY.wording(id_)
    assert wording is not None
    facts = {**load_facts(DATA), **dict.fromkeys(CLINIC_FACTS, ""), "approval_note": "", "find_provider": ""}
    speech = speak(wording, LIBRARY, facts)
    assert len(speech.text.split()) >= 10
    for text in (speech.text, speech.short):
        assert not set("{}") & set(text)
        assert "  " not in text.replace("\n", "")
        assert not text.endswith((":", ","))


@pytest.mark.parametrize("id_", TOPICS)
def test_every_button_leads_to_an_answer(id_: str) -> None:
    speech = speak(LIBRARY.topics[id_], LIBRARY, load_facts(DATA))
    assert 2 <= len(speech.buttons) <= 3
    assert all(payload[1:] in LIBRARY.topics for _, payload in speech.buttons)


def test_no_held_out_question_is_trained_on() -> None:
    trained = {plain(example) for topic in LIBRARY.topics.values() for example in (topic.question, *topic.examples)}
    for path in (DATA / "nlu").glob("*.yml"):
        trained |= {plain(line.strip()[2:]) for line in path.read_text(encoding="utf-8").splitlines() if "- " in line}
    assert [question for question, _ in read_questions() if plain(question) and plain(question) in trained] == []

"""Personal details go, questions stay as they were asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Iterator

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ketaguide.serving.personal_details import without_personal_details
from tests.running import RunningAssistant

DETAILS = [
    ("My name is Quentin Zebra and I'm scared", "zebra"),
    ("my name is quentin, is it safe?", "quentin"),
    ("My name is Quentin", "quentin"),
    ("hi, this is Maria Quartz, can you help", "quartz"),
    ("me llamo José Cuarzo", "cuarzo"),
    ("my husband Quentin says it's nonsense", "quentin"),
    ("Dr. Alvarez told me to wait", "alvarez"),
    ("write to maria.quartz+x@mail.example.org please", "quartz"),
    ("maria at quartz dot com", "quartz"),
    ("call (555) 010-9988 after six", "9988"),
    ("my number is +44 20 7946 0958", "0958"),
    ("5550109988", "9988"),
    ("I live at 12 Quartz Drive, Denver, CO 80203", "quartz"),
    ("i'm on 221 quartz street apt 4", "quartz"),
    ("I live in Quartzville, Colorado", "quartzville"),
    ("born 03/04/1985", "1985"),
    ("DOB 1985-04-03", "1985"),
    ("I was born on April 3rd, 1985", "1985"),
    ("nací el 3 de abril de 1985", "1985"),
    ("born in 1985, too old?", "1985"),
    ("my ssn is 536-22-1234", "1234"),
    ("card 4111 1111 1111 1111", "1111"),
    ("my member id is ABC123456, am I covered?", "123456"),
    ("MRN 0045721", "45721"),
    ("see https://facebook.com/quartz", "quartz"),
    ("dm me @mariaquartz", "quartz"),
    ("my address is 10.11.12.13", "12.13"),
]
PROJECT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(("text", "detail"), DETAILS)
def test_a_detail_goes(text: str, detail: str) -> None:
    left = without_personal_details(text)
    assert detail not in left.lower()
    assert "[" in left


@pytest.mark.parametrize(
    "text",
    [
        "is my name private?",
        "my name is not shared, right?",
        "can I drive 24 hours after 2 infusions of 0.5?",
        "I'm Bipolar, and take 300 mg lithium",
        "told my partner I'm not going back",
        "is 6 sessions in 2-3 weeks normal",
        "what about 10/10 pain",
        "trials from 2019 to 2023",
        "my appointment is on July 4th at 10:30",
        "/driving",
    ],
)
def test_a_question_stays_as_it_was(text: str) -> None:
    assert without_personal_details(text) == text


def strings(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, (dict, list)):
        for child in node.values() if isinstance(node, dict) else node:
            yield from strings(child)


def test_the_questions_people_ask_lose_nothing_that_understanding_needs() -> None:
    files = [*PROJECT.glob("data/topics/*/*.yml"), *PROJECT.glob("tests/questions*/*.yml")]
    loaded = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in files]
    questions = [text for node in loaded for text in strings(node.get("examples", node) if "answer" in node else node)]
    changed = [text for text in questions if without_personal_details(text) != text]
    assert len(questions) > 3000
    # A doctor's name and a visitor's town may be among them.
    assert len(changed) <= 5, changed


@given(st.text(max_size=300))
def test_no_text_breaks_it_and_a_second_pass_finds_nothing_new(text: str) -> None:
    once = without_personal_details(text)
    assert len(without_personal_details(once)) <= len(once) + 20


def test_details_are_in_no_store(assistant: RunningAssistant) -> None:
    assistant.say("details", "My name is Quentin Zebra, call 555 010 9988. Is it safe to drive home after?")
    stored = assistant.events("details", "user")
    assert "drive home" in stored[0]["text"]
    for file in [*assistant.folder.glob("var/*"), assistant.log]:
        content = file.read_bytes()
        assert b"Quentin" not in content
        # The last digits alone may stand in any time of day.
        assert b"555 010 9988" not in content
        assert b"010 9988" not in content

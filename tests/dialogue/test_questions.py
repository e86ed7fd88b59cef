"""Which questions a message holds, what a correction meant, and which feeling is heard."""

from __future__ import annotations

import pytest

from ketaguide.dialogue.context import Context, Exchange
from ketaguide.dialogue.feelings import feeling, lead
from ketaguide.dialogue.questions import meant_in, questions_in

QUESTIONS = {
    "two with and": ("how much is it and does insurance pay?", 2),
    "three after a colon": ("Hi, three things: does it hurt, how long is it, and can I drive?", 3),
    "two sentences": ("Is it legal? Will it show in a test?", 2),
    "a story with one question": ("I lost my job. My wife left. I can't sleep. Does it even work?", 1),
    "two answers to one question": ("is it a spray or is it a drip?", 1),
    "a condition": ("If I panic, can I stop?", 1),
    "a clause with who": ("my mother, who lives with me, is ill", 0),
    "a statement": ("I take lithium and I am tired", 0),
    "nothing": ("", 0),
}


@pytest.mark.parametrize(("text", "count"), QUESTIONS.values(), ids=QUESTIONS.keys())
def test_questions_in_a_message(text: str, count: int) -> None:
    assert len(questions_in(text)) == count


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("no, I meant the pills", "the pills"),
        ("i mean later on", "later on"),
        ("No! My question was whether I can drive", "I can drive"),
        ("I asked about cost", "cost"),
        ("how much is it", ""),
        ("what does that mean", ""),
    ],
)
def test_what_a_correction_meant(text: str, meant: str) -> None:
    assert meant_in(text) == meant


@pytest.mark.parametrize("text", ["a" * 50_000, "and how " * 10_000, "no, " * 10_000, "i mean " * 10_000])
def test_long_messages_are_read_in_bounded_time(text: str) -> None:
    assert len(questions_in(text)) <= 6
    meant_in(text)
    feeling(text)


FEELINGS = {
    "fear": "I'm scared of losing control",
    "rejected": "they said I'm not a good fit",
    "no_effect": "I felt nothing, did it work?",
    "low": "I feel so low today",
    "for_another": "how can I help my wife",
}


@pytest.mark.parametrize(("name", "text"), FEELINGS.items(), ids=FEELINGS.keys())
def test_a_feeling_is_heard(name: str, text: str) -> None:
    assert feeling(text) == name


@pytest.mark.parametrize("text", ["how much does it cost", "does it help against anxiety", "can I drive", ""])
def test_a_plain_question_has_no_feeling(text: str) -> None:
    assert feeling(text) is None


SENTENCES = {"fear": ("One.", "Two.", "Three."), "welcome_back": ("Welcome back.",)}


def test_warm_sentences_rest_and_vary() -> None:
    text = FEELINGS["fear"]
    first = lead(text, Context(), SENTENCES)
    spoken = Exchange(reading={"lead": first})
    assert first.startswith("fear.")
    assert lead(text, Context((spoken,)), SENTENCES) == ""
    later = lead(text, Context((spoken, Exchange(), Exchange())), SENTENCES)
    assert later not in ("", first)


def test_a_returning_visitor_is_welcomed() -> None:
    assert lead("how much is it", Context(returning=True), SENTENCES) == "welcome_back.0"

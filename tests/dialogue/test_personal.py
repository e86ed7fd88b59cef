"""Which messages are about somebody's own body, medicines or decision."""

from __future__ import annotations

import pytest

from ketaguide.dialogue.personal import personal

PERSONAL = {
    "own medicine": ("I take lithium, can I do this?", "medicine"),
    "own medicine, dictated": ("im on zoloft and wellbutrin will that be a problem", "medicine"),
    "own medicine, stopping": ("should I stop my antidepressant first?", "medicine"),
    "own medicine by owner": ("what about my Xanax", "medicine"),
    "somebody else's medicine": ("he takes methadone every day", "medicine"),
    "own condition": ("I have high blood pressure", "condition"),
    "own condition, curly apostrophe": ("I’m pregnant, is that a problem", "condition"),
    "own condition by owner": ("is it ok with my heart condition", "condition"),
    "a mother's condition": ("my mum has glaucoma, can she have it", "condition"),
    "own age": ("i'm 72 is it too late", "condition"),
    "own symptom": ("I feel dizzy since the infusion", "symptom"),
    "own symptom, lasting": ("i've been so nauseous since tuesday", "symptom"),
    "a son's symptom": ("my son keeps throwing up after his sessions", "symptom"),
    "own decision": ("should I do ketamine therapy?", "decision"),
    "fit for me": ("is it right for me", "decision"),
    "qualifying": ("would I qualify?", "decision"),
    "can my daughter": ("can my daughter get this treatment", "decision"),
}
GENERAL = {
    "how it works": "how does ketamine work",
    "a class of medicines": "can people take SSRIs with ketamine",
    "a condition in general": "does it help with ptsd",
    "a side effect in general": "is nausea common",
    "cost": "how much does it cost",
    "a ride": "can I drive home after?",
    "hearing about it": "I heard it can cause bladder problems",
    "greeting": "hello",
    "nothing": "",
}


@pytest.mark.parametrize(("text", "reason"), PERSONAL.values(), ids=PERSONAL.keys())
def test_a_personal_message(text: str, reason: str) -> None:
    found = personal(text)
    assert found is not None
    assert found.reason == reason


@pytest.mark.parametrize("text", GENERAL.values(), ids=GENERAL.keys())
def test_a_general_message(text: str) -> None:
    assert personal(text) is None


def test_a_very_long_message_is_read_in_bounded_time() -> None:
    assert personal("i have " * 50_000) is None

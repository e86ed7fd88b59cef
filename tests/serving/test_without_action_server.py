"""The action server is off: every question is still answered."""

from __future__ import annotations

from typing import Iterator

import pytest

from tests.running import RunningAssistant


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAssistant]:
    running = RunningAssistant(tmp_path_factory.mktemp("alone") / "project").start(actions=False)
    yield running
    running.stop()


QUESTIONS = {
    "a topic": ("is it safe to drive home after?", "utter_driving"),
    "a topic that suggests a provider": ("I take lamictal every day, can I still have ketamine?", "utter_lamotrigine"),
    "small talk": ("hello", "utter_greet"),
}


@pytest.mark.parametrize(("text", "response"), QUESTIONS.values(), ids=QUESTIONS.keys())
def test_it_answers(alone: RunningAssistant, text: str, response: str) -> None:
    assert alone.say(response, text)
    assert alone.uttered(response)[0] == response


@pytest.mark.parametrize("text", ["nasal", "spray thing", "the other one", "which", "it"])
def test_an_unclear_message_is_not_met_with_silence(alone: RunningAssistant, text: str) -> None:
    assert alone.say(f"unclear-{text}", text)
    assert all(name.startswith("utter_") for name in alone.uttered(f"unclear-{text}"))

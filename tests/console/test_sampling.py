"""The questions that every new model is asked: saved ones, each answer's own, and some of what was learned."""

from __future__ import annotations

from pathlib import Path

from console.publishing import learning, sampling, test_questions
from tests.console.conftest import Clinic

TALK = """
version: "3.1"
nlu:
- intent: greet
  examples: |
    - hello there
    - hi [Anna](name)
- intent: bot_challenge
  examples: |
{many}
"""


def data(clinic: Clinic) -> Path:
    many = "\n".join(f"    - are you robot number {number}" for number in range(30))
    clinic.content.write("nlu/small_talk.yml", TALK.format(many=many))
    return clinic.path / "data"


def test_some_of_every_answer_and_of_small_talk_are_asked(clinic: Clinic) -> None:
    wanted = learning.wanted_answers(data(clinic))
    assert wanted["hello there"] == "greet"
    assert "hi [Anna](name)" not in wanted
    assert sum(1 for name in wanted.values() if name == "bot_challenge") == sampling.PER_SMALL_TALK
    assert sum(1 for name in wanted.values() if name == "driving") == 1 + sampling.PER_ANSWER
    assert wanted["What about driving after a session?"] == "driving"


def test_the_same_ones_are_asked_each_time_whatever_changes_elsewhere(clinic: Clinic) -> None:
    before = sampling.sampled(data(clinic))
    assert sampling.sampled(data(clinic)) == before
    examples = [f"driving question {word}" for word in ("one", "two", "three", "four", "five")]
    clinic.content.change(examples=examples)
    after = sampling.sampled(data(clinic))
    assert {q: name for q, name in after.items() if name != "driving"} == {
        q: name for q, name in before.items() if name != "driving"
    }


def test_what_staff_saved_counts_before_a_sample(clinic: Clinic) -> None:
    sample = next(question for question, name in sampling.sampled(data(clinic)).items() if name == "driving")
    test_questions.save(sample, "alcohol")
    assert learning.wanted_answers(clinic.path / "data")[sample] == "alcohol"

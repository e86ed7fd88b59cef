"""How long what was said counts, and when a visitor is welcomed back."""

from __future__ import annotations

import datetime

from ketaguide.dialogue.context import Context, Exchange, sitting

NOON = datetime.datetime(2026, 11, 22, 12).timestamp()
MINUTE, HOUR = 60.0, 3600.0


def exchange(at: float, *topics: str) -> Exchange:
    return Exchange(topics=topics, at=at)


def test_what_was_just_said_counts() -> None:
    assert sitting([exchange(NOON - MINUTE, "nausea")], NOON).topic == "nausea"


def test_a_long_pause_ends_a_sitting_but_the_same_day_goes_on() -> None:
    context = sitting([exchange(NOON - 3 * HOUR, "nausea")], NOON)
    assert (context.topic, context.returning) == ("", False)


def test_another_day_starts_afresh_with_a_welcome() -> None:
    context = sitting([exchange(NOON - 20 * HOUR, "nausea")], NOON)
    assert (context.topic, context.returning) == ("", True)


def test_midnight_alone_is_no_other_day() -> None:
    midnight = datetime.datetime(2026, 11, 23).timestamp()
    context = sitting([exchange(midnight - MINUTE, "nausea")], midnight + MINUTE)
    assert (context.topic, context.returning) == ("nausea", False)


def test_a_pause_earlier_in_the_talk_cuts_what_lies_before_it() -> None:
    context = sitting([exchange(NOON - 5 * HOUR, "cost"), exchange(NOON - MINUTE, "nausea")], NOON)
    assert [topic for topic, _ in context.subjects()] == ["nausea"]


def test_a_subject_fades_over_exchanges() -> None:
    talk = (exchange(0, "nausea"), exchange(1), exchange(2))
    weights = [Context(talk[: count + 1]).subjects()[0][1] for count in range(3)]
    assert weights == sorted(weights, reverse=True)
    assert Context((*talk, exchange(3))).subjects() == []


def test_an_aspect_leaves_the_talk_at_its_subject() -> None:
    asked = Exchange(topics=("timing",), reading={"before": "nausea", "aspect": "duration"})
    assert [topic for topic, _ in Context((asked,)).subjects()] == ["nausea", "timing"]


def test_the_newest_two_subjects_are_kept_newest_first() -> None:
    context = Context((exchange(0, "cost"), exchange(1, "nausea"), exchange(2, "driving")))
    assert [topic for topic, _ in context.subjects()] == ["driving", "nausea"]

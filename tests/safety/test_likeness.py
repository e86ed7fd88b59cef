"""How the likeness of a message joins the verdict of the rules; its scores are given, the model has its own tests."""

from __future__ import annotations

import copy
import threading
from collections.abc import Sequence

import pytest

from ketaguide.safety.detector import CrisisDetector
from ketaguide.safety.likeness import (
    CLASSES,
    JOINED_HARMLESS_BELOW,
    MOST_PIECES,
    PIECE_WORDS,
    ROUTES_ABOVE,
    SURE_ABOVE,
    SURELY_HARMLESS_BELOW,
    likeness,
    pieces,
    subject_of,
    urgency,
)
from tests.safety.conftest import RULES


def row(kind: str, margin: float) -> list[float]:
    """Returns scores in which a kind of danger is so much likelier than no danger."""
    scores = [-20.0] * len(CLASSES)
    scores[CLASSES.index("none")] = 0.0
    scores[CLASSES.index(kind)] = margin
    return scores


@pytest.fixture(scope="module")
def loaded() -> CrisisDetector:
    return CrisisDetector.from_folder(RULES)


@pytest.fixture
def detector(loaded: CrisisDetector) -> CrisisDetector:
    """Returns a detector with the rules and no likeness yet."""
    return copy.copy(loaded)


def test_a_message_like_dangerous_ones_routes_without_a_rule(detector: CrisisDetector) -> None:
    detector.use_likeness(lambda texts: [row("abuse", ROUTES_ABOVE + 1) for _ in texts])
    verdict = detector.read("the weather was fine")
    assert (verdict.kind, verdict.source, verdict.urgency) == ("abuse", "similarity", "soon")


def test_a_weak_likeness_is_marked_as_doubtful(detector: CrisisDetector) -> None:
    detector.use_likeness(lambda texts: [row("abuse", ROUTES_ABOVE + 1) for _ in texts])
    assert detector.read("the weather was fine").is_doubtful
    detector.use_likeness(lambda texts: [row("abuse", SURE_ABOVE + 1) for _ in texts])
    assert not detector.read("the weather was fine").is_doubtful


def test_a_rule_that_misreads_a_harmless_message_is_outweighed(detector: CrisisDetector) -> None:
    text = "Overdosed on true crime podcasts, can I bring music instead?"
    assert detector.read(text).is_crisis
    detector.use_likeness(lambda texts: [row("suicide", SURELY_HARMLESS_BELOW - 1) for _ in texts])
    assert detector.read(text).kind == "none"


def test_a_likeness_below_the_limit_adds_nothing(detector: CrisisDetector) -> None:
    detector.use_likeness(lambda texts: [row("abuse", ROUTES_ABOVE - 0.1) for _ in texts])
    assert detector.read("the weather was fine").kind == "none"


def test_an_explicit_statement_routes_whatever_the_likeness(detector: CrisisDetector) -> None:
    detector.use_likeness(lambda texts: [row("suicide", SURELY_HARMLESS_BELOW - 5) for _ in texts])
    assert detector.read("I want to kill myself").kind == "suicide"


def test_distress_that_the_rules_heard_outlives_a_doubtful_likeness(detector: CrisisDetector) -> None:
    text = "I feel so hopeless. How long does a session last?"
    assert detector.read(text).kind == "distress"
    detector.use_likeness(lambda texts: [row("self_harm", ROUTES_ABOVE + 1) for _ in texts])
    verdict = detector.read(text)
    assert verdict.is_doubtful
    assert verdict.dropped().kind == "distress"


def test_a_dismissed_suspicion_of_a_distressed_visitor_is_distress(detector: CrisisDetector) -> None:
    text = "I feel so hopeless and like a burden"
    assert detector.read(text).is_crisis

    def distressed(texts: Sequence[str]) -> list[list[float]]:
        return [[-9.0, 0.0, *(-20.0 for _ in CLASSES[2:])] for _ in texts]

    detector.use_likeness(distressed)
    assert detector.read(text).kind == "distress"


def test_a_message_that_was_only_doubtful_does_not_silence_the_next(detector: CrisisDetector) -> None:
    def scores(texts: Sequence[str]) -> list[list[float]]:
        return [row("suicide", {"the train": ROUTES_ABOVE + 1, "at noon": -6}.get(text, 8)) for text in texts]

    detector.use_likeness(scores)
    assert detector.read("at noon", earlier=["the train"]).kind == "suicide"


def test_a_model_that_hangs_leaves_the_rules_verdict(detector: CrisisDetector, monkeypatch: pytest.MonkeyPatch) -> None:
    answered = threading.Event()

    def hanging(texts: Sequence[str]) -> list[list[float]]:
        answered.wait(60)
        return [row("abuse", 9) for _ in texts]

    monkeypatch.setattr("ketaguide.safety.detector.LIKENESS_SECONDS", 0.01)
    detector.use_likeness(hanging)
    assert detector.read("the weather was fine").kind == "none"
    assert detector.read("I want to kill myself").kind == "suicide"
    answered.set()


def test_a_model_that_fails_leaves_the_rules_verdict(detector: CrisisDetector) -> None:
    def broken(texts: Sequence[str]) -> Sequence[Sequence[float]]:
        raise RuntimeError("no model")

    detector.use_likeness(broken)
    assert detector.read("I want to kill myself").kind == "suicide"
    assert detector.read("the weather was fine").kind == "none"


def test_other_languages_are_not_scored(detector: CrisisDetector) -> None:
    detector.use_likeness(lambda texts: [row("abuse", 9) for _ in texts])
    assert detector.read("cuánto cuesta una sesión y cuánto dura").kind == "none"


def test_the_worst_piece_of_a_long_text_counts() -> None:
    text = "word " * 200 + "danger " + "word " * 200
    found = likeness(lambda texts: [row("overdose", 5 if "danger" in piece else -9) for piece in texts], text)
    assert found.kind == "overdose"
    assert found.routes


def test_pieces_are_few_and_hold_the_ends() -> None:
    text = " ".join(str(number) for number in range(5000))
    found = pieces(text)
    assert len(found) <= MOST_PIECES
    assert all(len(piece.split()) <= PIECE_WORDS for piece in found)
    assert found[0].startswith("0 ")
    assert found[-1].endswith(" 4999")


def test_a_short_message_counts_together_with_those_before_it(detector: CrisisDetector) -> None:
    def scores(texts: Sequence[str]) -> list[list[float]]:
        return [
            row("suicide", 6 if text.startswith("the train") and text.endswith("at noon") else -6) for text in texts
        ]

    detector.use_likeness(scores)
    assert detector.read("at noon", earlier=["the train", "leaves"]).kind == "suicide"
    assert detector.read("at noon").kind == "none"


@pytest.mark.parametrize("answer", ["yes", "yes i do", "in an hour", "all of them"])
def test_a_bare_answer_counts_together_with_what_it_completes(detector: CrisisDetector, answer: str) -> None:
    completed = f"train leaves {answer}"
    detector.use_likeness(lambda texts: [row("suicide", 6 if completed in text else -18) for text in texts])
    assert detector.read(answer, earlier=["the weather", "is fine"]).kind == "none"
    assert detector.read(answer, earlier=["the train", "leaves"]).kind == "suicide"


def test_what_was_said_before_does_not_count_again(detector: CrisisDetector) -> None:
    detector.use_likeness(lambda texts: [row("suicide", 6 if "train" in text else -6) for text in texts])
    assert detector.read("the train").kind == "suicide"
    assert detector.read("how much is it", earlier=["the train"]).kind == "none"


def test_a_doubtful_short_message_is_read_with_those_before_it(detector: CrisisDetector) -> None:
    doubtful = ROUTES_ABOVE + 1

    def scores(texts: Sequence[str]) -> list[list[float]]:
        return [row("abuse", JOINED_HARMLESS_BELOW - 1 if "prices" in text else doubtful) for text in texts]

    detector.use_likeness(scores)
    assert detector.read("and the weather").kind == "abuse"
    assert detector.read("and the weather", earlier=["prices please"]).kind == "none"


def test_a_sure_likeness_needs_nothing_before_it(detector: CrisisDetector) -> None:
    def scores(texts: Sequence[str]) -> list[list[float]]:
        return [row("abuse", JOINED_HARMLESS_BELOW - 1 if "prices" in text else SURE_ABOVE + 1) for text in texts]

    detector.use_likeness(scores)
    assert detector.read("and the weather", earlier=["prices please"]).kind == "abuse"


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("overdose", "took too many", "now"),
        ("suicide", "i keep thinking of it", "soon"),
        ("suicide", "i have the rope in my hand", "now"),
        ("self_harm", "it will be tonight", "now"),
    ],
)
def test_urgency(kind: str, text: str, expected: str) -> None:
    assert urgency(kind, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my son won't wake up", "other"),
        ("I won't wake up", "self"),
        ("he says he is done", "other"),
        ("my head", "self"),
    ],
)
def test_subject(text: str, expected: str) -> None:
    assert subject_of(text) == expected

"""The detector as a whole: deterministic, linear, joined reading, windows, and the core list as stand-in."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from ketaguide.safety.__main__ import main
from ketaguide.safety.detector import CrisisDetector, windows
from ketaguide.safety.language import guess, unreadable
from ketaguide.safety.verdict import Verdict

ROOT = Path(__file__).parents[2]
RULES = ROOT / "data" / "crisis" / "rules"
MESSAGES = [
    "I want to kill my kids and then myself",
    "Ich will sterben",
    "he took all my pills and he's not breathing",
    "quiero morirme",
    "how much does a session cost?",
]
IN_ANOTHER_PROCESS = """
import hashlib, sys
from ketaguide.safety.detector import CrisisDetector
detector = CrisisDetector.from_folder(sys.argv[1])
print(hashlib.sha256(repr([detector.read(text) for text in sys.argv[2:]]).encode()).hexdigest())
"""


def test_same_text_same_verdict_a_thousand_times(detector: CrisisDetector) -> None:
    first = [detector.read(text) for text in MESSAGES]
    for _ in range(1000 // len(MESSAGES)):
        assert [detector.read(text) for text in MESSAGES] == first


@pytest.mark.parametrize("seed", ["1", "2"])
def test_same_verdict_in_another_process(detector: CrisisDetector, seed: str) -> None:
    here = hashlib.sha256(repr([detector.read(text) for text in MESSAGES]).encode()).hexdigest()
    command = [sys.executable, "-c", IN_ANOTHER_PROCESS, str(RULES), *MESSAGES]
    surroundings = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    there = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=True)
    assert there.stdout.split()[-1] == here


def test_threads_do_not_disturb_each_other(detector: CrisisDetector) -> None:
    expected = [detector.read(text) for text in MESSAGES]
    wrong: list[Verdict] = []

    def work() -> None:
        for _ in range(20):
            wrong.extend(v for v, e in zip([detector.read(t) for t in MESSAGES], expected) if v != e)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


@pytest.mark.parametrize("sentence", ["I went for a walk and I felt a bit better today. ", "I want to die. ", "a "])
def test_time_grows_with_length_alone(detector: CrisisDetector, sentence: str) -> None:
    short, long = (sentence * 8000)[:2000], (sentence * 8000)[:8000]
    detector.read(long)

    def seconds(text: str) -> float:
        taken = []
        for _ in range(5):
            start = time.perf_counter()
            detector.read(text)
            taken.append(time.perf_counter() - start)
        return min(taken)

    assert seconds(long) < 8 * seconds(short) + 0.01


def test_windows_cover_the_text_and_overlap() -> None:
    text = "".join(str(number % 10) for number in range(10_000))
    parts = windows(text)
    assert all(len(part) <= 4000 for part in parts)
    assert parts[0][-500:] == parts[1][:500]
    assert parts[-1].endswith(text[-100:])
    rebuilt = parts[0] + "".join(part[500:] for part in parts[1:])
    assert rebuilt == text


@pytest.mark.parametrize("place", [0, 3990, 5200, 9900])
def test_a_statement_anywhere_in_a_long_text_routes(detector: CrisisDetector, place: int) -> None:
    filler = "We talked about the garden and the weather. " * 300
    text = f"{filler[:place]}. I want to kill myself. {filler[place:10_000]}"
    assert detector.read(text).kind == "suicide"


JOINED = [
    ("three parts", ["I'm going to", "end it"], "tonight", "suicide"),
    ("across two", ["I'm going to"], "end it all", "suicide"),
    ("across three", ["i want to", "just"], "die", "suicide"),
    ("a price does not route an old disclosure", ["I want to die"], "what does it cost", "none"),
    ("a new disclosure after a benign turn", ["what does it cost"], "I want to die", "suicide"),
    ("a question before does not join", ["What does it cost to?"], "die hard", "none"),
]


@pytest.mark.parametrize(("earlier", "text", "kind"), [row[1:] for row in JOINED], ids=[row[0] for row in JOINED])
def test_joined_messages(detector: CrisisDetector, earlier: list[str], text: str, kind: str) -> None:
    assert detector.read(text, earlier=earlier).kind == kind


def test_verdict_holds_no_words_of_the_message(detector: CrisisDetector) -> None:
    verdict = detector.read("I want to kill myself with zorblax")
    assert "zorblax" not in repr(verdict)
    assert "kill myself" not in repr(verdict)


def test_spacy_keeps_no_words_of_the_visitor(detector: CrisisDetector) -> None:
    detector.read("Zorblaxia and I want to die")
    for reader in detector._readers:
        assert "zorblaxia" not in reader._finder._vocab.strings


def test_precedence_and_further_kinds(detector: CrisisDetector) -> None:
    verdict = detector.read("I took 40 pills because I want to die and I can't breathe")
    assert verdict.kind == "overdose"
    assert verdict.also == ("medical_emergency", "suicide")
    assert verdict.urgency == "now"


@pytest.mark.parametrize(
    "text", ["", " ", "?", "\U0001f600", "\x00", "a" * 20_000, "?!" * 3000, "\u0001\ud7ff", "/restart", "1" * 500]
)
def test_odd_texts_yield_none(detector: CrisisDetector, text: str) -> None:
    assert detector.read(text).kind == "none"


@pytest.mark.parametrize("text", ["/I want to die", "*i want to die*", "<b>I want to die</b>", "I WANT TO DIE!!!"])
def test_dress_does_not_hide_a_statement(detector: CrisisDetector, text: str) -> None:
    assert detector.read(text).kind == "suicide"


def test_missing_rules_leave_the_core_list(tmp_path: Path) -> None:
    stand_in = CrisisDetector.from_folder(tmp_path / "nowhere")
    assert not stand_in.is_complete
    assert stand_in.problem
    verdict = stand_in.read("I want to kill myself")
    assert (verdict.kind, verdict.source) == ("suicide", "core")
    assert stand_in.read("what does it cost").kind == "none"
    assert stand_in.read("to die", earlier=["I want"]).kind == "suicide"


def test_without_spacy_the_core_list_decides() -> None:
    command = """
import sys
sys.modules["spacy"] = None
from ketaguide.safety.detector import CrisisDetector
verdict = CrisisDetector.from_folder(sys.argv[1]).read("je veux mourir")
print(verdict.kind, verdict.source)
"""
    done = subprocess.run(
        [sys.executable, "-c", command, str(RULES)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["suicide", "core"]


@pytest.mark.parametrize(
    ("text", "code"),
    [("how much is it", "en"), ("cuanto cuesta la sesion", "es"), ("je veux savoir", "fr"), ("привет как дела", "ru")],
)
def test_language_guess(text: str, code: str) -> None:
    assert guess(text) == code


@pytest.mark.parametrize(
    ("text", "strange"),
    [
        ("how long does it take", False),
        ("cuanto dura la sesion de ketamina", False),
        ("ok", False),
        ("ketamine?", False),
        ("kuinka paljon hoito maksaa", True),
        ("это стоит дорого", True),
        ("治疗多少钱", True),
    ],
)
def test_unreadable(text: str, strange: bool) -> None:
    assert unreadable(text) is strange


def test_explain_names_the_rules(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "I am not going to kill myself"]) == 0
    printed = capsys.readouterr().out
    assert "kind='none'" in printed
    assert "negated" in printed

"""Whatever is killed at whatever step of a publish: visitors get the old or the new answer, whole, and the console says
which of the two."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, Iterator, List

import pytest

from console.answers.models import Change, State
from console.publishing import learning, phrases, recovery, starting
from console.publishing.models import STEPS, Lane, Progress, Publish, Step, step_reached
from ketaguide.content.load import read_topic
from tests.console.conftest import SignIn
from tests.console.publish_and_die import same_model
from tests.console.real import RealClinic
from tests.console.test_lanes import SOFTER, edited, softened
from tests.console.test_words_lane import approve
from tests.running import PROJECT

QUESTION = "may i steer the forklift of my uncle on tuesday if the drip was on monday"
WORDS = [step.value for step in STEPS[Lane.WORDS] if step != Step.DONE]
PHRASES = [step.value for step in STEPS[Lane.PHRASES] if step != Step.DONE]


@pytest.fixture
def as_before(real: RealClinic, tmp_path: Path) -> Iterator[RealClinic]:
    """The running clinic; afterwards its answers and models are what they were."""
    kept = tmp_path / "kept"
    shutil.copytree(real.path / "data", kept / "data")
    shutil.copytree(real.path / "models", kept / "models")
    yield real
    for name in ("data", "models"):
        shutil.copytree(kept / name, real.path / name, dirs_exist_ok=True)


def approved(real: RealClinic, sign_in: SignIn, *, with_question: bool) -> Change:
    """Returns an approved draft of new words, if wanted with a new question in it."""
    nora = sign_in("nora")
    if with_question:
        nora.post("/answers/driving/phrases", {"add": QUESTION})
    revision = Change.objects.latest("pk").revision if with_question else ""
    change = edited(nora, "driving", answer=softened(real), revision=revision)
    approve(sign_in("carla"), change)
    change.refresh_from_db()
    assert change.state == State.APPROVED
    assert change.phrases_changed is with_question
    return change


def what_is_served(real: RealClinic) -> str:
    """Returns "old" or "new", after checking that it is whole and the same everywhere."""
    text = str(real.spoken("can i drive home after the infusion?")["text"])
    file = read_topic(real.file())
    assert text.strip() == file.answer["en"].strip()
    assert real.version() == _version(real)
    return "new" if text.startswith(SOFTER) else "old"


def _version(real: RealClinic) -> str:
    from ketaguide.content.approvals import version

    return version(read_topic(real.file()), "en")


def what_the_console_says() -> str:
    """Returns "old" or "new" as the last publish tells it."""
    publish = Publish.objects.latest("pk")
    assert publish.message
    return "new" if publish.progress == Progress.LIVE else "old"


def run_until_killed(real: RealClinic, step: str) -> None:
    """Publishes in a process that kills itself at this step."""
    environment = {**os.environ, "CONSOLE_WORKPLACE": str(real.path), "ASSISTANT_URL": real.address}
    command = [sys.executable, "-W", "ignore", "-m", "tests.console.publish_and_die", step]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr[-3000:]


@pytest.mark.parametrize("step", WORDS)
def test_the_console_is_killed_while_words_are_published(as_before: RealClinic, sign_in: SignIn, step: str) -> None:
    approved(as_before, sign_in, with_question=False)
    run_until_killed(as_before, step)
    what_is_served(as_before)
    recovery.settle_after_start()
    assert Publish.objects.latest("pk").is_finished
    assert what_is_served(as_before) == what_the_console_says()
    assert Change.objects.latest("pk").state in (State.LIVE, State.APPROVED)


@pytest.mark.parametrize("step", PHRASES)
def test_the_console_is_killed_while_questions_are_published(as_before: RealClinic, sign_in: SignIn, step: str) -> None:
    approved(as_before, sign_in, with_question=True)
    run_until_killed(as_before, step)
    what_is_served(as_before)
    recovery.settle_after_start()
    publish = Publish.objects.latest("pk")
    assert publish.is_finished or publish.progress == Progress.QUEUED
    assert what_is_served(as_before) == what_the_console_says()
    if publish.is_finished:
        assert not learning.stage_folder(publish.pk).exists()


def kill_at(step: str, real: RealClinic) -> Any:
    """Returns a receiver that kills the assistant when a publish reaches a step."""

    def kill(step_: Any = None, **named: Any) -> None:
        if named.get("step", step_) == step and real.is_running:
            real.kill()

    step_reached.connect(kill, weak=False)
    return kill


@pytest.mark.parametrize(
    ("lane", "step"),
    [("words", "check"), ("words", "confirm"), ("phrases", "save"), ("phrases", "swap"), ("phrases", "confirm")],
)
def test_the_assistant_is_killed_in_between(
    as_before: RealClinic, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, lane: str, step: str
) -> None:
    monkeypatch.setattr(learning, "learn", same_model)
    monkeypatch.setattr(learning, "compare", lambda folder: {"worse": False})
    change = approved(as_before, sign_in, with_question=lane == "phrases")
    killer = kill_at(step, as_before)
    try:
        starting.publish_changes([change], change.created_by)
        phrases.work_once()
    finally:
        step_reached.disconnect(killer)
        as_before.go()
    recovery.settle_waiting()
    assert Publish.objects.latest("pk").is_finished
    assert what_is_served(as_before) == what_the_console_says()


@pytest.mark.parametrize("program", ["tools.train", "ketaguide.understanding.ask_model"])
def test_the_trainer_or_the_tester_is_killed(
    as_before: RealClinic, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    started: List[Dict[str, Any]] = []

    class Doomed(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, command: Any, *arguments: Any, **named: Any) -> None:
            super().__init__(command, *arguments, **named)
            if program in command:
                started.append({"command": command})
                self.kill()

    monkeypatch.setattr(subprocess, "Popen", Doomed)
    if program != "tools.train":
        monkeypatch.setattr(learning, "learn", same_model)
    change = approved(as_before, sign_in, with_question=True)
    starting.publish_changes([change], change.created_by)
    assert phrases.work_once()
    assert started
    assert Publish.objects.latest("pk").progress == Progress.STOPPED
    assert what_is_served(as_before) == what_the_console_says() == "old"
    change.refresh_from_db()
    assert change.state == State.APPROVED, "it can be published again"


def test_two_publishes_of_questions_queue(
    as_before: RealClinic, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "learn", same_model)
    monkeypatch.setattr(learning, "compare", lambda folder: {"worse": False})
    nora = sign_in("nora")
    for topic, question in (("alcohol", "is a shandy fine on that tuesday"), ("nausea", "will my tummy turn on it")):
        nora.post(f"/answers/{topic}/phrases", {"add": question, "then": "send"})
        nora.post("/publish/now", {"changes": Change.objects.latest("pk").pk})
    assert list(Publish.objects.values_list("progress", flat=True)) == [Progress.QUEUED] * 2
    assert phrases.work_once()
    assert list(Publish.objects.order_by("id").values_list("progress", flat=True)) == [Progress.LIVE, Progress.QUEUED]
    assert phrases.work_once()
    assert not phrases.work_once()
    assert set(Publish.objects.values_list("progress", flat=True)) == {Progress.LIVE}

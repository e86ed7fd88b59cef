"""Makes a new model beside the one in use, in a folder of its own, and tests both in another process.

Nothing that the assistant reads is touched here: a publish that fails or is refused leaves no trace.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Callable, Dict, List

from django.conf import settings

from console.publishing import test_questions
from console.publishing.files import Files
from console.publishing.sampling import sampled
from ketaguide.content.edit import write_whole
from ketaguide.content.load import load_library

STAGES = "publishing"
MODEL = Path("models") / "assistant.tar.gz"
STAMP = Path("models") / "trained_on.txt"
COPIED = ("config.yml", "domain.yml")
# The code that trains; not part of what a publish changes.
LINKED = ("ketaguide", "actions", "requirements.lock", ".cache")
_ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "HF_HUB_OFFLINE": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "OMP_NUM_THREADS": "1",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONWARNINGS": "ignore",
}


class LearningFailedError(Exception):
    """The model could not be made or tested; the message is for people."""


def stage_folder(pk: int) -> Path:
    """Returns the folder in which one publish is prepared."""
    folder: Path = settings.STATE_FOLDER / STAGES / str(pk)
    return folder


def prepare(pk: int, files: Files) -> Path:
    """Returns a folder that holds the project as it will be after the publish."""
    folder = stage_folder(pk)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copytree(settings.DATA_FOLDER, folder / "data")
    for name in COPIED:
        shutil.copy(settings.WORKPLACE / name, folder / name)
    for name in LINKED:
        if (settings.PROJECT / name).exists():
            (folder / name).symlink_to(settings.PROJECT / name)
    for file, states in files.items():
        write_whole(folder / "data" / file, states["new"])
    return folder


def discard(pk: int) -> None:
    """Removes the folder of one publish."""
    shutil.rmtree(stage_folder(pk), ignore_errors=True)


def discard_all_but(kept: List[int]) -> None:
    """Removes the folders of publishes that are over."""
    stages = settings.STATE_FOLDER / STAGES
    for folder in stages.iterdir() if stages.is_dir() else ():
        if folder.name not in {str(pk) for pk in kept}:
            shutil.rmtree(folder, ignore_errors=True)


def learn(folder: Path, tell: Callable[[str], None]) -> Path:
    """Trains the model of a prepared folder in another process and returns its file.

    Args:
        folder: As `prepare` made it.
        tell: Gets each line of progress.

    Raises:
        LearningFailedError: if it cannot be trained.
    """
    command = [sys.executable, "-W", "ignore", "-m", "tools.train", "--project", str(folder), "--force"]
    process = subprocess.Popen(
        command,
        cwd=settings.PROJECT,
        env={**os.environ, **_ENVIRONMENT},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    last: List[str] = []
    assert process.stdout is not None
    with process.stdout:
        for line in process.stdout:
            last = [*last[-20:], line]
            tell(line.strip())
    if process.wait() != 0 or not (folder / MODEL).exists():
        (folder / "learning.log").write_text("".join(last), encoding="utf-8")
        raise LearningFailedError("Learning was interrupted or failed, so nothing was changed. Publish again to retry.")
    return folder / MODEL


def compare(folder: Path) -> Dict[str, Any]:
    """Asks the model in use and the new one the same questions, in another process.

    Returns:
        What `judge` says about the two.

    Raises:
        LearningFailedError: if the test cannot be run.
    """
    library = load_library(folder / "data")
    questions = folder / "questions.json"
    wanted = wanted_answers(folder / "data")
    questions.write_text(json.dumps(sorted(wanted)), encoding="utf-8")
    answers: List[Dict[str, str]] = []
    for model in (settings.WORKPLACE / MODEL, folder / MODEL):
        answers.append(_answers(model, questions, folder / "answers.json") if model.exists() else {})
    safety = {topic.id for topic in library.topics.values() if topic.risk == "safety"}
    return judge(wanted, answers[0], answers[1], safety, set(test_questions.saved(folder / "data")))


def wanted_answers(data_folder: Path) -> Dict[str, str]:
    """Returns every question of the test with what it must lead to: saved ones, each answer's own, and samples."""
    own = {topic.question: topic.id for topic in load_library(data_folder).topics.values()}
    return {**sampled(data_folder), **own, **test_questions.saved(data_folder)}


def judge(
    wanted: Dict[str, str], before: Dict[str, str], after: Dict[str, str], safety: set, saved: set
) -> Dict[str, Any]:
    """Returns whether a new model may be used, and which questions it answers otherwise.

    It may not, if fewer questions than before lead where they should, or if any question that staff saved, or that
    leads to a safety answer, no longer does.
    """
    right_before = {question for question, topic in wanted.items() if before.get(question) == topic}
    right_after = {question for question, topic in wanted.items() if after.get(question) == topic}
    lost, won = right_before - right_after, right_after - right_before
    grave = {question for question in lost if wanted[question] in safety or question in saved}
    return {
        "worse": bool(grave) or len(right_after) < len(right_before),
        "questions": len(wanted),
        "right_before": len(right_before),
        "right_after": len(right_after),
        "lost": [_row(question, wanted, before, after) for question in sorted(lost)],
        "won": [_row(question, wanted, before, after) for question in sorted(won)],
    }


def _row(question: str, wanted: Dict[str, str], before: Dict[str, str], after: Dict[str, str]) -> Dict[str, str]:
    return {
        "question": question,
        "wanted": wanted[question],
        "before": before.get(question, ""),
        "after": after.get(question, ""),
    }


def _answers(model: Path, questions: Path, output: Path) -> Dict[str, str]:
    command = [sys.executable, "-W", "ignore", "-m", "ketaguide.understanding.ask_model"]
    command += ["--model", str(model), "--questions", str(questions), "--output", str(output)]
    done = subprocess.run(
        command,
        cwd=settings.PROJECT,
        env={**os.environ, **_ENVIRONMENT},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        raise LearningFailedError("The new model could not be tested, so nothing was changed. Publish again to retry.")
    answers: Dict[str, str] = json.loads(output.read_text(encoding="utf-8"))
    output.unlink()
    return answers

"""Trains the model if anything it learns from has changed, with one readable line a step.

A changed wording of an answer is no reason to train: answers are read when they are spoken.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Iterator, List

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from ketaguide.content.load import load_library  # noqa: E402 - needs the path above
from ketaguide.content.problems import ContentError  # noqa: E402

MODEL = Path("models") / "assistant.tar.gz"
STAMP = Path("models") / "trained_on.txt"
STEPS = {
    "SentenceEncoder": "reading the example questions",
    "NgramFeaturizer": "learning the words and letters in them",
    "LinearIntentClassifier": "learning which answer a question asks for",
    "CrisisIntentDetector": "storing the danger signal",
    "IndexedRulePolicy": "learning the rules of the conversation",
}
_STARTED = re.compile(r"Starting to train component '(\w+)'")
_FROM_CACHE = re.compile(r"Restored component '(\w+)' from cache")


def main() -> int:
    """Returns 0 when an up-to-date model is in place."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--force", action="store_true", help="train even if nothing changed")
    parser.add_argument("--project", type=Path, default=PROJECT, help="train what lies in this folder")
    options = parser.parse_args()
    project: Path = options.project.absolute()
    model, stamp = project / MODEL, project / STAMP
    try:
        wanted = training_fingerprint(project)
    except ContentError as error:
        print(f"The answers cannot be used for training. Mend these first:\n{error}", file=sys.stderr)
        return 1
    if not options.force and model.exists() and stamp.exists() and stamp.read_text() == wanted:
        print("The model is up to date: no question, rule or setting has changed.")
        return 0
    return _train(project, wanted)


def training_fingerprint(project: Path = PROJECT) -> str:
    """Returns a hash of all that training reads; the wording of answers is not among it.

    Raises:
        ContentError: if a topic file cannot be used.
    """
    digest = hashlib.sha256()
    library = load_library(project / "data")
    learnt = {t.id: [t.title, t.question, *t.examples] for t in library.topics.values()}
    digest.update(json.dumps([learnt, sorted(library.replies)], sort_keys=True).encode())
    for path in _training_files(project):
        digest.update(path.relative_to(project).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _training_files(project: Path) -> Iterator[Path]:
    yield from (project / name for name in ("config.yml", "domain.yml", "requirements.lock"))
    for pattern in (
        "data/follow_ups.yml",
        "data/nlu/*.yml",
        "data/rules/*.yml",
        "ketaguide/understanding/*.py",
        "ketaguide/understanding/weights/*",
    ):
        yield from sorted(project.glob(pattern))


def _train(project: Path, fingerprint: str) -> int:
    print("Training the model …", flush=True)
    started = time.monotonic()
    command = [
        sys.executable,
        "-m",
        "rasa",
        "train",
        "--skip-validation",
        "--fixed-model-name",
        MODEL.name.split(".")[0],
    ]
    process = subprocess.Popen(
        command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    )
    output: List[str] = []
    assert process.stdout is not None
    for line in process.stdout:
        output.append(line)
        _show_progress(line, time.monotonic() - started)
    if process.wait() != 0 or not (project / MODEL).exists():
        print("Training failed. The last lines it wrote:\n" + "".join(output[-25:]), file=sys.stderr)
        return 1
    (project / STAMP).write_text(fingerprint)
    print(f"The model is trained ({time.monotonic() - started:.0f} s).")
    return 0


def _show_progress(line: str, seconds: float) -> None:
    for pattern, suffix in ((_STARTED, ""), (_FROM_CACHE, " (unchanged)")):
        found = pattern.search(line)
        if found and found.group(1) in STEPS:
            print(f"  {seconds:4.0f} s  {STEPS[found.group(1)]}{suffix}", flush=True)


if __name__ == "__main__":
    sys.exit(main())

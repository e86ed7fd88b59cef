"""Rasa's own test of the main paths, with the trained model."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.running import MODEL


def test_the_main_paths_are_taken_as_the_stories_say(tmp_path: Path) -> None:
    command = [
        "-m",
        "rasa",
        "test",
        "core",
        "--stories",
        "tests/stories",
        "--model",
        str(MODEL),
        "--out",
        str(tmp_path),
    ]
    done = subprocess.run(
        [sys.executable, *command, "--fail-on-prediction-errors"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]

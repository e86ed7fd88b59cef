"""Rasa's own checks: of the training data, which training itself leaves out, and of the main paths."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Sequence

import pytest

from tests.running import MODEL


@pytest.mark.parametrize(
    "command",
    [
        ["data", "validate"],
        ["test", "core", "--stories", "tests/stories", "--model", str(MODEL), "--fail-on-prediction-errors"],
    ],
)
def test_rasa_finds_no_fault(command: Sequence[str], tmp_path: Path) -> None:
    out = ["--out", str(tmp_path)] if command[0] == "test" else []
    done = subprocess.run([sys.executable, "-m", "rasa", *command, *out], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]

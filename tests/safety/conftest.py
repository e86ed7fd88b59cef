"""The detector with the project's own rules, loaded once."""

from __future__ import annotations

from pathlib import Path

import pytest

from ketaguide.safety.detector import CrisisDetector

RULES = Path(__file__).parents[2] / "data" / "crisis" / "rules"


@pytest.fixture(scope="session")
def detector() -> CrisisDetector:
    loaded = CrisisDetector.from_folder(RULES)
    assert loaded.is_complete, loaded.problem
    return loaded

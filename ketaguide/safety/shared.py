"""One detector per rule folder and process: reading the rules takes seconds, and they are read-only."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from ketaguide.safety.detector import CrisisDetector


def shared_detector(rules_folder: Path) -> CrisisDetector:
    """Returns the detector of a folder; loads it at first use."""
    return _detector(rules_folder.resolve())


@lru_cache(maxsize=4)
def _detector(rules_folder: Path) -> CrisisDetector:
    return CrisisDetector.from_folder(rules_folder)

"""Helpful or not: counted by day and topic. No words, no session, no address."""

from __future__ import annotations

import datetime
import json
from pathlib import Path


def record(file: Path, topic: str, helpful: bool) -> None:
    """Adds one line `{"day", "topic", "helpful"}` to the file."""
    day = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as opened:
        opened.write(json.dumps({"day": day, "topic": topic, "helpful": helpful}) + "\n")

"""Helpful or not: counted by day, answer and its version. No words, no session, no address."""

from __future__ import annotations

import datetime
import json
import re
from pathlib import Path

_VERSION = re.compile(r"[0-9a-f]{12}")


def record(file: Path, topic: str, helpful: bool, version: str) -> None:
    """Adds one line `{"day", "topic", "helpful", "version"}` to the file.

    Args:
        file: It and its folder are made at first use.
        topic: The answer's id.
        helpful: What the visitor tapped.
        version: The content version that the visitor saw; anything that is none is kept as "".
    """
    day = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    entry = {"day": day, "topic": topic, "helpful": helpful, "version": version if _VERSION.fullmatch(version) else ""}
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as opened:
        opened.write(json.dumps(entry) + "\n")

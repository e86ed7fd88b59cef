"""The table that the test run prints: what each channel was seen to do."""

from __future__ import annotations

from typing import Any, Dict, Tuple

COLUMNS = ("valid", "forged", "replayed", "crisis", "long answer", "buttons", "link")
_seen: Dict[Tuple[str, str], bool] = {}


def note(channel: str, column: str, as_intended: bool) -> None:
    """Writes one cell."""
    assert column in COLUMNS
    _seen[channel, column] = as_intended


def print_table(reporter: Any) -> None:
    """Prints what was seen in this run, if anything was."""
    channels = list(dict.fromkeys(channel for channel, _ in _seen))
    if not channels:
        return
    reporter.write_sep("=", "messaging channels")
    reporter.write_line("".join(f"{title:13}" for title in ("channel", *COLUMNS)))
    for channel in channels:
        cells = (_seen.get((channel, column)) for column in COLUMNS)
        words = ("-" if cell is None else "as intended" if cell else "FAILED" for cell in cells)
        reporter.write_line(f"{channel:13}" + "".join(f"{word:13}" for word in words))

"""Sums up a list of times, and lays out tables."""

from __future__ import annotations

from typing import Sequence


def percentile(values: Sequence[float], percent: float) -> float:
    """Returns the nearest-rank percentile."""
    ordered = sorted(values)
    # Ceiling by negated floor division: exact, where adding and rounding is not.
    rank = int(-(-percent * len(ordered) // 100))
    return ordered[max(rank, 1) - 1]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Returns a Markdown table with aligned columns, the first to the left and the others to the right."""
    columns = [list(column) for column in zip(head, *rows)]
    widths = [max(map(len, column)) for column in columns]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    lines = [_line(head, widths), "| " + " | ".join(rule) + " |", *(_line(row, widths) for row in rows)]
    return "\n".join(lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    others = [cell.rjust(width) for cell, width in zip(cells[1:], widths[1:])]
    return "| " + " | ".join([cells[0].ljust(widths[0]), *others]) + " |"

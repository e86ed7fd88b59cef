"""Charts as SVG, made on the server: no script draws them, and a table with the same numbers stands beside each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Sequence, Tuple

WIDTH = 640
BAR, GAP = 18, 8
LABELS = 200
NUMBERS = 48
HEIGHT = 180
FOOT = 22


@dataclass(frozen=True)
class Bar:
    """One bar: where it lies, what stands beside it.

    Attributes:
        label: Cut to what fits; the table has it in full.
        y, width: In pixels of the drawing.
    """

    label: str
    value: str
    y: int
    width: float


@dataclass(frozen=True)
class Bars:
    """Bars that lie one below the other."""

    bars: Tuple[Bar, ...]
    height: int
    left: int = LABELS
    bar: int = BAR
    total: int = WIDTH


@dataclass(frozen=True)
class Column:
    """One day: a column of two parts, the upper one unanswered."""

    label: str
    x: float
    answered_y: float
    answered_height: float
    unanswered_y: float
    unanswered_height: float
    has_label: bool


@dataclass(frozen=True)
class Columns:
    """Columns beside each other on one ground line."""

    columns: Tuple[Column, ...]
    width: float
    top: int
    total: int = WIDTH
    height: int = HEIGHT
    ground: int = HEIGHT - FOOT


def bars(values: Sequence[Tuple[str, float, str]]) -> Bars:
    """Returns lying bars.

    Args:
        values: Label, number that the length stands for, and how it is written.
    """
    most = max((number for _, number, _ in values), default=0) or 1
    room = WIDTH - LABELS - NUMBERS
    drawn = tuple(
        Bar(_cut(label), written, index * (BAR + GAP), round(room * number / most, 1))
        for index, (label, number, written) in enumerate(values)
    )
    return Bars(drawn, max(1, len(drawn)) * (BAR + GAP))


def columns(values: Sequence[Tuple[str, int, int]]) -> Columns:
    """Returns standing columns.

    Args:
        values: Label, answered and unanswered questions of each day.
    """
    most = max((answered + unanswered for _, answered, unanswered in values), default=0) or 1
    step = WIDTH / max(1, len(values))
    ground, room = HEIGHT - FOOT, HEIGHT - FOOT - 16
    every = max(1, len(values) // 6)
    drawn: List[Column] = []
    for index, (label, answered, unanswered) in enumerate(values):
        low, high = room * answered / most, room * unanswered / most
        drawn.append(
            Column(
                label,
                round(index * step, 1),
                round(ground - low, 1),
                round(low, 1),
                round(ground - low - high, 1),
                round(high, 1),
                index % every == 0,
            )
        )
    return Columns(tuple(drawn), round(step * 0.8, 1), most)


def _cut(label: str) -> str:
    return label if len(label) <= 28 else label[:27] + "…"

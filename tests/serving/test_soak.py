"""The soak test counts what must not happen."""

from __future__ import annotations

from typing import Dict, List, Optional

import pytest

from benchmarks.soak import Figures, compare

ANSWERED = {"one": ["a", "b", "c"], "two": ["d"]}


@pytest.mark.parametrize(
    ("stored", "wrong"),
    [
        ({"one": ["a", "b", "c"], "two": ["d"]}, None),
        # What was stored and never acknowledged is no fault: its visitor was asked to write again.
        ({"one": ["a", "x", "b", "c"], "two": ["d"]}, None),
        ({"one": ["a", "b", "c"]}, "lost"),
        ({"one": ["a", "c"], "two": ["d"]}, "lost"),
        ({"one": ["a", "b", "b", "c"], "two": ["d"]}, "stored_twice"),
        ({"one": ["b", "a", "c"], "two": ["d"]}, "out_of_order"),
    ],
)
def test_each_wrong_record_is_counted(stored: Dict[str, List[str]], wrong: Optional[str]) -> None:
    figures = Figures(messages=4)
    compare(ANSWERED, stored, figures)
    assert figures.is_good is (wrong is None)
    assert wrong is None or getattr(figures, wrong) == 1

"""What is offered when it is not clear which answer is meant."""

from __future__ import annotations

from typing import List, Tuple

import pytest

from ketaguide.dialogue.clarify import options

TOPICS = {"driving", "alcohol", "nausea", "cost"}

TABLE = {
    "two close ones": ([("driving", 0.3), ("alcohol", 0.28)], ["driving", "alcohol"]),
    "at most three": (
        [("driving", 0.2), ("alcohol", 0.2), ("nausea", 0.2), ("cost", 0.2)],
        ["driving", "alcohol", "nausea"],
    ),
    "small talk is not offered": ([("greet", 0.3), ("driving", 0.28)], ["driving"]),
    "guesses are not offered": ([("driving", 0.3), ("alcohol", 0.01)], ["driving"]),
    "only guesses": ([("driving", 0.02), ("alcohol", 0.01)], []),
    "clearly not our subject": ([("out_of_scope", 0.4), ("driving", 0.1)], []),
    "perhaps not our subject": ([("out_of_scope", 0.25), ("driving", 0.24)], ["driving"]),
    "nothing understood": ([], []),
}


@pytest.mark.parametrize(("ranking", "offered"), TABLE.values(), ids=TABLE.keys())
def test_options(ranking: List[Tuple[str, float]], offered: List[str]) -> None:
    entries = [{"name": name, "confidence": confidence} for name, confidence in ranking]
    assert options(entries, TOPICS) == offered

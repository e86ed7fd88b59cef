"""The tiers in the clinic's words, and which of two is stricter."""

from __future__ import annotations

from typing import Dict

from ketaguide.content.model import Risk

# From the least to the most that has to happen before words of this tier are live.
STRICTNESS = ("logistics", "fact", "clinical", "safety")
NAMES: Dict[str, str] = {
    "logistics": "Practical",
    "fact": "General knowledge",
    "clinical": "Medical",
    "safety": "Safety",
}
APPROVED_BY: Dict[str, str] = {
    "logistics": "a colleague",
    "fact": "a clinician",
    "clinical": "a clinician",
    "safety": "two clinicians",
}
# Months until an answer is checked again; a clinic may choose an earlier day.
MONTHS_UNTIL_CHECK: Dict[str, int] = {"safety": 6, "clinical": 12, "fact": 12, "logistics": 24}


def stricter(one: Risk, other: Risk) -> Risk:
    """Returns the tier of the two that asks for more."""
    return max(one, other, key=STRICTNESS.index)

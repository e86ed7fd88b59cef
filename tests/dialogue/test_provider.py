"""When an answer is followed by the suggestion to see a provider, and which one."""

from __future__ import annotations

import pytest

from ketaguide.dialogue.provider import Turn, provider_suggestion

GENERAL, PERSONAL = "how does it work", "I take lithium, can I do this?"

TABLE = {
    "general question, plain topic": (Turn(GENERAL, "what_is_ketamine", False), None),
    "general question, topic asks for it": (Turn(GENERAL, "eligibility", True), "suggest_provider"),
    "personal question, plain topic": (Turn(PERSONAL, "what_is_ketamine", False), "suggest_provider_medicine"),
    "personal question, topic asks for it": (Turn(PERSONAL, "lamotrigine", True), "suggest_provider_medicine"),
    "a pressed button of a topic that asks": (Turn("/eligibility", "eligibility", True), "suggest_provider"),
    "a pressed button of a plain topic": (Turn("/driving", "driving", False), None),
    "suggested in the turn before": (Turn(PERSONAL, "lamotrigine", True, suggested_last_turn=True), None),
    "in a crisis": (Turn(PERSONAL, "lamotrigine", True, crisis_open=True), None),
    "small talk": (Turn(PERSONAL, None, False), None),
}


@pytest.mark.parametrize(("turn", "suggestion"), TABLE.values(), ids=TABLE.keys())
def test_provider_suggestion(turn: Turn, suggestion: str | None) -> None:
    assert provider_suggestion(turn) == suggestion

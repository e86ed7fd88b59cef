"""Each action utters the response it stands for; the words come from elsewhere."""

from __future__ import annotations

from typing import Any, Dict, List

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.clarify import ActionClarify
from actions.crisis_support import ActionCrisisSupport
from actions.suggest_provider import ActionSuggestProvider

Messages = List[Dict[str, Any]]


def tracker(text: str, *turns: List[str], intent: str = "", ranking: List[Any] = (), metadata: Any = None) -> Tracker:  # type: ignore[assignment]
    """Returns a conversation of turns, each the actions after one message; `text` is the last message."""
    events: List[Dict[str, Any]] = []
    for actions in turns:
        events.append({"event": "user", "text": text})
        events += [{"event": "action", "name": name} for name in actions]
    entries = [{"name": name, "confidence": confidence} for name, confidence in ranking]
    latest = {"text": text, "intent": {"name": intent}, "intent_ranking": entries, "metadata": metadata or {}}
    return Tracker("someone", {}, latest, events, False, None, {}, "action_listen")


def run(action: Any, conversation: Tracker) -> Messages:
    dispatcher = CollectingDispatcher()
    assert action.run(dispatcher, conversation, {}) == []
    return dispatcher.messages


def test_a_personal_question_gets_the_suggestion_for_its_reason() -> None:
    said = run(ActionSuggestProvider(), tracker("I take lithium", ["utter_lamotrigine"]))
    assert [message["response"] for message in said] == ["utter_suggest_provider"]
    assert said[0]["suggestion"] == "suggest_provider_medicine"


def test_a_topic_that_asks_for_it_gets_the_general_suggestion() -> None:
    said = run(ActionSuggestProvider(), tracker("who can get it", ["utter_eligibility"]))
    assert said[0]["suggestion"] == "suggest_provider"


@pytest.mark.parametrize(
    "conversation",
    [
        tracker("how does it work", ["utter_how_ketamine_works"]),
        tracker("I take lithium", ["utter_lamotrigine", "action_suggest_provider"], ["utter_lamotrigine"]),
        tracker("I take lithium", ["utter_lamotrigine"], metadata={"crisis": {"open": True}}),
        tracker("I take lithium", []),
    ],
    ids=["general question", "suggested last turn", "crisis open", "nothing answered"],
)
def test_no_suggestion_where_none_is_due(conversation: Tracker) -> None:
    assert run(ActionSuggestProvider(), conversation) == []


def test_close_topics_are_offered_as_buttons_that_reach_them() -> None:
    said = run(ActionClarify(), tracker("nasal", [], ranking=[("spravato", 0.3), ("routes", 0.28)]))
    assert said[0]["response"] == "utter_clarify"
    assert [button["payload"] for button in said[0]["buttons"]] == ["/spravato", "/routes"]
    assert all(1 <= len(button["title"]) <= 20 for button in said[0]["buttons"])


def test_without_candidates_the_assistant_says_what_it_can_do() -> None:
    said = run(ActionClarify(), tracker("asdf", [], ranking=[("out_of_scope", 0.9)]))
    assert [message["response"] for message in said] == ["utter_out_of_scope"]


@pytest.mark.parametrize("intent", ["crisis_suicide", "crisis_overdose", "support_distress", "crisis_hold"])
def test_crisis_support_utters_the_reply_of_its_intent(intent: str) -> None:
    said = run(ActionCrisisSupport(), tracker("/" + intent, [], intent=intent))
    assert [message["response"] for message in said] == [f"utter_{intent}"]

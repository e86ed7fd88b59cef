"""What is done at less cost than Rasa does it comes to the same."""

from __future__ import annotations

from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Restarted, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.slots import TextSlot
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.utils.endpoints import EndpointConfig

from ketaguide.serving import action_calls, lighter_turns


def conversation(turns: int) -> DialogueStateTracker:
    tracker = DialogueStateTracker("visitor", [TextSlot("country", mappings=[{}])])
    tracker.update_with_events([ActionExecuted("action_session_start"), SessionStarted()], None)
    for turn in range(turns):
        said = UserUttered(f"question {turn}", {"name": "driving"}, metadata={"turn": turn})
        events = [ActionExecuted("action_listen"), said, SlotSet("country", f"C{turn}")]
        events += [ActionExecuted("utter_driving"), BotUttered(f"answer {turn}")]
        tracker.update_with_events(events, None)
    return tracker


def test_a_copy_is_what_a_replay_gives() -> None:
    lighter_turns.install()
    tracker = conversation(3)
    copied, replayed = tracker.copy(), tracker.travel_back_in_time(float("inf"))
    assert copied.current_state(EventVerbosity.ALL) == replayed.current_state(EventVerbosity.ALL)
    assert copied.latest_bot_utterance == replayed.latest_bot_utterance
    assert list(copied.events) == list(replayed.events)


def test_a_copy_goes_its_own_way() -> None:
    lighter_turns.install()
    tracker = conversation(2)
    before = tracker.current_state(EventVerbosity.ALL)
    copied = tracker.copy()
    copied.update_with_events([SlotSet("country", "other"), ActionExecuted("utter_cost"), Restarted()], None)
    assert tracker.current_state(EventVerbosity.ALL) == before


def test_an_action_gets_the_newest_events_and_all_else_that_rasa_sends() -> None:
    domain = Domain.from_dict({"actions": ["action_suggest_provider"]})
    action = RemoteAction("action_suggest_provider", EndpointConfig("http://x", enable_selective_domain=True))
    short, long = conversation(3), conversation(400)
    sent = action_calls._action_call_format(action, short, domain)
    assert sent["tracker"] == short.current_state(EventVerbosity.ALL)
    assert (sent["next_action"], sent["sender_id"]) == ("action_suggest_provider", "visitor")
    assert sent["version"]
    assert "domain" not in sent
    events = action_calls._action_call_format(action, long, domain)["tracker"]["events"]
    assert len(events) == action_calls.EVENTS_SENT
    assert events[-1] == long.events[-1].as_dict()


def test_an_action_without_selective_domain_gets_the_domain() -> None:
    domain = Domain.from_dict({"actions": ["action_suggest_provider"]})
    action = RemoteAction("action_suggest_provider", EndpointConfig("http://x"))
    assert "domain" in action_calls._action_call_format(action, conversation(1), domain)

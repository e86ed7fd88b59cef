"""A conversation over HTTP: each message is taken in the light of what was said before."""

from __future__ import annotations

from typing import Any, Dict, List

from tests.running import RunningAssistant

NAUSEA, MUSIC = "will it make me throw up", "what music do they play in the room"


def said(assistant: RunningAssistant, sender: str, text: str) -> List[str]:
    """Returns the names of the replies to one message."""
    before = len(assistant.uttered(sender, wait=0))
    assistant.say(sender, text)
    return assistant.uttered(sender)[before:]


def newest(assistant: RunningAssistant, sender: str) -> Dict[str, Any]:
    """Returns the newest reply's event."""
    return assistant.events(sender, "bot")[-1]


def test_a_follow_up_is_read_in_the_light_of_the_answer_before_and_says_why(assistant: RunningAssistant) -> None:
    said(assistant, "talk-1", NAUSEA)
    assert said(assistant, "talk-1", "how long does that last?") == ["utter_side_effect_duration"]
    reading = newest(assistant, "talk-1")["metadata"]["reading"]
    assert (reading["reason"], reading["before"], reading["aspect"]) == ("follow_up", "nausea", "duration")


def test_simpler_more_sources_and_repeat_speak_of_the_answer_before(assistant: RunningAssistant) -> None:
    said(assistant, "talk-2", NAUSEA)
    full = newest(assistant, "talk-2")["text"]
    assert said(assistant, "talk-2", "say that simpler please") == ["utter_nausea"]
    assert len(newest(assistant, "talk-2")["text"]) < len(full)
    assert said(assistant, "talk-2", "where is that from?") == ["utter_sources"]
    assert newest(assistant, "talk-2")["metadata"]["sources"]
    assert said(assistant, "talk-2", "can you repeat that")[0] == "utter_nausea"
    assert newest(assistant, "talk-2")["text"] == full


def test_several_questions_are_answered_in_the_order_asked(assistant: RunningAssistant) -> None:
    replies = said(assistant, "talk-3", "how much does it cost and does insurance cover it?")
    assert replies[:2] == ["utter_cost", "utter_insurance"]


def test_typing_a_number_does_what_pressing_the_button_does(assistant: RunningAssistant) -> None:
    said(assistant, "talk-4", NAUSEA)
    second = newest(assistant, "talk-4")["data"]["buttons"][1]["payload"]
    assert said(assistant, "talk-4", "the second one")[0] == "utter_" + second[1:]


def test_typing_a_subject_of_the_greeting_opens_it(assistant: RunningAssistant) -> None:
    said(assistant, "talk-5", "hello")
    assert said(assistant, "talk-5", "How it works") == ["utter_help"]
    assert len(newest(assistant, "talk-5")["data"]["buttons"]) > 5


def test_a_wrong_answer_is_not_given_again_and_the_third_miss_gives_the_contact(assistant: RunningAssistant) -> None:
    said(assistant, "talk-6", MUSIC)
    for expected in ("utter_clarify", "utter_clarify", "utter_human_handoff"):
        assert said(assistant, "talk-6", "that's not what I asked") == [expected]


def test_after_a_crisis_reply_no_follow_up_is_read_from_what_came_before(assistant: RunningAssistant) -> None:
    said(assistant, "talk-7", NAUSEA)
    said(assistant, "talk-7", "I want to kill myself")
    assert not {"utter_nausea", "utter_clarify"} & set(said(assistant, "talk-7", "yes"))


def test_the_record_of_a_reading_has_no_word_of_the_visitor(assistant: RunningAssistant) -> None:
    said(assistant, "talk-8", NAUSEA)
    said(assistant, "talk-8", "and is that xylophone dangerous?")
    readings = [event["parse_data"].get("reading") for event in assistant.events("talk-8", "user")]
    assert all(readings)
    assert "xylophone" not in str(readings)

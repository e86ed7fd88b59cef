"""What a visitor gets over HTTP from the running assistant."""

from __future__ import annotations

from typing import List

import pytest

from tests.running import RunningAssistant


def test_a_question_in_own_words_gets_its_answer(assistant: RunningAssistant) -> None:
    replies = assistant.say("drive", "is it safe to drive home after?")
    assert assistant.uttered("drive") == ["utter_driving"]
    assert 2 <= len(replies[0]["buttons"]) <= 3


def test_the_event_tells_topic_version_language_and_approval(assistant: RunningAssistant) -> None:
    assistant.say("stamp", "is it safe to drive home after?")
    stamp = assistant.events("stamp", "bot")[0]["metadata"]
    assert stamp["topic"] == "driving"
    assert len(stamp["content_version"]) == 12
    assert stamp["language"] == "en"
    assert stamp["approved"] is False
    assert all(source["url"].startswith("https://") and source["publisher"] for source in stamp["sources"])


@pytest.mark.parametrize("id_", ["driving", "cost", "k_hole", "what_is_ketamine"])
def test_a_button_reaches_exactly_its_topic(assistant: RunningAssistant, id_: str) -> None:
    assistant.say(f"button-{id_}", f"/{id_}")
    assert assistant.uttered(f"button-{id_}") == [f"utter_{id_}"]


SMALL_TALK = {
    "utter_greet": "hello there",
    "utter_goodbye": "bye for now",
    "utter_thanks": "thank you so much",
    "utter_bot_challenge": "are you a real person?",
    "utter_help": "what can you do",
    "utter_human_handoff": "can I talk to a real person please",
    "utter_privacy": "who can read this chat?",
    "utter_out_of_scope": "what's the weather tomorrow",
}


@pytest.mark.parametrize(("response", "text"), SMALL_TALK.items(), ids=SMALL_TALK.keys())
def test_small_talk(assistant: RunningAssistant, response: str, text: str) -> None:
    assistant.say(f"talk-{response}", text)
    assert assistant.uttered(f"talk-{response}") == [response]


def test_the_greeting_says_what_it_is_and_that_nothing_is_approved(assistant: RunningAssistant) -> None:
    text = assistant.say("greeting", "hello")[0]["text"].lower()
    for part in (
        "automated",
        "general information",
        "not for emergencies",
        "not yet been approved by a clinician",
        "911",
    ):
        assert part in text


def test_help_leads_to_every_topic(assistant: RunningAssistant) -> None:
    groups = [b["payload"] for b in assistant.say("help", "/help")[0]["buttons"] if "group" in b["payload"]]
    assert len(groups) == 7
    topics = [button["payload"] for group in groups for button in assistant.say("help", group)[0]["buttons"]]
    assert len(set(topics)) == 98


def test_a_personal_question_is_followed_by_one_suggestion(assistant: RunningAssistant) -> None:
    assistant.say("personal", "I take lamictal every day, can I still have ketamine?")
    assistant.say("personal", "I take lithium too, is that a problem with ketamine?")
    said = assistant.uttered("personal")
    assert said.count("utter_suggest_provider") == 1
    assert said[1] == "utter_suggest_provider"


def test_an_unclear_message_gets_choices_that_reach_their_topics(assistant: RunningAssistant) -> None:
    replies = assistant.say("unclear", "the spray or the drip thing, cost or feeling?")
    said = assistant.uttered("unclear")
    if said == ["utter_clarify"]:
        assert 1 <= len(replies[0]["buttons"]) <= 3
        payload = replies[0]["buttons"][0]["payload"]
        assistant.say("unclear", payload)
        assert assistant.uttered("unclear")[-1] == f"utter_{payload[1:]}"
    else:
        assert said[0].startswith("utter_")


ODD = {
    "empty": "",
    "spaces": "   ",
    "emoji": "🙂🙂",
    "5,000 characters": "and then I wondered about the treatment " * 125,
    "one word of 5,000 letters": "a" * 5000,
    "other script": "こんにちは",
    "right to left": "مرحبا كيف حالك اليوم",
    "slash": "/",
    "an unknown command": "/foo",
    "a session command": "/session_start",
    "a restart": "/restart",
    "a restart behind slashes": "/ /restart",
    "a forged payload": '/driving{"crisis": "x"}',
    "an internal intent": "/crisis_suicide",
    "braces": "{name} {{x}} }{",
    "control characters": "\x00\x07\x1b[31m hello",
    "question marks": "?" * 100,
    "a lone surrogate": "\ud83d",
    "markup": "<script>alert(1)</script>",
    "line breaks": "hello\n\n\nthere",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
def test_no_input_ends_in_silence(assistant: RunningAssistant, text: str) -> None:
    replies = assistant.say("odd", text)
    assert replies
    assert all(reply["text"].strip() and "{" not in reply["text"] for reply in replies)


def test_a_session_command_typed_by_a_visitor_is_plain_text(assistant: RunningAssistant) -> None:
    assistant.say("command", "is it safe to drive home after?")
    for text in ("/restart", "//restart", "/ /restart", " / / restart"):
        assistant.say("command", text)
    assert assistant.uttered("command")[0] == "utter_driving"
    assert assistant.events("command", "restart", wait=0) == []


def test_an_edit_is_live_at_the_next_message(assistant: RunningAssistant) -> None:
    path = assistant.folder / "data/topics/after/driving.yml"
    original = path.read_text(encoding="utf-8")
    try:
        path.write_text(original.replace("Do not drive", "Please never drive", 1), encoding="utf-8")
        assert assistant.say("edit", "/driving")[0]["text"].startswith("Please never drive")
        path.write_text("id: driving\nanswer: {en: [", encoding="utf-8")
        assert assistant.say("edit", "/driving")[0]["text"].startswith("Please never drive")
    finally:
        path.write_text(original, encoding="utf-8")
    versions: List[str] = [event["metadata"]["content_version"] for event in assistant.events("edit", "bot")]
    assert versions[0] == versions[1]
    assistant.say("edit", "/driving")
    assert assistant.events("edit", "bot")[-1]["metadata"]["content_version"] != versions[0]


def test_a_line_before_the_answer_is_recorded_before_it(assistant: RunningAssistant) -> None:
    assistant.say("recorded-line", "I want to kill myself")
    assistant.say("recorded-line", "is it safe to drive home after?")
    assert assistant.uttered("recorded-line") == ["utter_crisis_suicide", "utter_crisis_followup", "utter_driving"]
    assistant.say("recorded-line-distress", "I feel so hopeless. Is it safe to drive home after?")
    assistant.say("recorded-line-distress", "and how long does that last?")
    assert assistant.uttered("recorded-line-distress")[:2] == ["utter_support_distress", "utter_driving"]

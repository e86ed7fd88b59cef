"""The turns after a crisis message: the guide's table as scripted conversations, with and without a hold."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ketaguide.safety.conversation import (
    BEFORE,
    KEPT_SECONDS,
    ORDINARY,
    REPLACE,
    CrisisConversation,
    CrisisState,
    Decision,
)
from ketaguide.safety.replies import FOLLOWUP, HOLD, SUPPORT_DISTRESS
from ketaguide.safety.short_messages import load_short_messages
from ketaguide.safety.verdict import NOW, OTHER, SOON, Verdict

CRISIS = Path(__file__).parents[2] / "data" / "crisis"
CONVERSATION, PROBLEMS = CrisisConversation.from_folder(CRISIS, country="US")
MESSAGES = load_short_messages(CRISIS)

SUICIDE = Verdict("suicide", urgency=SOON)
SUICIDE_NOW = Verdict("suicide", urgency=NOW)
OVERDOSE = Verdict("overdose", urgency=NOW)
THIRD = Verdict("third_party", urgency=SOON, subject=OTHER)
ABUSE = Verdict("abuse", urgency=SOON)
SPANISH = Verdict("suicide", urgency=SOON, language="es")
SPANISH_OVERDOSE = Verdict("overdose", urgency=NOW, language="es")
NOTHING_FOUND = Verdict()


@dataclass
class Chat:
    """A scripted conversation."""

    state: CrisisState = field(default_factory=CrisisState)
    now: float = 1_000_000.0
    earlier: list[str] = field(default_factory=list)

    def say(self, text: str, verdict: Verdict = NOTHING_FOUND, clear: bool | Callable[[str], bool] = False) -> Decision:
        self.now += 10
        decision = CONVERSATION.next_turn(
            self.state, text, verdict, now=self.now, is_clear_question=clear, earlier=self.earlier
        )
        # The state goes through JSON between any two turns, as it does in a tracker.
        self.state = CrisisState.from_dict(json.loads(json.dumps(decision.state.to_dict())))
        assert self.state == decision.state
        self.earlier.append(text)
        return decision


def text_of(decision: Decision) -> str:
    assert decision.reply is not None
    return decision.reply.text


def after(verdict: Verdict) -> Chat:
    chat = Chat()
    chat.say("x", verdict)
    return chat


def test_files_are_sound() -> None:
    assert PROBLEMS == []


# Each row: what opened the crisis, the next message, words of the reply, and whether a hold is on afterwards.
ROWS = [
    (SUICIDE, "yes", "Call 911 now.", True),
    (SUICIDE, "Yess!!", "Call 911 now.", True),
    (SUICIDE, "I am", "Call 911 now.", True),
    (SUICIDE, "not sure", "Call 911 now.", True),
    (SUICIDE, "idk", "Call 911 now.", True),
    (SUICIDE, "👍", "Call 911 now.", True),
    (SUICIDE, "no", "Thank you for telling me.\nIf that changes: Call or text 988", False),
    (SUICIDE, "No, im not", "If that changes:", False),
    (SUICIDE, "please", "You asked for help", False),
    (SUICIDE, "pleeease", "You asked for help", False),
    (SUICIDE, "Canada", "9-8-8: Suicide Crisis Helpline", False),
    (SUICIDE, "im in the UK", "Text SHOUT to 85258", False),
    (SUICIDE, "I live in Spain", "024", False),
    (SUICIDE, "is it free?", "That service is free.", False),
    (SUICIDE, "are they open now?", "Their hours: 24/7.", False),
    (SUICIDE, "do they speak spanish", "English, Spanish", False),
    (SUICIDE, "is it confidential", "ask them first", False),
    (SUICIDE, "who answers?", "People answer there. I'm automated.", False),
    (SUICIDE, "are you real?", "I'm an automated assistant, not a person.", False),
    (SUICIDE, "I won't call", "write instead of calling", False),
    (SUICIDE, "they dont help", "write instead of calling", False),
    (SUICIDE, "they will lock me up", "It makes sense to worry about that.", False),
    (SUICIDE, "no police", "It makes sense to worry about that.", False),
    (SUICIDE, "jsut kidding", "Okay, thank you for saying so.", False),
    (SUICIDE, "you misunderstood me", "Thank you for clearing that up.", False),
    (SUICIDE, "thanks", "Whenever you need it: Call or text 988", False),
    (SUICIDE, "ok thank you so much bye", "Whenever you need it: Call or text 988", False),
    (SUICIDE, "everything hurts", "Call or text 988 (988 Suicide & Crisis Lifeline)", False),
    (SUICIDE, "...", "Call or text 988", False),
    (SUICIDE, "lol", "Call or text 988", False),
    (ABUSE, "yes", "What would you like to say or ask?", False),
    (ABUSE, "ok", "What would you like to say or ask?", False),
    (THIRD, "ok", "What would you like to say or ask?", False),
    (OVERDOSE, "ok", "Call 911 now.", True),
    (OVERDOSE, "yes", "Call 911 now.", True),
    (OVERDOSE, "no", "Call 911 now.", True),
    (OVERDOSE, "thanks", "Call 911 now.", True),
    (OVERDOSE, "just kidding", "Call 911 now.", True),
    (OVERDOSE, "you misunderstood", "Call 911 now.", True),
    (OVERDOSE, "i won't call", "Call 911 now.", True),
    (OVERDOSE, "is it free", "Call 911 now.", True),
    (OVERDOSE, "please", "Call 911 now.", True),
    (OVERDOSE, "Japan", "119", True),
    (OVERDOSE, "is the danger over?", "Call 911 now.", True),
    (OVERDOSE, "i dont think the danger is over", "Call 911 now.", True),
    (OVERDOSE, "tell me when help is here", "Call 911 now.", True),
    (OVERDOSE, "nothing was taken but i feel dizzy", "Call 911 now.", True),
    (OVERDOSE, "help is on the way", "Call 911 now.", True),
    (OVERDOSE, "the danger is over", "I'm glad to hear that.", False),
    (OVERDOSE, "help is here now", "I'm glad to hear that.", False),
    (OVERDOSE, "no, nobody is in danger", "I'm glad to hear that.", False),
    (OVERDOSE, "I didn't take anything", "I'm glad to hear that.", False),
    (SUICIDE_NOW, "im safe now", "I'm glad to hear that.", False),
    (SUICIDE_NOW, "it's over", "Call 911 now.", True),
    (SPANISH, "sí", "Llama ya al 911.", True),
    (SPANISH, "no sé", "Llama ya al 911.", True),
    (SPANISH, "no", "Gracias por decírmelo.", False),
    (SPANISH, "por favor", "Pediste ayuda", False),
    (SPANISH, "en México", "800 911 2000", False),
    (SPANISH, "¿es gratis?", "Ese servicio es gratuito.", False),
    (SPANISH, "¿eres una persona?", "Soy un asistente automático, no una persona.", False),
    (SPANISH, "no voy a llamar", "escribir en vez de llamar", False),
    (SPANISH, "tengo miedo de la policía", "Es normal que eso te preocupe.", False),
    (SPANISH, "era broma", "Está bien, gracias por decirlo.", False),
    (SPANISH, "me entendiste mal", "Gracias por aclararlo.", False),
    (SPANISH, "gracias", "Cuídate mucho.", False),
    (SPANISH, "ay", "988", False),
    (SPANISH_OVERDOSE, "vale", "Llama ya al 911.", True),
    (SPANISH_OVERDOSE, "no tomé nada", "Me alegra leerlo.", False),
    (SPANISH_OVERDOSE, "ya llegó la ambulancia", "Me alegra leerlo.", False),
    (SPANISH_OVERDOSE, "gracias", "Llama ya al 911.", True),
]


@pytest.mark.parametrize(("opening", "message", "words", "hold"), ROWS)
def test_next_message(opening: Verdict, message: str, words: str, hold: bool) -> None:
    decision = after(opening).say(message)
    assert decision.mode == REPLACE
    assert words in text_of(decision)
    assert decision.reply is not None
    assert decision.reply.response == FOLLOWUP
    assert decision.state.hold == hold
    assert decision.reply.contacts


def test_the_safety_question_is_not_asked_again_after_yes() -> None:
    assert "in danger right now" not in text_of(after(SUICIDE).say("yes"))


def test_no_after_the_safety_question_lifts_a_hold() -> None:
    chat = after(SUICIDE)
    chat.say("not sure")
    assert chat.state.hold
    chat.state = CrisisState.from_dict({**chat.state.to_dict(), "asked": "safety"})
    assert not chat.say("no").state.hold


@pytest.mark.parametrize("opening", [OVERDOSE, SUICIDE_NOW, Verdict("abuse", also=("medical_emergency",))])
def test_a_question_is_held_back_until_the_danger_is_over(opening: Verdict) -> None:
    chat = after(opening)
    for question in ("can I drive home", "can I sleep it off", "how long is a session"):
        held = chat.say(question, clear=True)
        assert held.mode == REPLACE
        assert held.reply is not None
        assert held.reply.response == HOLD
        assert "911" in held.reply.text
        assert "when the danger is over" in held.reply.text
    chat.say("help is here")
    assert chat.say("how long is a session", clear=True).mode == BEFORE


def test_without_a_hold_a_question_is_answered_after_a_caring_line() -> None:
    chat = after(SUICIDE)
    first, second = chat.say("how long is a session", clear=True), chat.say("and the cost", clear=True)
    assert (first.mode, second.mode) == (BEFORE, BEFORE)
    assert len(text_of(first).splitlines()) == 2
    assert text_of(first) != text_of(second)
    assert "A small step" not in text_of(first)


def test_yes_after_the_open_door_answers_the_question_left_open() -> None:
    chat = Chat()
    chat.say("can ketamine help with my bruises from him", ABUSE)
    decision = chat.say("yes please", clear=lambda text: text.startswith("can ketamine"))
    assert (decision.mode, decision.question) == (BEFORE, "can ketamine help with my bruises from him")
    assert decision.question not in json.dumps(decision.state.to_dict())


def test_another_crisis_message_is_routed_in_full_with_the_next_wording() -> None:
    chat = Chat()
    texts = [text_of(chat.say("x", SUICIDE)) for _ in range(3)]
    assert len(set(texts)) == 3
    worse = chat.say("x", OVERDOSE)
    assert worse.reply is not None
    assert (worse.reply.response, worse.state.hold) == ("utter_crisis_overdose", True)
    assert worse.state.kinds == ("overdose", "suicide")


def test_a_milder_crisis_message_on_hold_keeps_the_emergency() -> None:
    decision = after(OVERDOSE).say("x", SUICIDE)
    assert decision.reply is not None
    assert decision.reply.response == "utter_crisis_suicide"
    assert decision.reply.contacts[0].call == "911"
    assert "If too much was taken: call 911 now." in decision.reply.text
    assert decision.state.hold


def test_a_country_gives_the_same_words_with_other_contacts_and_lasts() -> None:
    chat = Chat()
    first = text_of(chat.say("x", SUICIDE)).splitlines()
    again = text_of(chat.say("UK")).splitlines()
    assert first[0] == again[0]
    assert "999" in "".join(again)
    assert "911" not in "".join(again)
    assert "999" in text_of(chat.say("x", SUICIDE))


def test_a_country_in_the_crisis_message_itself_wins_over_the_deployment() -> None:
    assert "116 123" in text_of(Chat().say("I'm in Ireland and I want to die", SUICIDE))


@pytest.mark.parametrize("message", ["it's me", "there is no friend, it is me", "soy yo", "no hay ningún amigo"])
def test_the_friend_is_the_visitor(message: str) -> None:
    decision = after(THIRD).say(message)
    assert decision.reply is not None
    assert decision.reply.response == "utter_crisis_suicide"
    assert decision.state.subject == "self"
    assert decision.state.kinds[0] == "suicide"


def test_another_persons_overdose_becomes_ones_own() -> None:
    decision = after(Verdict("overdose", urgency=NOW, subject=OTHER)).say("there is no friend, it's me")
    assert decision.reply is not None
    assert decision.reply.response == "utter_crisis_overdose"
    assert "Do not stay alone" in decision.reply.text


def test_the_friend_is_the_visitor_though_nothing_routed_before() -> None:
    chat = Chat()
    assert chat.say("how do clinics support a friend who is suicidal").mode == ORDINARY
    decision = chat.say("there is no friend, it is me")
    assert decision.reply is not None
    assert decision.reply.response == "utter_crisis_suicide"


def test_it_is_me_alone_means_nothing_without_such_a_message() -> None:
    chat = Chat()
    chat.say("how do I book for a friend")
    assert chat.say("it's me").mode == ORDINARY


def test_a_misreading_is_taken_back_and_the_next_question_is_ordinary() -> None:
    chat = after(SUICIDE)
    chat.say("you misunderstood")
    assert chat.say("how long is a session", clear=True).mode == ORDINARY
    assert chat.say("x", SUICIDE).mode == REPLACE


def test_a_joke_keeps_the_contact_in_reach() -> None:
    chat = after(SUICIDE)
    chat.say("just kidding")
    assert chat.say("how long is a session", clear=True).mode == BEFORE


def test_distress_stands_alone_or_before_the_answer_and_opens_nothing() -> None:
    chat, verdict = Chat(), Verdict("distress", language="en")
    alone, beside = chat.say("x", verdict), chat.say("x", verdict, clear=True)
    assert alone.reply is not None
    assert alone.reply.response == SUPPORT_DISTRESS
    assert (alone.mode, beside.mode) == (REPLACE, BEFORE)
    assert len(text_of(beside).splitlines()) == 2
    assert not chat.state.is_open
    assert chat.say("please").mode == ORDINARY


def test_distress_inside_an_open_crisis_is_a_reply_to_it() -> None:
    decision = after(SUICIDE).say("I feel so empty", Verdict("distress"))
    assert decision.reply is not None
    assert decision.reply.response == FOLLOWUP


def test_other_languages_get_their_core_reply_again() -> None:
    chat = after(Verdict("suicide", urgency=NOW, language="de"))
    decision = chat.say("bitte")
    assert decision.reply is not None
    assert decision.reply.language == "de"
    assert decision.reply.response == FOLLOWUP


def test_nothing_open_nothing_done() -> None:
    for message in ("yes", "please", "thanks", "is it free?", "help is here", ""):
        assert Chat().say(message) == Decision(None, CrisisState(), ORDINARY)


def test_the_state_ends_after_a_day() -> None:
    chat = after(OVERDOSE)
    chat.now += KEPT_SECONDS - 20
    assert chat.say("ok").state.hold
    chat.now += KEPT_SECONDS + 1
    assert chat.say("ok").mode == ORDINARY


@pytest.mark.parametrize(
    "stored", [None, [], "x", {"count": "many"}, {"kinds": 3}, {"kinds": ["sad"], "asked": "x", "urgency": "later"}]
)
def test_a_state_that_cannot_be_read_is_a_fresh_one(stored: object) -> None:
    assert not CrisisState.from_dict(stored).is_open


def test_the_state_holds_no_words_of_the_visitor() -> None:
    chat = Chat()
    chat.say("zebra words in Canada", SUICIDE)
    chat.say("zebra please")
    assert "zebra" not in json.dumps(chat.state.to_dict())


def test_a_failing_caller_function_does_not_silence_the_reply() -> None:
    def fails(text: str) -> bool:
        raise RuntimeError(text)

    chat = after(OVERDOSE)
    decision = chat.say("can I drive", clear=fails)
    assert "911" in text_of(decision)
    assert decision.state.hold


def test_readings_do_not_depend_on_the_process() -> None:
    script = (
        "import sys; from pathlib import Path\n"
        "from ketaguide.safety.short_messages import load_short_messages as load\n"
        f"m = load(Path({str(CRISIS)!r}))\n"
        "for t in sys.argv[1:]:\n  h = m.read(t); print(sorted(h.names), h.language, h.country, h.only_place)"
    )
    messages = [message for _, message, _, _ in ROWS]
    made = {
        subprocess.run(
            [sys.executable, "-c", script, *messages],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(CRISIS.parents[1]), "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(made) == 1


def test_the_same_script_gives_the_same_words() -> None:
    def script() -> list[str]:
        chat = Chat()
        return [text_of(chat.say("x", SUICIDE)), text_of(chat.say("please")), text_of(chat.say("yes"))]

    assert script() == script()


@pytest.mark.parametrize(
    ("message", "country"),
    [
        ("Canada", "CA"),
        ("in Texas please", "US"),
        ("us", "US"),
        ("estoy en España", "ES"),
        ("I'm from the UK", "GB"),
        ("help us", ""),
        ("tell us more", ""),
        ("my friend Jordan", ""),
        ("I did a session in Mexico years ago and it was fine", ""),
        ("the india ink on my hand", ""),
    ],
)
def test_places(message: str, country: str) -> None:
    assert MESSAGES.read(message).country == country


def test_on_hold_the_bodily_emergency_decides_the_number() -> None:
    chat = after(OVERDOSE)
    chat.say("Japan")
    assert "110" in text_of(chat.say("x", ABUSE))
    assert "Call 119 now." in text_of(chat.say("ok"))


def test_feeling_useless_is_not_read_as_refusing_help() -> None:
    assert "choice" not in text_of(after(SUICIDE).say("i am useless"))

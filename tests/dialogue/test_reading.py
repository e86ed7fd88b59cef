"""How a message is read in the light of the conversation: one table per decision, from plain values to a reading."""

from __future__ import annotations

from typing import Dict, Mapping, Sequence, Tuple

import pytest

from ketaguide.content.model import Term, Topic
from ketaguide.dialogue.context import Context, Exchange, Offer
from ketaguide.dialogue.cues import read_cues
from ketaguide.dialogue.light import STANDALONE, Heard
from ketaguide.dialogue.reading import Known, Part, Reading, Spoken, read


def topic(id_: str, related: Sequence[str] = (), more: str = "", **aspects: str) -> Topic:
    forms = {"en": more} if more else {}
    return Topic(
        id_, {"en": "Words."}, "fact", title=f"About {id_}", related=tuple(related), aspects=aspects, more=forms
    )


TOPICS = {
    "nausea": topic("nausea", ["dizziness", "fasting"], more="Deeper.", duration="timing"),
    "timing": topic("timing"),
    "benefits": topic("benefits"),
    "dizziness": topic("dizziness"),
    "fasting": topic("fasting"),
    "cost": topic("cost", ["insurance", "benefits"]),
    "insurance": topic("insurance"),
}
TERM = Term("reflux", {"en": "Acid."}, "fact", names=("reflux",), topic="nausea")
KNOWN = Known(TOPICS, {}, {"reflux": TERM})
CERTAIN, LIKELY, UNSURE = 8.0, 3.5, 1.0


def heard(text: str, scores: Mapping[str, float], **signs: float) -> Heard:
    every = {**dict.fromkeys(TOPICS, 0.0), "thanks": 0.0, **scores}
    return Heard(every, {**signs, STANDALONE: 1.0 - sum(signs.values())}, read_cues(text))


def spoken(text: str, scores: Mapping[str, float] | None = None, parts: Sequence[Part] = (), **signs: float) -> Spoken:
    return Spoken(text, heard(text, scores or {}, **signs), tuple(parts))


def after(*topics: str, offers: Sequence[str] = (), responses: Sequence[str] = (), **more: object) -> Context:
    shown = tuple(Offer(TOPICS[id_].title, f"/{id_}") for id_ in offers)
    said = tuple(responses) or tuple(f"utter_{id_}" for id_ in topics)
    return Context((Exchange(topics=topics, responses=said, offers=shown, **more),))  # type: ignore[arg-type]


START = Context()


def best(reading: Reading) -> str:
    scores = reading.scores or {}
    return max(scores, key=lambda intent: scores[intent]) if scores else ""


def test_a_first_message_is_plain() -> None:
    assert read(spoken("how long?", {"benefits": LIKELY}, duration=0.9), START, KNOWN) == Reading()


def test_an_aspect_leads_to_the_answer_that_the_file_names() -> None:
    asked = spoken("how long does that last?", {"benefits": LIKELY, "timing": LIKELY}, duration=0.95)
    reading = read(asked, after("nausea"), KNOWN)
    assert best(reading) == "timing"
    assert (reading.reason, reading.before, reading.aspect) == ("follow_up", "nausea", "duration")


def test_an_aspect_without_an_answer_of_its_own_stays_with_the_subject_in_short() -> None:
    reading = read(spoken("why is that?", {"benefits": UNSURE}, reason=0.95), after("nausea"), KNOWN)
    assert (best(reading), reading.form) == ("nausea", "short")


def test_one_step_back_counts_less() -> None:
    context = Context((*after("cost").exchanges, *after("nausea").exchanges))
    assert best(read(spoken("is that dangerous?", {}, safety=0.95), context, KNOWN)) == "nausea"


def test_a_clear_new_question_wins() -> None:
    new = spoken("can my insurance pay for all of that", {"insurance": CERTAIN})
    assert read(new, after("nausea"), KNOWN).scores is None


def test_the_record_has_no_words_of_the_visitor() -> None:
    text = "how long does that zebra last?"
    assert "zebra" not in str(read(spoken(text, {}, duration=0.95), after("nausea"), KNOWN).stamp())


MOVES: Dict[str, Tuple[str, Tuple[str, ...], str]] = {
    "more": ("tell me more", ("utter_nausea",), "more"),
    "simpler": ("simpler please", ("utter_nausea",), "simpler"),
    "repeat": ("again please", ("utter_nausea",), "repeat"),
    "sources": ("says who", ("utter_sources",), ""),
}


@pytest.mark.parametrize(("sign", "case"), MOVES.items(), ids=MOVES.keys())
def test_moves_speak_of_the_answer_before(sign: str, case: Tuple[str, Tuple[str, ...], str]) -> None:
    text, say, form = case
    reading = read(Spoken(text, heard(text, {}, **{sign: 0.9})), after("nausea"), KNOWN)
    assert (reading.say, reading.form, reading.topic) == (say, form, "nausea")


@pytest.mark.parametrize("sign", MOVES)
def test_moves_need_an_answer_before(sign: str) -> None:
    assert read(Spoken("x", heard("x", {}, **{sign: 0.9})), START, KNOWN) == Reading()


def test_more_of_what_was_told_in_full_goes_to_the_next_topic() -> None:
    told = after("nausea", reading={"form": "more"})
    assert read(spoken("more", {}, more=0.9), told, KNOWN).say == ("utter_dizziness",)


CHOICES = {
    "the title": ("about dizziness", "dizziness"),
    "the number": ("2", "fasting"),
    "the number in words": ("option two", "fasting"),
    "the ordinal": ("the second one", "fasting"),
    "the first": ("first please", "dizziness"),
    "the last": ("the last one", "fasting"),
}


@pytest.mark.parametrize(("text", "id_"), CHOICES.values(), ids=CHOICES.keys())
def test_typed_words_do_what_the_button_does(text: str, id_: str) -> None:
    reading = read(spoken(text), after("nausea", offers=["dizziness", "fasting"]), KNOWN)
    assert (reading.reason, reading.payload) == ("choice", f"/{id_}")


@pytest.mark.parametrize("text", ["7", "the tenth", "second thoughts about it"])
def test_what_was_not_offered_is_no_choice(text: str) -> None:
    assert read(spoken(text), after("nausea", offers=["dizziness", "fasting"]), KNOWN).reason != "choice"


def test_yes_takes_the_only_offer() -> None:
    assert read(spoken("yes", {}, affirm=0.9), after("nausea", offers=["fasting"]), KNOWN).payload == "/fasting"


def test_yes_to_several_offers_asks_which() -> None:
    reading = read(spoken("ok", {}, affirm=0.9), after("nausea", offers=["fasting", "dizziness"]), KNOWN)
    assert (reading.say, len(reading.offers)) == (("utter_clarify",), 2)


def test_yes_to_a_provider_gives_the_contact() -> None:
    suggested = after("nausea", responses=["utter_nausea", "utter_suggest_provider"])
    assert read(spoken("sure", {}, affirm=0.9), suggested, KNOWN).say == ("utter_human_handoff",)


def test_a_wrong_answer_never_comes_again_and_the_third_miss_gives_the_contact() -> None:
    wrong = spoken("not what I asked", {}, correction=0.9)
    first = read(wrong, after("nausea"), KNOWN)
    assert first.say == ("utter_clarify",)
    assert "/nausea" not in [offer.payload for offer in first.offers]
    again = after(responses=["utter_clarify"], reading=first.stamp())
    rephrased = read(spoken("will I be sick", {"nausea": CERTAIN, "dizziness": LIKELY}), again, KNOWN)
    assert best(rephrased) == "dizziness"
    second = read(wrong, after("dizziness", reading=rephrased.stamp()), KNOWN)
    assert not {"/nausea", "/dizziness"} & {offer.payload for offer in second.offers}
    third = read(wrong, after("cost", reading=second.stamp()), KNOWN)
    assert third.say == ("utter_human_handoff",)


def test_what_was_meant_is_answered() -> None:
    meant = Part(heard("the insurance", {"insurance": LIKELY}), is_correction=True)
    reading = read(spoken("no, I meant the insurance", {}, [meant]), after("cost"), KNOWN)
    assert (best(reading), reading.excluded, reading.misses) == ("insurance", ("cost",), 1)


def questions(*scores: Mapping[str, float]) -> list[Part]:
    return [Part(heard("is it a question of its own", score)) for score in scores]


def test_several_questions_are_answered_in_the_order_asked() -> None:
    whole = {"cost": LIKELY, "insurance": LIKELY}
    parts = questions({"insurance": CERTAIN}, {"cost": CERTAIN})
    assert read(spoken("two questions", whole, parts), START, KNOWN).say == ("utter_insurance", "utter_cost")


def test_the_fourth_question_is_offered() -> None:
    ids = ("cost", "insurance", "nausea", "fasting")
    parts = questions(*({id_: CERTAIN} for id_ in ids))
    reading = read(spoken("four questions", dict.fromkeys(ids, LIKELY), parts), START, KNOWN)
    assert len(reading.say) == 3
    assert [offer.payload for offer in reading.offers] == ["/fasting"]


def test_the_same_question_twice_is_one() -> None:
    parts = questions({"cost": CERTAIN}, {"cost": CERTAIN})
    assert read(spoken("one question", {"cost": CERTAIN}, parts), START, KNOWN).say == ()


def test_a_term_of_the_answer_before_is_explained() -> None:
    reading = read(spoken("what does reflux mean", {"nausea": CERTAIN}), after("nausea"), KNOWN)
    assert (reading.say, reading.term) == (("utter_glossary",), "reflux")


def test_a_term_needs_to_be_known() -> None:
    assert not read(spoken("what does xyz mean", {"nausea": CERTAIN}), after("nausea"), KNOWN).term

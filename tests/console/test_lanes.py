"""Both lanes against the running assistant: what visitors get, what is refused, what survives."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
from typing import Any, Dict, List

import pytest
from django.test import Client

from console.answers import content
from console.answers.models import Change, State
from console.assistant import client
from console.publishing import learning, phrases, test_questions
from console.publishing.models import Progress, Publish
from ketaguide.content.load import read_topic
from ketaguide.shared_secret import shared_secret
from tests.console.conftest import SignIn
from tests.console.real import RealClinic
from tests.console.test_words_lane import approve

TORTOISE = "Ask somebody to feed your pets on that day. You will be tired and may not drive."
PETS = "cat,dog,budgie,goldfish,rabbit,hamster,parrot,tortoise".split(",")
SOFTER = "Leave the car until the next day, after a good night's sleep."
NEW_QUESTION = "may i steer the forklift of my uncle on tuesday if the drip was on monday"


def edited(browser: Client, topic: str, **changed: Any) -> Change:
    """Returns the draft after an edit through the form of the editor, sent for approval."""
    values = content.entries(content.library().topics[topic])
    typed = {name: values[name] for name in ("title", "question", "sources", "related", "risk")}
    texts = {name: values[name].get("en", "") for name in ("answer", "short", "simpler", "more")}
    on = {"suggest_provider": "on"} if values["suggest_provider"] else {}
    page = browser.post(f"/answers/{topic}/edit", {**typed, **texts, **on, "reason": "kinder words", **changed})
    assert page.status_code == 302, page.content.decode()
    assert browser.post(f"/answers/{topic}/send", {"reason": "kinder words"}).status_code == 302
    change: Change = Change.objects.latest("pk")
    assert change.state == State.IN_REVIEW, [str(one) for one in browser.get("/").context["messages"]]
    return change


def written_new_answer(browser: Client) -> Change:
    """Returns the sent draft of an answer that does not exist yet."""
    named = {"title": "Pets at home", "question": "Who looks after my pets?", "group": "before", "risk": "logistics"}
    assert browser.post("/answers/new", named)["Location"] == "/answers/pets_at_home/edit"
    facts = {"facts-TOTAL_FORMS": 1, "facts-INITIAL_FORMS": 0, "facts-0-fact": "Pets need somebody."}
    facts |= {"facts-0-sources": ["mayo_ketamine"], "facts-0-verified": "on"}
    typed = {**named, "answer": TORTOISE, "sources": ["mayo_ketamine"], "related": ["driving", "alcohol"]}
    browser.post("/answers/pets_at_home/edit", {**typed, **facts, "revision": 1, "reason": "people ask for it"})
    asked = [f"who feeds my {pet} while i am at the clinic" for pet in PETS]
    browser.post("/answers/pets_at_home/phrases", {"add": "\n".join(asked)})
    browser.post("/answers/pets_at_home/send", {"reason": "people ask for it"})
    change: Change = Change.objects.get(topic="pets_at_home")
    assert change.state == State.IN_REVIEW, [str(one) for one in browser.get("/").context["messages"]]
    return change


def softened(real: RealClinic) -> str:
    """Returns the live words of `driving` with another first sentence."""
    words = read_topic(real.file()).answer["en"]
    return SOFTER + words[words.index(".") + 1 :]


def test_new_words_reach_visitors_at_the_next_message_and_go_back_again(real: RealClinic, sign_in: SignIn) -> None:
    nora, carla, before = sign_in("nora"), sign_in("carla"), real.file().read_text()
    carla.post("/answers/driving/sign")
    change = Change.objects.latest("pk")
    approve(carla, change)
    nora.post("/publish/now", {"changes": change.pk})
    change = edited(nora, "driving", answer=softened(real))
    approve(carla, change)
    assert "Do not drive until" in real.spoken("can i drive home after the infusion?")["text"]
    nora.post("/publish/now", {"changes": change.pk})
    assert Publish.objects.latest("pk").progress == Progress.LIVE, Publish.objects.latest("pk").message
    assert SOFTER in real.spoken("can i drive home after the infusion?")["text"]
    history = nora.get("/answers/driving/history").context["rows"]
    signed = next(row for row in history if row["why_not"] is None)
    nora.post(f"/answers/driving/history/{signed['version'].pk}/restore")
    assert "Do not drive until" in real.spoken("can i drive home after the infusion?")["text"]
    real.file().write_text(before)


def test_history_counts_the_conversations_that_saw_a_version(real: RealClinic, sign_in: SignIn) -> None:
    nora = sign_in("nora")
    rows = nora.get("/answers/nausea/history").context["rows"]
    already = rows[0]["seen"]
    real.say("one-visitor", "will i feel sick?")
    real.events("one-visitor", "bot")
    nora.post("/answers/nausea/edit", {})
    assert nora.get("/answers/nausea/history").context["rows"][0]["seen"] == already + 1
    client.ask("/nausea", "staff")
    assert nora.get("/answers/nausea/history").context["rows"][0]["seen"] == already + 1


def test_a_withdrawn_answer_is_not_spoken_and_not_offered(real: RealClinic, sign_in: SignIn) -> None:
    frida, before = sign_in("frida"), real.file().read_text()
    frida.post("/answers/driving/withdraw", {"why": "a mistake"})
    assert Publish.objects.latest("pk").progress == Progress.LIVE
    said = real.spoken("can i drive home after the infusion?")
    assert "Do not drive" not in said["text"]
    assert "taken this answer back" in said["text"]
    titles = [button["title"] for button in real.spoken("/bring_someone").get("buttons", [])]
    assert titles
    assert "Driving" not in titles
    sign_in("nora").post("/answers/driving/put-back", {"why": "it is right"})
    assert "Do not drive" in real.spoken("can i drive home after the infusion?")["text"]
    assert real.file().read_text() == before


def test_a_changed_phone_number_is_in_the_next_answer(real: RealClinic, sign_in: SignIn) -> None:
    file = real.path / "data" / "clinic.yml"
    before = file.read_text()
    facts = {"clinic_phone": "202 555 0199", "country": "US", "confirmed": "1"}
    sign_in("frida").post("/facts", facts)
    assert Publish.objects.latest("pk").progress == Progress.LIVE
    assert "202 555 0199" in real.spoken("what does it cost?")["text"]
    file.write_text(before)


class Chatting:
    """A visitor who keeps asking; remembers every reply and the longest wait."""

    def __init__(self, real: RealClinic) -> None:
        self._real, self._stopped = real, threading.Event()
        self.replies: List[List[Dict[str, Any]]] = []
        self.longest = 0.0
        self._thread = threading.Thread(target=self._chat)

    def __enter__(self) -> Chatting:
        self._thread.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._stopped.set()
        self._thread.join()

    def _chat(self) -> None:
        while not self._stopped.wait(0.2):
            started = time.monotonic()
            self.replies.append(self._real.say("chatting", "can i drive home after the infusion?"))
            self.longest = max(self.longest, time.monotonic() - started)


def test_a_question_is_learned_tested_and_handed_over_while_a_visitor_chats(real: RealClinic, sign_in: SignIn) -> None:
    nora, before, model = sign_in("nora"), real.file("alcohol").read_text(), real.model.read_bytes()
    ids = (real.path / "data" / "topic_ids.yml").read_text()
    stamp = (real.path / "models" / "trained_on.txt").read_text()
    assert client.understand(NEW_QUESTION).topic != "alcohol"
    nora.post("/answers/alcohol/phrases", {"add": NEW_QUESTION, "then": "send"})
    question = Change.objects.latest("pk")
    answer = written_new_answer(nora)
    approve(sign_in("carla"), answer)
    nora.post("/publish/now", {"changes": [question.pk, answer.pk]})
    publish = Publish.objects.latest("pk")
    assert publish.progress == Progress.QUEUED
    with Chatting(real) as visitor:
        assert phrases.work_once()
    publish.refresh_from_db()
    assert publish.progress == Progress.LIVE, (publish.message, publish.report)
    assert client.understand(NEW_QUESTION).topic == "alcohol"
    assert real.spoken("who feeds my tortoise while i am at the clinic")["text"] == TORTOISE
    assert client.ask("/pets_at_home", "staff")[0]["approved"]
    assert "pets_at_home" in (real.path / "data" / "topic_ids.yml").read_text()
    assert all("drive" in reply[0]["text"] for reply in visitor.replies)
    assert len(real.events("chatting", "user")) == len(visitor.replies), "the conversation was lost in between"
    assert publish.report["questions"] > 90
    assert list((real.path / "models" / "earlier").glob("before-*.tar.gz"))
    assert not (real.path / "var" / "publishing" / str(publish.pk)).exists()
    real.file("alcohol").write_text(before)
    real.file("pets_at_home").unlink()
    (real.path / "data" / "topic_ids.yml").write_text(ids)
    real.model.write_bytes(model)
    (real.path / "models" / "trained_on.txt").write_text(stamp)
    client.load_model(real.model)


def test_a_model_that_understands_less_is_refused_with_the_questions(real: RealClinic, sign_in: SignIn) -> None:
    nora, before, model = sign_in("nora"), real.file("alcohol").read_text(), real.model.read_bytes()
    saved = "will my stomach be queasy on the way home"
    assert client.understand(saved).topic == "nausea"
    test_questions.save(saved, "nausea")
    wrong = [saved, *(f"{saved} {word}" for word in ("please", "today", "again", "then", "or not"))]
    nora.post("/answers/alcohol/phrases", {"add": "\n".join(wrong), "then": "send"})
    nora.post("/publish/now", {"changes": Change.objects.latest("pk").pk})
    assert phrases.work_once()
    publish = Publish.objects.latest("pk")
    assert publish.progress == Progress.REFUSED, (publish.progress, publish.message, publish.report)
    assert {"question": saved, "wanted": "nausea"}.items() <= publish.report["lost"][0].items()
    page = nora.get(f"/publish/{publish.pk}").content.decode()
    assert saved in page
    assert real.file("alcohol").read_text() == before
    assert real.model.read_bytes() == model
    assert client.understand(saved).topic == "nausea"
    (real.path / "data" / test_questions.FILE).unlink()


def test_judging_a_model() -> None:
    wanted = {"a": "x", "b": "y", "c": "z"}
    right = dict(wanted)
    assert not learning.judge(wanted, right, right, set(), set())["worse"]
    assert learning.judge(wanted, right, {**right, "a": "y"}, set(), set())["worse"]
    half = {"a": "x", "b": "", "c": "z"}
    exchanged = {"a": "", "b": "y", "c": "z"}
    assert not learning.judge(wanted, half, exchanged, set(), set())["worse"]
    assert learning.judge(wanted, half, exchanged, {"x"}, set())["worse"], "a safety answer was lost"
    assert learning.judge(wanted, half, exchanged, set(), {"a"})["worse"], "a saved question was lost"


def status(url: str, headers: Dict[str, str]) -> int:
    """Returns how the assistant answers a request to its link."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10) as response:
            json.loads(response.read())
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, 404),
        ({"X-Console-Secret": "guess"}, 404),
        ({"X-Console-Secret": "SECRET"}, 200),
        ({"X-Console-Secret": "SECRET", "X-Forwarded-For": "203.0.113.9"}, 404),
        ({"X-Console-Secret": "SECRET", "Host": "bot.clinic.example"}, 404),
    ],
)
def test_the_link_is_for_this_machine_and_who_knows_the_secret(
    real: RealClinic, headers: Dict[str, str], expected: int
) -> None:
    secret = shared_secret(real.path / "var" / "console_link.key")
    sent = {name: value.replace("SECRET", secret) for name, value in headers.items()}
    assert status(f"{real.address}/internal/console/state", sent) == expected

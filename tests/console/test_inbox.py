"""Unanswered questions: which are shown, to whom, how little of them, and what becomes of them."""

from __future__ import annotations

import json
import re
from typing import Any, Dict, List

import pytest
from django.test import Client

from console.answers.models import Change, State
from console.assistant import client
from console.audit.models import AuditEntry
from console.conversations.messages import STAFF
from console.inbox import unanswered
from console.inbox.clusters import clusters
from console.inbox.models import Decision
from console.people.models import Person
from ketaguide.safety.verdict import CRISIS_KINDS
from tests.console.conftest import Clinic, SignIn, SpokenContent
from tests.console.record import Ranking, Record

UNKNOWN: Ranking = (("out_of_scope", 0.9), ("alcohol", 0.05))
SURE: Ranking = (("driving", 0.97), ("alcohol", 0.01))
DOG = "can I bring my dog"


@pytest.fixture
def record(clinic: Clinic) -> Record:
    """An empty record."""
    return Record(clinic.path / "var")


@pytest.fixture
def carla(sign_in: SignIn, assistant_voice: SpokenContent, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A clinician, while the assistant cannot be asked what words mean."""

    def away(_: Any) -> Any:
        raise client.AssistantUnreachableError("away")

    monkeypatch.setattr(client, "read", away)
    return sign_in("carla")


def shown(browser: Client) -> str:
    page = browser.get("/unanswered")
    assert page.status_code == 200
    return str(page.content.decode())


def key_of(browser: Client) -> str:
    found = re.search(r"/unanswered/([0-9a-f]{64})", shown(browser))
    assert found, "there is no question on the screen"
    return found[1]


@pytest.mark.parametrize(
    "ranking",
    [
        UNKNOWN,
        (("nlu_fallback", 0.3), ("driving", 0.2)),
        (("driving", 0.4), ("alcohol", 0.1)),
        (("driving", 0.55), ("alcohol", 0.45)),
    ],
    ids=["outside", "not understood", "hardly understood", "two nearly alike"],
)
def test_what_was_not_understood_is_shown(carla: Client, record: Record, ranking: Ranking) -> None:
    record.say(DOG, ranking)
    assert DOG in shown(carla)


def test_what_was_understood_is_not_shown(carla: Client, record: Record) -> None:
    record.say("may i drive home", SURE)
    record.say("thanks a lot", (("thanks", 0.99),))
    record.say("/driving", (("driving", 1.0),))
    assert "/unanswered/" not in shown(carla)


def test_asked_again_and_asked_for_a_person(carla: Client, record: Record) -> None:
    for _ in range(2):
        record.say("may i drive home", SURE, conversation="web-2")
    record.say("is one beer fine", (("alcohol", 0.99),), conversation="web-3")
    record.say("let me talk to somebody", (("human_handoff", 0.99),), conversation="web-3")
    page = shown(carla)
    assert "may i drive home" in page
    assert "is one beer fine" in page
    assert "let me talk" not in page


@pytest.mark.parametrize("kind", CRISIS_KINDS)
def test_a_message_about_danger_is_never_shown(carla: Client, record: Record, kind: str) -> None:
    record.say("words of a crisis", ((f"crisis_{kind}", 1.0),))
    record.say("words that follow", UNKNOWN, crisis={"read": True, "open": True})
    record.say("words of distress", (("support_distress", 1.0),))
    assert "/unanswered/" not in shown(carla)
    assert "words" not in shown(carla)


def test_danger_that_the_assistant_missed_is_not_shown_either(carla: Client, record: Record) -> None:
    record.say("i want to kill myself", UNKNOWN)
    assert "kill" not in shown(carla)


def test_danger_that_the_assistant_hears_by_now_is_not_shown(
    carla: Client, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    record.say("a veiled farewell", UNKNOWN)
    record.say(DOG, UNKNOWN)

    def read(texts: List[str]) -> List[client.Reading]:
        return [
            client.Reading("suicide" if "farewell" in text else None, (1.0, float(i))) for i, text in enumerate(texts)
        ]

    monkeypatch.setattr(client, "read", read)
    page = shown(carla)
    assert "farewell" not in page
    assert DOG in page


def test_staff_are_no_visitors(carla: Client, record: Record) -> None:
    record.say(DOG, UNKNOWN, conversation=STAFF + "chat-1")
    assert DOG not in shown(carla)


def test_after_thirty_days_it_is_gone(carla: Client, record: Record) -> None:
    record.say(DOG, UNKNOWN, days_ago=30.1)
    record.say("is there music", UNKNOWN, days_ago=29.9)
    page = shown(carla)
    assert DOG not in page
    assert "is there music" in page


def test_what_a_visitor_erases_is_gone_at_once(carla: Client, record: Record) -> None:
    record.say(DOG, UNKNOWN)
    assert DOG in shown(carla)
    record.erase("web-1")
    assert DOG not in shown(carla)


@pytest.mark.parametrize(
    ("written", "gone"),
    [
        ("my number is 20255501", "20255501"),
        ("write to jo.doe@example.org please", "jo.doe"),
        ("i come on March 3rd at nine", "March 3"),
        ("i come on 3/14 at nine", "3/14"),
        ("see www.my-own-page.example", "my-own-page"),
    ],
)
def test_what_could_tell_who_asked_is_taken_out(carla: Client, record: Record, written: str, gone: str) -> None:
    record.say(written, UNKNOWN)
    page = shown(carla)
    assert gone not in page
    assert written.split()[0] in page


def test_no_conversation_is_named(carla: Client, record: Record) -> None:
    record.say(DOG, UNKNOWN, conversation="web-0123456789")
    page = carla.get(f"/unanswered/{key_of(carla)}").content.decode()
    assert "web-0123456789" not in page + shown(carla)


def test_the_same_question_is_one_line_with_a_count(carla: Client, record: Record) -> None:
    for text in ("Can I bring my dog?", "can i bring my dog", "can I bring my dogs"):
        record.say(text, UNKNOWN)
    found = clusters(unanswered.undecided())
    assert [cluster.count for cluster in found] == [3]
    assert len(found[0].questions) == 2


def test_questions_of_one_meaning_are_together(carla: Client, record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    record.say(DOG, UNKNOWN)
    record.say("are pets allowed", UNKNOWN)
    record.say("is there music", UNKNOWN)
    meaning = {DOG: (1.0, 0.0), "are pets allowed": (0.9, 0.43589), "is there music": (0.0, 1.0)}
    monkeypatch.setattr(client, "read", lambda texts: [client.Reading(None, meaning[text]) for text in texts])
    assert sorted(len(cluster.questions) for cluster in clusters(unanswered.undecided())) == [1, 2]


def test_adding_a_phrase_makes_it_ready_to_publish(carla: Client, record: Record) -> None:
    record.say(DOG, UNKNOWN)
    posted = carla.post(f"/unanswered/{key_of(carla)}/add", {"topic": "driving", "wordings": DOG})
    assert posted["Location"] == "/publish"
    change = Change.objects.get()
    assert change.state == State.APPROVED
    assert DOG in change.values["examples"]
    assert DOG not in shown(carla)


def test_a_draft_that_is_put_away_brings_its_question_back(carla: Client, record: Record) -> None:
    record.say(DOG, UNKNOWN)
    carla.post(f"/unanswered/{key_of(carla)}/add", {"topic": "driving", "wordings": DOG})
    carla.post("/answers/driving/drop")
    assert DOG in shown(carla)


def test_other_changes_of_the_answer_are_not_sent_with_a_phrase(carla: Client, record: Record) -> None:
    change = Change.objects.create(
        topic="driving",
        group="after",
        base={"examples": ["a"], "title": "A"},
        values={"examples": ["a"], "title": "B"},
        created_by=Person.objects.get(username="carla"),
    )
    record.say(DOG, UNKNOWN)
    carla.post(f"/unanswered/{key_of(carla)}/add", {"topic": "driving", "wordings": DOG})
    change.refresh_from_db()
    assert change.state == State.DRAFT
    assert DOG in change.values["examples"]


@pytest.mark.parametrize("wordings", ["", "my name is [name] can I come", "x" * 301])
def test_a_phrase_that_cannot_be_learned_is_refused(carla: Client, record: Record, wordings: str) -> None:
    record.say(DOG, UNKNOWN)
    posted = carla.post(f"/unanswered/{key_of(carla)}/add", {"topic": "driving", "wordings": wordings})
    assert posted.status_code == 200
    assert not Change.objects.exists()
    assert DOG in shown(carla)


def test_a_new_answer_starts_from_a_question(carla: Client, record: Record) -> None:
    record.say(DOG, UNKNOWN)
    data = {"question": "Can I bring my dog?", "title": "Pets", "group": "after"}
    posted = carla.post(f"/unanswered/{key_of(carla)}/new-answer", data)
    assert posted["Location"] == "/answers/pets/edit"
    assert carla.get(posted["Location"]).status_code == 200
    assert Change.objects.get().values["examples"] == ["Can I bring my dog?"]
    assert DOG not in shown(carla)


def test_a_name_that_is_taken_is_refused(carla: Client, record: Record) -> None:
    record.say(DOG, UNKNOWN)
    data = {"question": DOG, "title": "Driving", "group": "after"}
    assert carla.post(f"/unanswered/{key_of(carla)}/new-answer", data).status_code == 200
    assert not Decision.objects.exists()


@pytest.mark.parametrize("kind", ["ignored", "for_a_person"])
def test_what_is_put_aside_never_comes_back(carla: Client, record: Record, kind: str) -> None:
    record.say(DOG, UNKNOWN)
    carla.post(f"/unanswered/{key_of(carla)}/put-aside", {"kind": kind})
    record.say("CAN I bring my dog??", UNKNOWN, conversation="web-9")
    assert "bring my dog" not in shown(carla)


def test_a_decision_can_be_taken_back(carla: Client, record: Record) -> None:
    record.say(DOG, UNKNOWN)
    carla.post(f"/unanswered/{key_of(carla)}/put-aside", {"kind": "ignored"})
    carla.post(f"/unanswered/decided/{Decision.objects.get().pk}/take-back")
    assert DOG in shown(carla)


def test_no_words_of_a_visitor_are_kept_by_the_console(carla: Client, record: Record, clinic: Clinic) -> None:
    record.say("can I bring my zebra", UNKNOWN)
    carla.post(f"/unanswered/{key_of(carla)}/put-aside", {"kind": "ignored"})
    assert "zebra" not in json.dumps(list(AuditEntry.objects.values("item", "detail")))
    assert b"zebra" not in (clinic.path / "var" / "console.db").read_bytes()


def test_only_who_was_allowed_reads_visitors_words(sign_in: SignIn, carla: Client, record: Record) -> None:
    record.say(DOG, UNKNOWN)
    key = key_of(carla)
    pages: Dict[str, Any] = {"/unanswered": None, f"/unanswered/{key}": None}
    for who in ("frida", "nora", "mona"):
        browser = sign_in(who)
        for page in pages:
            assert browser.get(page).status_code == 403
        assert browser.post(f"/unanswered/{key}/put-aside", {"kind": "ignored"}).status_code == 403
        assert browser.post(f"/unanswered/{key}/add", {"topic": "driving", "wordings": DOG}).status_code == 403
    assert not Decision.objects.exists()
    Person.objects.filter(username="nora").update(reads_words=True)
    assert DOG in shown(sign_in("nora"))


def test_without_a_record_the_screen_says_what_to_do(carla: Client) -> None:
    assert "once the assistant has run" in shown(carla)


def test_answers_that_did_not_help_are_named(carla: Client, clinic: Clinic, record: Record) -> None:
    lines = [{"day": "2099-01-01", "topic": "driving", "helpful": False, "version": ""}] * 3
    lines += [{"day": "2099-01-01", "topic": "alcohol", "helpful": True, "version": ""}] * 3
    text = "\n".join(json.dumps(line) for line in lines) + '\n{"broken'
    (clinic.path / "var" / "feedback.jsonl").write_text(text)
    page = shown(carla)
    assert "3 not helpful, 0 helpful" in page
    assert "About alcohol" not in page

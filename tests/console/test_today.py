"""The first page: what there is to do, for each person what they may see."""

from __future__ import annotations

import datetime
import json

import pytest
from django.test import Client

from console.assistant import client
from ketaguide.content.approvals import text_hash
from ketaguide.content.load import read_topic
from tests.console.conftest import Clinic, SignIn, SpokenContent
from tests.console.record import Record

DOG = "can I bring my dog"


@pytest.fixture
def _away(assistant_voice: SpokenContent, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_: object) -> None:
        raise client.AssistantUnreachableError("away")

    monkeypatch.setattr(client, "read", away)


def rate(clinic: Clinic, topic: str, helpful: bool, times: int) -> None:
    """Notes taps of visitors under an answer."""
    line = json.dumps({"day": datetime.date.today().isoformat(), "topic": topic, "helpful": helpful})
    with (clinic.path / "var" / "feedback.jsonl").open("a") as file:
        file.write(f"{line}\n" * times)


def page(browser: Client, path: str = "/") -> str:
    return str(browser.get(path).content.decode())


@pytest.mark.usefixtures("_away")
def test_answers_that_did_not_help_are_shown_to_everybody(clinic: Clinic, sign_in: SignIn) -> None:
    rate(clinic, "driving", False, 3)
    rate(clinic, "alcohol", True, 3)
    rate(clinic, "alcohol", False, 2)
    rate(clinic, "gone_since", False, 9)
    for username in ("frida", "carla"):
        shown = sign_in(username).get("/").context["unhelpful"]
        assert [(one.topic, one.unhelpful) for one in shown] == [("driving", 3)]
    assert 'href="/answers/driving"' in page(sign_in("frida"))


@pytest.mark.usefixtures("_away")
def test_questions_of_this_week_are_shown_to_who_may_read_them(clinic: Clinic, sign_in: SignIn) -> None:
    record = Record(clinic.path / "var")
    record.say(DOG, (("out_of_scope", 0.9),))
    record.say("is there a place for my bicycle", (("out_of_scope", 0.9),), days_ago=9)
    carla = sign_in("carla")
    assert "/unanswered/lately" in page(carla)
    lately = page(carla, "/unanswered/lately")
    assert DOG in lately
    assert "bicycle" not in lately
    frida = sign_in("frida")
    assert "/unanswered" not in page(frida)
    assert frida.get("/unanswered/lately").status_code == 403


@pytest.mark.usefixtures("_away")
def test_without_a_record_the_first_page_says_so(clinic: Clinic, sign_in: SignIn) -> None:
    answer = sign_in("carla").get("/unanswered/lately")
    assert answer.status_code == 200
    assert answer.context["unreadable"]


@pytest.mark.usefixtures("_away")
def test_a_translation_of_other_words_is_shown(clinic: Clinic, sign_in: SignIn) -> None:
    both = {"en": "Wait until the next day. Call {clinic_phone}.", "es": "Espere hasta el día siguiente."}
    topic = read_topic(clinic.content.change(answer=both))
    signature = {"language": "es", "by": "Dr A", "role": "physician", "on": "2026-11-22"}
    clinic.content.change(answer=both, approvals=[{**signature, "sha256": text_hash(topic, "es")}])
    assert "/answers/driving/edit?language=es" in page(sign_in("frida"))


@pytest.mark.usefixtures("_away")
def test_what_is_done_is_named_in_one_line_and_takes_no_room(clinic: Clinic, sign_in: SignIn) -> None:
    frida = sign_in("frida")
    assert frida.get("/").context["nothing"] == [
        "approvals",
        "drafts of yours",
        "publishing",
        "answers that did not help",
        "overdue checks",
    ]
    rate(clinic, "driving", False, 3)
    clinic.content.change(checked_on="2025-01-01", review_by="2025-06-01")
    shown = frida.get("/")
    assert shown.context["nothing"] == ["approvals", "drafts of yours", "publishing"]
    assert "1 Jun 2025" in shown.content.decode()

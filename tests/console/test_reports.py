"""The reports: right numbers, in charts and in tables, and never a visitor's words."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any, List

import pytest
from django.test import Client

from console.conversations.messages import STAFF
from console.publishing.models import Version
from ketaguide.safety.verdict import CRISIS_KINDS
from tests.console.conftest import Clinic, SignIn
from tests.console.record import Record

DRIVING = (("driving", 0.97), ("alcohol", 0.01))
UNKNOWN = (("out_of_scope", 0.9), ("alcohol", 0.05))


@pytest.fixture
def record(clinic: Clinic) -> Record:
    """Three answered questions, one unanswered, two crisis messages, a greeting and staff."""
    made = Record(clinic.path / "var")
    for days_ago in (0.0, 0.0, 9.0):
        made.say("secret words", DRIVING, conversation=f"web-{days_ago}", days_ago=days_ago)
    made.say("secret words", UNKNOWN)
    made.say("/crisis_suicide", (("crisis_suicide", 1.0),))
    made.say("/crisis_followup", (("crisis_followup", 1.0),))
    made.say("/crisis_hold", (("crisis_hold", 1.0),))
    made.say("/support_distress", (("support_distress", 1.0),))
    made.say("hello", (("greet", 1.0),))
    made.say("secret words", DRIVING, conversation=STAFF + "chat-1")
    return made


def numbers(browser: Client, days: int = 30) -> dict:
    text = browser.get(f"/reports/export?days={days}").content.decode()
    return {(row["what"], row["item"]): int(row["count"]) for row in csv.DictReader(io.StringIO(text))}


def cells(page: str, label: str) -> List[str]:
    """Returns the cells beside a row's head."""
    row = next(row for row in re.findall(r"<tr>(.*?)</tr>", page, re.S) if label in row)
    return [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td>(.*?)</td>", row, re.S)]


def test_what_is_asked_is_counted(sign_in: SignIn, record: Record) -> None:
    frida = sign_in("frida")
    found = numbers(frida)
    assert found["asked", "driving"] == 3
    assert found["asked", "alcohol"] == 0
    assert sum(count for (what, _), count in found.items() if what == "unanswered") == 1
    assert numbers(frida, 7)["asked", "driving"] == 2
    page = frida.get("/reports").content.decode()
    assert "3 questions answered, 1 not answered (25 %)" in page
    assert cells(page, "About driving") == ["3"]


def test_danger_is_counted_by_kind_and_once(sign_in: SignIn, record: Record) -> None:
    found = numbers(sign_in("frida"))
    danger = {item: count for (what, item), count in found.items() if what == "danger"}
    assert set(CRISIS_KINDS) < set(danger)
    assert {kind: count for kind, count in danger.items() if count} == {"suicide": 1, "distress": 1}


def test_no_words_and_no_conversation_are_shown(sign_in: SignIn, record: Record) -> None:
    frida = sign_in("frida")
    for page in ("/reports", "/reports/export"):
        text = frida.get(page).content.decode()
        assert "secret" not in text
        assert "web-" not in text


def test_each_chart_has_a_table_beside_it(sign_in: SignIn, record: Record, clinic: Clinic) -> None:
    rate(clinic, "driving", "a" * 12, [True])
    page = sign_in("frida").get("/reports").content.decode()
    sections = [section for section in page.split("<section>") if "<svg" in section]
    assert len(sections) == 4
    for section in sections:
        assert "<table>" in section
        assert re.search(r'<svg [^>]*role="img" aria-label="[^"]+"', section)
    assert page.count("<rect") >= 30


def rate(clinic: Clinic, topic: str, version: str, taps: List[bool]) -> None:
    with (clinic.path / "var" / "feedback.jsonl").open("a") as file:
        for helpful in taps:
            entry = {"day": "2099-01-01", "topic": topic, "helpful": helpful, "version": version}
            file.write(json.dumps(entry) + "\n")


def test_helpfulness_before_and_after_a_change(sign_in: SignIn, record: Record, clinic: Clinic) -> None:
    frida = sign_in("frida")
    frida.get("/answers")
    live = Version.objects.get(item="driving").versions["en"]
    rate(clinic, "driving", "0" * 12, [False, False, False, True])
    rate(clinic, "driving", live, [True, True, True])
    page = frida.get("/reports").content.decode()
    assert cells(page, "version not known")[1:] == ["1", "3", "25 %"]
    assert cells(page, "live from")[1:] == ["3", "0", "100 %"]


@pytest.mark.parametrize("damage", ["", "{}\n", "[1]\n", '{"day": 1}\n', "\x00\n"])
def test_damaged_ratings_are_passed_over(sign_in: SignIn, record: Record, clinic: Clinic, damage: str) -> None:
    (clinic.path / "var" / "feedback.jsonl").write_text(damage)
    rate(clinic, "driving", "", [True])
    assert numbers(sign_in("frida"))["helpful", "driving"] == 1


def test_without_a_record_the_page_says_what_to_do(sign_in: SignIn) -> None:
    frida = sign_in("frida")
    assert "once the assistant has run" in frida.get("/reports").content.decode()
    assert frida.get("/reports/export").status_code == 503


def test_a_report_of_nothing_is_no_fault(sign_in: SignIn, clinic: Clinic) -> None:
    Record(clinic.path / "var")
    page: Any = sign_in("frida").get("/reports")
    assert page.status_code == 200
    assert "Nobody has asked anything yet" in page.content.decode()

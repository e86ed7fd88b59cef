"""The test chat: what staff see behind a reply of the running assistant, and the questions they save."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from console.answers import content
from console.answers.models import Change
from console.conversations.messages import lately
from console.people.models import Person
from console.publishing import test_questions
from ketaguide.content.approvals import version
from ketaguide.content.load import read_topic
from tests.console.conftest import SignIn, SpokenContent
from tests.console.real import RealClinic

QUESTION = "is it safe to drive home after?"


def said(browser: Client, text: str, **more: str) -> str:
    """Says something and returns the page that it leads to."""
    page = browser.post("/test-chat", {"text": text, **more}, follow=True)
    assert page.status_code == 200
    return str(page.content.decode())


def test_the_real_assistant_answers_and_shows_what_stands_behind(real: RealClinic, sign_in: SignIn) -> None:
    frida, visitors = sign_in("frida"), lately()
    page = said(frida, QUESTION)
    assert "Do not drive until the next day" in page, page
    assert version(read_topic(real.file()), "en") in page
    assert "Understood as <strong>Driving</strong>" in page
    assert "Second:" in page

    page = said(frida, "/recovery_time")
    assert page.count('class="bubble visitor"') == 2
    assert "/recovery_time</div>" not in page, "a button is shown by its words"

    page = said(frida, "i want to kill myself")
    assert "Danger is heard in this (suicide)" in page
    assert "Help in danger (suicide)" in page
    assert "Do not drive" in page

    assert lately() == visitors, "staff are no visitors"
    assert "Do not drive" not in said(frida, "", then="start_over")


def test_a_draft_is_shown_only_if_wanted_and_changes_nothing(real: RealClinic, sign_in: SignIn) -> None:
    nora = sign_in("nora")
    topic = read_topic(real.file())
    values = {"answer": {"en": "Leave the car where it is. Call {clinic_phone}."}}
    base = {"answer": dict(topic.answer), "examples": list(topic.examples)}
    everything = {**content.entries(content.library().topics["driving"]), **values}
    Change.objects.create(
        topic="driving", group="after", base=base, values=everything, created_by=Person.objects.get(username="nora")
    )
    assert "Leave the car" not in said(nora, QUESTION)
    page = said(nora, QUESTION, drafts="1")
    assert "Leave the car" in page
    assert "as its draft has it" in page
    assert "{clinic_phone}" not in page
    assert "Do not drive" in real.spoken(QUESTION)["text"]


def test_a_question_is_saved_moved_and_removed(real: RealClinic, sign_in: SignIn) -> None:
    frida = sign_in("frida")
    frida.post("/test-chat/save", {"question": QUESTION, "topic": "driving"})
    assert test_questions.saved(settings.DATA_FOLDER)[QUESTION] == "driving"
    frida.post("/test-chat/save", {"question": QUESTION, "topic": "recovery_time"})
    assert test_questions.saved(settings.DATA_FOLDER)[QUESTION] == "recovery_time"
    frida.post("/test-chat/remove", {"question": QUESTION})
    assert QUESTION not in test_questions.saved(settings.DATA_FOLDER)


@pytest.mark.parametrize(
    ("question", "topic"),
    [("", "driving"), ("/driving", "driving"), ("x" * 301, "driving"), (QUESTION, ""), (QUESTION, "no_such_answer")],
)
def test_what_is_no_test_question_is_refused(
    sign_in: SignIn, assistant_voice: SpokenContent, question: str, topic: str
) -> None:
    sign_in("frida").post("/test-chat/save", {"question": question, "topic": topic})
    assert test_questions.saved(settings.DATA_FOLDER) == {}


def test_danger_is_no_test_question(real: RealClinic, sign_in: SignIn) -> None:
    before = test_questions.saved(settings.DATA_FOLDER)
    sign_in("frida").post("/test-chat/save", {"question": "i want to kill myself", "topic": "driving"})
    assert test_questions.saved(settings.DATA_FOLDER) == before


def test_while_the_assistant_is_down_the_page_says_so(sign_in: SignIn) -> None:
    assert "does not answer" in said(sign_in("frida"), QUESTION)

"""When things go wrong: contacts stay in sight, and no word of the visitor is lost."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any, Dict, Iterator, List

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.chat import Chat
from tests.browser.conftest import Clinic, Visit

CRISIS = "I want to kill myself"
QUESTION = "how much does it cost?"


def test_a_crisis_message_gets_contacts_to_tap(visit: Visit) -> None:
    chat = visit(viewport={"width": 390, "height": 844}).open()
    answer = chat.ask(CRISIS)
    expect(answer.locator("a[href='tel:988']").first).to_be_in_viewport()
    expect(answer.locator("a[href='sms:741741?&body=HOME']")).to_be_visible()
    expect(chat.button("Helpful")).to_have_count(0)
    chat.expect_help()


def test_offline_the_words_are_kept_and_go_out_later(visit: Visit) -> None:
    chat = visit().open()
    chat.page.context.set_offline(True)
    chat.type(QUESTION)
    expect(chat.log).to_contain_text("You’re offline")
    chat.expect_help()
    chat.page.context.set_offline(False)
    expect(chat.answers).to_have_count(1, timeout=20_000)
    expect(chat.log).not_to_contain_text("You’re offline")
    expect(chat.widget.locator(".turn.me")).to_have_count(1)


def test_the_real_rate_limit_leaves_help_and_words(visit: Visit) -> None:
    chat = visit().open()
    chat.ask(QUESTION)
    flood = """async (token) => { for (let i = 0; i < 14; i++) await fetch('/webhooks/web/webhook',
        { method: 'POST', body: JSON.stringify({ message: '/help', session: token }) }) }"""
    chat.page.evaluate(flood, chat.token())
    chat.type(CRISIS)
    failed = chat.widget.locator(".failed")
    expect(failed).to_contain_text("Too many messages")
    expect(failed.locator("a[href='tel:988']")).to_be_visible()
    expect(chat.answers.last).to_contain_text("Be with someone you trust")
    chat.expect_help()
    expect(chat.log).to_contain_text(CRISIS)


@pytest.mark.parametrize("body", ["{}", "not json", '{"error": "unavailable", "text": "x", "contacts": []}'])
def test_a_503_leaves_help_and_a_way_to_try_again(visit: Visit, body: str) -> None:
    chat = visit().open()
    chat.page.route("**/webhook", lambda route: route.fulfill(status=503, body=body))
    chat.type(QUESTION)
    expect(chat.widget.locator(".failed")).to_contain_text("can’t be reached")
    chat.expect_help()
    chat.page.unroute("**/webhook")
    chat.button("Try again").click()
    expect(chat.answers).to_have_count(1, timeout=20_000)
    expect(chat.widget.locator(".turn.me")).to_have_count(1)


def test_while_a_slow_server_thinks_help_is_there_and_the_answer_comes(visit: Visit, clinic: Clinic) -> None:
    chat = visit().open()
    chat.ask("hello")
    assert clinic._server
    os.kill(clinic._server.pid, signal.SIGSTOP)
    try:
        chat.type(QUESTION)
        expect(chat.status).to_have_text("The assistant is writing…")
        chat.input.fill("and my next thought")
        chat.input.press("Enter")
        expect(chat.input).to_have_value("and my next thought")
        chat.expect_help()
    finally:
        os.kill(clinic._server.pid, signal.SIGCONT)
    expect(chat.answers).to_have_count(2, timeout=20_000)


def test_a_reload_while_the_answer_is_under_way_still_brings_it(visit: Visit, clinic: Clinic) -> None:
    chat = visit().open()
    chat.page.route("**/webhook", lambda route: route.abort())
    chat.input.fill(QUESTION)
    chat.input.press("Enter")
    chat.page.unroute("**/webhook")
    chat.page.reload()
    expect(chat.answers).to_have_count(1, timeout=20_000)


def test_an_answer_that_comes_while_the_chat_is_closed_is_there_later(visit: Visit) -> None:
    chat = visit().open()
    with chat.page.expect_response("**/webhook"):
        chat.type(QUESTION)
        chat.page.keyboard.press("Escape")
    chat.open()
    expect(chat.answers).to_have_count(1, timeout=20_000)
    expect(chat.widget.locator(".failed")).to_have_count(0)


def test_all_that_was_written_offline_goes_out_and_the_focus_stays(visit: Visit) -> None:
    chat = visit().open()
    chat.page.context.set_offline(True)
    chat.type(QUESTION)
    expect(chat.widget.locator(".failed")).to_have_count(1)
    chat.type("is it safe to drive home after?")
    expect(chat.widget.locator(".failed")).to_have_count(2)
    chat.page.get_by_role("link", name="Your first visit").first.focus()
    chat.page.context.set_offline(False)
    expect(chat.answers).to_have_count(2, timeout=30_000)
    expect(chat.widget.locator(".failed")).to_have_count(0)
    assert chat.focused() == "", "who reads the page must not be thrown into the chat"


def test_deleting_does_not_wait_for_a_server_that_hangs(visit: Visit) -> None:
    chat = visit().open()
    chat.ask(QUESTION)
    held: List[Route] = []
    chat.page.route("**/erase", lambda route: held.append(route))
    chat.button("Chat options").click()
    chat.button("Delete this chat").click()
    chat.button("Delete it here and on the server: press again").click()
    expect(chat.answers).to_have_count(0)
    expect(chat.log).not_to_contain_text("has been deleted")
    held[0].abort()
    expect(chat.log).to_contain_text("Ask the clinic to delete its copy")


def test_what_is_deleted_while_it_is_under_way_is_deleted_on_the_server_too(visit: Visit, clinic: Clinic) -> None:
    chat = visit().open()
    tokens: List[str] = []

    def late(route: Route) -> None:
        response = route.fetch()
        tokens.append(response.json()["session"])
        chat.button("Chat options").click()
        chat.button("Delete this chat").click()
        chat.button("Delete it here and on the server: press again").click()
        route.fulfill(response=response)

    chat.page.route("**/webhook", late)
    with chat.page.expect_response("**/erase") as response:
        chat.type(QUESTION)
    assert response.value.json() == {"status": "erased"}
    expect(chat.answers).to_have_count(0)
    assert clinic.events(tokens[0].split(".")[0], "user", wait=0) == []


NONSENSE: List[Dict[str, Any]] = [
    {"body": "<!doctype html><title>Log in</title>", "content_type": "text/html"},
    {"body": ""},
    {"json": None},
    {"json": []},
    {"json": {}},
    {"json": {"session": "x", "messages": []}},
    {"json": {"session": "x", "messages": [None]}},
    {"json": {"session": "x", "messages": [{"id": "1"}]}},
    {"json": {"session": "x", "messages": [{"id": "1", "text": 5, "sources": "x"}]}},
    {"status": 302, "headers": {"Location": "/"}},
    {"status": 413, "json": {"error": "too_large"}},
    {"status": 500, "body": "Internal Server Error"},
]


@pytest.mark.parametrize("answer", NONSENSE)
def test_nonsense_from_the_server_leaves_help_and_words(visit: Visit, answer: Dict[str, Any]) -> None:
    chat = visit().open()
    chat.page.route("**/webhook", lambda route: route.fulfill(**answer))
    chat.type(QUESTION)
    expect(chat.widget.locator(".failed")).to_contain_text("can’t be reached")
    chat.expect_help()
    chat.page.unroute("**/webhook")
    chat.page.reload()
    expect(chat.log).to_contain_text(QUESTION)
    chat.button("Try again").click()
    expect(chat.answers).to_have_count(1, timeout=20_000)


def test_endless_words_stay_in_the_panel(visit: Visit) -> None:
    chat = visit(viewport={"width": 390, "height": 844}).open()
    word = "w" * 400

    def flood(route: Route) -> None:
        message = {"id": "1", "text": word, "buttons": [{"title": word, "payload": "/x"}], "checked_on": "2026-01-01"}
        message["sources"] = [{"title": word, "publisher": word, "year": 1, "url": "https://example.org/"}]
        route.fulfill(json={"session": "x", "messages": [message]})

    chat.page.route("**/webhook", flood)
    chat.type(word)
    chat.answers.first.locator("summary").click()
    wide = """root => [...root.shadowRoot.querySelectorAll('.panel *:not(.sr)')]
        .filter((node) => node.scrollWidth > innerWidth + 1).length"""
    assert chat.widget.evaluate(wide) == 0


def test_without_a_country_the_numbers_of_many_are_shown(visit: Visit) -> None:
    chat = visit(bypass_csp=True)
    chat.page.route("**/settings", lambda route: route.abort())
    chat.page.evaluate(
        """() => { document.querySelector('ketamine-chat').remove();
        document.body.append(document.createElement('ketamine-chat')) }"""
    )
    chat.open()
    expect(chat.bar).to_contain_text("999 (UK), 112 (EU)")
    chat.bar.get_by_text("More", exact=True).click()
    expect(chat.bar.locator("a[href='https://findahelpline.com']")).to_be_visible()


HOSTILE = (
    '<img src=x onerror="window.hacked=1"> <script>window.hacked=1</script> [click](javascript:alert(1)) '
    'javascript:alert(1) https://evil.example/"onclick="x'
)


def test_hostile_answers_stay_words(visit: Visit) -> None:
    chat = visit().open()

    def poison(route: Route) -> None:
        message: Dict[str, Any] = {"id": '"]<b>', "text": HOSTILE, "language": '"><b>', "topic": "x", "checked_on": "?"}
        message["buttons"] = [{"title": HOSTILE, "payload": "/x"}]
        message["sources"] = [{"title": HOSTILE, "publisher": HOSTILE, "year": 1, "url": "javascript:window.hacked=1"}]
        message["contacts"] = [{"name": HOSTILE, "call": "javascript:1", "chat_url": "javascript:window.hacked=1"}]
        route.fulfill(json={"session": "x", "messages": [message]})

    chat.page.route("**/webhook", poison)
    chat.type(QUESTION)
    expect(chat.answers).to_have_count(1)
    assert chat.page.evaluate("window.hacked") is None
    links = "n => [...n.shadowRoot.querySelectorAll('.bot a')].map((link) => link.getAttribute('href'))"
    hrefs = chat.widget.evaluate(links)
    assert all(href.startswith(("https://evil.example/", "tel:")) for href in hrefs), hrefs
    assert chat.widget.evaluate("n => n.shadowRoot.querySelectorAll('.bot img, .bot script, .bot b').length") == 0


@pytest.fixture
def doomed(tmp_path: Path) -> Iterator[Clinic]:
    """An assistant that a test may kill."""
    clinic = Clinic(tmp_path / "doomed")
    clinic.start(actions=False)
    yield clinic
    clinic.stop()


def test_a_crisis_message_while_the_process_is_killed_leaves_contacts(browser: Browser, doomed: Clinic) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(doomed.address)
    chat = Chat(page).open()
    assert doomed._server
    os.killpg(doomed._server.pid, signal.SIGKILL)
    doomed._server.wait(10)
    chat.type(CRISIS)
    chat.expect_help()
    failed = chat.widget.locator(".failed")
    expect(failed).to_contain_text("don’t wait for it", timeout=15_000)
    for address in ("tel:911", "tel:988", "sms:988", "sms:741741?&body=HOME"):
        expect(failed.locator(f"a[href='{address}']")).to_be_visible()
    expect(chat.log).to_contain_text(CRISIS)
    context.close()

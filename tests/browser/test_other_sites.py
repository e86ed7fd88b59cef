"""On a clinic's own website: another address, a strict policy, loud styles, odd ways to embed the tag."""

from __future__ import annotations

import base64
import hashlib
import re
import urllib.request
from typing import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.chat import Chat
from tests.browser.conftest import Clinic, Visit, Watch
from tests.browser.other_site import TAG, OtherSite

QUESTION = "is it safe to drive home after?"
LOUD = """
html { font-size: 62.5%; text-transform: uppercase; letter-spacing: 0.4em; text-align: right; visibility: hidden; }
* { font: italic 30px/3 fantasy !important; letter-spacing: 0.4em !important; color: red !important; float: left; }
body > * { position: relative !important; z-index: 1; transform: rotate(3deg); opacity: 0.3 !important; }
ketamine-chat, ketamine-chat * { display: none !important; background: lime; }
button { all: unset; } dialog { display: none !important; } svg { display: none; }
"""
NO_STORAGE = """
for (const name of ['sessionStorage', 'localStorage', 'BroadcastChannel'])
    Object.defineProperty(window, name, { get() { throw new DOMException('blocked', 'SecurityError') } });
"""


@pytest.fixture
def other_site(clinic: Clinic) -> Iterator[OtherSite]:
    site = OtherSite(clinic.site_port, clinic.address)
    yield site
    site.stop()


def test_another_website_needs_the_documented_policy_and_nothing_else(
    visit: Visit, other_site: OtherSite, watch: Watch
) -> None:
    chat = visit(other_site.show()).open()
    expect(chat.ask(QUESTION)).to_contain_text("Do not drive until the next day")
    token = chat.token()
    chat.page.reload()
    expect(chat.answers).to_have_count(1)
    assert chat.token() == token
    assert set(watch.hosts) == {other_site.address.split("/")[2], other_site.bot.split("/")[2]}


def test_the_file_can_be_pinned(visit: Visit, other_site: OtherSite) -> None:
    with urllib.request.urlopen(f"{other_site.bot}/webhooks/web/widget.js") as response:
        version = response.headers["ETag"].strip('"')
        digest = base64.b64encode(hashlib.sha256(response.read()).digest()).decode()
    pinned = TAG.replace("widget.js", f"widget.{version}.js").replace(
        " defer", f' defer integrity="sha256-{digest}" crossorigin="anonymous"'
    )
    expect(visit(other_site.show(pinned)).launcher).to_be_visible()


def test_loud_styles_of_the_page_stay_outside(visit: Visit, other_site: OtherSite) -> None:
    quiet = visit(other_site.show()).launcher
    place = quiet.bounding_box()
    chat = visit(other_site.show(css=LOUD))
    expect(chat.launcher).to_be_visible()
    assert chat.launcher.bounding_box() == place
    chat.open()
    expect(chat.input).to_have_css("font-size", "16px")
    expect(chat.input).to_have_css("letter-spacing", "normal")
    expect(chat.input).to_have_css("text-transform", "none")
    chat.expect_help()


def test_the_page_can_hide_the_chat(visit: Visit, other_site: OtherSite) -> None:
    chat = visit(other_site.show())
    chat.page.evaluate("document.querySelector('ketamine-chat').hidden = true")
    expect(chat.launcher).to_be_hidden()


def test_a_tag_that_stands_twice_makes_one_chat(visit: Visit, other_site: OtherSite) -> None:
    chat = visit(other_site.show(TAG + TAG))
    expect(chat.widget).to_have_count(1)
    expect(chat.open().ask(QUESTION)).to_be_visible()


def test_a_chat_that_is_taken_away_and_put_back_goes_on(visit: Visit, other_site: OtherSite) -> None:
    chat = visit(other_site.show()).open()
    chat.ask(QUESTION)
    moved = """() => { const chat = document.querySelector('ketamine-chat'); chat.remove();
        const place = document.createElement('main'); document.body.append(place); place.append(chat) }"""
    chat.page.evaluate(moved)
    expect(chat.answers).to_have_count(1)
    fresh = """() => { document.querySelector('ketamine-chat').remove();
        document.body.append(document.createElement('ketamine-chat')) }"""
    chat.page.evaluate(fresh)
    expect(chat.answers).to_have_count(1)
    chat.page.context.set_offline(True)
    chat.type("how much does it cost?")
    expect(chat.log).to_contain_text("You’re offline")
    chat.page.context.set_offline(False)
    expect(chat.answers).to_have_count(2, timeout=20_000)
    # A removed one that still listened would have asked as well, and shown the answer once more.
    chat.page.wait_for_load_state("networkidle")
    expect(chat.answers).to_have_count(2)


def test_with_storage_blocked_the_chat_works_while_the_page_is_open(visit: Visit, other_site: OtherSite) -> None:
    chat = visit("/", before=NO_STORAGE).open()
    expect(chat.ask(QUESTION)).to_contain_text("Do not drive")
    chat.ask("how much does it cost?")
    chat.expect_help()


def test_a_spanish_page_gets_a_spanish_chat_that_says_what_is_not_spanish(visit: Visit, other_site: OtherSite) -> None:
    chat: Chat = visit(other_site.show(lang="es-MX")).open()
    expect(chat.widget.get_by_text("Automático: no es una persona")).to_be_visible()
    expect(chat.widget.get_by_text("Por ahora respondo en inglés")).to_be_visible()
    expect(chat.bar.locator("a:visible").first).to_have_text(re.compile("Llamar al 911"))
    expect(chat.widget.locator(".offers button").first).to_have_attribute("lang", "en")

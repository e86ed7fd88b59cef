"""Accessible to everybody: axe in every mode, and what axe does not see by walking the page."""

from __future__ import annotations

from typing import Any, Dict

import pytest
from playwright.sync_api import expect

from tests.browser.chat import Chat
from tests.browser.conftest import Visit

QUESTION = "is it safe to drive home after?"
MODES: Dict[str, Dict[str, Any]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "forced colours": {"forced_colors": "active"},
    "phone": {"viewport": {"width": 390, "height": 844}},
    "320 px": {"viewport": {"width": 320, "height": 480}},
    "400 % zoom": {"viewport": {"width": 320, "height": 256}},
    "right to left": {},
}


def in_mode(visit: Visit, mode: str) -> Chat:
    # axe needs to be brought in; the policy itself is watched in the other tests.
    chat = visit(bypass_csp=True, **MODES[mode])
    if mode == "right to left":
        chat.page.evaluate("document.documentElement.dir = 'rtl'")
    return chat


@pytest.mark.parametrize("mode", MODES)
def test_axe_finds_nothing(visit: Visit, mode: str) -> None:
    chat = in_mode(visit, mode)
    assert chat.violations() == []
    chat.open()
    chat.ask(QUESTION).locator("summary").click()
    assert chat.violations() == []
    chat.bar.get_by_text("More", exact=True).click()
    assert chat.violations() == []
    chat.button("Chat options").click()
    assert chat.violations() == []
    chat.page.keyboard.press("Escape")
    chat.ask("I want to kill myself")
    chat.type("my mail is jo@example.org")
    assert chat.violations() == []
    chat.page.context.set_offline(True)
    chat.button("Send as it is").click()
    expect(chat.widget.locator(".failed")).to_be_visible()
    assert chat.violations() == []


def test_axe_looks_inside_the_chat(visit: Visit) -> None:
    chat = in_mode(visit, "light").open()
    plant = "root => root.shadowRoot.querySelector('.log').append(document.createElement('button'))"
    chat.widget.evaluate(plant)
    assert [item["id"] for item in chat.violations()] == ["button-name"]


@pytest.mark.parametrize("mode", ["320 px", "400 % zoom", "right to left"])
def test_nothing_runs_out_of_the_screen(visit: Visit, mode: str) -> None:
    chat = in_mode(visit, mode).open()
    chat.ask(QUESTION).locator("summary").click()
    assert chat.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    outside = """root => [...root.shadowRoot.querySelectorAll('.panel *:not(.sr, .sr *)')].filter((node) => {
        const box = node.getBoundingClientRect();
        return box.width && (box.left < -1 || box.right > innerWidth + 1)
        }).map((node) => node.outerHTML.slice(0, 80))"""
    assert chat.widget.evaluate(outside) == []
    assert chat.panel.evaluate("panel => panel.scrollHeight <= panel.clientHeight"), "only the conversation scrolls"
    room = chat.widget.locator(".scroll").bounding_box()
    assert room
    assert room["height"] >= 60, "there must be room to read in"
    chat.expect_help()


def test_there_is_one_polite_log_before_the_first_message(visit: Visit) -> None:
    chat = visit().open()
    regions = """root => [...root.shadowRoot.querySelectorAll('[aria-live], [role=log], [role=status], [role=alert]')]
        .map((node) => [node.getAttribute('role'), node.getAttribute('aria-live')])"""
    assert chat.widget.evaluate(regions) == [["log", "polite"], ["alert", None], ["status", None]]
    chat.log.evaluate("node => { node.sameNode = true }")
    chat.ask(QUESTION)
    assert chat.log.evaluate("node => node.sameNode"), "a region that is replaced says nothing"
    expect(chat.log).to_contain_text("You: " + QUESTION)
    expect(chat.log).to_contain_text("Assistant: Do not drive")


def test_an_answer_is_added_once_and_older_turns_stay_untouched(visit: Visit) -> None:
    chat = visit().open()
    chat.ask("hello")
    watch = """root => { window.added = []; new MutationObserver((changes) => changes.forEach((change) =>
        change.addedNodes.forEach((node) => added.push(node.innerText)))).observe(
        root.shadowRoot.querySelector('[role=log]'), { childList: true }) }"""
    chat.widget.evaluate(watch)
    chat.ask(QUESTION)
    added = chat.page.evaluate("added")
    assert len(added) == 2, "the question and its answer"


def test_hidden_controls_cannot_be_reached(visit: Visit) -> None:
    chat = visit()
    for _ in range(30):
        chat.page.keyboard.press("Tab")
        assert "TEXTAREA" not in chat.focused()
    expect(chat.panel).to_be_hidden()


def test_the_dialog_has_name_and_description(visit: Visit) -> None:
    chat = visit().open()
    expect(chat.panel).to_have_accessible_name("Willow Lane Clinic")
    expect(chat.panel).to_have_accessible_description("Automated, not a person")
    expect(chat.input).to_have_accessible_name("Write your question")
    expect(chat.bar.locator("a:visible").first).to_have_accessible_name("Call 911, Emergency")


def test_escape_closes_the_menu_first_and_the_page_stays_usable(visit: Visit) -> None:
    chat = visit().open()
    chat.button("Chat options").click()
    chat.page.keyboard.press("Escape")
    expect(chat.panel).to_be_visible()
    expect(chat.button("Chat options")).to_be_focused()
    chat.page.get_by_role("link", name="Your first visit").first.focus()
    assert chat.focused() == ""


def test_targets_are_large_enough(visit: Visit) -> None:
    chat = visit(viewport={"width": 320, "height": 480}).open()
    chat.ask(QUESTION)
    small = """root => [...root.shadowRoot.querySelectorAll('button, summary, select, .chip')].filter((node) => {
        const box = node.getBoundingClientRect(); return box.width && Math.min(box.width, box.height) < 24 })
        .map((node) => node.innerText)"""
    assert chat.widget.evaluate(small) == []


@pytest.mark.parametrize("accent", ["#7a1f5c", "#ffd54a", "rgb(0 90 160 / 0.3)", "white"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_whatever_the_accent_words_on_it_can_be_read(visit: Visit, accent: str, scheme: Any) -> None:
    chat = visit("/first-visit", bypass_csp=True, color_scheme=scheme)
    chat.page.evaluate("accent => document.body.style.setProperty('--kc-accent', accent)", accent)
    assert [item["id"] for item in chat.open().violations()] == []


def test_accents_of_every_hue_keep_their_contrast(visit: Visit) -> None:
    chat = visit()
    # Relative luminance as WCAG 2 defines it, of what the browser paints for the launcher.
    lightest = """root => { const button = root.shadowRoot.querySelector('.launcher');
        const context = new OffscreenCanvas(1, 1).getContext('2d');
        const part = (value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
        let most = 0;
        for (let red = 0; red <= 255; red += 51) for (let green = 0; green <= 255; green += 51)
            for (let blue = 0; blue <= 255; blue += 51) {
                document.body.style.setProperty('--kc-accent', `rgb(${red} ${green} ${blue})`);
                context.fillStyle = getComputedStyle(button).backgroundColor;
                context.fillRect(0, 0, 1, 1);
                const [r, g, b] = context.getImageData(0, 0, 1, 1).data;
                most = Math.max(most, 0.2126 * part(r / 255) + 0.7152 * part(g / 255) + 0.0722 * part(b / 255));
            }
        return most }"""
    page_luminance = 0.948  # #fbf9f5, the darkest light ground on which the accent is the colour of words
    assert (page_luminance + 0.05) / (chat.widget.evaluate(lightest) + 0.05) >= 4.5


def test_a_brand_colour_that_is_dark_enough_is_left_as_it_is(visit: Visit) -> None:
    chat = visit()
    chat.page.evaluate("document.body.style.setProperty('--kc-accent', '#7a1f5c')")
    painted = """root => { const context = new OffscreenCanvas(1, 1).getContext('2d');
        context.fillStyle = getComputedStyle(root.shadowRoot.querySelector('.launcher')).backgroundColor;
        context.fillRect(0, 0, 1, 1); return [...context.getImageData(0, 0, 1, 1).data] }"""
    assert chat.widget.evaluate(painted) == [0x7A, 0x1F, 0x5C, 255]


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_nothing_moves(visit: Visit, motion: str) -> None:
    chat = visit(reduced_motion=motion).open()
    assert chat.page.evaluate("document.querySelector('ketamine-chat').shadowRoot.getAnimations().length") == 0

"""A visitor's way through the chat: mouse, keyboard, phone; pages, tabs and what can be done with a chat."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Clinic, Visit, Watch

QUESTION = "is it safe to drive home after?"


def test_with_the_mouse(visit: Visit) -> None:
    chat = visit().open()
    expect(chat.widget.get_by_text("I’m an automated assistant")).to_be_visible()
    expect(chat.widget.get_by_text("Automated, not a person")).to_be_visible()
    chat.expect_help()
    answer = chat.ask(QUESTION)
    expect(answer).to_contain_text("Do not drive until the next day")
    expect(answer).to_contain_text("Not yet approved by a clinician")
    answer.locator("summary").click()
    expect(answer.get_by_text("Drugs and driving: the law")).to_be_visible()
    expect(answer.locator("details")).to_contain_text("GOV.UK")
    expect(answer.locator("details")).to_contain_text(re.compile(r"checked \w+ \d+, 20\d\d"))
    chat.button("Recovery time").click()
    expect(chat.answers).to_have_count(2)
    expect(chat.button("Bringing someone")).to_have_count(0)
    chat.button("Close chat").click()
    expect(chat.panel).to_be_hidden()


def test_with_the_keyboard_alone(visit: Visit) -> None:
    chat = visit()
    for _ in range(20):
        chat.page.keyboard.press("Tab")
        if "launcher" in chat.focused():
            break
    assert "launcher" in chat.focused()
    chat.page.keyboard.press("Enter")
    assert chat.focused().startswith("TEXTAREA")
    chat.page.keyboard.type(QUESTION)
    chat.page.keyboard.press("Enter")
    expect(chat.answers).to_have_count(1, timeout=20_000)
    chat.page.keyboard.press("Shift+Tab")
    assert "Work and school" in chat.focused()
    chat.page.keyboard.press("Enter")
    expect(chat.answers).to_have_count(2, timeout=20_000)
    assert chat.focused().startswith("TEXTAREA")
    chat.page.keyboard.press("Escape")
    expect(chat.panel).to_be_hidden()
    assert "launcher" in chat.focused()


def test_on_a_phone(visit: Visit) -> None:
    chat = visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    chat.launcher.tap()
    expect(chat.panel).to_be_in_viewport(ratio=1)
    assert "panel" in chat.focused(), "the keyboard must not cover the notice"
    chat.button("Side effects").tap()
    expect(chat.answers).to_have_count(1, timeout=20_000)
    chat.expect_help()


def test_the_start_of_a_long_answer_is_in_sight(visit: Visit) -> None:
    chat = visit(viewport={"width": 390, "height": 640}).open()
    expect(chat.ask(QUESTION).get_by_text("Do not drive until")).to_be_in_viewport()


def test_the_same_conversation_after_a_reload_and_on_the_next_page(visit: Visit) -> None:
    chat = visit().open()
    chat.ask(QUESTION)
    token = chat.token()
    chat.page.reload()
    expect(chat.panel).to_be_visible()
    expect(chat.answers).to_have_count(1)
    chat.page.goto(chat.page.url + "first-visit")
    expect(chat.answers).to_have_count(1)
    expect(chat.ask("how long does that last?")).to_be_visible()
    assert chat.token() == token


def test_two_tabs_share_one_conversation(visit: Visit) -> None:
    first = visit().open()
    first.ask(QUESTION)
    second = visit("/first-visit", same=first.page.context).open()
    expect(second.answers).to_have_count(1)
    second.ask("how much does it cost?")
    expect(first.answers).to_have_count(2)
    assert first.token() == second.token()
    second.button("Chat options").click()
    second.button("Delete this chat").click()
    second.button("Delete it here and on the server: press again").click()
    expect(first.answers).to_have_count(0)


def test_deleting_takes_two_presses_and_reaches_the_server(visit: Visit, clinic: Clinic) -> None:
    chat = visit().open()
    chat.ask(QUESTION)
    token = chat.token()
    conversation = token.split(".")[0]
    assert clinic.events(conversation, "user")
    chat.button("Chat options").click()
    chat.button("Delete this chat").click()
    expect(chat.answers).to_have_count(1)
    with chat.page.expect_response("**/erase") as response:
        chat.button("Delete it here and on the server: press again").click()
    assert response.value.json() == {"status": "erased"}
    expect(chat.widget.get_by_text("The chat has been deleted.")).to_be_visible()
    expect(chat.answers).to_have_count(0)
    assert chat.token() == ""
    assert clinic.events(conversation, "user", wait=0) == []


def test_the_chat_can_be_saved(visit: Visit) -> None:
    chat = visit().open()
    chat.ask(QUESTION)
    chat.button("Chat options").click()
    with chat.page.expect_download() as download:
        chat.button("Save as a text file").click()
    text = download.value.path().read_text(encoding="utf-8")
    assert QUESTION in text
    assert "https://www.gov.uk/drug-driving-law" in text


def test_feedback_is_sent_and_shown(visit: Visit) -> None:
    chat = visit().open()
    chat.ask(QUESTION)
    with chat.page.expect_response("**/feedback") as response:
        chat.button("Helpful").click()
    assert response.value.ok
    assert QUESTION not in (response.value.request.post_data or "")
    expect(chat.button("Helpful")).to_have_attribute("aria-pressed", "true")
    expect(chat.button("Helpful")).to_be_focused()


def test_personal_details_are_questioned_before_anything_is_sent(visit: Visit) -> None:
    chat = visit().open()
    for text in ("I am jo@example.org", "call me on 555 010 0199", "born 4/12/1980, can I?", "December 4, 1980"):
        chat.type(text)
        expect(chat.widget.get_by_role("alert")).to_contain_text("You don’t need to share it")
        chat.button("Change it").click()
        expect(chat.input).to_have_value(text)
    expect(chat.widget.locator(".turn")).to_have_count(0)
    chat.input.press("Enter")
    chat.button("Send as it is").click()
    expect(chat.answers).to_have_count(1, timeout=20_000)


def test_ordinary_numbers_are_not_questioned(visit: Visit) -> None:
    chat = visit().open()
    chat.ask("is 0.5 mg/kg over 40 minutes on 2 days in May 2026 usual for a 52 year old?")


def test_the_interface_speaks_spanish(visit: Visit) -> None:
    chat = visit().open()
    chat.ask(QUESTION)
    chat.button("Chat options").click()
    chat.button("Español").click()
    expect(chat.widget.get_by_text("Automático: no es una persona")).to_be_visible()
    assert chat.answers.locator(".words").get_attribute("lang") == "en", "the answer keeps its own language"
    expect(chat.bar).to_contain_text("Llamar al 911")


def test_contacts_follow_the_country_that_the_visitor_names(visit: Visit) -> None:
    chat = visit().open()
    chat.bar.get_by_text("More", exact=True).click()
    chat.bar.get_by_role("combobox").select_option("GB")
    expect(chat.bar.locator("a[href='tel:999']").first).to_be_visible()
    chat.bar.get_by_role("combobox").select_option("PL")
    expect(chat.bar.locator("a[href='tel:112']").first).to_be_visible()
    expect(chat.bar.locator("a[href='https://findahelpline.com']").first).to_be_visible()


def test_the_page_contacts_no_host_but_its_own(visit: Visit, watch: Watch) -> None:
    chat = visit().open()
    chat.ask(QUESTION)
    chat.ask("I want to kill myself")
    assert list(watch.hosts) == [chat.page.url.split("/")[2]]
    assert chat.page.context.cookies() == []


def test_nothing_is_sent_while_typing(visit: Visit) -> None:
    chat = visit().open()
    chat.page.wait_for_load_state("networkidle")
    sent = []
    chat.page.on("request", lambda request: sent.append(request.url))
    chat.input.press_sequentially("a private thought")
    assert sent == []


def test_a_script_can_open_the_chat_and_hears_no_words(visit: Visit) -> None:
    chat = visit()
    chat.page.evaluate(
        """() => { window.heard = []; const chat = document.querySelector('ketamine-chat');
        for (const name of ['kc-open', 'kc-answer', 'kc-close'])
            document.addEventListener(name, (event) => heard.push([name, event.detail]));
        chat.ask('is it safe to drive home after?'); }"""
    )
    expect(chat.answers).to_have_count(1, timeout=20_000)
    chat.page.evaluate("document.querySelector('ketamine-chat').close()")
    assert chat.page.evaluate("heard") == [
        ["kc-open", None],
        ["kc-answer", {"topic": "driving", "crisis": None}],
        ["kc-close", None],
    ]


PRINTS = "window.printed = 0; window.print = () => { window.printed += 1 };"


def test_the_chat_can_be_printed_instead_of_the_page(visit: Visit) -> None:
    chat = visit(before=PRINTS).open()
    chat.ask(QUESTION)
    chat.button("Chat options").click()
    chat.button("Print").click()
    assert chat.page.evaluate("printed") == 1
    paper = chat.page.locator(".kc-part")
    expect(paper.first).to_be_hidden()
    chat.page.emulate_media(media="print")
    expect(chat.page.locator("body")).to_be_hidden()
    expect(paper.filter(has_text=QUESTION)).to_be_visible()
    expect(paper.filter(has_text="https://www.gov.uk/drug-driving-law")).to_be_visible()
    chat.page.keyboard.press("Tab")
    expect(paper).to_have_count(0)
    expect(chat.page.get_by_role("heading", level=1)).to_be_visible()
    expect(chat.panel).to_be_hidden()


# The headless browser has no voice: what it would be given to say is noted down instead.
VOICE = """window.said = []; window.stopped = 0;
speechSynthesis.speak = (words) => said.push(words);
speechSynthesis.cancel = () => { stopped += 1 };"""


def test_an_answer_can_be_read_aloud_and_stopped(visit: Visit) -> None:
    chat = visit(before=VOICE).open()
    answer = chat.ask(QUESTION)
    listen = chat.button("Read aloud")
    listen.click()
    expect(listen).to_have_attribute("aria-pressed", "true")
    paragraphs = answer.locator(".words > :not(.sr)").all_inner_texts()
    assert chat.page.evaluate("said.map((words) => words.text)") == paragraphs
    assert chat.page.evaluate("said.every((words) => words.lang === 'en')")
    listen.click()
    expect(listen).to_have_attribute("aria-pressed", "false")
    assert chat.page.evaluate("stopped") == 1
    listen.click()
    chat.page.evaluate("said.at(-1).onend()")
    expect(listen).to_have_attribute("aria-pressed", "false")
    listen.click()
    chat.button("Close chat").click()
    assert chat.page.evaluate("stopped") == 3, "a closed chat is silent"


def test_rating_says_nothing_twice(visit: Visit) -> None:
    chat = visit().open()
    answer = chat.ask(QUESTION)
    answer.locator("summary").click()
    watch = """root => { window.changed = 0; new MutationObserver((changes) => { changed += changes.length })
        .observe(root.shadowRoot.querySelector('[role=log]'), { childList: true, subtree: true }) }"""
    chat.widget.evaluate(watch)
    sent = []
    chat.page.on("request", lambda request: sent.append(request.url))
    chat.button("Helpful").dblclick()
    expect(chat.status).to_have_text("Thank you for telling us.")
    expect(answer.locator("details")).to_have_attribute("open", "")
    assert chat.page.evaluate("changed") == 0, "a screen reader would read the answer out again"
    assert len(sent) == 1
    chat.page.reload()
    expect(chat.button("Helpful")).to_have_attribute("aria-pressed", "true")


def test_a_double_click_neither_deletes_nor_asks_twice(visit: Visit) -> None:
    chat = visit().open()
    chat.button("What happens with what I write?").dblclick()
    expect(chat.answers).to_have_count(1, timeout=20_000)
    expect(chat.widget.locator(".turn.me")).to_have_count(1)
    chat.button("Chat options").click()
    chat.button("Delete this chat").dblclick()
    expect(chat.status).to_contain_text("press again")
    expect(chat.answers).to_have_count(1)


def test_a_click_elsewhere_closes_the_menu(visit: Visit) -> None:
    chat = visit().open()
    chat.button("Chat options").click()
    chat.widget.get_by_text("I’m an automated assistant").click()
    expect(chat.button("Print")).to_be_hidden()


def test_on_a_phone_the_focus_stays_in_what_can_be_seen(visit: Visit) -> None:
    chat = visit(viewport={"width": 390, "height": 844}).open()
    for _ in range(25):
        chat.page.keyboard.press("Tab")
        assert chat.page.evaluate("['KETAMINE-CHAT', 'BODY'].includes(document.activeElement.tagName)")
    chat.page.reload()
    expect(chat.panel).to_be_visible()
    assert chat.focused(), "the chat covers the page again, so the focus belongs into it"
    chat.page.keyboard.press("Escape")
    expect(chat.panel).to_be_hidden()
    assert "launcher" in chat.focused()


def test_on_a_large_screen_a_reload_leaves_the_focus_to_the_page(visit: Visit) -> None:
    chat = visit().open()
    chat.page.reload()
    expect(chat.panel).to_be_visible()
    assert chat.focused() == ""


def test_a_screen_keyboard_does_not_push_the_help_out(visit: Visit) -> None:
    chat = visit(viewport={"width": 390, "height": 844}).open()
    keyboard = """([height, offsetTop, scale]) => {
        for (const [name, value] of Object.entries({ height, offsetTop, scale }))
        Object.defineProperty(visualViewport, name, { value, configurable: true });
        visualViewport.dispatchEvent(new Event('resize')) }"""
    chat.page.evaluate(keyboard, [420, 60, 1])
    assert chat.panel.bounding_box() == {"x": 0, "y": 60, "width": 390, "height": 420}
    chat.page.evaluate(keyboard, [200, 100, 2])
    assert chat.panel.bounding_box() == {"x": 0, "y": 60, "width": 390, "height": 420}, "zooming in moves nothing"
    chat.page.evaluate(keyboard, [844, 0, 1])
    expect(chat.panel).to_be_in_viewport(ratio=1)


def test_back_from_the_browsers_cache_the_chat_is_up_to_date(visit: Visit) -> None:
    chat = visit().open()
    chat.ask(QUESTION)
    # What another page of this tab does while this one rests; tests' browsers switch the cache itself off.
    meanwhile = """() => { const state = JSON.parse(sessionStorage['ketamine-chat']);
        state.entries.push({ kind: 'bot', id: 'later', message: { text: 'Said on another page.' } });
        sessionStorage['ketamine-chat'] = JSON.stringify(state);
        dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })) }"""
    chat.page.evaluate(meanwhile)
    expect(chat.answers.last).to_contain_text("Said on another page.")


@pytest.mark.parametrize("minutes", [31, -31])
def test_an_idle_chat_is_cleared_by_any_clock(visit: Visit, minutes: int) -> None:
    chat = visit().open()
    chat.ask(QUESTION)
    script = """(minutes) => { const state = JSON.parse(sessionStorage['ketamine-chat']);
        state.seen -= minutes * 60 * 1000; sessionStorage['ketamine-chat'] = JSON.stringify(state) }"""
    chat.page.evaluate(script, minutes)
    chat.page.reload()
    expect(chat.answers).to_have_count(0)
    expect(chat.log).to_contain_text("cleared after 30 minutes")

"""A visitor's way through the chat: mouse, keyboard, phone; pages, tabs and what can be done with a chat."""

from __future__ import annotations

import re

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
    for text in ("I am jo@example.org", "call me on 555 010 0199", "born 4/12/1980, can I?"):
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
    chat.ask("is 0.5 mg/kg over 40 minutes on 2 days usual for a 52 year old?")


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


def test_an_idle_chat_is_cleared(visit: Visit) -> None:
    chat = visit().open()
    chat.ask(QUESTION)
    script = """() => { const s = JSON.parse(sessionStorage['ketamine-chat']); s.seen -= 31 * 60 * 1000;
        sessionStorage['ketamine-chat'] = JSON.stringify(s) }"""
    chat.page.evaluate(script)
    chat.page.reload()
    expect(chat.answers).to_have_count(0)
    expect(chat.log).to_contain_text("cleared after 30 minutes")


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

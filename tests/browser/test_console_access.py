"""The console for everybody: axe on every screen in every mode, and from edit to live with the keyboard alone."""

from __future__ import annotations

import re
from typing import Any, Callable, Dict, Iterator, List, Set

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chat import AXE, AXE_TAGS
from tests.browser.console import PASSWORD, Practice

MODES: Dict[str, Dict[str, Any]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "forced colours": {"forced_colors": "active"},
    "320 px": {"viewport": {"width": 320, "height": 640}},
}
UNKNOWN = "do you take cats in the waiting room"
# Files to take away are no screens; leaving is not looked at here.
NO_SCREEN = re.compile(r"^/(static|sign-out|import-export/take)|/export$")
SAME = (
    (re.compile(r"[0-9a-f]{64}|\d+"), "*"),
    (re.compile(r"^/answers/(?!new$)[\w-]+"), "/answers/*"),
    (re.compile(r"^/crisis-texts/\w+/\w+"), "/crisis-texts/*"),
)
# What a crawl has to come by; a screen that no link leads to would be missed.
EXPECTED = {
    "/",
    "/answers",
    "/answers/*",
    "/answers/*/edit",
    "/answers/*/phrases",
    "/answers/*/history",
    "/answers/*/compare",
    "/review",
    "/review/*",
    "/publish",
    "/unanswered",
    "/unanswered/*",
    "/test-chat",
    "/facts",
    "/sources",
    "/crisis-texts",
    "/crisis-texts/*",
    "/reports",
    "/import-export",
    "/import-export/printable",
    "/people",
    "/people/*",
    "/account",
    "/log",
}
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Practice]:
    """A clinic with drafts and a question that nobody answered."""
    opened = Practice(tmp_path_factory.mktemp("practice") / "project").open()
    opened.say("asker", UNKNOWN)
    opened.events("asker", "bot")
    page = browser.new_context(locale="en-US").new_page()
    page.goto(f"{opened.address}/sign-in")
    sign_in(page, "nora")
    send_a_draft(page, opened.address, "driving")
    page.context.close()
    yield opened
    opened.close()


@pytest.fixture
def open_page(browser: Browser, practice: Practice) -> Iterator[Open]:
    """Returns a function that opens the sign-in page in a browser with given traits."""
    pages: List[Page] = []

    def open_(**traits: Any) -> Page:
        traits = {"viewport": {"width": 1180, "height": 820}, "reduced_motion": "reduce", "locale": "en-US", **traits}
        pages.append(browser.new_context(**traits).new_page())
        pages[-1].goto(f"{practice.address}/sign-in")
        return pages[-1]

    yield open_
    for page in pages:
        page.context.close()


def sign_in(page: Page, username: str) -> None:
    page.get_by_label("Sign-in name").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Today", exact=True)).to_be_visible()


def violations(page: Page) -> List[Any]:
    """Returns what axe finds against WCAG 2.2 AA, with everything that can be unfolded unfolded."""
    page.evaluate("document.querySelectorAll('details').forEach((node) => { node.open = true })")
    page.evaluate(AXE() + "; undefined")
    found = page.evaluate("tags => axe.run(document, { runOnly: tags })", AXE_TAGS)
    faults = [
        [item["id"], item["nodes"][0]["target"], item["nodes"][0]["failureSummary"]] for item in found["violations"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        faults.append(["runs out of the screen", page.evaluate(WIDEST)])
    return [[page.url, *fault] for fault in faults]


WIDEST = """[...document.querySelectorAll('main *, header *')].filter((node) => !node.closest('.scroll')
    && node.getBoundingClientRect().right > innerWidth + 1).map((node) => node.outerHTML.slice(0, 120)).slice(0, 3)"""


def kind_of(path: str) -> str:
    """Returns the address with names and numbers left out."""
    for pattern, mark in SAME:
        path = pattern.sub(mark, path)
    return path


def walk(page: Page, address: str, seen: Set[str]) -> List[Any]:
    """Follows all links to screens of kinds not seen yet; returns what axe finds on them."""
    faults: List[Any] = []
    waiting = ["/"]
    while waiting:
        path = waiting.pop(0)
        if kind_of(path) in seen:
            continue
        seen.add(kind_of(path))
        page.goto(address + path)
        faults += violations(page)
        links = page.evaluate("[...document.links].filter((a) => a.origin === location.origin).map((a) => a.pathname)")
        waiting += [link for link in links if not NO_SCREEN.search(link)]
    return faults


def send_a_draft(page: Page, address: str, answer: str) -> None:
    """Leaves a draft that waits for a clinician, and one that is being written."""
    for id_ in (answer, "aftercare"):
        page.goto(f"{address}/answers/{id_}/edit")
        box = page.get_by_label("Answer", exact=True)
        box.fill(box.input_value().replace("Do not", "Never", 1))
        page.get_by_label("Why this change?").fill("Shorter")
        if id_ == answer:
            page.get_by_role("button", name="Go on to send it").click()
            page.get_by_role("button", name="Send to a clinician").click()
        else:
            page.get_by_role("button", name="Save the draft").click()
        expect(page.locator(".notice.success")).to_be_visible()


@pytest.mark.parametrize("mode", MODES)
def test_axe_finds_nothing_on_any_screen(open_page: Open, practice: Practice, mode: str) -> None:
    page = open_page(bypass_csp=True, **MODES[mode])
    faults = violations(page)
    sign_in(page, "nora")
    page.goto(f"{practice.address}/log")
    faults += violations(page)
    seen: Set[str] = set()
    for username in ("reyes", "mona"):
        page.context.clear_cookies()
        page.goto(f"{practice.address}/sign-in")
        sign_in(page, username)
        page.goto(f"{practice.address}/test-chat")
        page.get_by_label("Your message").fill("is it safe to drive home after?")
        page.get_by_role("button", name="Say it").click()
        expect(page.locator(".behind")).to_be_visible()
        own: Set[str] = set(seen - {"/", "/unanswered"})
        faults += walk(page, practice.address, own)
        seen |= own
    faults += import_screens(page, practice.address)
    assert faults == []
    assert EXPECTED - seen == set()


def import_screens(page: Page, address: str) -> List[Any]:
    """Returns what axe finds on the way of a table into the console."""
    page.goto(f"{address}/import-export")
    table = b"id,answer\nnausea,Rest. Call us.\nno name!,x\n"
    page.get_by_label("Excel file").set_input_files({"name": "t.csv", "mimeType": "text/csv", "buffer": table})
    page.get_by_role("button", name="Look at this file").click()
    faults = violations(page)
    page.get_by_role("button", name="Show what would happen").click()
    return faults + violations(page)


def test_axe_sees_a_fault(open_page: Open) -> None:
    page = open_page(bypass_csp=True)
    page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    assert [fault[1] for fault in violations(page)] == ["button-name"]


class Keys:
    """Somebody who has no mouse and sees where the focus is."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, name: str, *roles: str) -> None:
        """Presses Tab until something of this name has the focus, and checks that the focus can be seen."""
        for _ in range(250):
            self.page.keyboard.press("Tab")
            focused = self.page.evaluate(FOCUSED)
            if focused["name"].startswith(name) and (not roles or focused["role"] in roles):
                assert focused["seen"], f"nobody sees that {name} has the focus"
                return
        raise AssertionError(f"The keyboard does not reach {name}.")

    def press(self, name: str, *roles: str) -> None:
        """Reaches something and presses Enter on it, which leads to another page."""
        self.reach(name, *roles)
        # A search writes its address without leaving the page, so only another document counts.
        with self.page.expect_event("domcontentloaded"):
            self.page.keyboard.press("Enter")
        self.page.wait_for_load_state()

    def write(self, name: str, words: str) -> None:
        """Reaches a field and writes at its beginning."""
        self.reach(name, "INPUT", "TEXTAREA")
        self.page.keyboard.press("Control+Home")
        self.page.keyboard.type(words)

    def sign_in(self, username: str) -> None:
        """Signs in."""
        self.write("Sign-in name", username)
        self.write("Password", PASSWORD)
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_role("heading", name="Today", exact=True)).to_be_visible()


FOCUSED = """() => { const node = document.activeElement; const style = getComputedStyle(node);
    return { role: node.tagName, name: (node.labels?.[0]?.innerText || node.ariaLabel || node.innerText || "").trim(),
    seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== "none" } }"""


def test_from_edit_to_live_with_the_keyboard_alone(open_page: Open, practice: Practice) -> None:
    writer = Keys(open_page())
    writer.sign_in("nora")
    writer.press("Answers", "A")
    writer.write("Find by any word", "Recovery time")
    expect(writer.page.locator("#found p[role=status]")).not_to_have_text(re.compile(r"^(\d+) of \1 "))
    writer.press("Recovery time", "A")
    writer.press("Edit", "A")
    writer.write("Answer", "Good to know.\n\n")
    writer.write("Why this change?", "A kinder beginning")
    writer.press("Go on to send it")
    writer.press("Send to a clinician")
    expect(writer.page.locator(".notice.success")).to_be_visible()

    clinician = Keys(open_page())
    clinician.sign_in("reyes")
    clinician.press("Recovery time", "A")
    for point in ("It is true", "It is balanced", "It is complete", "It is kind"):
        clinician.reach(point)
        clinician.page.keyboard.press("Space")
    clinician.press("Approve")
    clinician.press("Publish", "BUTTON")
    expect(clinician.page.locator("#progress .notice.success")).to_be_visible(timeout=30_000)
    assert practice.hears("visitor", "/recovery_time").startswith("Good to know.")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_check_is_mended_with_one_press(open_page: Open, practice: Practice, scripts: bool) -> None:
    page = open_page(java_script_enabled=scripts)
    sign_in(page, "nora")
    page.goto(f"{practice.address}/answers/{'nausea' if scripts else 'alcohol'}/edit")
    box = page.get_by_label("Answer", exact=True)
    words = box.input_value()
    box.fill(words.replace(".", ". Ask before each tretment.", 1))
    if not scripts:
        page.get_by_role("button", name="Save the draft").click()
    page.get_by_role("button", name="Write “treatment”").click()
    expect(page.locator(".notice.success")).to_be_visible()
    expect(page.get_by_label("Answer", exact=True)).to_have_value(words.replace(".", ". Ask before each treatment.", 1))
    expect(page.get_by_role("button", name="Write “treatment”")).to_have_count(0)

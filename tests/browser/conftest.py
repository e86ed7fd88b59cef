"""A real browser in front of the real assistant, on the demo clinic's page with its strict policy."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.chat import Chat
from tests.running import PROJECT, RunningAssistant, free_port

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
CREDENTIALS = """
rest:
ketaguide.channels.web.WebInput:
  {{demo: true, address_burst: 1000, address_per_minute: 6000, allowed_origins: ["http://127.0.0.1:{site_port}"]}}
"""

Visit = Callable[..., Chat]


class Clinic(RunningAssistant):
    """The assistant as a clinic's website has it: the web channel and the demo page."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        (folder / "web").symlink_to(PROJECT / "web")
        self.site_port = free_port()
        (folder / "credentials.yml").write_text(CREDENTIALS.format(site_port=self.site_port))

    @property
    def address(self) -> str:
        """Where the demo page is."""
        return f"http://127.0.0.1:{self.port}"


# For this folder only: while the browser's loop runs, tests of other folders cannot run loops of their own.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One browser for all tests of the folder."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    """One assistant for all tests of the folder."""
    clinic = Clinic(tmp_path_factory.mktemp("clinic") / "project")
    clinic.start()
    yield clinic
    clinic.stop()


class Watch:
    """What must not happen on a page, collected."""

    def __init__(self) -> None:
        self.violations: List[str] = []
        self.hosts: Dict[str, int] = {}

    def on(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.violations.append(f"error: {error}"))
        page.on("console", self._hear)
        page.on("request", self._count)

    def _hear(self, message: Any) -> None:
        if (
            "Content Security Policy" in message.text
            or "TrustedHTML" in message.text
            or "TrustedScript" in message.text
        ):
            self.violations.append(message.text)

    def _count(self, request: Any) -> None:
        if request.url.startswith(("http", "ws")):
            host = request.url.split("/")[2]
            self.hosts[host] = self.hosts.get(host, 0) + 1


@pytest.fixture
def watch() -> Watch:
    """Collects violations and hosts of the test's pages."""
    return Watch()


@pytest.fixture
def visit(browser: Browser, clinic: Clinic, watch: Watch) -> Iterator[Visit]:
    """Returns a function that opens a page, by default the demo's, as a visitor with given traits.

    `before` is a script that runs ahead of the page's own. No test may break a policy.
    """
    contexts: List[BrowserContext] = []

    def visit_(path: str = "/", same: BrowserContext | None = None, before: str = "", **traits: Any) -> Chat:
        traits = {"viewport": {"width": 1100, "height": 760}, "reduced_motion": "reduce", **traits}
        context = same or browser.new_context(**traits)
        contexts.append(context)
        page = context.new_page()
        watch.on(page)
        if before:
            page.add_init_script(before)
        page.goto(path if path.startswith("http") else clinic.address + path)
        page.wait_for_function("document.querySelector('ketamine-chat')?.shadowRoot")
        return Chat(page)

    yield visit_
    for context in contexts:
        context.close()
    assert watch.violations == []

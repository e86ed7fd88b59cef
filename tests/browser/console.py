"""A clinic with its running assistant and its running console, and people who work with it in a browser."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Dict, Optional

from playwright.sync_api import Browser, Page, expect

from tests.running import MODEL, PROJECT, RunningAssistant, _end, free_port

PASSWORD = "tall green walking boots"
STAFF = {
    "frida": ("Frida Front", "front_desk"),
    "nora": ("Nora Osei", "nurse"),
    "reyes": ("Dr A. Reyes", "clinician"),
    "mona": ("Mona Bell", "manager"),
}


class Practice(RunningAssistant):
    """The assistant and the staff console over one copy of the project."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        (folder / "models").mkdir()
        for name in (MODEL.name, "trained_on.txt"):
            shutil.copy(MODEL.with_name(name), folder / "models")
        self.console_port = free_port()
        self._console: Optional[subprocess.Popen[bytes]] = None

    def open(self) -> Practice:
        """Starts both, with an account for everybody."""
        self.start(actions=False, model=self.folder / "models" / MODEL.name)
        for username, (name, role) in STAFF.items():
            command = ["account", "--username", username, "--name", name, "--role", role, "--title", role]
            subprocess.run(self._command(*command), env=self._environment(), cwd=PROJECT, check=True)
        with self.log.open("ab") as log:
            self._console = subprocess.Popen(
                self._command("serve", "--port", str(self.console_port)),
                env=self._environment(),
                cwd=PROJECT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait(f"{self.address}/health")
        return self

    def close(self) -> None:
        """Ends both."""
        _end(self._console)
        self.stop()

    @property
    def address(self) -> str:
        """Where the console is."""
        return f"http://127.0.0.1:{self.console_port}"

    def hears(self, visitor: str, question: str) -> str:
        """Returns the words that a visitor gets."""
        return str(self.say(visitor, question)[0]["text"])

    def _command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-W", "ignore", "-m", "console", *arguments]

    def _environment(self) -> Dict[str, str]:
        return {
            **os.environ,
            "CONSOLE_WORKPLACE": str(self.folder),
            "ASSISTANT_URL": f"http://127.0.0.1:{self.port}",
            "CONSOLE_PASSWORD": PASSWORD,
        }


class Hand:
    """One person in a browser who counts how often buttons and links are pressed; typing and ticking are free."""

    def __init__(self, browser: Browser, practice: Practice, username: str) -> None:
        self.page: Page = browser.new_context(
            viewport={"width": 1180, "height": 820}, reduced_motion="reduce", locale="en-US"
        ).new_page()
        self.page.goto(f"{practice.address}/sign-in")
        self.page.get_by_label("Sign-in name").fill(username)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("heading", name="Today", exact=True)).to_be_visible()
        self.clicks = 0

    def link(self, name: str, *, exact: bool = False) -> None:
        """Presses a link."""
        self.clicks += 1
        self.page.get_by_role("link", name=name, exact=exact).first.click()

    def button(self, name: str) -> None:
        """Presses a button."""
        self.clicks += 1
        self.page.get_by_role("button", name=re.compile(f"^{re.escape(name)}")).first.click()

    def find(self, words: str, title: str) -> None:
        """Finds an answer in the list and opens it."""
        self.link("Answers", exact=True)
        self.page.get_by_label("Find by any word or question").fill(words)
        expect(self.page.locator("#found p[role=status]")).not_to_have_text(re.compile(r"^(\d+) of \1 "))
        self.link(title)

    def approve(self) -> None:
        """Confirms the four points and approves."""
        for box in self.page.locator("input[name=ticks]").all():
            box.check()
        self.button("Approve")

    def expect_live(self, seconds: float = 30) -> None:
        """Waits until the page says that it is live."""
        expect(self.page.locator("#progress .notice.success")).to_be_visible(timeout=seconds * 1000)

    def picture(self, name: str) -> None:
        """Keeps a picture of the page for the guide, if the environment asks for pictures."""
        folder = os.environ.get("CONSOLE_PICTURES")
        if folder:
            time.sleep(0.2)
            self.page.screenshot(path=f"{folder}/{name}.png")

    def leave(self) -> None:
        """Closes the browser's window."""
        self.page.context.close()

"""The chat as a visitor handles it."""

from __future__ import annotations

from typing import Any, Dict, List

from playwright.sync_api import Locator, Page, expect

from tests.running import PROJECT

AXE = (PROJECT / "web" / "node_modules" / "axe-core" / "axe.min.js").read_text
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


class Chat:
    """The widget on one page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.widget = page.locator("ketamine-chat")
        self.launcher = self.widget.locator(".launcher")
        self.panel = self.widget.get_by_role("dialog")
        self.input = self.widget.locator("textarea")
        self.log = self.widget.get_by_role("log")
        self.status = self.widget.get_by_role("status")
        self.answers = self.widget.locator(".turn.bot")
        self.bar = self.widget.locator(".crisis-bar")

    def open(self) -> Chat:
        """Opens the panel with the mouse."""
        self.launcher.click()
        expect(self.panel).to_be_visible()
        return self

    def type(self, text: str) -> None:
        """Types a message and sends it with Enter."""
        self.input.fill(text)
        self.input.press("Enter")

    def ask(self, text: str) -> Locator:
        """Sends a message and returns the answer to it."""
        before = self.answers.count()
        self.type(text)
        expect(self.answers).not_to_have_count(before, timeout=20_000)
        expect(self.status).to_have_text("")
        return self.answers.nth(before)

    def button(self, name: str) -> Locator:
        """Returns a button by its exact name."""
        return self.widget.get_by_role("button", name=name, exact=True)

    def focused(self) -> str:
        """Returns what has the focus inside the widget, as "tag.class name"."""
        return str(
            self.page.evaluate(
                """() => { const node = document.activeElement?.shadowRoot?.activeElement;
                return node ? `${node.tagName}.${node.className} ${node.innerText || node.ariaLabel}` : "" }"""
            )
        )

    def token(self) -> str:
        """Returns the session's token that this tab keeps."""
        return str(self.page.evaluate("JSON.parse(sessionStorage['ketamine-chat']).token"))

    def expect_help(self) -> None:
        """Emergency number and helpline are on screen and can be tapped."""
        for address in ("tel:911", "tel:988", "sms:988"):
            expect(self.bar.locator(f"a[href='{address}']:visible").first).to_be_in_viewport()

    def violations(self) -> List[Dict[str, Any]]:
        """Returns what axe finds against WCAG 2.2 AA on the whole page."""
        self.page.evaluate(AXE() + "; undefined")
        found = self.page.evaluate("tags => axe.run(document, { runOnly: tags })", AXE_TAGS)
        return [
            {"id": item["id"], "nodes": [[node["target"], node["failureSummary"]] for node in item["nodes"]]}
            for item in found["violations"]
        ]

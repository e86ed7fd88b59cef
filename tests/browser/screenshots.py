"""Records the journey through the chat as pictures for the documentation.

Run it with `python -m tests.browser.screenshots` after `make train` and `make widget`; it starts an assistant of its
own and writes `docs/images/chat-*.png`.
"""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import Any, Dict

from PIL import Image
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.chat import Chat
from tests.browser.conftest import CHROMIUM, FLAGS, Clinic
from tests.running import PROJECT

IMAGES = PROJECT / "docs" / "images"
QUESTION = "is it safe to drive home after?"
DESKTOP: Dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
PHONE: Dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "device_scale_factor": 1.5}
DARK: Dict[str, Any] = {"color_scheme": "dark"}


def main() -> None:
    """Takes all pictures."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        clinic = Clinic(Path(folder) / "project")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            clinic.start()
            record(browser, clinic.address)
        finally:
            browser.close()
            clinic.stop()


def record(browser: Browser, address: str) -> None:
    """Goes through the journey in front of a running assistant."""
    for name, traits in {"desktop": DESKTOP, "desktop-dark": {**DESKTOP, **DARK}}.items():
        chat = opened(browser, address, traits)
        chat.ask(QUESTION)
        keep(chat, name)
    for name, traits in {"phone": PHONE, "phone-dark": {**PHONE, **DARK}}.items():
        chat = opened(browser, address, traits)
        keep(chat, f"{name}-first")
        chat.ask(QUESTION)
        keep(chat, name)
    chat = opened(browser, address, PHONE)
    chat.ask("I want to kill myself")
    keep(chat, "phone-crisis")
    chat = opened(browser, address, PHONE)
    chat.page.context.set_offline(True)
    chat.type(QUESTION)
    expect(chat.widget.locator(".failed")).to_be_visible()
    keep(chat, "phone-offline")


def opened(browser: Browser, address: str, traits: Dict[str, Any]) -> Chat:
    """Returns the chat, open on a fresh visit."""
    page = browser.new_context(reduced_motion="reduce", **traits).new_page()
    page.goto(address)
    chat = Chat(page).open()
    expect(chat.widget.locator(".offers button").first).to_be_visible()
    return chat


def keep(chat: Chat, name: str) -> None:
    """Writes what is on screen, in 128 colours: a fifth of the bytes, and nobody sees it."""
    picture = Image.open(io.BytesIO(chat.page.screenshot()))
    picture.convert("RGB").quantize(128).save(IMAGES / f"chat-{name}.png", optimize=True)


if __name__ == "__main__":
    main()

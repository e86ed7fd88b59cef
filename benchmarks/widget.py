"""Prints what the chat costs a clinic's page: bytes, and script time at load on a processor slowed four times.

Run it with `python -m benchmarks.widget` after `make setup`. Needs Chromium (`tools/setup_browser.sh`), no assistant.
"""

from __future__ import annotations

import gzip
import os
import statistics
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, List

from playwright.sync_api import Browser, sync_playwright

WIDGET = Path("web/dist/widget.js")
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
SLOWDOWN = 4
RUNS = 9
# RasaHQ/chat-widget 0.1.19: single runs on another machine, so a bearing and not a race.
THEIRS_KILOBYTES, THEIRS_MS = 53, 155
PAGE = '<!doctype html><title>Page</title><h1>Page</h1><script src="/widget.js" defer data-region="US"></script>'


class Site(SimpleHTTPRequestHandler):
    """Serves the page and the widget, nothing else."""

    def do_GET(self) -> None:
        is_widget = self.path == "/widget.js"
        self.send_response(200 if is_widget or self.path == "/" else 404)
        self.send_header("Content-Type", "text/javascript; charset=utf-8" if is_widget else "text/html")
        self.end_headers()
        # The browser's question for an icon may come when its page is closed already: no body for it.
        if is_widget or self.path == "/":
            self.wfile.write(WIDGET.read_bytes() if is_widget else PAGE.encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


def script_ms(browser: Browser, address: str) -> float:
    """Returns the milliseconds that the page's scripts took until it stood still."""
    page = browser.new_page()
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    # Not one look at the page before the figures are taken: Playwright's own scripts would count.
    page.goto(address, wait_until="load")
    metrics = {entry["name"]: entry["value"] for entry in session.send("Performance.getMetrics")["metrics"]}
    assert page.locator("ketamine-chat .launcher").is_visible(), "the chat did not appear"
    page.close()
    return float(metrics["ScriptDuration"]) * 1000


def main() -> None:
    """Prints size and time beside the published figures of Rasa's own widget."""
    content = WIDGET.read_bytes()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        flags = ["--headless", "--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        times: List[float] = [script_ms(browser, f"http://127.0.0.1:{server.server_port}/") for _ in range(RUNS)]
        browser.close()
    server.shutdown()
    size = len(gzip.compress(content, 9))
    print(
        f"Size: {size / 1024:.1f} KB compressed ({len(content)} bytes plain); RasaHQ/chat-widget: {THEIRS_KILOBYTES} KB"
    )
    print(
        f"Script time at load, processor slowed {SLOWDOWN}×: median {statistics.median(times):.0f} ms, "
        f"{min(times):.0f} to {max(times):.0f} in {RUNS} runs; RasaHQ/chat-widget (published, another machine): "
        f"{THEIRS_MS} ms"
    )


if __name__ == "__main__":
    main()

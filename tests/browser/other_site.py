"""A clinic's own website, at another address than the assistant's."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Dict, Tuple

# What docs/embed.md asks for, on a page that allows nothing else.
POLICY = (
    "default-src 'none'; script-src {bot}; connect-src {bot}; style-src 'self'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
TAG = '<script src="{bot}/webhooks/web/widget.js" defer data-region="US" data-clinic="Elm Street Clinic"></script>'


class OtherSite:
    """Serves one page and its stylesheet."""

    def __init__(self, port: int, bot: str) -> None:
        """Takes the port to listen on and the assistant's address, such as `http://127.0.0.1:5005`."""
        self.bot = bot
        self.address = f"http://127.0.0.1:{port}"
        self._files: Dict[str, Tuple[str, str]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def show(self, body: str = TAG, css: str = "", lang: str = "en") -> str:
        """Puts a page together. Returns its address; `{bot}` in `body` stands for the assistant's."""
        head = '<title>Elm</title><link rel="stylesheet" href="/site.css">'
        page = f'<!doctype html><html lang="{lang}">{head}<h1>Elm Street Clinic</h1>{body}'
        self._files = {"/": ("text/html", page.replace("{bot}", self.bot)), "/site.css": ("text/css", css)}
        return self.address

    def stop(self) -> None:
        """Ends the server."""
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                kind, content = site._files.get(self.path, ("text/plain", ""))
                self.send_response(200)
                self.send_header("Content-Type", f"{kind}; charset=utf-8")
                self.send_header("Content-Security-Policy", POLICY.format(bot=site.bot))
                self.end_headers()
                self.wfile.write(content.encode())

            def log_message(self, format: str, *args: Any) -> None:
                """Says nothing."""

        return Handler

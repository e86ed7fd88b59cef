"""The widget's file and the demo clinic's pages, held in memory with everything a browser wants to know of them."""

from __future__ import annotations

import gzip
import hashlib
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Optional

from sanic.request import Request
from sanic.response import HTTPResponse, raw

logger = logging.getLogger(__name__)

WIDGET_FILE = "widget.js"
_FRESH = "public, max-age=300, stale-while-revalidate=86400, stale-if-error=604800"
_FOREVER = "public, max-age=31536000, immutable"
_MISSING = b'console.error("The chat widget is not built. Run: make setup");'
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# The policy that docs/embed.md promises is enough, made as strict as browsers allow.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
_PAGE_HEADERS = {**SECURITY_HEADERS, "Content-Security-Policy": PAGE_POLICY, "Permissions-Policy": "interest-cohort=()"}
_TYPES = {".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class StaticFile:
    """A file in memory: plain, compressed, and the name of its content."""

    plain: bytes
    packed: bytes
    digest: str

    @classmethod
    def of(cls, content: bytes) -> StaticFile:
        """Returns the file with a given content."""
        return cls(content, gzip.compress(content, 9, mtime=0), hashlib.sha256(content).hexdigest()[:16])

    def respond(self, request: Request, content_type: str, headers: Dict[str, str]) -> HTTPResponse:
        """Returns the file as the browser takes it, or 304 if it has it already."""
        tag = f'"{self.digest}"'
        headers = {"ETag": tag, "Vary": "Accept-Encoding", **headers}
        if tag in request.headers.get("if-none-match", "").replace("W/", ""):
            return raw(b"", status=304, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            return raw(self.packed, content_type=content_type, headers={**headers, "Content-Encoding": "gzip"})
        return raw(self.plain, content_type=content_type, headers=headers)


class WidgetFile:
    """`widget.js`, under its plain name and under the name of its content."""

    def __init__(self, dist: Path) -> None:
        self._path = dist / WIDGET_FILE
        self._changed = 0
        self._file = StaticFile.of(_MISSING)
        if not self._path.exists():
            logger.error("%s is missing: the chat will not appear. Run `make setup`.", self._path)

    @property
    def versioned_name(self) -> str:
        """The name under which this very content may be cached for ever."""
        return f"widget.{self._current().digest}.js"

    def respond(self, request: Request, name: str) -> Optional[HTTPResponse]:
        """Returns the script, or None for another version than the present one."""
        current = self._current()
        if name not in (WIDGET_FILE, self.versioned_name):
            return None
        headers = {
            **SECURITY_HEADERS,
            # Clinics' pages load it from another address, and may pin it with `integrity`.
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Access-Control-Allow-Origin": "*",
            "Cache-Control": _FRESH if name == WIDGET_FILE else _FOREVER,
        }
        return current.respond(request, "text/javascript; charset=utf-8", headers)

    def _current(self) -> StaticFile:
        try:
            changed = self._path.stat().st_mtime_ns
            if changed != self._changed:
                self._file, self._changed = StaticFile.of(self._path.read_bytes()), changed
        except OSError:
            # Being built anew: the last good copy serves on.
            return self._file
        return self._file


class DemoPages:
    """The pages of a made-up clinic, to see the widget where it will live."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def respond(self, request: Request, path: str) -> Optional[HTTPResponse]:
        """Returns the page or file at a path such as `/`, or None."""
        name = {"/": "index.html", "/first-visit": "first-visit.html"}.get(path)
        if not name and path.startswith("/demo/"):
            name = path[len("/demo/") :]
        # Compared with the folder's own list: no path from outside ever reaches the file system.
        known = {file.name: file for file in self._folder.iterdir()} if self._folder.is_dir() else {}
        file = known.get(name or "")
        if not file or file.suffix not in _TYPES:
            return None
        headers = {**_PAGE_HEADERS, "Cache-Control": "no-cache"}
        return StaticFile.of(file.read_bytes()).respond(request, _TYPES[file.suffix], headers)

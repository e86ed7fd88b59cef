"""Which websites may use the chat: its own address, and those that the clinic lists."""

from __future__ import annotations

import re
from typing import Dict, Iterable
from urllib.parse import urlsplit

from sanic.request import Request

_ORIGIN = re.compile(r"https?://[a-z0-9.:\[\]-]+")


class Origins:
    """The allow-list."""

    def __init__(self, allowed: Iterable[str]) -> None:
        """Takes origins such as `https://www.clinic.example`.

        Raises:
            ValueError: for anything else, a star above all: every website could then open the chat.
        """
        self._allowed = frozenset(origin.rstrip("/").lower() for origin in allowed)
        for origin in self._allowed:
            if not _ORIGIN.fullmatch(origin):
                raise ValueError(f"{origin!r} is no origin; write it like https://www.clinic.example")

    def allows(self, request: Request) -> bool:
        """Tells whether the page that made the request may use the chat. Programs other than browsers name none."""
        origin = request.headers.get("origin", "").lower()
        return not origin or origin in self._allowed or urlsplit(origin).netloc == request.host.lower()

    def headers(self, request: Request) -> Dict[str, str]:
        """Returns what lets a listed page read the answer."""
        origin = request.headers.get("origin", "")
        allowed = bool(origin) and self.allows(request)
        return {"Vary": "Origin", **({"Access-Control-Allow-Origin": origin} if allowed else {})}

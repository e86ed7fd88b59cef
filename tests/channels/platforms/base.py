"""What the platforms' local servers have in common."""

from __future__ import annotations

import itertools
import json
from abc import ABC, abstractmethod
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Callable, ClassVar, Deque, Dict, List, Mapping, Optional
from urllib.parse import urlencode

from aiohttp import web
from aiohttp.test_utils import TestServer

JSON = {"Content-Type": "application/json; charset=utf-8"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Post:
    """A request to the channel's webhook."""

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    def with_headers(self, **headers: Optional[str]) -> Post:
        """Returns the same request with headers put in, or taken out where the value is None."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        kept = {name: value for name, value in self.headers.items() if name.lower() not in named}
        return Post(self.body, {**kept, **{name: value for name, value in named.items() if value is not None}})


@dataclass(frozen=True)
class Heard:
    """One message as it reached a person: words, and what can be pressed."""

    text: str
    buttons: Mapping[str, Any] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    to: Any = None


class RefusedError(Exception):
    """The platform does not take this message, and says why."""


class Platform(ABC):
    """A messaging platform with one person on it, and one bot."""

    name: ClassVar[str]
    # What the environment holds when the channel is switched on, and what credentials.yml says.
    environment: ClassVar[Dict[str, str]]
    # Whether the proof covers the body, and whether answers are calls of their own.
    signs_body: ClassVar[bool] = True
    calls_out: ClassVar[bool] = True
    # How the address of the method that sends a message ends.
    sends_at: ClassVar[str] = ""

    def __init__(self) -> None:
        self.heard: List[Heard] = []
        self.calls: List[str] = []
        self.refused: List[str] = []
        self.troubles: Deque[Callable[[], web.StreamResponse]] = deque()
        self.acknowledged = b""
        self._server: Optional[TestServer] = None
        self._numbers = itertools.count(1001)

    async def start(self) -> None:
        """Opens the platform's API on a port of this machine."""
        app = web.Application(middlewares=[self._with_trouble])
        self.routes(app.router)
        self._server = TestServer(app)
        await self._server.start_server()

    async def stop(self) -> None:
        """Closes it."""
        if self._server:
            await self._server.close()

    @property
    def url(self) -> str:
        """The address of the platform's API."""
        assert self._server is not None
        return str(self._server.make_url("")).rstrip("/")

    @web.middleware
    async def _with_trouble(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.calls.append(request.path)
        if self.troubles and request.method == "POST" and request.path.endswith(self.sends_at):
            return self.troubles.popleft()()
        return await handler(request)

    def refuse(self, why: str, status: int = 400) -> web.Response:
        """Turns a call down as the platform would, and keeps why."""
        self.refused.append(why)
        return web.json_response({"ok": False, "error": why, "description": why}, status=status)

    @abstractmethod
    def show(self, body: Mapping[str, Any]) -> Heard:
        """Returns a message as a person gets it.

        Raises:
            RefusedError: if it breaks a rule of the platform.
        """

    def take(self, body: Mapping[str, Any], answer: Mapping[str, Any], status: int = 200) -> web.Response:
        """Shows a message and answers the call, or refuses it."""
        try:
            self.heard.append(self.show(body))
        except RefusedError as error:
            return self.refuse(str(error))
        return web.json_response(answer, status=status)

    def number(self) -> int:
        """Returns an id that was not used before."""
        return next(self._numbers)

    @abstractmethod
    def credentials(self) -> Dict[str, Any]:
        """Returns the channel's part of credentials.yml."""

    @abstractmethod
    def routes(self, router: web.UrlDispatcher) -> None:
        """Adds the API's methods."""

    @abstractmethod
    def message(self, text: str, *, user: str = "1", id_: str = "", secret: str = "") -> Post:
        """Returns the delivery of a person's message, signed; with another secret, a forged one."""

    @abstractmethod
    def press(self, heard: Heard, title: str) -> Post:
        """Returns the delivery that pressing a button of a message leads to."""

    @abstractmethod
    def sign(self, body: bytes) -> Post:
        """Returns the delivery of any body, with the platform's proof."""

    def busy(self) -> web.Response:
        """Asks for a pause."""
        return web.json_response({"ok": False}, status=429, headers={"Retry-After": "0.02"})

    def broken(self) -> web.Response:
        """Fails as a platform in trouble does."""
        return web.Response(status=503, text="<html>upstream error</html>")

    def hear(self, response: bytes) -> None:
        """Reads the response to a delivery; most platforms show nothing of it."""
        self.acknowledged = response

    def unsigned(self) -> Post:
        """Returns a delivery that proves nothing."""
        post = self.message("hello")
        return Post(post.body, {name: value for name, value in post.headers.items() if name in (*JSON, *FORM)})

    def expired(self) -> Optional[Post]:
        """Returns a delivery whose proof is too old; None where the platform's proof has no date."""
        return None


def as_json(body: Any) -> bytes:
    """Returns a body of JSON."""
    return json.dumps(body).encode()


def as_form(body: Mapping[str, Any]) -> bytes:
    """Returns a body of form fields."""
    return urlencode(body).encode()

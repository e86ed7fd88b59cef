"""The web channel on a real server at a free port of this machine, with a scripted agent behind it. No model."""

from __future__ import annotations

import asyncio
import itertools
from pathlib import Path
from typing import Any, AsyncIterator, Awaitable, Callable, Dict, List

import httpx
import pytest
import pytest_asyncio
from rasa.core.channels.channel import UserMessage, register
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.server import add_root_route, configure_cors
from rasa.shared.core.domain import Domain
from sanic import Sanic
from sanic.touchup import TouchUp

from ketaguide.channels.web import WebInput
from ketaguide.channels.web.options import Options
from ketaguide.serving.guard import Guard
from tests.channels.messaging import Conversations, new_guard
from tests.channels.table import print_table
from tests.running import free_port

_numbers = itertools.count()


_touch_up = TouchUp.run
_touched: List[bool] = []


def _touch_up_once(app: Sanic) -> None:
    if not _touched:
        _touched.append(True)
        _touch_up(app)  # type: ignore[no-untyped-call]


class ScriptedAgent:
    """Says what it is told to, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: List[UserMessage] = []
        self.replies: List[Dict[str, Any]] = [{"text": "Hello.", "topic": "greet"}]
        self.seconds = 0.0
        self.error: Exception | None = None
        self.tracker_store = InMemoryTrackerStore(Domain.empty())
        self.lock_store = InMemoryLockStore()

    async def handle_message(self, message: UserMessage) -> None:
        self.asked.append(message)
        await asyncio.sleep(self.seconds)
        if self.error:
            raise self.error
        tracker = await self.tracker_store.get_or_create_tracker(message.sender_id)
        await self.tracker_store.save(tracker)
        for reply in self.replies:
            await message.output_channel.send_response(message.sender_id, dict(reply))


class Site:
    """A browser's view of the channel."""

    def __init__(self, agent: ScriptedAgent, client: httpx.AsyncClient) -> None:
        self.agent = agent
        self.client = client

    async def post(self, path: str, body: Any, **headers: str) -> httpx.Response:
        return await self.client.post(f"/webhooks/web/{path}", json=body, headers=headers)

    async def say(self, text: Any, **body: Any) -> httpx.Response:
        return await self.post("webhook", {"message": text, **body})


Open = Callable[..., Awaitable[Site]]


@pytest_asyncio.fixture
async def open_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Open]:
    """Returns a function that opens a site with given options of the channel."""
    # Sanic rewrites its own classes at each start, which works only once in a process.
    monkeypatch.setattr("sanic.app.TouchUp.run", _touch_up_once)
    closing: List[Callable[[], Awaitable[None]]] = []

    async def open_(**options: Any) -> Site:
        files = {"secret_file": str(tmp_path / "secret"), "feedback_file": str(tmp_path / "feedback.jsonl")}
        app = Sanic(f"web_channel_{next(_numbers)}", configure_logging=False)
        add_root_route(app)
        configure_cors(app, None)
        agent = ScriptedAgent()
        app.ctx.agent = agent
        register([WebInput(Options.read({**files, **options}))], app, route="/webhooks/")
        port = free_port()
        server = await app.create_server("127.0.0.1", port, return_asyncio_server=True, access_log=False)
        assert server is not None
        await server.startup()  # type: ignore[no-untyped-call]
        await server.start_serving()  # type: ignore[no-untyped-call]
        client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}")

        async def close() -> None:
            await client.aclose()
            server.close()  # type: ignore[no-untyped-call]

        closing.append(close)
        return Site(agent, client)

    yield open_
    for close in closing:
        await close()


@pytest_asyncio.fixture
async def site(open_site: Open) -> Site:
    """A site with the default options."""
    return await open_site()


@pytest.fixture(scope="session")
def guard(tmp_path_factory: pytest.TempPathFactory) -> Guard:
    """One guard for all: conversations have ids of their own."""
    return new_guard(tmp_path_factory.mktemp("guard"))


@pytest_asyncio.fixture
async def conversations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, guard: Guard) -> AsyncIterator[Conversations]:
    """Opens conversations over messaging channels."""
    monkeypatch.setattr("sanic.app.TouchUp.run", _touch_up_once)
    opened = Conversations(tmp_path, guard)
    yield opened
    await opened.close()


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Prints channel by property after the results."""
    print_table(terminalreporter)

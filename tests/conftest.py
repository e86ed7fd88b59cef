"""Fixtures that many rooms share."""

from __future__ import annotations

from typing import Iterator

import pytest

from tests.running import RunningAssistant
from tests.servers import PostgresServer, RedisServer


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAssistant]:
    """The assistant with its action server, as `make run` starts them. Tests leave its files as they found them."""
    running = RunningAssistant(tmp_path_factory.mktemp("assistant") / "project").start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A running PostgreSQL; a test that stops it starts it again."""
    server = PostgresServer()
    server.start()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """A running Redis; a test that stops it starts it again."""
    server = RedisServer()
    server.start()
    yield server
    server.remove()

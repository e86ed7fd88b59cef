"""Fixtures of the stores' tests."""

from __future__ import annotations

from typing import Iterator

import pytest

from ketaguide.serving.stores.shared import Shared, shared
from tests.servers import RedisServer

SECRET = "a secret of the tests, long enough to be one"


@pytest.fixture
def in_redis(redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shared]:
    """Redis as the environment of this test names it, empty."""
    redis_server.client().flushall()
    monkeypatch.setenv("REDIS_URL", redis_server.url)
    monkeypatch.setenv("WEB_SESSION_SECRET", SECRET)
    shared.cache_clear()
    store = shared()
    assert store is not None
    yield store
    shared.cache_clear()

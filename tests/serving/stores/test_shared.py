"""What processes share through Redis: crisis states, recent messages, limits, answers to retries. Two objects of a kind
stand for two processes."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any, Dict, List

import pytest

from ketaguide.channels.web.limits import Limiter, Rate
from ketaguide.channels.web.recent import KEPT_SECONDS, RecentWork
from ketaguide.safety.conversation import CrisisState
from ketaguide.serving.crisis_states import CrisisStates
from ketaguide.serving.recent_messages import RecentMessages
from ketaguide.serving.stores.shared import Shared
from tests.servers import RedisServer

OPEN = CrisisState(kinds=("suicide",), urgency="now", hold=True, opened_at=1000.0, last_at=1000.0)
NOW = 1001.0


@pytest.fixture
def states(in_redis: Shared, tmp_path: Path) -> List[CrisisStates]:
    """Two processes on two machines: no file in common."""
    return [CrisisStates(tmp_path / "one"), CrisisStates(tmp_path / "two")]


def test_a_crisis_that_one_process_saw_is_open_in_the_other(states: List[CrisisStates]) -> None:
    one, two = states
    assert not two.get("visitor", NOW).is_open
    one.put("visitor", OPEN, NOW)
    assert two.get("visitor", NOW).is_open
    two.put("visitor", CrisisState(), NOW)
    assert not one.get("visitor", NOW).is_open
    one.put("visitor", OPEN, NOW)
    two.forget("visitor")
    assert not one.get("visitor", NOW).is_open


def test_a_crisis_stays_open_where_redis_is_gone(states: List[CrisisStates], redis_server: RedisServer) -> None:
    one, _ = states
    one.put("visitor", OPEN, NOW)
    redis_server.kill()
    try:
        started = time.monotonic()
        assert one.get("visitor", NOW).is_open
        assert time.monotonic() - started < 1
    finally:
        redis_server.start()
    time.sleep(1.1)
    assert one.get("visitor", NOW).is_open


def test_messages_are_joined_over_processes_and_unreadable_in_redis(in_redis: Shared) -> None:
    one, two = RecentMessages(), RecentMessages()
    for number, text in enumerate(["zebra quartz", "second", "third", "fourth"]):
        (one, two)[number % 2].add("visitor", text, NOW + number)
    assert one.before("visitor", NOW + 5) == two.before("visitor", NOW + 5) == ["second", "third", "fourth"]
    assert two.before("visitor", NOW + 700) == []
    names = in_redis.client.keys("*")
    assert all("visitor" not in name for name in names)
    assert all("third" not in entry for name in names for entry in in_redis.client.lrange(name, 0, -1))
    assert all(0 < in_redis.client.ttl(name) <= 600 for name in names)
    one.forget("visitor")
    assert two.before("visitor", NOW + 5) == []


def test_a_limit_counts_over_processes(in_redis: Shared) -> None:
    limiters = [Limiter(Rate(burst=3, per_minute=6)), Limiter(Rate(burst=3, per_minute=6))]
    waits = [limiters[number % 2].wait("visitor") for number in range(5)]
    assert waits[:3] == [0, 0, 0]
    assert all(8 <= wait <= 10 for wait in waits[3:])
    assert limiters[0].wait("another") == 0


def test_limits_go_on_without_redis(in_redis: Shared, redis_server: RedisServer) -> None:
    limiter = Limiter(Rate(burst=1, per_minute=6))
    redis_server.kill()
    try:
        assert [limiter.wait("visitor") > 0 for _ in range(2)] == [False, True]
    finally:
        redis_server.start()


class Assistant:
    """Counts how often it is asked."""

    def __init__(self, messages: List[str]) -> None:
        self.asked = 0
        self.again = False
        self.messages = messages

    async def answer(self, again: bool) -> Dict[str, Any]:
        self.asked += 1
        self.again = again
        await asyncio.sleep(0.1)
        return {"session": "token", "messages": self.messages}


async def test_a_retry_that_reaches_another_process_is_answered_once(in_redis: Shared) -> None:
    assistant = Assistant(["hello"])
    one, two = RecentWork(), RecentWork()
    tasks = [recent.start(("token", "message-1"), assistant.answer) for recent in (one, two, one)]
    results = await asyncio.gather(*tasks)
    late = await RecentWork().start(("token", "message-1"), assistant.answer)
    assert assistant.asked == 1
    assert [result["messages"] for result in [*results, late]] == [["hello"]] * 4
    await one.start(("token", "message-2"), assistant.answer)
    assert assistant.asked == 2


async def test_an_answer_that_failed_is_tried_again(in_redis: Shared) -> None:
    silent, speaking = Assistant([]), Assistant(["hello"])
    assert (await RecentWork().start(("token", "message-1"), silent.answer))["messages"] == []
    assert (await RecentWork().start(("token", "message-1"), speaking.answer))["messages"] == ["hello"]


async def test_a_retry_after_its_process_was_killed_is_answered(in_redis: Shared) -> None:
    dying, alive = RecentWork(), RecentWork()
    stuck = dying.start(("token", "message-1"), lambda _: asyncio.sleep(60, {}))
    await asyncio.sleep(0.1)
    # Its heart stops as that of a killed process does.
    for task in asyncio.all_tasks() - {asyncio.current_task(), stuck}:
        task.cancel()
    assistant = Assistant(["hello"])
    result = await asyncio.wait_for(alive.start(("token", "message-1"), assistant.answer), 6)
    assert result["messages"] == ["hello"]
    assert assistant.again
    stuck.cancel()


async def test_a_retry_after_redis_forgot_everything_may_have_been_answered(
    in_redis: Shared, redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, first = time.time(), Assistant(["hello"])
    monkeypatch.setattr(time, "time", lambda: asked)
    await RecentWork().start(("token", "message-1"), first.answer)
    asked += 10 * KEPT_SECONDS
    known = Assistant(["hello"])
    await RecentWork().start(("token", "message-2"), known.answer)
    assert not known.again
    redis_server.client().flushall()
    retried = Assistant(["hello"])
    await RecentWork().start(("token", "message-2"), retried.answer)
    assert retried.again

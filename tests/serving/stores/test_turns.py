"""One message of a conversation at a time, in order, also between processes."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from pathlib import Path
from typing import List

import pytest

from ketaguide.serving.stores.shared import Shared, SharedSettingError, shared
from ketaguide.serving.stores.turns import LEASE_SECONDS, TurnLocks
from tests.servers import RedisServer

# Adds one to a number in a file, slowly and in two steps, as many times as told; `sleep` stands for the work.
WORKER = """
import asyncio, os, pathlib, random, sys
from ketaguide.serving.stores.turns import TurnLocks
async def one(locks, file):
    async with locks.lock("visitor"):
        number = int(file.read_text())
        await asyncio.sleep(random.random() / 200)
        file.write_text(str(number + 1))
async def main():
    file = pathlib.Path(sys.argv[1])
    locks = [TurnLocks(), TurnLocks()]
    print("ready", flush=True)
    sys.stdin.readline()
    await asyncio.gather(*(one(locks[number % 2], file) for number in range(40)))
asyncio.run(main())
"""


async def take_turns(locks: List[TurnLocks], count: int) -> List[int]:
    """Asks for turns one after the other, from one store after the other; returns the order in which they came."""
    order: List[int] = []

    async def one(number: int) -> None:
        async with locks[number % len(locks)].lock("visitor"):
            await asyncio.sleep(0.005)
            order.append(number)

    tasks = []
    for number in range(count):
        tasks.append(asyncio.ensure_future(one(number)))
        await asyncio.sleep(0.002)
    await asyncio.gather(*tasks)
    return order


async def test_turns_come_in_order_within_a_process() -> None:
    assert await take_turns([TurnLocks()], 12) == list(range(12))


async def test_turns_come_in_order_between_processes(in_redis: Shared) -> None:
    # Each store stands for a process: they share nothing but Redis.
    assert await take_turns([TurnLocks(), TurnLocks(), TurnLocks()], 15) == list(range(15))


def test_no_turn_overlaps_another_between_real_processes(in_redis: Shared, tmp_path: Path) -> None:
    file = tmp_path / "number"
    file.write_text("0")
    workers = [
        subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", WORKER, str(file)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for worker in workers:
        assert worker.stdout
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        worker.communicate("go\n", timeout=60)
    assert file.read_text() == "80"


async def test_two_conversations_do_not_wait_for_each_other(in_redis: Shared) -> None:
    locks = TurnLocks()
    async with locks.lock("one"):
        await asyncio.wait_for(locks.lock("two").__aenter__(), 1)


async def test_a_killed_process_gives_its_turn_up(in_redis: Shared) -> None:
    holder, waiter = TurnLocks(), TurnLocks()
    held = holder.lock("visitor")
    await held.__aenter__()
    # Its heart stops as that of a killed process does.
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
    started = time.monotonic()
    async with waiter.lock("visitor"):
        assert time.monotonic() - started < LEASE_SECONDS + 2


async def test_a_long_turn_is_kept(in_redis: Shared) -> None:
    holder, waiter = TurnLocks(), TurnLocks()
    async with holder.lock("visitor"):
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(waiter.lock("visitor").__aenter__(), LEASE_SECONDS + 1)
    async with waiter.lock("visitor"):
        pass


async def test_without_redis_the_turn_begins_all_the_same(in_redis: Shared, redis_server: RedisServer) -> None:
    locks = TurnLocks()
    redis_server.kill()
    try:
        started = time.monotonic()
        assert await take_turns([locks], 5) == list(range(5))
        assert time.monotonic() - started < 2
    finally:
        redis_server.start()
    await asyncio.sleep(1.1)
    assert await take_turns([locks, TurnLocks()], 4) == list(range(4))


async def test_nothing_is_left_in_redis(in_redis: Shared) -> None:
    await take_turns([TurnLocks(), TurnLocks()], 6)
    assert in_redis.client.keys("*") == []


def test_several_workers_that_share_nothing_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANIC_WORKERS", "2")
    monkeypatch.delenv("REDIS_URL", raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with pytest.raises(SharedSettingError, match="DATABASE_URL and REDIS_URL"):
        TurnLocks()


def test_sharing_without_a_common_secret_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.delenv("WEB_SESSION_SECRET", raising=False)
    shared.cache_clear()
    with pytest.raises(SharedSettingError, match="WEB_SESSION_SECRET"):
        shared()

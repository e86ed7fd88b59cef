"""Work that is done once, though it is asked for in two processes: a retry gets the first one's result."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Any, Awaitable, Callable, Optional, Tuple

import redis

from ketaguide.serving.stores.shared import PREFIX, Shared, SharedUnavailableError

# A process that was killed holds a retry up for so long.
LEASE_SECONDS = 3
RENEW_SECONDS = 1.0
POLL_SECONDS = 0.05
KIND = "once"
_AT_WORK = "at work"
_BEGAN = PREFIX + "began"
# Told whether somebody may have done it already: who has died, or whose result is lost with Redis' memory.
Work = Callable[[bool], Awaitable[Any]]


class Once:
    """Results by a key that names the work, in Redis for a while, sealed."""

    def __init__(self, store: Shared, kept_seconds: int) -> None:
        """Takes the way to Redis and how long a result is kept."""
        self._store = store
        self._kept = kept_seconds

    async def result(self, key: str, work: Work, is_final: Callable[[Any], bool]) -> Any:
        """Returns the result of the work, done here or elsewhere. Without Redis it is done here.

        Args:
            key: What names the work.
            work: Does it; its result must be plain JSON.
            is_final: Whether a result is worth keeping; otherwise the next who asks does the work again.
        """
        name, again = self._store.name(KIND, key), False
        while True:
            try:
                taken, remembers = self._store.call(lambda client: self._take(client, name))
                if taken:
                    again = again or not remembers
                    break
                found = await self._result_of_another(name)
            except SharedUnavailableError:
                return await work(True)
            if found is not None:
                return found
            again = True
        return await self._work_here(name, lambda: work(again), is_final)

    def forget(self, key: str) -> None:
        """Drops a result."""
        with contextlib.suppress(SharedUnavailableError):
            self._store.call(lambda client: client.delete(self._store.name(KIND, key)))

    def _take(self, client: redis.Redis, name: str) -> Tuple[bool, bool]:
        """Returns whether the work is ours now, and whether Redis would know of a result: it forgets all in a crash."""
        now = time.time()
        with client.pipeline(transaction=True) as together:
            together.set(_BEGAN, now, nx=True)
            together.get(_BEGAN)
            together.set(name, _AT_WORK, nx=True, ex=LEASE_SECONDS)
            _, began, taken = together.execute()
        return bool(taken), now - float(began) > self._kept

    async def _result_of_another(self, name: str) -> Optional[Any]:
        """Waits for the result; None if who was at work has gone."""
        while True:
            found = self._store.call(lambda client: client.get(name))
            if found != _AT_WORK:
                return self._store.unseal(found)
            await asyncio.sleep(POLL_SECONDS)

    async def _work_here(self, name: str, work: Callable[[], Awaitable[Any]], is_final: Callable[[Any], bool]) -> Any:
        renewal = asyncio.ensure_future(self._renew(name))
        kept = False
        try:
            result = await work()
            kept = is_final(result)
        finally:
            renewal.cancel()
            if not kept:
                with contextlib.suppress(SharedUnavailableError):
                    self._store.call(lambda client: client.delete(name))
        with contextlib.suppress(SharedUnavailableError):
            if kept:
                self._store.call(lambda client: client.set(name, self._store.seal(result), ex=self._kept))
        return result

    async def _renew(self, name: str) -> None:
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            with contextlib.suppress(SharedUnavailableError):
                self._store.call(lambda client: client.expire(name, LEASE_SECONDS))

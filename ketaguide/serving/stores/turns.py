"""Rasa's lock store: one message of a conversation at a time, in the order in which they came.

Within a process the order is that of Rasa's own tickets. Between processes, where REDIS_URL is set, redis-py's lock
lets one at a time through, and a list of who waits keeps the order. Rasa's Redis lock reads and writes its tickets in
two steps, so that two processes can both believe that it is their turn.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
import uuid
from typing import Any, AsyncIterator, Optional

import redis
from rasa.core.lock import TicketLock
from rasa.core.lock_store import InMemoryLockStore, LockError, LockStore
from redis.lock import Lock

from ketaguide.serving.stores import database
from ketaguide.serving.stores.shared import URL_VARIABLE, Shared, SharedSettingError, SharedUnavailableError, shared

# Longer than the guard waits for an answer, so that no ticket runs out in use.
TICKET_SECONDS = 30.0
POLL_SECONDS = 0.02
# A process that was killed holds its visitor's next message up for so long.
LEASE_SECONDS = 3.0
LEASE_MILLISECONDS = int(LEASE_SECONDS * 1000)
RENEW_SECONDS = 1.0
WORKERS_VARIABLE = "SANIC_WORKERS"


class TurnLocks(LockStore):
    """Tickets within this process, and a queue in Redis between processes."""

    def __init__(self, endpoint_config: Any = None) -> None:
        """Construct the store; Rasa passes what `endpoints.yml` says of it, which is its type alone.

        Raises:
            SharedSettingError: if several workers are asked for that would share nothing.
        """
        super().__init__()
        check_workers()
        self._here = InMemoryLockStore()
        self._shared = shared()

    @contextlib.asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = TICKET_SECONDS,
        wait_time_in_seconds: float = POLL_SECONDS,
    ) -> AsyncIterator[TicketLock]:
        """Waits for the conversation's turn and holds it.

        Raises:
            LockError: if the turn does not come within the lifetime.
        """
        async with self._here.lock(conversation_id, TICKET_SECONDS, POLL_SECONDS) as ticket:
            if self._shared is None:
                yield ticket
                return
            async with SharedTurn(self._shared, conversation_id):
                yield ticket

    def get_lock(self, conversation_id: str) -> Optional[TicketLock]:
        """Returns this process's tickets for a conversation."""
        return self._here.get_lock(conversation_id)

    def delete_lock(self, conversation_id: str) -> None:
        """Drops this process's tickets for a conversation."""
        self._here.delete_lock(conversation_id)

    def save_lock(self, lock: TicketLock) -> None:
        """Keeps this process's tickets for a conversation."""
        self._here.save_lock(lock)


def check_workers() -> None:
    """Makes sure that several workers have a database and a Redis in common.

    Raises:
        SharedSettingError: if they don't: each would answer from a memory of its own.
    """
    missing = [name for name in (database.URL_VARIABLE, URL_VARIABLE) if not os.environ.get(name)]
    if os.environ.get(WORKERS_VARIABLE, "1") not in {"", "1"} and missing:
        raise SharedSettingError(
            f"{WORKERS_VARIABLE} asks for several workers; they also need {' and '.join(missing)} in the environment."
        )


class SharedTurn:
    """One process's turn in a conversation. Without Redis it begins at once: answering counts for more than order."""

    def __init__(self, store: Shared, conversation_id: str) -> None:
        """Takes the way to Redis and the conversation."""
        self._store = store
        self._me = uuid.uuid4().hex
        self._queue = store.name("waiting", conversation_id)
        self._lock = Lock(store.client, store.name("turn", conversation_id), timeout=LEASE_SECONDS, thread_local=False)
        self._renewal: Optional[asyncio.Task[None]] = None

    async def __aenter__(self) -> None:
        try:
            with contextlib.suppress(SharedUnavailableError):
                self._store.call(self._line_up)
                await self._wait()
                self._renewal = asyncio.ensure_future(self._renew())
        except BaseException:  # told to stop while waiting, above all
            self._leave()
            raise

    async def __aexit__(self, *_: object) -> None:
        if self._renewal:
            self._renewal.cancel()
        self._leave()

    async def _wait(self) -> None:
        until = time.monotonic() + TICKET_SECONDS
        while not self._store.call(self._try):
            if time.monotonic() > until:
                raise LockError("The conversation's turn did not come.")
            await asyncio.sleep(POLL_SECONDS)

    def _line_up(self, client: redis.Redis) -> None:
        with client.pipeline(transaction=True) as together:
            together.rpush(self._queue, self._me)
            together.expire(self._queue, int(TICKET_SECONDS) * 2)
            together.set(self._alive(self._me), 1, px=LEASE_MILLISECONDS)
            together.execute()

    def _try(self, client: redis.Redis) -> bool:
        """Returns whether it is this process's turn; takes those out of the queue that have died in it."""
        with client.pipeline(transaction=False) as together:
            together.set(self._alive(self._me), 1, px=LEASE_MILLISECONDS)
            together.lindex(self._queue, 0)
            first = together.execute()[1]
        if first is None or first == self._me:
            return bool(self._lock.acquire(blocking=False))
        if not client.exists(self._alive(first)):
            client.lrem(self._queue, 1, first)
        return False

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            with contextlib.suppress(SharedUnavailableError):
                self._store.call(self._extend)

    def _extend(self, client: redis.Redis) -> None:
        with contextlib.suppress(redis.exceptions.LockError):
            self._lock.reacquire()
        client.set(self._alive(self._me), 1, px=LEASE_MILLISECONDS)

    def _leave(self) -> None:
        with contextlib.suppress(SharedUnavailableError):
            self._store.call(self._step_out)

    def _step_out(self, client: redis.Redis) -> None:
        # The lock first: who is next takes it as soon as the queue is theirs.
        with contextlib.suppress(redis.exceptions.LockError):
            self._lock.release()
        with client.pipeline(transaction=False) as together:
            together.lrem(self._queue, 1, self._me)
            together.delete(self._alive(self._me))
            together.execute()

    def _alive(self, who: str) -> str:
        return f"{self._queue}:{who}"

"""Keeps each conversation's crisis state for a day, through restarts: kinds and times, never words or names.

In memory and in a database; between processes, where REDIS_URL is set, in Redis first.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import logging
import os
import secrets
import threading
from pathlib import Path
from typing import Any, Dict, Iterator, Mapping, Optional

import redis
from redis.lock import Lock

from ketaguide.safety.conversation import KEPT_SECONDS, CrisisState
from ketaguide.serving.stores.database import database_url
from ketaguide.serving.stores.shared import SECRET_VARIABLE, SharedUnavailableError, shared
from ketaguide.serving.stores.state_table import StateTable

logger = logging.getLogger(__name__)

MOST_IN_MEMORY = 10_000
PREFIX = "ketaguide:state:"
READING_SECONDS = 0.5


class CrisisStates:
    """States that outlive a restart. What cannot be reached is left out: memory alone serves."""

    def __init__(self, folder: Path) -> None:
        self._key = _secret_key(folder / "sender.key")
        self._memory: Dict[str, CrisisState] = {}
        self._lock = threading.Lock()
        self._shared = shared()
        self._table = StateTable(database_url(str(folder / "crisis_states.db")))

    def sender_hash(self, sender: str, salt: str = "") -> str:
        """Returns a keyed hash that cannot be turned back into the sender."""
        return hmac.new(self._key, f"{salt}:{sender}".encode(), hashlib.sha256).hexdigest()[:32]

    def get(self, sender: str, now: float) -> CrisisState:
        """Returns the state of a conversation; a fresh one if there is none or it is older than a day."""
        key = self.sender_hash(sender)
        with self._lock:
            remembered = self._memory.get(key)
        if remembered is not None and self._shared is None:
            return remembered.at(now)
        state = self._newest(key, now)
        if state is None:
            state = remembered or CrisisState()
        self._remember(key, state)
        return state.at(now)

    def put(self, sender: str, state: CrisisState, now: float) -> None:
        """Keeps the state of a conversation."""
        key = self.sender_hash(sender)
        self._remember(key, state)
        self._share(key, state.to_dict())
        self._table.put(key, state.to_dict(), now, now - KEPT_SECONDS)

    def forget(self, sender: str) -> None:
        """Forgets one conversation."""
        key = self.sender_hash(sender)
        with self._lock:
            self._memory.pop(key, None)
        # Not deleted there: another process would go by what it remembers itself.
        self._share(key, {})
        self._table.forget(key)

    @contextlib.contextmanager
    def one_at_a_time(self, sender: str) -> Iterator[None]:
        """Keeps other processes from reading a message of this conversation meanwhile, for a moment at most."""
        if self._shared is None:
            yield
            return
        lock = Lock(
            self._shared.client,
            f"{PREFIX}reading:{self.sender_hash(sender)}",
            READING_SECONDS,
            0.01,
            thread_local=False,
        )
        taken = False
        with contextlib.suppress(SharedUnavailableError):
            taken = self._shared.call(lambda _: lock.acquire(blocking_timeout=READING_SECONDS))
        try:
            yield
        finally:
            if taken:
                with contextlib.suppress(redis.RedisError):
                    lock.release()

    def _newest(self, key: str, now: float) -> Optional[CrisisState]:
        """Returns what other processes know too; None if neither Redis nor the database can tell."""
        found = None
        if self._shared is not None:
            with contextlib.suppress(SharedUnavailableError):
                found = self._shared.unseal(self._shared.call(lambda client: client.get(PREFIX + key)))
        if found is None:
            found = self._table.get(key)
            if found is not None:
                self._share(key, found, only_if_new=True)
        return None if found is None else CrisisState.from_dict(found)

    def _share(self, key: str, state: Mapping[str, Any], *, only_if_new: bool = False) -> None:
        if self._shared is None:
            return
        store, sealed = self._shared, self._shared.seal(state)
        with contextlib.suppress(SharedUnavailableError):
            store.call(lambda client: client.set(PREFIX + key, sealed, ex=int(KEPT_SECONDS), nx=only_if_new))

    def _remember(self, key: str, state: CrisisState) -> None:
        with self._lock:
            self._memory.pop(key, None)
            self._memory[key] = state
            if len(self._memory) > MOST_IN_MEMORY:
                del self._memory[next(iter(self._memory))]


def _secret_key(path: Path) -> bytes:
    """Returns this installation's key: from the secret that its processes share, else from a file made at first use.

    Where no file can be written, it is one for this run only.
    """
    common = os.environ.get(SECRET_VARIABLE, "")
    if common:
        return hashlib.blake2b(common.encode(), person=b"sender-hashes").digest()
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(32))
        return path.read_bytes() or secrets.token_bytes(32)
    except OSError as error:
        logger.error("The key for sender hashes cannot be kept (%s).", type(error).__name__)
        return secrets.token_bytes(32)

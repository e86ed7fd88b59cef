"""Keeps each conversation's crisis state for a day, through restarts: kinds and times, never words or names."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import logging
import os
import secrets
import sqlite3
import threading
from pathlib import Path
from typing import Dict, Iterator

from ketaguide.safety.conversation import KEPT_SECONDS, CrisisState

logger = logging.getLogger(__name__)

BUSY_SECONDS = 0.25
MOST_IN_MEMORY = 10_000


class CrisisStates:
    """States in memory, with a copy in SQLite. If the file cannot be used, memory alone serves."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "crisis_states.db"
        self._key = _secret_key(folder / "sender.key")
        self._memory: Dict[str, CrisisState] = {}
        self._lock = threading.Lock()

    def sender_hash(self, sender: str, salt: str = "") -> str:
        """Returns a keyed hash that cannot be turned back into the sender."""
        return hmac.new(self._key, f"{salt}:{sender}".encode(), hashlib.sha256).hexdigest()[:32]

    def get(self, sender: str, now: float) -> CrisisState:
        """Returns the state of a conversation; a fresh one if there is none or it is older than a day."""
        key = self.sender_hash(sender)
        with self._lock:
            state = self._memory.get(key)
        if state is None:
            state = self._read(key)
            self._remember(key, state)
        return state.at(now)

    def put(self, sender: str, state: CrisisState, now: float) -> None:
        """Keeps the state of a conversation."""
        key = self.sender_hash(sender)
        self._remember(key, state)
        with self._database() as database:
            database.execute("INSERT OR REPLACE INTO states VALUES (?, ?, ?)", (key, json.dumps(state.to_dict()), now))
            database.execute("DELETE FROM states WHERE changed_at < ?", (now - KEPT_SECONDS,))

    def forget(self, sender: str) -> None:
        """Forgets one conversation."""
        key = self.sender_hash(sender)
        with self._lock:
            self._memory.pop(key, None)
        with self._database() as database:
            database.execute("DELETE FROM states WHERE sender = ?", (key,))

    def _remember(self, key: str, state: CrisisState) -> None:
        with self._lock:
            self._memory.pop(key, None)
            self._memory[key] = state
            if len(self._memory) > MOST_IN_MEMORY:
                del self._memory[next(iter(self._memory))]

    def _read(self, key: str) -> CrisisState:
        with self._database() as database:
            row = database.execute("SELECT state FROM states WHERE sender = ?", (key,)).fetchone()
            return CrisisState.from_dict(json.loads(row[0])) if row else CrisisState()
        return CrisisState()

    @contextlib.contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        try:
            with contextlib.closing(sqlite3.connect(self._file, timeout=BUSY_SECONDS)) as database, database:
                database.execute(
                    "CREATE TABLE IF NOT EXISTS states (sender TEXT PRIMARY KEY, state TEXT, changed_at REAL)"
                )
                yield database
        except (sqlite3.Error, OSError, ValueError) as error:
            logger.error("Crisis states are kept in memory only (%s).", type(error).__name__)


def _secret_key(path: Path) -> bytes:
    """Returns this installation's key, made at first use; one for this run only where no file can be written."""
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

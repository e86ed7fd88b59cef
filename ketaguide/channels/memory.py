"""What the messaging channels must still know after a restart: deliveries taken, choices offered, notices given."""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Callable, Iterable, List, Tuple, TypeVar

from ketaguide.channels.answer import Choice

logger = logging.getLogger(__name__)

DAY = 24 * 60 * 60
# Longer than any platform goes on delivering, so that a recorded request cannot be used again.
DELIVERIES_KEPT = 30 * DAY
CHOICES_KEPT = DAY
# Who comes back after a week is told again that a program answers (Utah HB 452).
NOTICES_KEPT = 7 * DAY
BUSY_SECONDS = 2.0
_TABLES = """
CREATE TABLE IF NOT EXISTS delivered (id TEXT PRIMARY KEY, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS offered (conversation TEXT PRIMARY KEY, at REAL NOT NULL, choices TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS noticed (conversation TEXT PRIMARY KEY, at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS delivered_at ON delivered (at);
"""

T = TypeVar("T")


class Memory:
    """Holds pseudonyms and the assistant's own button texts, no word of a visitor.

    A store that cannot be used costs a repeated answer or a choice by number, never an answer.
    """

    def __init__(self, file: Path, clock: Callable[[], float] = time.time) -> None:
        self._file = file
        self._clock = clock
        self._lock = threading.Lock()
        file.parent.mkdir(parents=True, exist_ok=True)
        with closing(self._open()) as database, database:
            database.execute("PRAGMA journal_mode=WAL")
            database.executescript(_TABLES)

    def is_new(self, delivery: str) -> bool:
        """Tells whether a delivery has not been taken before, and takes it."""

        def take(database: sqlite3.Connection, now: float) -> bool:
            database.execute("DELETE FROM delivered WHERE at < ?", (now - DELIVERIES_KEPT,))
            taken = database.execute("INSERT OR IGNORE INTO delivered VALUES (?, ?)", (delivery, now))
            return taken.rowcount == 1

        return self._run(take, otherwise=True)

    def offer(self, conversation: str, choices: Iterable[Choice]) -> None:
        """Remembers what the last turn offered, in place of what an earlier one did."""
        listed = json.dumps([[choice.title, choice.payload] for choice in choices])

        def put(database: sqlite3.Connection, now: float) -> None:
            database.execute("DELETE FROM offered WHERE at < ?", (now - CHOICES_KEPT,))
            database.execute("INSERT OR REPLACE INTO offered VALUES (?, ?, ?)", (conversation, now, listed))

        self._run(put, otherwise=None)

    def offered(self, conversation: str) -> Tuple[Choice, ...]:
        """Returns what the last turn offered, unless a day has passed."""

        def get(database: sqlite3.Connection, now: float) -> List[List[str]]:
            query = "SELECT choices FROM offered WHERE conversation = ? AND at >= ?"
            row = database.execute(query, (conversation, now - CHOICES_KEPT)).fetchone()
            return json.loads(row[0]) if row else []

        nothing: List[List[str]] = []
        return tuple(Choice(*entry) for entry in self._run(get, otherwise=nothing))

    def needs_notice(self, conversation: str) -> bool:
        """Tells whether a conversation is new, or was silent for a week."""

        def get(database: sqlite3.Connection, now: float) -> bool:
            query = "SELECT 1 FROM noticed WHERE conversation = ? AND at >= ?"
            return database.execute(query, (conversation, now - NOTICES_KEPT)).fetchone() is None

        return self._run(get, otherwise=True)

    def noticed(self, conversation: str) -> None:
        """Remembers that a conversation knows whom it talks to, from now on."""

        def put(database: sqlite3.Connection, now: float) -> None:
            database.execute("DELETE FROM noticed WHERE at < ?", (now - NOTICES_KEPT,))
            database.execute("INSERT OR REPLACE INTO noticed VALUES (?, ?)", (conversation, now))

        self._run(put, otherwise=None)

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._file, timeout=BUSY_SECONDS)

    def _run(self, work: Callable[[sqlite3.Connection, float], T], otherwise: T) -> T:
        try:
            with self._lock, closing(self._open()) as database, database:
                return work(database, self._clock())
        except sqlite3.Error as error:
            logger.error("%s cannot be used (%s).", self._file.name, type(error).__name__)
            return otherwise

"""What could not be written to the database yet, in a small file beside this process, until the database is back."""

from __future__ import annotations

import fcntl
import json
import logging
import sqlite3
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator, List, NamedTuple, Optional

from ketaguide.serving import metrics
from ketaguide.serving.stores.events import Row

logger = logging.getLogger(__name__)

BUSY_SECONDS = 0.25
BATCH = 200
_TABLE = "CREATE TABLE IF NOT EXISTS changes (id INTEGER PRIMARY KEY AUTOINCREMENT, sender TEXT, rows TEXT)"


class Change(NamedTuple):
    """One thing to do to the database: rows to add, or None where the conversation is to be erased."""

    sender: str
    rows: Optional[List[Row]]


class Outbox:
    """Changes in the order in which they were made. Where the file cannot be written either, memory holds them."""

    def __init__(self, file: Path) -> None:
        """Takes the file; it is made when something has to wait."""
        self._file = file
        self._lock = threading.Lock()
        self._memory: List[Change] = []

    def add(self, change: Change) -> None:
        """Keeps a change."""
        rows = None if change.rows is None else json.dumps(change.rows)
        with self._lock:
            try:
                with self._database() as database:
                    database.execute("INSERT INTO changes (sender, rows) VALUES (?, ?)", (change.sender, rows))
            except (sqlite3.Error, OSError) as error:
                metrics.STORE_ERRORS.labels("outbox").inc()
                logger.error("What could not be stored is in memory only (%s).", type(error).__name__)
                self._memory.append(change)

    def is_writable(self) -> bool:
        """Tells whether the file could take a change now."""
        try:
            with self._lock, self._database() as database:
                database.execute("INSERT INTO changes (sender, rows) VALUES ('', '[]')")
                database.rollback()
        except (sqlite3.Error, OSError):
            return False
        return True

    def rows_of(self, sender: str) -> List[Row]:
        """Returns the rows of one conversation that are waiting."""
        found: List[Row] = []
        with self._lock:
            for change in [*self._kept(sender), *(change for change in self._memory if change.sender == sender)]:
                found = [] if change.rows is None else found + change.rows
        return found

    def forget(self, sender: str) -> None:
        """Drops the waiting rows of one conversation."""
        with self._lock:
            self._memory = [change for change in self._memory if change.sender != sender]
            if self._file.exists():
                with self._database() as database:
                    database.execute("DELETE FROM changes WHERE sender = ?", (sender,))

    def __len__(self) -> int:
        """Returns how many changes are waiting."""
        with self._lock:
            return self._count() + len(self._memory)

    @contextmanager
    def batch(self) -> Iterator[List[Change]]:
        """Gives the oldest changes to be carried out; they are gone if the body ends without an error.

        One process at a time gets them; another that uses the same file gets none meanwhile.
        """
        with self._alone() as alone:
            last, changes = self._oldest() if alone else (0, [])
            held = [] if changes or not alone else list(self._memory)
            yield changes or held
            with self._lock:
                if changes:
                    with self._database() as database:
                        database.execute("DELETE FROM changes WHERE id <= ?", (last,))
                self._memory = [change for change in self._memory if not any(change is done for done in held)]

    @contextmanager
    def _alone(self) -> Iterator[bool]:
        if not self._file.exists():
            yield True
            return
        with self._file.with_suffix(".lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                yield False
                return
            yield True

    def _oldest(self) -> tuple[int, List[Change]]:
        if not self._file.exists():
            return 0, []
        with self._lock, self._database() as database:
            found = database.execute("SELECT id, sender, rows FROM changes ORDER BY id LIMIT ?", (BATCH,)).fetchall()
        return (found[-1][0] if found else 0), [_change(sender, rows) for _, sender, rows in found]

    def _kept(self, sender: str) -> List[Change]:
        if not self._file.exists():
            return []
        try:
            with self._database() as database:
                found = database.execute("SELECT sender, rows FROM changes WHERE sender = ? ORDER BY id", (sender,))
                return [_change(*row) for row in found]
        except sqlite3.Error:
            return []

    def _count(self) -> int:
        if not self._file.exists():
            return 0
        try:
            with self._database() as database:
                return int(database.execute("SELECT count(*) FROM changes").fetchone()[0])
        except sqlite3.Error:
            return 0

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(self._file, timeout=BUSY_SECONDS)
        try:
            with database:
                database.execute("PRAGMA secure_delete=ON")
                database.execute(_TABLE)
                yield database
        finally:
            database.close()


def _change(sender: str, rows: Optional[str]) -> Change:
    return Change(sender, None if rows is None else json.loads(rows))

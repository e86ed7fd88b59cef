"""Opens the database of conversations: SQLite in a file, or PostgreSQL where DATABASE_URL names one.

A database that hangs must not hang the visitors: every wait has an end.
"""

from __future__ import annotations

import contextlib
import os
import select
import sqlite3
import time
from pathlib import Path
from typing import Any

import psycopg2
import psycopg2.extensions
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.engine.url import URL, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.pool import QueuePool

URL_VARIABLE = "DATABASE_URL"
DEFAULT_FILE = "var/conversations.db"
# How long one statement may take, and how long another program may hold the file.
ANSWER_SECONDS = 1.0
BUSY_SECONDS = 0.25
IDLE_SECONDS = 10.0


class DatabaseSettingError(ValueError):
    """DATABASE_URL cannot be used. The message never has the URL in it: it may hold a password."""


def database_url(file: str = DEFAULT_FILE) -> URL:
    """Returns where conversations are kept: DATABASE_URL if it is set, else the SQLite file.

    Raises:
        DatabaseSettingError: for anything but PostgreSQL or SQLite.
    """
    given = os.environ.get(URL_VARIABLE, "").strip()
    if not given:
        return URL.create("sqlite", database=file)
    try:
        url = make_url(given.replace("postgres://", "postgresql://", 1))
    except (ArgumentError, ValueError):
        raise DatabaseSettingError(f"{URL_VARIABLE} is no address like postgresql://user:password@host/name") from None
    if url.get_backend_name() not in {"postgresql", "sqlite"}:
        raise DatabaseSettingError(f"{URL_VARIABLE} must begin with postgresql:// or sqlite:///")
    return url


def open_engine(url: URL) -> Engine:
    """Returns an engine; nothing is connected before its first use, so a server starts while its database is away."""
    return _sqlite(url) if url.get_backend_name() == "sqlite" else _postgresql(url)


def _postgresql(url: URL) -> Engine:
    psycopg2.extensions.set_wait_callback(_wait)
    return sa.create_engine(
        url,
        pool_size=4,
        max_overflow=4,
        pool_timeout=ANSWER_SECONDS,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": 2,
            "application_name": "ketaguide",
            # On the server's side too: nothing abandoned must go on there, or keep what it has locked.
            "options": f"-c statement_timeout={int(ANSWER_SECONDS * 1000)}"
            f" -c idle_in_transaction_session_timeout={int(IDLE_SECONDS * 1000)}",
        },
        hide_parameters=True,
    )


def _wait(connection: Any) -> None:
    """Waits for PostgreSQL no longer than allowed; psycopg2's own wait has no end if the server stops answering."""
    until = time.monotonic() + ANSWER_SECONDS
    while True:
        state = connection.poll()
        if state == psycopg2.extensions.POLL_OK:
            return
        sockets = [connection.fileno()]
        reading = state == psycopg2.extensions.POLL_READ
        left = until - time.monotonic()
        ready = left > 0 and any(select.select(sockets if reading else [], [] if reading else sockets, [], left))
        if not ready:
            # psycopg2 closes the connection by itself then; closing it here would wait for a lock that this thread has.
            raise psycopg2.OperationalError("the database does not answer")


def _sqlite(url: URL) -> Engine:
    file = Path(url.database or DEFAULT_FILE)
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(
        url,
        poolclass=QueuePool,
        pool_size=2,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        hide_parameters=True,
    )

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, record: Any) -> None:
        # A write-ahead log lets a backup run beside the writers. NORMAL: what was written outlives the process, and a
        # power cut leaves the file whole; it may cost the last second, where FULL costs every message a wait.
        _use_log(connection)
        connection.execute("PRAGMA synchronous=NORMAL")
        # What a visitor erased must not stay readable in the file.
        connection.execute("PRAGMA secure_delete=ON")
        record.info["file"] = _identity(file)

    @sa.event.listens_for(engine, "checkout")
    def check(_: Any, record: Any, __: Any) -> None:
        # A connection goes on writing into a file that was deleted or replaced.
        if record.info["file"] != _identity(file):
            raise DisconnectionError("the database file was replaced")

    return engine


def _use_log(connection: sqlite3.Connection) -> None:
    # Changing the mode does not wait for others who open the file at the same time.
    for _ in range(int(BUSY_SECONDS / 0.01)):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            time.sleep(0.01)


def _identity(file: Path) -> tuple[int, int]:
    try:
        status = file.stat()
    except OSError:
        return (0, 0)
    return (status.st_dev, status.st_ino)

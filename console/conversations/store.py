"""The way to the assistant's record of conversations: its SQLite file, or the database that DATABASE_URL names."""

from __future__ import annotations

import contextlib
import functools
import os
from typing import Iterator

import sqlalchemy as sa
from django.conf import settings
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

FILE = "conversations.db"
URL_VARIABLE = "DATABASE_URL"
_POSTGRES = {
    "connect_timeout": 3,
    "application_name": "ketaguide console",
    "options": "-c statement_timeout=20000 -c default_transaction_read_only=on",
}


class RecordUnreadableError(Exception):
    """The record cannot be read; the message is for people and never holds an address."""


def address() -> str:
    """Returns where the record is."""
    given = os.environ.get(URL_VARIABLE, "").strip()
    if given:
        return given.replace("postgres://", "postgresql://", 1)
    return f"sqlite:///file:{settings.STATE_FOLDER / FILE}?mode=ro&uri=true"


@contextlib.contextmanager
def connection() -> Iterator[Connection]:
    """Gives a connection that cannot change anything.

    Raises:
        RecordUnreadableError: if the record is not there, or the database does not answer.
    """
    try:
        with _engine(address()).connect() as opened:
            yield opened
    except (SQLAlchemyError, ArgumentError, ValueError) as error:
        raise RecordUnreadableError(
            "The record of conversations cannot be read. It is there once the assistant has run; both need the same "
            f"folder, or the same {URL_VARIABLE}."
        ) from error


@functools.lru_cache(maxsize=4)
def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return sa.create_engine(url, pool_size=2, pool_pre_ping=True, hide_parameters=True, connect_args=_POSTGRES)
    # The file may be put back from a backup at any time: no connection outlives a page.
    return sa.create_engine(url, poolclass=sa.pool.NullPool, hide_parameters=True, connect_args={"timeout": 5})

"""The table of events, as Rasa lays it out, and the statements that this project makes on it."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import Any, Dict, Iterator, List, Mapping, Optional

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import Event, SessionStarted, UserUttered
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.schema import CreateIndex, CreateTable

# One line of the table, by column.
Row = Dict[str, Any]
EVENTS: sa.Table = SQLTrackerStore.SQLEvent.__table__
_NEWEST = sa.select(sa.func.max(EVENTS.c.id)).where(EVENTS.c.sender_id == sa.bindparam("sender"))
# Any number that no other program locks in the same database.
_TABLE_LOCK = 5005


class EventTable:
    """Reads and writes events; every failure is an SQLAlchemyError."""

    def __init__(self, engine: Engine) -> None:
        """Takes the database; the table is made at first use."""
        self._engine = engine
        self._exists = False
        # A new connection may lead to a database that was replaced or restored.
        sa.event.listen(engine, "connect", self._look_for_table)

    def add(self, rows: List[Row]) -> Optional[int]:
        """Adds rows of a conversation in their order, all or none; returns the number of the newest."""
        with self.transaction() as connection:
            connection.execute(EVENTS.insert(), rows)
            return self._newest(connection, rows[0]["sender_id"])

    def newest(self, sender_id: str) -> Optional[int]:
        """Returns the number of the newest event of a conversation; None if it has none."""
        with self.transaction() as connection:
            return self._newest(connection, sender_id)

    @staticmethod
    def _newest(connection: Connection, sender_id: str) -> Optional[int]:
        found: Optional[int] = connection.execute(_NEWEST, {"sender": sender_id}).scalar()
        return found

    def read(self, sender_id: str, *, newest_session: bool) -> List[str]:
        """Returns the events of a conversation as JSON, oldest first."""
        with self.transaction() as connection:
            return list(connection.execute(_events_of(sender_id, newest_session)).scalars())

    def erase(self, sender_id: str) -> None:
        """Deletes a conversation."""
        with self.transaction() as connection:
            connection.execute(EVENTS.delete().where(EVENTS.c.sender_id == sender_id))
        self.truncate_log()

    def truncate_log(self) -> None:
        """Empties SQLite's write-ahead log, in which deleted words would otherwise stay for a while."""
        if self._engine.dialect.name == "sqlite":
            with self._engine.connect() as connection:
                connection.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Gives a connection whose changes are kept if the body ends without an error."""
        with self._engine.begin() as connection:
            if not self._exists:
                _create(connection)
            yield connection
        self._exists = True

    def _look_for_table(self, *_: Any) -> None:
        self._exists = False


def row_of(sender_id: str, event: Event) -> Row:
    """Returns an event as a line of the table."""
    data = event.as_dict()
    return {
        "sender_id": sender_id,
        "type_name": event.type_name,
        "timestamp": data.get("timestamp"),
        "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }


def without_words(event: Mapping[str, Any]) -> Dict[str, Any]:
    """Returns an event as it may leave for analytics: what was understood, never what the visitor wrote."""
    if event.get("event") != UserUttered.type_name:
        return dict(event)
    parsed = event.get("parse_data") or {}
    understood = {key: parsed[key] for key in ("intent", "intent_ranking", "message_id") if key in parsed}
    kept = {key: event[key] for key in ("event", "timestamp", "input_channel", "message_id") if key in event}
    return {**kept, "parse_data": understood}


def _create(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        # Several processes that start together would create it at the same time.
        connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({_TABLE_LOCK})"))
    connection.execute(CreateTable(EVENTS, if_not_exists=True))
    for index in EVENTS.indexes:
        connection.execute(CreateIndex(index, if_not_exists=True))


def _events_of(sender_id: str, newest_session: bool) -> Any:
    query = sa.select(EVENTS.c.data).where(EVENTS.c.sender_id == sender_id).order_by(EVENTS.c.id)
    if not newest_session:
        return query
    start = (
        sa.select(sa.func.max(EVENTS.c.id))
        .where(EVENTS.c.sender_id == sender_id, EVENTS.c.type_name == SessionStarted.type_name)
        .scalar_subquery()
    )
    return query.where(EVENTS.c.id >= sa.func.coalesce(start, 0))

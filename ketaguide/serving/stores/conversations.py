"""Rasa's tracker store for this assistant: conversations in SQLite or PostgreSQL, in Rasa's own table.

A save adds the events that are new since the conversation was read, in one transaction. Rasa's own store skips as many
events as the table holds, which loses a turn when two processes answer one visitor.
"""

from __future__ import annotations

import contextlib
import json
import logging
from typing import Any, Dict, Iterator, List, Optional

import sqlalchemy as sa
import sqlalchemy.orm
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import Connection

from ketaguide.serving.stores.database import DEFAULT_FILE, database_url, open_engine

logger = logging.getLogger(__name__)

Row = Dict[str, Any]
EVENTS: sa.Table = SQLTrackerStore.SQLEvent.__table__
# How many events of a tracker are stored, noted on the tracker itself.
_STORED = "_stored_events"


class ConversationStore(SQLTrackerStore):
    """Keeps events in the order in which they were saved."""

    def __init__(
        self,
        domain: Optional[Domain] = None,
        db: str = DEFAULT_FILE,
        event_broker: Optional[EventBroker] = None,
        host: Optional[str] = None,
        **options: Any,
    ) -> None:
        """Construct the store over the file `db`, or over the database that DATABASE_URL names."""
        TrackerStore.__init__(self, domain, event_broker, **options)
        self.engine = open_engine(database_url(db))
        self.sessionmaker = sa.orm.sessionmaker(bind=self.engine)
        self._has_tables = False
        # A new connection may lead to a database that was replaced or restored.
        sa.event.listen(self.engine, "connect", self._look_for_tables)

    def _look_for_tables(self, *_: Any) -> None:
        self._has_tables = False

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Adds the tracker's new events to the database, then publishes them."""
        first = getattr(tracker, _STORED, 0)
        new = list(tracker.events)[first:]
        if new:
            with self._transaction() as connection:
                connection.execute(EVENTS.insert(), [_row(tracker.sender_id, event) for event in new])
        setattr(tracker, _STORED, first + len(new))
        self._publish(tracker.sender_id, new)

    async def _retrieve(self, sender_id: str, fetch_events_from_all_sessions: bool) -> Optional[DialogueStateTracker]:
        with self._transaction() as connection:
            stored = connection.execute(_stored_events(sender_id, fetch_events_from_all_sessions)).scalars().all()
        if not stored:
            return None
        tracker = DialogueStateTracker.from_dict(sender_id, [json.loads(data) for data in stored], self.domain.slots)
        setattr(tracker, _STORED, len(tracker.events))
        return tracker

    async def erase(self, sender_id: str) -> int:
        """Deletes one conversation; returns how many events it had."""
        with self._transaction() as connection:
            return int(connection.execute(EVENTS.delete().where(EVENTS.c.sender_id == sender_id)).rowcount)

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with self.engine.begin() as connection:
            if not self._has_tables:
                _create_tables(connection)
            yield connection
        self._has_tables = True

    def _publish(self, sender_id: str, events: List[Event]) -> None:
        if self.event_broker is None:
            return
        try:
            for event in events:
                self.event_broker.publish({"sender_id": sender_id, **event.as_dict()})
        except Exception as error:  # what is stored must not be lost for a listener
            logger.error("Events could not be published (%s).", type(error).__name__)


def _create_tables(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        # Several processes that start together would create it at the same time.
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(5005)"))
    SQLTrackerStore.Base.metadata.create_all(connection)


def _stored_events(sender_id: str, all_sessions: bool) -> Any:
    query = sa.select(EVENTS.c.data).where(EVENTS.c.sender_id == sender_id).order_by(EVENTS.c.id)
    if all_sessions:
        return query
    newest_session = (
        sa.select(sa.func.max(EVENTS.c.id))
        .where(EVENTS.c.sender_id == sender_id, EVENTS.c.type_name == SessionStarted.type_name)
        .scalar_subquery()
    )
    return query.where(EVENTS.c.id >= sa.func.coalesce(newest_session, 0))


def _row(sender_id: str, event: Event) -> Row:
    data = event.as_dict()
    return {
        "sender_id": sender_id,
        "type_name": event.type_name,
        "timestamp": data.get("timestamp"),
        "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }

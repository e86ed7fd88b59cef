"""Rasa's tracker store for this assistant: conversations in SQLite or PostgreSQL, in Rasa's own table.

A save adds the events that are new since the conversation was read, in one transaction. Rasa's own store skips as many
events as the table holds, which loses a turn when two processes answer one visitor; and while its database is away it
forgets what it is told. Here it waits in a file, and the latest conversations are read from memory.
"""

from __future__ import annotations

import json
import logging
from collections import OrderedDict
from pathlib import Path
from typing import Any, List, Optional

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.orm import sessionmaker

from ketaguide.serving import metrics
from ketaguide.serving.stores import retention
from ketaguide.serving.stores.database import DEFAULT_FILE, database_url, open_engine
from ketaguide.serving.stores.events import EventTable, Row, row_of, without_words
from ketaguide.serving.stores.live_trackers import LiveTrackers
from ketaguide.serving.stores.outbox import Outbox
from ketaguide.serving.stores.steady import SteadyEvents

logger = logging.getLogger(__name__)

# How many conversations can go on in full while the database is away.
REMEMBERED = 300
REMEMBERED_EVENTS = 200
# Where on a tracker it is noted how many of its events are stored.
_STORED = "_stored_events"


class ConversationStore(SQLTrackerStore):
    """Keeps events in the order in which they were saved; never loses one for want of a database."""

    def __init__(
        self,
        domain: Optional[Domain] = None,
        db: str = DEFAULT_FILE,
        event_broker: Optional[EventBroker] = None,
        host: Optional[str] = None,
        outbox: str = "",
        expires: bool = True,
        **options: Any,
    ) -> None:
        """Construct the store over the file `db`, or over the database that DATABASE_URL names.

        Args:
            domain: The assistant's domain.
            db: The file, unless DATABASE_URL names a database.
            event_broker: Where events are published as well.
            host: Unused; Rasa passes it to every store.
            outbox: The file for what cannot be stored yet; it lies beside `db` if none is given.
            expires: Whether this process deletes what is older than RETENTION_DAYS.
            options: What else `endpoints.yml` says of the store.
        """
        TrackerStore.__init__(self, domain, event_broker, **options)
        self.engine = open_engine(database_url(db))
        self.sessionmaker = sessionmaker(bind=self.engine)
        waiting = Outbox(Path(outbox) if outbox else Path(db).with_name("unsaved.db"))
        self.table = EventTable(self.engine)
        self.events = SteadyEvents(self.table, waiting)
        if expires:
            retention.start(self.table)
        self._recent: OrderedDict[str, List[str]] = OrderedDict()
        self._live = LiveTrackers()

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Adds the tracker's new events, then publishes them."""
        first = getattr(tracker, _STORED, 0)
        new = list(tracker.events)[first:]
        rows = [row_of(tracker.sender_id, event) for event in new]
        newest = self.events.add(tracker.sender_id, rows) if rows else None
        setattr(tracker, _STORED, first + len(new))
        if rows:
            # What stands before a new session is not read with it.
            starts_anew = any(isinstance(event, SessionStarted) for event in new)
            self._live.put(tracker, None if starts_anew else newest)
        self._remember(tracker.sender_id, rows)
        self._publish(tracker.sender_id, new)

    async def _retrieve(self, sender_id: str, fetch_events_from_all_sessions: bool) -> Optional[DialogueStateTracker]:
        if not fetch_events_from_all_sessions:
            live = self._live.get(sender_id, self.events.newest(sender_id))
            if live is not None:
                return live
        stored = self.events.read(sender_id, newest_session=not fetch_events_from_all_sessions)
        if stored is None:
            stored = self._recent.get(sender_id) or [row["data"] for row in self.events.waiting_rows(sender_id)]
        else:
            self._recent[sender_id] = stored
        if not stored:
            return None
        tracker = DialogueStateTracker.from_dict(sender_id, [json.loads(data) for data in stored], self.domain.slots)
        setattr(tracker, _STORED, len(tracker.events))
        return tracker

    async def erase(self, sender_id: str) -> None:
        """Deletes one conversation, at the latest when the database is back."""
        self._recent.pop(sender_id, None)
        self._live.drop(sender_id)
        self.events.erase(sender_id)

    def _remember(self, sender_id: str, rows: List[Row]) -> None:
        known = [*self._recent.get(sender_id, []), *(row["data"] for row in rows)]
        self._recent[sender_id] = known[-REMEMBERED_EVENTS:]
        self._recent.move_to_end(sender_id)
        while len(self._recent) > REMEMBERED:
            self._recent.popitem(last=False)

    def _publish(self, sender_id: str, events: List[Event]) -> None:
        if self.event_broker is None:
            return
        try:
            for event in events:
                self.event_broker.publish({"sender_id": sender_id, **without_words(event.as_dict())})
        except Exception as error:  # what is stored must not be lost for a listener
            metrics.STORE_ERRORS.labels("broker").inc()
            logger.error("Events could not be published (%s).", type(error).__name__)

"""Events that are never lost: written to the database at once, or kept in the outbox until it is back.

While the database is away nobody waits for it: only a thread behind the scenes tries it again.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import Callable, List, Optional, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from ketaguide.serving import metrics
from ketaguide.serving.stores import late_events
from ketaguide.serving.stores.events import EventTable, Row
from ketaguide.serving.stores.outbox import Change, Outbox

T = TypeVar("T")
logger = logging.getLogger(__name__)

# One that takes longer counts as away: a message needs the database several times.
SLOW_SECONDS = 1.0
RETRY_SECONDS = 1.0


class SteadyEvents:
    """The table of events with the outbox beside it."""

    def __init__(self, table: EventTable, outbox: Outbox) -> None:
        """Takes the two; what an earlier run left in the outbox is carried out first."""
        self._table = table
        self._outbox = outbox
        self._lock = threading.Lock()
        self._away = False
        if len(outbox):
            self._go_away("changes of an earlier run are waiting")

    @property
    def is_away(self) -> bool:
        """Whether the database could not be used lately."""
        return self._away

    def can_keep(self) -> bool:
        """Tells whether what is said now would outlive this process, in the database or in the outbox."""
        return not self._away or self._outbox.is_writable()

    def waiting(self) -> int:
        """Returns how many changes wait for the database."""
        return len(self._outbox)

    def add(self, sender_id: str, rows: List[Row]) -> Optional[int]:
        """Stores the rows, or keeps them for later; never fails for want of a database.

        Returns:
            The number of the newest one; None while they wait.
        """
        if not self._away:
            try:
                return self._timed(lambda: self._table.add(rows))
            except SQLAlchemyError as error:
                self._go_away(type(error).__name__)
        self._keep(Change(sender_id, rows))
        return None

    def newest(self, sender_id: str) -> Optional[int]:
        """Returns the number of the conversation's newest event; None without one, or if nobody can be asked."""
        if not self._away:
            try:
                return self._timed(lambda: self._table.newest(sender_id))
            except SQLAlchemyError as error:
                self._go_away(type(error).__name__)
        return None

    def read(self, sender_id: str, *, newest_session: bool) -> Optional[List[str]]:
        """Returns the events of a conversation as JSON, oldest first; None if the database cannot be asked."""
        if not self._away:
            try:
                return self._timed(lambda: self._table.read(sender_id, newest_session=newest_session))
            except SQLAlchemyError as error:
                self._go_away(type(error).__name__)
        return None

    def waiting_rows(self, sender_id: str) -> List[Row]:
        """Returns the rows of a conversation that wait for the database."""
        return self._outbox.rows_of(sender_id)

    def erase(self, sender_id: str) -> None:
        """Deletes a conversation now, or as soon as the database is back."""
        if not self._away:
            try:
                return self._table.erase(sender_id)
            except SQLAlchemyError as error:
                self._go_away(type(error).__name__)
        self._outbox.forget(sender_id)
        self._keep(Change(sender_id, None))

    def _timed(self, work: Callable[[], T]) -> T:
        started = time.monotonic()
        result = work()
        if time.monotonic() - started > SLOW_SECONDS:
            self._go_away("too slow")
        return result

    def _keep(self, change: Change) -> None:
        with self._lock:
            self._outbox.add(change)
            if not self._away:
                # The thread found the outbox empty just before.
                self._start_retrying()

    def _go_away(self, reason: str) -> None:
        with self._lock:
            if not self._away:
                metrics.STORE_ERRORS.labels("database").inc()
                logger.error("The database of conversations cannot be used (%s); changes wait in a file.", reason)
                self._start_retrying()

    def _start_retrying(self) -> None:
        self._away = True
        threading.Thread(target=self._retry, name="outbox", daemon=True).start()

    def _retry(self) -> None:
        pause = threading.Event()
        while not self._catch_up():
            pause.wait(RETRY_SECONDS)
        logger.info("The database of conversations is back; nothing waits any more.")

    def _catch_up(self) -> bool:
        """Returns whether the database can be used again and nothing waits."""
        try:
            started = time.monotonic()
            self._table.read("", newest_session=True)
            is_slow = time.monotonic() - started > SLOW_SECONDS
            while self._carry_out():
                pass
        except Exception as error:  # this thread is the only one that tries again
            logger.debug("The database is still away (%s).", type(error).__name__)
            return False
        with self._lock:
            # Between the last look and now somebody may have added something.
            self._away = is_slow or len(self._outbox) > 0
            return not self._away

    def _carry_out(self) -> bool:
        with self._outbox.batch() as changes:
            for change in changes:
                if change.rows is None:
                    self._table.erase(change.sender)
                else:
                    late_events.add(self._table, change.rows)
        return bool(changes)

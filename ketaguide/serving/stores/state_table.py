"""The table of crisis states, in the database of conversations or in a file of its own."""

from __future__ import annotations

import json
import logging
import time
from typing import Any, Callable, Dict, Mapping, Optional, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.engine.url import URL
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.schema import CreateTable

from ketaguide.serving import metrics
from ketaguide.serving.stores.database import open_engine

T = TypeVar("T")
logger = logging.getLogger(__name__)

# A message about danger cannot wait for a database that was away a moment ago.
RETRY_SECONDS = 5.0
SLOW_SECONDS = 1.0
STATES = sa.Table(
    "crisis_states",
    sa.MetaData(),
    sa.Column("sender", sa.String(64), primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("changed_at", sa.Float, nullable=False),
)


class StateTable:
    """States by the hash of a sender; what the database cannot take is not kept, and never raises."""

    def __init__(self, url: URL) -> None:
        """Takes the database; the table is made at first use."""
        self._engine = open_engine(url)
        self._exists = False
        self._away_until = 0.0
        sa.event.listen(self._engine, "connect", self._look_for_table)

    def get(self, key: str) -> Optional[Dict[str, Any]]:
        """Returns the state, `{}` if there is none, None if nobody can tell."""

        def read(connection: Connection) -> Dict[str, Any]:
            found = connection.execute(sa.select(STATES.c.state).where(STATES.c.sender == key)).scalar()
            return dict(json.loads(found)) if found else {}

        return self._run(read)

    def put(self, key: str, state: Mapping[str, Any], now: float, oldest: float) -> None:
        """Keeps a state, and drops those that were last changed before `oldest`."""

        def write(connection: Connection) -> None:
            connection.execute(STATES.delete().where((STATES.c.sender == key) | (STATES.c.changed_at < oldest)))
            connection.execute(STATES.insert(), {"sender": key, "state": json.dumps(state), "changed_at": now})

        self._run(write)

    def forget(self, key: str) -> None:
        """Deletes a state."""
        self._run(lambda connection: connection.execute(STATES.delete().where(STATES.c.sender == key)))

    def _run(self, work: Callable[[Connection], T]) -> Optional[T]:
        """Returns what `work` returns; None while the database is away."""
        if time.monotonic() < self._away_until:
            return None
        started = time.monotonic()
        try:
            with self._engine.begin() as connection:
                if not self._exists:
                    connection.execute(CreateTable(STATES, if_not_exists=True))
                result = work(connection)
            self._exists = True
            if time.monotonic() - started > SLOW_SECONDS:
                self._away_until = time.monotonic() + RETRY_SECONDS
        except (SQLAlchemyError, OSError, ValueError) as error:
            self._away_until = time.monotonic() + RETRY_SECONDS
            metrics.STORE_ERRORS.labels("crisis_states").inc()
            logger.error("Crisis states cannot be kept in the database (%s).", type(error).__name__)
            return None
        return result

    def _look_for_table(self, *_: Any) -> None:
        self._exists = False

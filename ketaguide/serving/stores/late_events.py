"""Events that waited while the database was away: each turn is stored once, and where it belongs.

Meanwhile other processes may have stored later turns of the same conversation, or answered the same message; and a
transaction that this process gave up may still come to its end when the database goes on.
"""

from __future__ import annotations

import json
from typing import Any, List, Optional, Set

import sqlalchemy as sa
from rasa.shared.core.events import UserUttered
from sqlalchemy.engine import Connection

from ketaguide.serving.stores.events import EVENTS, EventTable, Row

# Visitors' messages wait behind this lock.
_LOCK_MILLISECONDS = 200


def add(table: EventTable, rows: List[Row]) -> None:
    """Adds the rows of one turn, unless they or another answer to the same message are stored already."""
    if not rows:
        return
    with table.transaction() as connection:
        _wait_for_others(connection)
        stored = _conversation(connection, rows[0]["sender_id"])
        known = {_content(row) for row in stored}
        new = [row for row in rows if _content(row) not in known]
        if not new or _message_ids(new) & _message_ids(stored):
            return
        place = next((at for at, row in enumerate(stored) if row["timestamp"] > new[0]["timestamp"]), len(stored))
        if place < len(stored):
            # The numbers keep the order, so what came later gets new ones.
            later = (EVENTS.c.sender_id == rows[0]["sender_id"], EVENTS.c.id >= stored[place]["id"])
            connection.execute(EVENTS.delete().where(*later))
        connection.execute(EVENTS.insert(), [*new, *({name: row[name] for name in new[0]} for row in stored[place:])])


def _wait_for_others(connection: Connection) -> None:
    """Lets no other transaction write from here on, and waits for those that have."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text(f"SET LOCAL lock_timeout = {_LOCK_MILLISECONDS}"))
        connection.execute(sa.text(f"LOCK TABLE {EVENTS.name} IN SHARE ROW EXCLUSIVE MODE"))
    else:
        connection.execute(sa.text("BEGIN IMMEDIATE"))


def _conversation(connection: Connection, sender_id: str) -> List[Row]:
    query = sa.select(EVENTS).where(EVENTS.c.sender_id == sender_id).order_by(EVENTS.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def _content(row: Row) -> tuple[Any, ...]:
    return (row["type_name"], row["timestamp"], row["data"])


def _message_ids(rows: List[Row]) -> Set[str]:
    found: Set[Optional[str]] = {
        json.loads(row["data"]).get("message_id") for row in rows if row["type_name"] == UserUttered.type_name
    }
    return {id_ for id_ in found if id_}

"""Deleting one conversation: Rasa 3.6 can save and read a conversation, but not delete one."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa.core.tracker_store import InMemoryTrackerStore, RedisTrackerStore, SQLTrackerStore


class CannotEraseError(Exception):
    """This store has no known way to delete a conversation."""


async def erase(agent: Any, conversation_id: str) -> None:
    """Deletes a conversation from the agent's store and from the memory of the guard in front of it.

    Raises:
        CannotEraseError: if the store is of an unknown kind; the visitor must then not be told that it is gone.
    """
    async with agent.lock_store.lock(conversation_id):
        await _erase_from(agent.tracker_store, conversation_id)
    # The guard, where it is installed, keeps the last minutes' messages and the crisis state.
    guard = getattr(type(agent).handle_message, "guard", None)
    if guard is not None:
        await asyncio.to_thread(guard.desk.forget, conversation_id)


async def _erase_from(store: Any, conversation_id: str) -> None:
    own_way = getattr(store, "erase", None)
    inner = getattr(store, "_tracker_store", None)
    if own_way:
        await own_way(conversation_id)
    elif isinstance(store, SQLTrackerStore):
        await asyncio.to_thread(_erase_rows, store, conversation_id)
    elif isinstance(store, InMemoryTrackerStore):
        store.store.pop(conversation_id, None)
    elif isinstance(store, RedisTrackerStore):
        store.red.delete(store.key_prefix + conversation_id)
    elif inner is not None:
        await _erase_from(inner, conversation_id)
    else:
        raise CannotEraseError(type(store).__name__)


def _erase_rows(store: SQLTrackerStore, conversation_id: str) -> None:
    with store.session_scope() as session:
        session.query(store.SQLEvent).filter_by(sender_id=conversation_id).delete()
        session.commit()

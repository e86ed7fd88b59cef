"""The store of conversations: what is saved comes back in order, from either kind of database."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import List, Optional

import psycopg2
import pytest
from rasa.shared.core.events import ActionExecuted, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from ketaguide.serving.stores.conversations import ConversationStore
from ketaguide.serving.stores.database import DatabaseSettingError, database_url
from tests.servers import PostgresServer


def said(tracker: DialogueStateTracker) -> List[str]:
    return [event.text or "" for event in tracker.events if isinstance(event, UserUttered)]


async def say(store: ConversationStore, sender: str, text: str, message_id: Optional[str] = None) -> None:
    tracker = await store.get_or_create_tracker(sender)
    tracker.update(UserUttered(text, message_id=message_id))
    tracker.update(ActionExecuted("action_listen"))
    await store.save(tracker)


async def words(store: ConversationStore, sender: str) -> List[str]:
    return said(await store.get_or_create_tracker(sender))


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ConversationStore:
    """A store over an empty database of either kind."""
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres")
        monkeypatch.setenv("DATABASE_URL", server.url)
        with psycopg2.connect(server.url) as connection:
            connection.cursor().execute("DROP TABLE IF EXISTS events")
    return ConversationStore(db=str(tmp_path / "conversations.db"))


async def test_a_conversation_comes_back_in_order(store: ConversationStore) -> None:
    for number in range(5):
        await say(store, "one", str(number))
        await say(store, "two", "other")
    assert await words(store, "one") == ["0", "1", "2", "3", "4"]


async def test_only_the_newest_session_is_read_but_all_are_kept(store: ConversationStore) -> None:
    await say(store, "one", "yesterday")
    tracker = await store.get_or_create_tracker("one")
    tracker.update(SessionStarted())
    await store.save(tracker)
    await say(store, "one", "today")
    assert await words(store, "one") == ["today"]
    assert said(await store.get_or_create_full_tracker("one")) == ["yesterday", "today"]


async def test_turns_answered_by_two_processes_at_once_are_both_kept(store: ConversationStore) -> None:
    await say(store, "one", "first")
    left, right = await store.get_or_create_tracker("one"), await store.get_or_create_tracker("one")
    left.update(UserUttered("left"))
    right.update(UserUttered("right"))
    await store.save(left)
    await store.save(right)
    assert await words(store, "one") == ["first", "left", "right"]


async def test_a_deleted_file_is_made_anew(tmp_path: Path) -> None:
    store = ConversationStore(db=str(tmp_path / "conversations.db"))
    await say(store, "one", "before")
    for file in tmp_path.glob("conversations.db*"):
        file.unlink()
    await say(store, "one", "after")
    with sqlite3.connect(tmp_path / "conversations.db") as database:
        assert database.execute("SELECT count(*) FROM events WHERE type_name = 'user'").fetchone() == (1,)


async def test_erasing_takes_one_conversation_only(store: ConversationStore) -> None:
    await say(store, "one", "zebra quartz")
    await say(store, "two", "kept")
    await store.erase("one")
    assert await words(store, "one") == []
    assert await words(store, "two") == ["kept"]


def test_the_address_of_the_database_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://user:secret@db.example/chat")
    assert database_url().get_backend_name() == "postgresql"
    assert database_url().host == "db.example"


@pytest.mark.parametrize("url", ["mysql://user:secret@host/name", "secret", "postgresql//user:secret@host"])
def test_an_unusable_address_is_refused_without_showing_its_password(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(DatabaseSettingError) as refusal:
        database_url()
    assert "secret" not in str(refusal.value)


async def test_what_another_process_added_is_seen(store: ConversationStore, tmp_path: Path) -> None:
    other = ConversationStore(db=str(tmp_path / "conversations.db"))
    await say(store, "one", "here")
    await say(store, "one", "here again")
    await say(other, "one", "there")
    assert await words(store, "one") == ["here", "here again", "there"]


async def test_what_another_process_erased_is_gone(store: ConversationStore, tmp_path: Path) -> None:
    other = ConversationStore(db=str(tmp_path / "conversations.db"))
    await say(store, "one", "here")
    await other.erase("one")
    assert await words(store, "one") == []


async def test_a_turn_that_was_not_saved_leaves_nothing_behind(store: ConversationStore) -> None:
    await say(store, "one", "saved")
    tracker = await store.get_or_create_tracker("one")
    tracker.update(UserUttered("interrupted"))
    assert await words(store, "one") == ["saved"]

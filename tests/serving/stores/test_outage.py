"""The database goes away and comes back: conversations go on, and nothing that was said is lost or doubled."""

from __future__ import annotations

import asyncio
import shutil
import signal
import sqlite3
import time
from pathlib import Path
from typing import Iterator

import psycopg2
import pytest
from rasa.shared.core.events import UserUttered
from sqlalchemy.exc import SQLAlchemyError

from ketaguide.serving.stores import late_events
from ketaguide.serving.stores.conversations import ConversationStore
from ketaguide.serving.stores.database import database_url, open_engine
from ketaguide.serving.stores.events import EventTable, row_of
from tests.servers import PostgresServer
from tests.serving.stores.test_conversations import said, say, words

WAIT_SECONDS = 20


@pytest.fixture
def database(postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostgresServer]:
    monkeypatch.setenv("DATABASE_URL", postgres.url)
    with psycopg2.connect(postgres.url) as connection:
        connection.cursor().execute("DROP TABLE IF EXISTS events")
    yield postgres
    postgres.signal(signal.SIGCONT)
    postgres.kill()
    postgres.start()


async def caught_up(store: ConversationStore) -> None:
    until = time.monotonic() + WAIT_SECONDS
    while store.events.is_away:
        assert time.monotonic() < until, "what waited was not stored in time"
        await asyncio.sleep(0.05)


async def test_a_killed_database_loses_nothing(database: PostgresServer, tmp_path: Path) -> None:
    store = ConversationStore(db=str(tmp_path / "conversations.db"))
    await say(store, "one", "before")
    database.kill()
    await say(store, "one", "during")
    await say(store, "new", "first")
    assert await words(store, "one") == ["before", "during"]
    assert await words(store, "new") == ["first"]
    database.start()
    await caught_up(store)
    await say(store, "one", "after")
    fresh = ConversationStore(db=str(tmp_path / "other.db"))
    assert await words(fresh, "one") == ["before", "during", "after"]
    assert await words(fresh, "new") == ["first"]


async def test_a_database_that_hangs_holds_nobody_up_for_long(database: PostgresServer, tmp_path: Path) -> None:
    store = ConversationStore(db=str(tmp_path / "conversations.db"))
    await say(store, "one", "before")
    database.signal(signal.SIGSTOP)
    started = time.monotonic()
    for number in range(5):
        await say(store, "one", str(number))
    assert time.monotonic() - started < 4
    database.signal(signal.SIGCONT)
    await caught_up(store)
    assert await words(ConversationStore(db=str(tmp_path / "other.db")), "one") == ["before", *"01234"]


async def test_a_process_that_dies_meanwhile_loses_nothing(database: PostgresServer, tmp_path: Path) -> None:
    database.kill()
    dying = ConversationStore(db=str(tmp_path / "conversations.db"))
    await say(dying, "one", "during")
    # The next process finds what the first one left, while the database is still away.
    after = ConversationStore(db=str(tmp_path / "conversations.db"))
    assert await words(after, "one") == ["during"]
    database.start()
    await caught_up(dying)
    await caught_up(after)
    assert await words(ConversationStore(db=str(tmp_path / "other.db")), "one") == ["during"]


async def test_erasing_reaches_what_waits_and_what_is_stored(database: PostgresServer, tmp_path: Path) -> None:
    store = ConversationStore(db=str(tmp_path / "conversations.db"))
    await say(store, "one", "before")
    database.kill()
    await say(store, "one", "zebra quartz")
    await store.erase("one")
    assert await words(store, "one") == []
    assert b"quartz" not in (tmp_path / "unsaved.db").read_bytes()
    database.start()
    await caught_up(store)
    assert await words(ConversationStore(db=str(tmp_path / "other.db")), "one") == []


async def test_a_locked_file_is_waited_for_once(tmp_path: Path) -> None:
    store = ConversationStore(db=str(tmp_path / "conversations.db"))
    await say(store, "one", "before")
    with sqlite3.connect(tmp_path / "conversations.db", isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        started = time.monotonic()
        for number in range(5):
            await say(store, "one", str(number))
        assert time.monotonic() - started < 2
        other.execute("ROLLBACK")
    await caught_up(store)
    assert await words(ConversationStore(db=str(tmp_path / "conversations.db")), "one") == ["before", *"01234"]


async def test_where_nothing_can_be_written_memory_serves(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    store = ConversationStore(db=str(folder / "conversations.db"))
    await say(store, "one", "before")
    shutil.rmtree(folder)
    folder.write_text("no folder any more")
    await say(store, "one", "during")
    assert await words(store, "one") == ["before", "during"]
    folder.unlink()
    folder.mkdir()
    await caught_up(store)
    await say(store, "one", "after")
    assert (await words(store, "one"))[-2:] == ["during", "after"]


async def test_what_two_processes_kept_meanwhile_comes_back_in_order(database: PostgresServer, tmp_path: Path) -> None:
    one = ConversationStore(db=str(tmp_path / "one.db"), outbox=str(tmp_path / "one-unsaved.db"))
    two = ConversationStore(db=str(tmp_path / "two.db"), outbox=str(tmp_path / "two-unsaved.db"))
    await say(one, "one", "before")
    database.kill()
    for store, text in ((one, "first"), (two, "second"), (one, "third")):
        await say(store, "one", text)
    database.start()
    # Said while one of them may still have something to store.
    await say(two, "one", "fourth")
    await caught_up(one)
    await caught_up(two)
    for store in (one, two, ConversationStore(db=str(tmp_path / "other.db"))):
        tracker = await store.get_or_create_full_tracker("one")
        assert said(tracker) == ["before", "first", "second", "third", "fourth"]


async def test_a_message_that_two_processes_answered_is_stored_once(database: PostgresServer, tmp_path: Path) -> None:
    one = ConversationStore(db=str(tmp_path / "one.db"), outbox=str(tmp_path / "one-unsaved.db"))
    two = ConversationStore(db=str(tmp_path / "two.db"), outbox=str(tmp_path / "two-unsaved.db"))
    database.kill()
    for store in (one, two):
        await say(store, "one", "retried", message_id="message-1")
    await say(one, "one", "another", message_id="message-2")
    database.start()
    await caught_up(one)
    await caught_up(two)
    assert sorted(await words(ConversationStore(db=str(tmp_path / "other.db")), "one")) == ["another", "retried"]


def test_what_a_transaction_still_under_way_stores_is_not_stored_again(database: PostgresServer) -> None:
    table = EventTable(open_engine(database_url()))
    row = row_of("one", UserUttered("slow"))
    assert table.read("one", newest_session=False) == []
    with psycopg2.connect(database.url) as slow, slow.cursor() as cursor:
        columns = ", ".join(row)
        cursor.execute(f"INSERT INTO events ({columns}) VALUES %s", (tuple(row.values()),))
        # Nobody knows yet how it ends: what comes late goes on waiting.
        with pytest.raises(SQLAlchemyError):
            late_events.add(table, [row])
    late_events.add(table, [row])
    assert len(table.read("one", newest_session=False)) == 1


def test_a_commit_that_hangs_comes_to_an_end(database: PostgresServer) -> None:
    engine = open_engine(database_url())
    with engine.connect() as connection:
        transaction = connection.begin()
        connection.exec_driver_sql("SELECT 1")
        database.signal(signal.SIGSTOP)
        started = time.monotonic()
        with pytest.raises(SQLAlchemyError):
            transaction.commit()
        assert time.monotonic() - started < 5
        database.signal(signal.SIGCONT)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1

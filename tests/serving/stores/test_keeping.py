"""How long things are kept: retention, erasing, backup and restore."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tarfile
import time
from pathlib import Path
from typing import Any, Dict, List

import psycopg2
import pytest
from rasa.shared.core.events import UserUttered

from ketaguide.serving.stores.conversations import ConversationStore
from ketaguide.serving.stores.retention import RetentionSettingError, delete_older, retention_days
from tests.servers import PostgresServer
from tests.serving.stores.test_conversations import say, words

DAY = 24 * 60 * 60
PROJECT = Path(__file__).resolve().parents[3]


@pytest.fixture(params=["sqlite", "postgresql"])
def var(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of state and one of content, over an empty database of either kind."""
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres")
        monkeypatch.setenv("DATABASE_URL", server.url)
        with psycopg2.connect(server.url) as connection:
            connection.cursor().execute("DROP TABLE IF EXISTS events, crisis_states")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "clinic.yml").write_text("clinic_name: before\n")
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "web_secret").write_text("a key")
    return tmp_path / "var"


def open_store(var: Path) -> ConversationStore:
    return ConversationStore(db=str(var / "conversations.db"), expires=False)


def command(var: Path, *words: str) -> subprocess.CompletedProcess[str]:
    base = [sys.executable, "-W", "ignore", "-m", "ketaguide.serving.stores"]
    folders = ["--state", str(var), "--content", str(var.parent / "data")]
    environment: Dict[str, Any] = {**os.environ, "PYTHONPATH": str(PROJECT), "RASA_TELEMETRY_ENABLED": "false"}
    return subprocess.run([*base, *folders, *words], capture_output=True, text=True, env=environment)


async def say_at(store: ConversationStore, sender: str, text: str, days_ago: float) -> None:
    tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
    tracker.update(UserUttered(text, timestamp=time.time() - days_ago * DAY))
    await store.save(tracker)


async def test_what_is_too_old_is_deleted_and_nothing_else(var: Path) -> None:
    store = open_store(var)
    for number in range(600):
        await say_at(store, f"old-{number}", "zebra quartz", 31)
    await say_at(store, "new", "kept", 29)
    assert delete_older(store.table, 30) == 600
    fresh = open_store(var)
    assert await words(fresh, "new") == ["kept"]
    assert await words(fresh, "old-5") == []
    for file in var.glob("conversations.db*"):
        assert b"quartz" not in file.read_bytes()


async def test_a_server_deletes_by_itself(var: Path) -> None:
    await say_at(open_store(var), "old", "zebra quartz", 31)
    ConversationStore(db=str(var / "conversations.db"))
    until = time.monotonic() + 10
    while await words(open_store(var), "old"):
        assert time.monotonic() < until
        await asyncio.sleep(0.1)


@pytest.mark.parametrize("days", ["0", "-1", "thirty", "inf"])
def test_an_unusable_time_is_refused(days: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETENTION_DAYS", days)
    with pytest.raises(RetentionSettingError, match="RETENTION_DAYS"):
        retention_days()


async def test_a_backup_made_while_writing_goes_on_brings_everything_back(var: Path) -> None:
    store = open_store(var)
    await say(store, "one", "before")
    making = asyncio.get_running_loop().run_in_executor(None, command, var, "backup", str(var.parent / "backups"))
    number = 0
    while not making.done():
        await say(store, "busy", str(number))
        number += 1
        await asyncio.sleep(0.01)
    made = await making
    assert made.returncode == 0, made.stderr
    (file,) = (var.parent / "backups").glob("ketaguide-*.tar.gz")
    assert file.stat().st_mode & 0o077 == 0
    await say(store, "one", "after the backup")
    store.engine.dispose()
    (var.parent / "data" / "clinic.yml").write_text("clinic_name: broken\n")
    restored = command(var, "restore", str(file))
    assert restored.returncode == 0, restored.stderr
    again = open_store(var)
    assert await words(again, "one") == ["before"]
    numbers = list(map(int, await words(again, "busy")))
    assert numbers == list(range(len(numbers)))
    assert (var / "web_secret").read_text() == "a key"
    assert "before" in (var.parent / "data" / "clinic.yml").read_text()
    assert list(var.parent.glob("var-before-*"))


async def test_erasing_by_command_reaches_every_store(var: Path) -> None:
    from ketaguide.safety.conversation import CrisisState
    from ketaguide.serving.crisis_states import CrisisStates

    await say(open_store(var), "web-1", "zebra quartz")
    now = time.time()
    CrisisStates(var).put("web-1", CrisisState(kinds=("suicide",), opened_at=now, last_at=now), now)
    done = command(var, "erase", "web-1")
    assert done.returncode == 0, done.stderr
    assert await words(open_store(var), "web-1") == []
    assert not CrisisStates(var).get("web-1", now).is_open


def test_what_is_no_backup_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "data").mkdir()
    (tmp_path / "var" / "kept").write_text("kept")
    (tmp_path / "no.tar.gz").write_text("no archive")
    with tarfile.open(tmp_path / "other.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "no.tar.gz", "something")
    refusals: List[str] = []
    for name in ("no.tar.gz", "other.tar.gz"):
        done = command(tmp_path / "var", "restore", str(tmp_path / name))
        assert done.returncode == 1
        refusals.append(done.stderr)
    assert "is no backup" in refusals[0]
    assert "var and data" in refusals[1]
    assert (tmp_path / "var" / "kept").read_text() == "kept"


def test_a_backup_that_fails_leaves_no_file(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "conversations.db").write_text(json.dumps("no database at all") * 100)
    (tmp_path / "data").mkdir()
    done = command(tmp_path / "var", "backup", str(tmp_path / "backups"))
    assert done.returncode == 1
    assert "not made" in done.stderr
    assert list((tmp_path / "backups").iterdir()) == []

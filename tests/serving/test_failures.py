"""A message about danger is answered over HTTP within three seconds whatever is broken behind the door."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Iterator

import pytest

from tests.running import MODEL, RunningAssistant

# One message of each kind, and a contact that its reply must have where the clinic is in the United States.
DANGER = {
    "suicide": ("I want to kill myself", "988"),
    "overdose": ("I took too many pills just now", "911"),
    "medical_emergency": ("I have chest pain and can't breathe since my session", "911"),
    "abuse": ("my husband is hitting me right now", "911"),
}
MOST_SECONDS = 3.0


def assert_helped(running: RunningAssistant, label: str) -> None:
    for kind, (text, contact) in DANGER.items():
        started = time.monotonic()
        replies = running.say(f"{label}-{kind}", text)
        assert time.monotonic() - started < MOST_SECONDS
        assert contact in " ".join(reply["text"] for reply in replies), kind


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[RunningAssistant]:
    running = RunningAssistant(tmp_path / "project")
    yield running
    running.stop()


def test_everything_works(assistant: RunningAssistant) -> None:
    assert_helped(assistant, "all")
    assert assistant.uttered("all-suicide") == ["utter_crisis_suicide"]
    assert assistant.uttered("all-overdose") == ["utter_crisis_overdose"]


def test_the_record_of_a_crisis_holds_no_words(assistant: RunningAssistant) -> None:
    assistant.say("words", "I want to kill myself, zebra quartz")
    texts = [event["text"] for event in assistant.events("words", "user")]
    assert texts == ["/crisis_suicide"]
    assert "quartz" not in assistant.log_text()


def test_action_server_off(folder: RunningAssistant) -> None:
    folder.start(actions=False)
    assert_helped(folder, "no-actions")
    assert folder.uttered("no-actions-suicide") == ["utter_crisis_suicide"]


def test_no_model(folder: RunningAssistant, tmp_path: Path) -> None:
    folder.start(actions=False, model=tmp_path / "nothing.tar.gz")
    assert_helped(folder, "no-model")
    assert "911" in folder.say("no-model", "is it safe to drive home after?")[0]["text"]


def test_a_corrupt_model(folder: RunningAssistant, tmp_path: Path) -> None:
    corrupt = tmp_path / "corrupt.tar.gz"
    corrupt.write_bytes(MODEL.read_bytes()[:5000])
    folder.start(actions=False, model=corrupt)
    assert_helped(folder, "corrupt")


def test_database_unwritable_or_gone(folder: RunningAssistant) -> None:
    folder.start(actions=False)
    folder.say("db", "hello")
    database = folder.folder / "var" / "conversations.db"
    database.unlink()
    database.mkdir()
    assert_helped(folder, "no-database")
    assert folder.say("db", "is it safe to drive home after?")


def test_database_locked_by_another_process(folder: RunningAssistant) -> None:
    import sqlite3

    folder.start(actions=False)
    folder.say("lock", "hello")
    with sqlite3.connect(folder.folder / "var" / "conversations.db", isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert_helped(folder, "locked")
        other.execute("ROLLBACK")


def test_crisis_files_gone(folder: RunningAssistant) -> None:
    shutil.rmtree(folder.folder / "data" / "crisis")
    folder.start(actions=False)
    assert_helped(folder, "no-files")

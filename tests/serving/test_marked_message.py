"""A marked message through every way that goes wrong: its words are in no log, at debug level, no metric and no event
that is published."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Iterator

import httpx
import pytest
import yaml

from tests.running import RunningAssistant

MARK = "zebraquartz"
MESSAGES = [
    f"is it safe to drive home after, {MARK}?",
    f"I take lamictal every day {MARK}, can I still have ketamine?",
    f"I want to kill myself {MARK}",
    f"{MARK} {MARK}",
    f'/restart{{"x": "{MARK}"}}',
    f"/{MARK}",
    MARK * 900,
    f"my name is Quentin, {MARK}, and is it safe to drive home",
    "I was there. " * 150 + f"is {MARK} safe to drive home after?",
    f"my name is {MARK} and I live in {MARK.title()}",
    f"¿es seguro? {MARK} \x00\u202e",
]


@pytest.fixture(scope="module")
def verbose(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAssistant]:
    running = RunningAssistant(tmp_path_factory.mktemp("marked") / "project")
    endpoints = running.folder / "endpoints.yml"
    settings = yaml.safe_load(endpoints.read_text())
    settings["event_broker"] = {"type": "file", "path": str(running.folder / "published.log")}
    endpoints.write_text(yaml.safe_dump(settings))
    # Nothing answers at the action server's port: a suggestion of a provider fails.
    running.start(actions=False, LOG_LEVEL="DEBUG", LOG_LEVEL_LIBRARIES="DEBUG")
    yield running
    running.stop()


def send_everything(running: RunningAssistant, label: str) -> None:
    for number, text in enumerate(MESSAGES):
        assert running.say(f"{label}-{number}", text)
    web = f"http://127.0.0.1:{running.port}/webhooks/web"
    for body in (json.dumps({"message": MARK * 3000}), f'{{"message": "{MARK}', json.dumps([MARK])):
        httpx.post(f"{web}/webhook", content=body)
    httpx.post(f"{web}/webhook", json={"message": MARK, "session": MARK, "id": MARK, "page": f"/{MARK}"})
    httpx.post(f"{web}/webhook", json={"message": MARK}, headers={"Origin": f"https://{MARK}.example"})
    httpx.get(f"{web}/widget.{MARK}")
    for wrong in ({"sender": "x", "message": {"text": MARK}}, {"sender": [MARK], "message": [MARK]}):
        httpx.post(f"http://127.0.0.1:{running.port}/webhooks/rest/webhook", json=wrong)


def leaks(running: RunningAssistant) -> list[str]:
    places = {
        "log": running.log_text(),
        "metrics": running.operations("/metrics")[1] + running.operations("/ready")[1],
        "published": (running.folder / "published.log").read_text(),
    }
    return [
        f"{place}: {line[:300]}"
        for place, text in places.items()
        for line in text.splitlines()
        if MARK in line.lower().replace("\\u0000", "")
    ]


def test_when_all_is_well(verbose: RunningAssistant) -> None:
    send_everything(verbose, "well")
    assert leaks(verbose) == []
    # It did log and publish: an empty file proves nothing.
    assert "DEBUG" in verbose.log_text()
    published = [json.loads(line) for line in (verbose.folder / "published.log").read_text().splitlines()]
    assert any(event.get("parse_data", {}).get("intent", {}).get("name") == "driving" for event in published)


def test_when_the_database_is_broken(verbose: RunningAssistant) -> None:
    database = verbose.folder / "var" / "conversations.db"
    for file in verbose.folder.glob("var/conversations.db*"):
        file.unlink()
    database.mkdir()
    send_everything(verbose, "database")
    assert leaks(verbose) == []
    database.rmdir()


def test_when_the_content_is_broken(verbose: RunningAssistant) -> None:
    kept = verbose.folder / "kept"
    shutil.copytree(verbose.folder / "data", kept)
    for file in verbose.folder.glob("data/topics/*/*.yml"):
        file.write_text("{ broken")
    shutil.rmtree(verbose.folder / "data" / "replies")
    send_everything(verbose, "content")
    assert leaks(verbose) == []


def test_where_nothing_can_be_written(verbose: RunningAssistant, tmp_path: Path) -> None:
    shutil.rmtree(verbose.folder / "var")
    (verbose.folder / "var").write_text("no folder")
    send_everything(verbose, "nowhere")
    assert leaks(verbose) == []

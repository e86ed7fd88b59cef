"""Messaging channels of the assistant as it is started: the trained model, the guard, two platforms."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import AsyncIterator, Tuple

import httpx
import pytest
import pytest_asyncio
import yaml

from tests.channels.platforms.base import Heard, Platform, Post
from tests.channels.platforms.telegram import Telegram
from tests.channels.platforms.twilio import Sms
from tests.running import RunningAssistant

CHANNELS = {Sms: "ketaguide.channels.twilio.SmsInput", Telegram: "ketaguide.channels.telegram.TelegramInput"}
Started = Tuple[RunningAssistant, Sms, Telegram]
MOST_SECONDS = 30


@pytest_asyncio.fixture
async def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Started]:
    sms, telegram = Sms(), Telegram()
    for platform in (sms, telegram):
        await platform.start()
    running = RunningAssistant(tmp_path / "project")
    settings = {CHANNELS[type(platform)]: platform.credentials() for platform in (sms, telegram)}
    (running.folder / "credentials.yml").write_text(yaml.safe_dump({**settings, "ketaguide.channels.web.WebInput": {}}))
    environment = {**Sms.environment, **Telegram.environment}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    await asyncio.to_thread(running.start, actions=False)
    yield running, sms, telegram
    await asyncio.to_thread(running.stop)
    for platform in (sms, telegram):
        await platform.stop()


async def heard_after(running: RunningAssistant, platform: Platform, post: Post, messages: int = 1) -> list[Heard]:
    """Returns what a person hears after a delivery."""
    before = len(platform.heard)
    address = f"http://127.0.0.1:{running.port}/webhooks/{platform.name}/webhook"
    async with httpx.AsyncClient() as client:
        answered = await client.post(address, content=post.body, headers=dict(post.headers))
    assert answered.status_code == 200
    for _ in range(MOST_SECONDS * 20):
        if len(platform.heard) >= before + messages:
            break
        await asyncio.sleep(0.05)
    return platform.heard[before:]


async def test_a_conversation_over_two_platforms(started: Started) -> None:
    running, sms, telegram = started
    notice, answer = await heard_after(running, sms, sms.message("Can I drive home after my session?"), 2)
    assert "automated assistant" in notice.text
    assert "Do not drive" in answer.text
    number = answer.buttons["Recovery time"]
    (chosen,) = await heard_after(running, sms, sms.message(number))
    assert "Reply with a number" in chosen.text
    (urgent,) = await heard_after(running, sms, sms.message("I want to kill myself tonight"))
    (same,) = await heard_after(running, telegram, telegram.message("I want to kill myself tonight"))
    assert urgent.text.split("\n")[1:5] == same.text.split("\n")[1:5]
    assert "988" in same.text
    assert not sms.refused
    assert not telegram.refused
    assert "tonight" not in running.log_text()
    assert "+1555" not in running.log_text()
    stored = (running.folder / "var" / "conversations.db").read_bytes()
    assert b"+1555" not in stored, "a phone number must not be kept"


def test_a_start_without_secrets_ends_with_what_to_set(tmp_path: Path) -> None:
    running = RunningAssistant(tmp_path / "project")
    (running.folder / "credentials.yml").write_text(f"{CHANNELS[Telegram]}:\n")
    command = [sys.executable, "-W", "ignore", "-m", "ketaguide.serving", "--port", str(running.port)]
    ended = subprocess.run(command, cwd=running.folder, capture_output=True, text=True, timeout=120)
    assert ended.returncode != 0
    assert "TELEGRAM_SECRET_TOKEN" in ended.stderr
    assert "Traceback" not in ended.stderr

"""A small REST client: visitors who each send five messages one after another, one or several visitors at once."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
import uuid
from dataclasses import dataclass, field
from typing import Iterator, List, Optional, Sequence, Tuple

import aiohttp

PATH = "/webhooks/rest/webhook"
TURNS = 5
TIMEOUT_SECONDS = 60
# What this project says when the real answer cannot be had: words, but for a benchmark a failure.
APOLOGIES = ("something went wrong", "I can't show this answer right now")


@dataclass
class Block:
    """What came back for one block of messages."""

    times_ms: List[float] = field(default_factory=list)
    failures: List[str] = field(default_factory=list)
    # Replies of more than one message: stock's two-part replies, ours with a suggestion after the answer.
    in_parts: int = 0
    seconds: float = 0.0


class Visitors:
    """Goes round and round a bot's conversations; blocks continue where the last one ended."""

    def __init__(self, url: str, conversations: Sequence[Sequence[str]]) -> None:
        self._url = url
        self._conversations: Iterator[Sequence[str]] = itertools.cycle(conversations)

    def send(self, messages: int, at_once: int) -> Block:
        """Sends a number of messages that is rounded up to whole conversations."""
        return asyncio.run(self._send(-(-messages // TURNS), at_once))

    async def _send(self, conversations: int, at_once: int) -> Block:
        block = Block()
        todo = iter(list(itertools.islice(self._conversations, conversations)))
        async with session() as client:
            started = time.perf_counter()
            await asyncio.gather(*(self._visit(client, todo, block) for _ in range(at_once)))
            block.seconds = time.perf_counter() - started
        return block

    async def _visit(self, client: aiohttp.ClientSession, todo: Iterator[Sequence[str]], block: Block) -> None:
        for conversation in todo:
            sender = uuid.uuid4().hex
            for text in conversation:
                started = time.perf_counter()
                texts, failure = await ask(client, self._url, sender, text)
                milliseconds = (time.perf_counter() - started) * 1000
                if failure:
                    block.failures.append(f"{failure}: {text!r}")
                    continue
                block.times_ms.append(milliseconds)
                block.in_parts += len(texts) > 1


def session() -> aiohttp.ClientSession:
    """Returns a client; its connections are kept between messages, as a browser's or a proxy's are."""
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS))


async def ask(client: aiohttp.ClientSession, url: str, sender: str, text: str) -> Tuple[List[str], Optional[str]]:
    """Sends one message and returns the texts of the reply, and what was wrong with it, if anything."""
    try:
        async with client.post(url + PATH, json={"sender": sender, "message": text}) as response:
            body = await response.read()
    except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
        return [], type(error).__name__
    if response.status != 200:
        return [], f"HTTP {response.status}"
    try:
        texts = [str(message.get("text", "")) for message in json.loads(body)]
    except (ValueError, AttributeError, TypeError):
        return [], "not a list of messages"
    return texts, _failure(texts)


def _failure(texts: Sequence[str]) -> Optional[str]:
    if not texts:
        # Rasa's answer to a message that failed inside.
        return "HTTP 200, but no reply"
    return next((f"apology ({apology})" for apology in APOLOGIES for text in texts if apology in text), None)

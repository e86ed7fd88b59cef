"""Memory over many conversations, and the time of a late turn of a long conversation against an early one.

    python -m benchmarks.long_run --conversations 10000

Both on the assistant as it is served, over the web channel, with SQLite. Ends with 1 if memory goes on growing or a
late turn takes more than twice as long as an early one.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import statistics
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import Dict, List, Sequence

import aiohttp

from benchmarks.process import memory_mib
from benchmarks.project import conversations
from benchmarks.soak import DANGER, EVERY_NTH_DANGER, lift_limits
from tests.running import RunningAssistant

AT_ONCE = 4
SAMPLES = 20
# What is kept of the latest visitors is bounded, and full after so many conversations or this share of a run.
WARM_UP = 0.25
MOST_GROWTH = 1.05
MOST_RATIO = 2.0
EARLY, LATE = 5, 200
# Medians over this many turns before and after each, in so many conversations that take turns.
AROUND = 2
LONG_CONVERSATIONS = 5


class WebVisitor:
    """One visitor of the web channel, who keeps the session between messages."""

    def __init__(self, client: aiohttp.ClientSession, port: int) -> None:
        """Takes the client and the assistant's port."""
        self._client = client
        self._url = f"http://127.0.0.1:{port}/webhooks/web/webhook"
        self._session = ""

    async def say(self, text: str) -> float:
        """Sends one message and returns how many milliseconds its answer took.

        Raises:
            RuntimeError: if there was none.
        """
        request = {"message": text, "session": self._session, "id": uuid.uuid4().hex}
        started = time.perf_counter()
        async with self._client.post(self._url, json=request) as response:
            body = await response.json()
        took = (time.perf_counter() - started) * 1000
        if response.status != 200 or not body["messages"]:
            raise RuntimeError(f"No answer: HTTP {response.status}")
        self._session = body["session"]
        return took


async def memory_over(running: RunningAssistant, count: int) -> List[float]:
    """Returns the resident memory in MiB before and after each part of so many conversations."""
    scripts = itertools.islice(itertools.cycle(conversations()), count)
    todo = enumerate([DANGER[0]] if number % EVERY_NTH_DANGER == 0 else texts for number, texts in enumerate(scripts))
    measured: List[float] = []
    every = max(1, count // SAMPLES)

    async def visit(client: aiohttp.ClientSession) -> None:
        for number, texts in todo:
            visitor = WebVisitor(client, running.port)
            for text in texts:
                await visitor.say(text)
            if number % every == 0:
                measured.append(memory_mib(running.pid))

    async with aiohttp.ClientSession() as client:
        await asyncio.gather(*(visit(client) for _ in range(AT_ONCE)))
    return [*measured, memory_mib(running.pid)]


async def turns(running: RunningAssistant) -> Dict[int, List[float]]:
    """Returns the milliseconds of each turn by its number, from conversations that take turns."""
    texts = itertools.cycle(itertools.chain.from_iterable(conversations()))
    took: Dict[int, List[float]] = {}
    async with aiohttp.ClientSession() as client:
        visitors = [WebVisitor(client, running.port) for _ in range(LONG_CONVERSATIONS)]
        for number in range(1, LATE + AROUND + 1):
            took[number] = [await visitor.say(next(texts)) for visitor in visitors]
    return took


def _around(took: Dict[int, List[float]], number: int) -> float:
    near = range(number - AROUND, number + AROUND + 1)
    return statistics.median(itertools.chain.from_iterable(took[turn] for turn in near))


def _growth(measured: Sequence[float]) -> float:
    """Returns how many times as much memory the end of a run takes as the end of its warm-up."""
    return measured[-1] / measured[int(len(measured) * WARM_UP)]


def main() -> int:
    """Prints both; returns 0 if memory is flat and late turns are no slower than allowed, else 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--conversations", type=int, default=10_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        running = RunningAssistant(Path(scratch) / "assistant")
        lift_limits(running.folder / "credentials.yml")
        try:
            running.start()
            took = asyncio.run(turns(running))
            measured = asyncio.run(memory_over(running, options.conversations))
        finally:
            running.stop()
    for part, mib in enumerate(measured):
        print(f"after {part * options.conversations // SAMPLES:6} conversations {mib:8.1f} MiB")
    early, late = _around(took, EARLY), _around(took, LATE)
    print(f"memory at the end against that after a quarter: {_growth(measured):.3f}")
    print(f"turn {EARLY}: {early:.1f} ms, turn {LATE}: {late:.1f} ms, ratio {late / early:.2f}")
    return 0 if _growth(measured) <= MOST_GROWTH and late / early <= MOST_RATIO else 1


if __name__ == "__main__":
    sys.exit(main())

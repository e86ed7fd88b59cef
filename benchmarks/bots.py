"""The two bots that are compared: made in a temporary folder, trained there, started and stopped."""

from __future__ import annotations

import asyncio
import subprocess
import time
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Iterator, List

from benchmarks import project, stock
from benchmarks.load import ask, session
from benchmarks.process import (
    CommandError,
    Spent,
    cpu_seconds,
    environment,
    free_port,
    has_ended,
    memory_mib,
    python,
    run,
    start,
    stop,
    tail,
)

OURS, STOCK = "ours", "stock"
MODEL = Path("models") / "assistant.tar.gz"
MAX_START_SECONDS = 300
POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Bot:
    """One bot.

    Attributes:
        name: "ours" or "stock".
        folder: Where its files are.
        commands: Makes the commands that serve it on this port.
        conversations: What visitors say to it.
        first_message: What it is asked while it starts.
        first_answer: Part of the right answer to that.
    """

    name: str
    folder: Path
    commands: Callable[[int], List[List[str]]]
    conversations: List[List[str]]
    first_message: str
    first_answer: str


@dataclass(frozen=True)
class Served:
    """A bot that is up."""

    bot: Bot
    url: str
    seconds_to_first_answer: float
    processes: List[subprocess.Popen[bytes]]

    def memory_mib(self) -> float:
        """Returns the resident memory of all its processes."""
        return sum(memory_mib(process.pid) for process in self.processes)

    def cpu_seconds(self) -> float:
        """Returns the CPU time that its processes have used."""
        return sum(cpu_seconds(process.pid) for process in self.processes)


def make_ours(scratch: Path) -> Bot:
    """Copies this project and returns it as a bot."""
    folder = scratch / OURS
    project.create(folder)

    def commands(port: int) -> List[List[str]]:
        return list(project.commands({"actions": free_port(), "assistant": port}).values())

    return Bot(OURS, folder, commands, project.conversations(), project.first_message(), project.first_answer())


def make_stock(scratch: Path) -> Bot:
    """Makes the bot of `rasa init`: conversations in memory, REST channel, no action server, for it has no actions."""
    folder = scratch / STOCK
    stock.create(folder)

    def commands(port: int) -> List[List[str]]:
        return [python("-m", "rasa", "run", "--interface", "127.0.0.1", "--port", str(port), "--model", str(MODEL))]

    return Bot(STOCK, folder, commands, stock.CONVERSATIONS, stock.FIRST_MESSAGE, stock.FIRST_ANSWER)


def convert_encoder(bot: Bot) -> Spent:
    """Makes the sentence encoder, which happens once per machine and not once per training."""
    code = "from ketaguide.understanding.encoder_export import exported_encoder; exported_encoder()"
    return run(python("-c", code), bot.folder, _environment(bot), _log(bot))


def train(bot: Bot) -> Spent:
    """Trains from scratch: the folder is new, so Rasa's cache is empty."""
    command = python("-m", "rasa", "train", "--fixed-model-name", MODEL.name.split(".")[0])
    return run(command, bot.folder, _environment(bot), _log(bot))


@contextmanager
def served(bot: Bot) -> Iterator[Served]:
    """Serves a bot from its first right answer until the end of the block.

    Raises:
        CommandError: if it does not come up.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    processes: List[subprocess.Popen[bytes]] = []
    started = time.perf_counter()
    try:
        for command in bot.commands(port):
            processes.append(start(command, bot.folder, _environment(bot), _log(bot)))
        asyncio.run(_first_answer(bot, url, processes))
        yield Served(bot, url, time.perf_counter() - started, processes)
    finally:
        stop(processes)


async def _first_answer(bot: Bot, url: str, processes: List[subprocess.Popen[bytes]]) -> None:
    until = time.monotonic() + MAX_START_SECONDS
    async with session() as client:
        while time.monotonic() < until:
            texts, _ = await ask(client, url, uuid.uuid4().hex, bot.first_message)
            if any(bot.first_answer in text for text in texts):
                return
            if any(map(has_ended, processes)):
                break
            await asyncio.sleep(POLL_SECONDS)
    raise CommandError(f"The bot '{bot.name}' did not come up. The end of its log:\n{tail(_log(bot))}")


def _environment(bot: Bot) -> dict[str, str]:
    return environment(bot.folder.parent)


def _log(bot: Bot) -> Path:
    return bot.folder.parent / f"{bot.name}.log"

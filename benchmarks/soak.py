"""Mixed load on two workers over one PostgreSQL and one Redis, while each of the four is killed or frozen in turn.

    python -m benchmarks.soak --minutes 30

Counts what must not happen: a silent reply, an acknowledged message that is not stored, one stored twice or out of
order, a message about danger without its reply. Ends with 1 if any of them did.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import itertools
import json
import random
import signal
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

import aiohttp
import psycopg2
import yaml

from benchmarks.project import conversations
from tests.running import RunningAssistant
from tests.servers import PostgresServer, RedisServer

SECRET = "a secret of the soak test, long enough to be one"
DANGER = ("I want to kill myself", "988")
# Every so many conversations is one about danger.
EVERY_NTH_DANGER = 8
GIVE_UP_SECONDS = 60.0
PAUSE_SECONDS = 20.0
AWAY_SECONDS = 4.0
APOLOGY = "utter_emergency_line"


@dataclasses.dataclass
class Figures:
    """What was counted. All but the first four must be 0: they are messages, and conversations out of order."""

    messages: int = 0
    retries: int = 0
    apologies: int = 0
    faults: int = 0
    silent: int = 0
    unhelped: int = 0
    doubled_replies: int = 0
    lost: int = 0
    stored_twice: int = 0
    out_of_order: int = 0

    @property
    def is_good(self) -> bool:
        """Whether nothing happened that must not."""
        wrong = ("silent", "unhelped", "doubled_replies", "lost", "stored_twice", "out_of_order")
        return self.messages > 0 and not any(getattr(self, name) for name in wrong)


class Cluster:
    """Two workers with folders of their own, as on two machines, and what they share."""

    def __init__(self, folder: Path) -> None:
        """Starts everything; a worker takes about half a minute."""
        self.postgres, self.redis = PostgresServer(), RedisServer()
        self.postgres.start()
        self.redis.start()
        self.workers = [RunningAssistant(folder / name) for name in ("one", "two")]
        for worker in self.workers:
            lift_limits(worker.folder / "credentials.yml")
        threads = [threading.Thread(target=self.start, args=(worker,)) for worker in self.workers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def start(self, worker: RunningAssistant) -> None:
        """Starts a worker, or starts it again."""
        worker.start(actions=False, DATABASE_URL=self.postgres.url, REDIS_URL=self.redis.url, WEB_SESSION_SECRET=SECRET)

    def _restart(self, worker: RunningAssistant, end: Callable[[], None]) -> None:
        end()
        self.start(worker)

    def stop(self) -> None:
        """Ends everything and deletes the servers' data."""
        for worker in self.workers:
            worker.stop()
        self.postgres.remove()
        self.redis.remove()

    def settle(self) -> None:
        """Waits until no worker has anything left to store."""
        until = time.monotonic() + GIVE_UP_SECONDS
        while any(json.loads(worker.operations("/ready")[1])["degraded"] for worker in self.workers):
            if time.monotonic() > until:
                return
            time.sleep(0.2)

    def stored(self) -> Dict[str, List[str]]:
        """Returns the ids of the visitors' messages in the database by conversation, in their order."""
        found: Dict[str, List[str]] = {}
        with psycopg2.connect(self.postgres.url) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT sender_id, data FROM events WHERE type_name = 'user' ORDER BY id")
            for sender, data in cursor:
                found.setdefault(sender, []).append(json.loads(data)["message_id"])
        return found

    def faults(self) -> Iterator[Tuple[str, Callable[[], None]]]:
        """Yields faults without end, each as a name and a function that makes it and mends it."""
        one, two = self.workers
        return itertools.cycle(
            [
                ("worker one killed", lambda: self._restart(one, one.kill)),
                ("PostgreSQL killed", lambda: _away(self.postgres.kill, self.postgres.start)),
                ("Redis killed", lambda: _away(self.redis.kill, self.redis.start)),
                ("worker two ended", lambda: self._restart(two, two.stop)),
                ("PostgreSQL frozen", lambda: _frozen(self.postgres)),
                ("Redis frozen", lambda: _frozen(self.redis)),
            ]
        )


class Load:
    """Visitors of the web channel; each message goes to the next worker, a retry to the one after."""

    def __init__(self, cluster: Cluster, figures: Figures) -> None:
        """Takes the cluster and where to count."""
        self.figures = figures
        # By conversation, the ids of the messages that were answered. Their words may be stored changed.
        self.answered: Dict[str, List[str]] = {}
        self._addresses = itertools.cycle(
            [f"http://127.0.0.1:{worker.port}/webhooks/web/webhook" for worker in cluster.workers]
        )
        self._scripts = itertools.cycle(conversations())

    async def run(self, visitors: int, until: float) -> None:
        """Keeps so many visitors busy until a moment of the monotonic clock."""
        timeout = aiohttp.ClientTimeout(total=30)
        async with aiohttp.ClientSession(timeout=timeout) as client:
            await asyncio.gather(*(self._visit(client, until) for _ in range(visitors)))

    async def _visit(self, client: aiohttp.ClientSession, until: float) -> None:
        for number in itertools.count():
            if time.monotonic() > until:
                return
            if number % EVERY_NTH_DANGER == 0:
                await self._talk_of_danger(client)
            else:
                await self._ask_questions(client, next(self._scripts))

    async def _talk_of_danger(self, client: aiohttp.ClientSession) -> None:
        body = await self._send(client, DANGER[0], "")
        texts = " ".join(str(message.get("text")) for message in (body or {}).get("messages", []))
        self.figures.unhelped += DANGER[1] not in texts

    async def _ask_questions(self, client: aiohttp.ClientSession, questions: Sequence[str]) -> None:
        token = ""
        for question in questions:
            body = await self._send(client, question, token)
            if body is None or any(message.get("crisis") for message in body["messages"]):
                return
            token = body["session"]

    async def _send(self, client: aiohttp.ClientSession, text: str, token: str) -> Optional[Dict[str, Any]]:
        """Returns the answer; tries again as the widget does, with the message's id. None means silence."""
        request = {"message": text, "session": token, "id": uuid.uuid4().hex}
        until = time.monotonic() + GIVE_UP_SECONDS
        self.figures.messages += 1
        while time.monotonic() < until:
            try:
                async with client.post(next(self._addresses), json=request) as response:
                    body = await response.json()
                if response.status == 200 and body["messages"]:
                    self._note(request["id"], body)
                    return dict(body)
            except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError):
                pass
            self.figures.retries += 1
            await asyncio.sleep(0.3)
        self.figures.silent += 1
        return None

    def _note(self, id_: str, body: Mapping[str, Any]) -> None:
        spoken = [message.get("text") for message in body["messages"]]
        self.figures.doubled_replies += len(spoken) != len(set(spoken))
        if any(message.get("utter_action") == APOLOGY for message in body["messages"]):
            # The visitor was asked to write again.
            self.figures.apologies += 1
        else:
            self.answered.setdefault(body["session"].split(".")[0], []).append(id_)


def soak(folder: Path, seconds: float, visitors: int, pause: float = PAUSE_SECONDS, say: Any = print) -> Figures:
    """Runs the load and the faults for so long, and returns what was counted."""
    figures = Figures()
    cluster = Cluster(folder)
    try:
        load = Load(cluster, figures)
        until = time.monotonic() + seconds
        thread = threading.Thread(target=lambda: asyncio.run(load.run(visitors, until)))
        thread.start()
        for name, fault in cluster.faults():
            time.sleep(min(pause, max(0.0, until - time.monotonic())))
            if time.monotonic() >= until:
                break
            say(f"{time.monotonic() - until + seconds:7.0f} s  {name}  ({figures.messages} messages so far)")
            fault()
            figures.faults += 1
        thread.join()
        cluster.settle()
        compare(load.answered, cluster.stored(), figures)
    finally:
        cluster.stop()
    return figures


def compare(answered: Mapping[str, List[str]], stored: Mapping[str, List[str]], figures: Figures) -> None:
    """Counts what is lost, stored twice or out of order, in ids of messages by conversation."""
    for conversation, ids in answered.items():
        kept = stored.get(conversation, [])
        once = list(dict.fromkeys(kept))
        figures.lost += len(set(ids) - set(kept))
        figures.stored_twice += len(kept) - len(once)
        figures.out_of_order += [id_ for id_ in once if id_ in ids] != [id_ for id_ in ids if id_ in kept]


def _away(kill: Callable[[], None], start: Callable[[], None]) -> None:
    kill()
    time.sleep(AWAY_SECONDS * random.random() + 1)
    start()


def _frozen(server: Any) -> None:
    server.signal(signal.SIGSTOP)
    time.sleep(AWAY_SECONDS * random.random() + 1)
    server.signal(signal.SIGCONT)


def lift_limits(credentials: Path) -> None:
    """Lets one address send any number of messages: all visitors of a test share one."""
    settings = yaml.safe_load(credentials.read_text())
    web = settings["ketaguide.channels.web.WebInput"]
    web.update(address_burst=10**6, address_per_minute=10**6, session_burst=10**6, session_per_minute=10**6)
    credentials.write_text(yaml.safe_dump(settings))


def main() -> int:
    """Returns 0 if nothing happened that must not, else 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--visitors", type=int, default=6)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        figures = soak(Path(scratch), options.minutes * 60, options.visitors)
    for name, count in dataclasses.asdict(figures).items():
        print(f"{name.replace('_', ' '):>16} {count}")
    return 0 if figures.is_good else 1


if __name__ == "__main__":
    sys.exit(main())

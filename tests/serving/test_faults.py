"""Faults of the running system: what was answered is stored, and nobody meets silence."""

from __future__ import annotations

import json
import resource
import signal
import socket
import sqlite3
import threading
import time
import uuid
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional

import httpx
import psycopg2
import pytest
import yaml
from rasa.core.brokers.broker import EventBroker
from rasa.shared.core.events import UserUttered

from ketaguide.channels.web.sessions import Sessions
from ketaguide.safety.conversation import CrisisState
from ketaguide.serving.stores.conversations import ConversationStore
from tests.running import RunningAssistant, free_port
from tests.servers import PostgresServer, SlowLine

QUESTION = "is it safe to drive home after?"
# No reply may take longer.
MOST_SECONDS = 3.0
SUGGESTS_A_PROVIDER = "I take lamictal every day, can I still have ketamine?"


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningAssistant]:
    assistant = RunningAssistant(tmp_path / "project")
    yield assistant
    assistant.stop()


class Visitor:
    """Asks over the web channel until told to stop; remembers what was answered."""

    def __init__(self, port: int) -> None:
        self.answered: List[str] = []
        self.unanswered: Optional[Dict[str, Any]] = None
        self.token = ""
        self.stop = threading.Event()
        self._url = f"http://127.0.0.1:{port}/webhooks/web/webhook"
        self._thread = threading.Thread(target=self._ask)

    def __enter__(self) -> Visitor:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self._thread.join()

    @property
    def conversation(self) -> str:
        return self.token.partition(".")[0]

    def wait_for(self, answers: int) -> None:
        until = time.monotonic() + 60
        while len(self.answered) < answers:
            assert time.monotonic() < until, "the visitor got too few answers"
            time.sleep(0.01)

    def send(self, body: Dict[str, Any]) -> bool:
        try:
            response = httpx.post(self._url, json=body, timeout=30)
        except httpx.HTTPError:
            return False
        if response.status_code != 200:
            return False
        assert response.json()["messages"]
        self.token = response.json()["session"]
        self.answered.append(body["message"])
        return True

    def _ask(self) -> None:
        for number in range(10_000):
            body = {"message": f"{QUESTION} ({number})", "session": self.token, "id": uuid.uuid4().hex}
            if not self.send(body):
                self.unanswered = body
                return
            if self.stop.wait(0.05):
                return


def stored(running: RunningAssistant, conversation: str) -> List[str]:
    with sqlite3.connect(running.folder / "var" / "conversations.db") as database:
        query = "SELECT data FROM events WHERE sender_id = ? AND type_name = 'user' ORDER BY id"
        return [json.loads(data)["text"] for (data,) in database.execute(query, (conversation,))]


def test_killed_under_load_it_has_all_that_it_answered(running: RunningAssistant) -> None:
    running.start(actions=False)
    with Visitor(running.port) as visitor:
        visitor.wait_for(4)
        running.kill()
    running.start(actions=False)
    assert stored(running, visitor.conversation)[: len(visitor.answered)] == visitor.answered
    # The widget sends what got no answer once more, with the same id: it is answered, and stored once.
    assert visitor.unanswered
    assert visitor.send(visitor.unanswered)
    assert stored(running, visitor.conversation) == visitor.answered


def test_told_to_end_it_answers_what_is_in_flight(running: RunningAssistant) -> None:
    running.start(actions=False)
    body = json.dumps({"message": "I was there, and " * 100 + QUESTION}).encode()
    head = f"POST /webhooks/web/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
    sockets = [socket.create_connection(("127.0.0.1", running.port), timeout=60) for _ in range(4)]
    for opened in sockets:
        opened.sendall(head.encode() + body)
    # Taken up, and not answered yet.
    time.sleep(0.02)
    running.signal(signal.SIGTERM)
    for opened in sockets:
        with opened:
            assert opened.recv(12) == b"HTTP/1.1 200"


def test_an_action_server_that_hangs_costs_a_visitor_neither_answer_nor_help(running: RunningAssistant) -> None:
    running.start()
    # What is loaded at first use would count as waiting.
    running.say("warm", SUGGESTS_A_PROVIDER)
    running.freeze_actions()
    assert "988" in running.say("danger", "I want to kill myself", MOST_SECONDS)[0]["text"]
    assert running.say("plain", QUESTION, MOST_SECONDS)[0]["text"]
    # All but the suggestion, which only the action server makes; and it is recorded.
    running.say("suggested", SUGGESTS_A_PROVIDER, MOST_SECONDS)
    assert running.uttered("suggested") == ["utter_lamotrigine"]
    assert "988" in running.say("suggested", "I want to kill myself", MOST_SECONDS)[0]["text"]


@pytest.fixture
def mute() -> Iterator[int]:
    """The port of a server that takes connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(100)
        yield int(listener.getsockname()[1])


def add_broker(running: RunningAssistant, **settings: Any) -> None:
    endpoints = yaml.safe_load((running.folder / "endpoints.yml").read_text())
    endpoints["event_broker"] = settings
    (running.folder / "endpoints.yml").write_text(yaml.safe_dump(endpoints))


@pytest.mark.parametrize("is_there", [True, False], ids=["mute", "dead"])
def test_a_broker_that_never_answers_holds_up_neither_start_nor_answer(
    running: RunningAssistant, mute: int, is_there: bool
) -> None:
    port = mute if is_there else free_port()
    add_broker(running, type="pika", url="127.0.0.1", port=port, username="one", password="two")
    running.start(actions=False)
    running.say("warm", QUESTION)
    for _ in range(3):
        assert running.say("broker", QUESTION, MOST_SECONDS)[0]["text"]
    assert "988" in running.say("broker", "I want to kill myself", MOST_SECONDS)[0]["text"]
    assert running.uttered("broker") == ["utter_driving"] * 3 + ["utter_crisis_suicide"]


def test_a_database_that_never_answers_holds_up_neither_answer_nor_help(running: RunningAssistant, mute: int) -> None:
    running.start(actions=False, DATABASE_URL=f"postgresql://one:two@127.0.0.1:{mute}/three")
    answer = running.say("warm", QUESTION)[0]["text"]
    for sender in ("one", "two"):
        assert "988" in running.say(f"danger-{sender}", "I want to kill myself", MOST_SECONDS)[0]["text"]
        assert running.say(sender, QUESTION, MOST_SECONDS)[0]["text"] == answer
        assert running.say(sender, "and who drives me?", MOST_SECONDS)[0]["text"]
    assert running.operations("/ready")[0] == 200


def test_a_slow_database_holds_up_neither_answer_nor_help(running: RunningAssistant, postgres: PostgresServer) -> None:
    line = SlowLine(postgres.port)
    running.start(actions=False, DATABASE_URL=postgres.url.replace(str(postgres.port), str(line.port)))
    running.say("slow", QUESTION)
    line.delay = 0.4
    for _ in range(3):
        assert running.say("slow", QUESTION, MOST_SECONDS)[0]["text"]
    assert "988" in running.say("slow", "I want to kill myself", MOST_SECONDS)[0]["text"]
    line.delay = 0.0
    until = time.monotonic() + 60
    while json.loads(running.operations("/ready")[1])["checks"]["database"] != "ok":
        assert time.monotonic() < until, "what waited was not stored in time"
        time.sleep(0.2)
    line.close()
    with psycopg2.connect(postgres.url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM events WHERE sender_id = 'slow' AND type_name = 'user'")
        assert cursor.fetchone() == (5,)


def test_a_redis_that_never_answers_holds_up_neither_answer_nor_help(running: RunningAssistant, mute: int) -> None:
    running.start(actions=False, REDIS_URL=f"redis://127.0.0.1:{mute}/0", WEB_SESSION_SECRET="a secret " * 5)
    running.say("warm", QUESTION)
    assert running.say("redis", QUESTION, MOST_SECONDS)[0]["text"]
    assert "988" in running.say("redis", "I want to kill myself", MOST_SECONDS)[0]["text"]
    assert running.uttered("redis") == ["utter_driving", "utter_crisis_suicide"]


def test_a_full_disk_costs_neither_answer_nor_help(running: RunningAssistant) -> None:
    running.start(actions=False)
    running.say("full", QUESTION)
    # As on a full disk, no file can grow: not the database, not what waits for it, not the log.
    resource.prlimit(running.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    assert running.say("full", QUESTION, MOST_SECONDS)[0]["text"]
    assert "988" in running.say("full", "I want to kill myself", MOST_SECONDS)[0]["text"]
    assert running.say("full-new", QUESTION, MOST_SECONDS)[0]["text"]
    status, body = running.operations("/ready")
    assert (status, json.loads(body)["checks"]["storage"]) == (503, "failed")
    resource.prlimit(running.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    # What was said meanwhile is stored as soon as there is room.
    assert running.uttered("full-new", 20) == ["utter_driving"]
    assert running.uttered("full") == ["utter_driving", "utter_driving", "utter_crisis_suicide"]
    assert running.operations("/ready")[0] == 200


class DeadBroker(EventBroker):
    """A broker that nobody reaches."""

    def publish(self, event: Dict[str, Any]) -> None:
        raise ConnectionError


async def test_a_dead_broker_costs_no_conversation(tmp_path: Path) -> None:
    store = ConversationStore(db=str(tmp_path / "conversations.db"), event_broker=DeadBroker(), expires=False)
    tracker = await store.get_or_create_tracker("one")
    tracker.update(UserUttered("kept"))
    await store.save(tracker)
    again = await ConversationStore(db=str(tmp_path / "conversations.db"), expires=False).retrieve("one")
    assert again is not None
    assert again.latest_message is not None
    assert again.latest_message.text == "kept"


@pytest.mark.parametrize("jump", [-3600, 3600])
def test_a_crisis_stays_open_when_the_clock_jumps(jump: float) -> None:
    state = CrisisState(kinds=("suicide",), opened_at=1e9, last_at=1e9)
    assert state.at(1e9 + jump).is_open
    assert not state.at(1e9 + 2 * 24 * 3600).is_open


@pytest.mark.parametrize("jump", [-3600, 3600])
async def test_a_conversation_goes_on_when_the_clock_jumps(tmp_path: Path, jump: float) -> None:
    now = time.time()
    sessions = Sessions(b"secret", lambda: now)
    id_, token = sessions.new()
    store = ConversationStore(db=str(tmp_path / "conversations.db"), expires=False)
    for text in ("before", "after"):
        tracker = await store.get_or_create_tracker(id_)
        tracker.update(UserUttered(text, timestamp=now))
        await store.save(tracker)
        now += jump
    assert sessions.read(token) == id_
    again = await ConversationStore(db=str(tmp_path / "conversations.db"), expires=False).retrieve(id_)
    assert again is not None
    assert [event.text for event in again.events if isinstance(event, UserUttered)] == ["before", "after"]

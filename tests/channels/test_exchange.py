"""The way of a turn: order, memory, limits, sending; without a platform."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any, Dict, List, Mapping

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import given
from hypothesis import strategies as st
from rasa.core.channels.channel import UserMessage

from ketaguide.channels import exchange
from ketaguide.channels.answer import Answer, Choice
from ketaguide.channels.exchange import MOST_A_DAY, SAME_DANGER, Exchange, Inbound
from ketaguide.channels.memory import CHOICES_KEPT, NOTICES_KEPT, Memory
from ketaguide.channels.pseudonyms import Pseudonyms
from ketaguide.channels.render import Payload, markdown, sms
from ketaguide.channels.render.wording import split, utf8_bytes, utf16_units
from ketaguide.channels.sending import ATTEMPTS, URGENT_ATTEMPTS, Sender, SendError
from ketaguide.channels.web.limits import Rate
from tests.channels.messaging import CONTENT

CRISIS = "I want to kill myself"


class Room:
    """An exchange, and all that leaves it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sent: List[str] = []
        self.asked: List[str] = []
        memory, pseudonyms = Memory(folder / "messaging.db"), Pseudonyms(folder / "secret")
        self.exchange = Exchange("sms", sms, memory, pseudonyms, CONTENT)
        memory.noticed(pseudonyms("sms", "jane"))

    async def deliver(self, _: Mapping[str, Any], payload: Payload, __: bool) -> None:
        self.sent.append(payload["Body"])

    async def answer(self, message: UserMessage) -> None:
        self.asked.append(message.text or "")
        # The earlier, the longer: without order the answers would overtake each other.
        await asyncio.sleep(0.05 / len(self.asked))
        await message.output_channel.send_response(message.sender_id, {"text": f"to {message.text}"})

    def say(self, text: str, delivery: str = "") -> None:
        async def prepare(inbound: Inbound) -> Inbound:
            return inbound

        self.exchange.accept(Inbound("jane", delivery or text, text), prepare, self.deliver, self.answer)


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


async def test_answers_keep_the_order_of_the_questions(room: Room) -> None:
    for number in range(6):
        room.say(f"question {number}")
    await room.exchange.finish()
    assert room.sent == [f"to question {number}" for number in range(6)]


async def test_danger_does_not_wait_behind_a_slow_answer(room: Room) -> None:
    free = asyncio.Event()

    async def answer(message: UserMessage) -> None:
        if message.text != CRISIS:
            await free.wait()
        await message.output_channel.send_response(message.sender_id, {"text": f"to {message.text}"})

    room.answer = answer  # type: ignore[method-assign]
    room.say("a question that takes long")
    room.say(CRISIS)
    for _ in range(500):
        if room.sent:
            break
        await asyncio.sleep(0.02)
    free.set()
    await room.exchange.finish()
    assert room.sent == [f"to {CRISIS}", "to a question that takes long"]


async def test_choices_and_deliveries_survive_a_restart(tmp_path: Path) -> None:
    before = Room(tmp_path)
    before.say("hello")
    await before.exchange.finish()
    memory = Memory(tmp_path / "messaging.db")
    memory.offer(Pseudonyms(tmp_path / "secret")("sms", "jane"), [Choice("Cost", "/cost")])
    after = Room(tmp_path)
    after.say("hello")
    after.say("1", "another delivery")
    await after.exchange.finish()
    assert after.asked == ["/cost"]


async def test_what_no_store_can_keep_is_left_out(room: Room) -> None:
    room.say("is it\ud800 safe\x00?")
    await room.exchange.finish()
    assert room.asked == ["is it safe?"]


async def test_too_many_messages_are_slowed_down_but_danger_never(room: Room) -> None:
    for number in range(30):
        room.say(f"question {number}")
    await room.exchange.finish()
    room.say(CRISIS)
    await room.exchange.finish()
    assert room.asked[-1] == CRISIS
    assert len(room.asked) < 30
    assert sum("wait a minute" in text for text in room.sent) == 1


async def test_programs_that_answer_each_other_come_to_an_end(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "MOST_MESSAGES", Rate(10_000, 10_000.0))
    most = int(MOST_A_DAY.burst)
    program = Room(room.folder)
    machine = "Out of office. If this is an emergency, call 911."
    for number in range(most + 40):
        program.say(machine, f"from a program {number}")
    await program.exchange.finish()
    assert program.asked == [machine] * (most + int(SAME_DANGER.burst))
    assert sum("wait a minute" in text for text in program.sent) == 1
    program.say(CRISIS)
    await program.exchange.finish()
    assert program.asked[-1] == CRISIS, "who writes other words about danger is answered"


async def test_a_message_after_danger_still_waits_for_the_one_before(room: Room) -> None:
    free = asyncio.Event()

    async def answer(message: UserMessage) -> None:
        if message.text == "first":
            await free.wait()
        await message.output_channel.send_response(message.sender_id, {"text": str(message.text)})

    room.answer = answer  # type: ignore[method-assign]
    for text in ("first", CRISIS, "third"):
        room.say(text)
    asyncio.get_running_loop().call_later(1.0, free.set)
    await room.exchange.finish()
    assert room.sent == [CRISIS, "first", "third"]


async def test_a_picture_leaves_the_choices_open(room: Room) -> None:
    async def offer(message: UserMessage) -> None:
        room.asked.append(message.text or "")
        await message.output_channel.send_response("x", {"text": "?", "buttons": [{"title": "A", "payload": "/cost"}]})

    room.answer = offer  # type: ignore[method-assign]
    for text, delivery in (("hello", "1"), ("", "2"), ("1", "3")):
        room.say(text, delivery)
    await room.exchange.finish()
    assert room.asked == ["hello", "/cost"]


async def test_danger_is_read_in_the_middle_of_a_long_story(room: Room) -> None:
    room.say("word " * 3000 + CRISIS + " word" * 3000)
    await room.exchange.finish()
    assert CRISIS in room.asked[0]


async def test_a_message_that_cannot_be_read_for_danger_is_answered(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        def read(self, _: str) -> None:
            raise RuntimeError

    monkeypatch.setattr(exchange, "detector_in_use", Broken)
    for text in ("one", "two"):
        room.say(text)
    await room.exchange.finish()
    assert sorted(room.asked) == ["one", "two"]


async def test_a_message_that_fails_is_not_met_with_silence_nor_told_to_the_log(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(message: UserMessage) -> None:
        raise ValueError(message.text)

    room.answer = fail  # type: ignore[method-assign]
    with caplog.at_level(logging.DEBUG):
        room.say("my very private words")
        await room.exchange.finish()
    assert "988" in room.sent[0]
    assert "private" not in caplog.text
    assert "ValueError" in caplog.text


async def test_a_reply_about_danger_that_cannot_be_sent_is_logged_without_words(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    async def refuse(_: Mapping[str, Any], __: Payload, ___: bool) -> None:
        raise SendError(503)

    async def danger(message: UserMessage) -> None:
        await message.output_channel.send_response("x", {"text": "Call 988, Jane", "crisis": "suicide"})

    room.deliver, room.answer = refuse, danger  # type: ignore[method-assign, assignment]
    room.say(CRISIS)
    await room.exchange.finish()
    assert "SendError" in caplog.text
    assert "Jane" not in caplog.text
    assert CRISIS not in caplog.text


def test_memory_forgets_in_time(tmp_path: Path) -> None:
    now = 1000.0
    memory = Memory(tmp_path / "m.db", clock=lambda: now)
    memory.offer("c", [Choice("Cost", "/cost")])
    memory.noticed("c")
    assert memory.offered("c") == (Choice("Cost", "/cost"),)
    assert not memory.needs_notice("c")
    now += CHOICES_KEPT + 1
    assert memory.offered("c") == ()
    now += NOTICES_KEPT
    assert memory.needs_notice("c")


def test_a_broken_memory_costs_no_answer(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "m.db")
    for file in tmp_path.glob("m.db*"):
        file.write_bytes(b"this is no database" * 500)
    assert memory.is_new("a")
    assert memory.offered("c") == ()
    assert memory.needs_notice("c")
    memory.noticed("c")


def test_pseudonyms_tell_nothing_and_are_one_per_person(tmp_path: Path) -> None:
    pseudonyms = Pseudonyms(tmp_path / "secret")
    ids = {pseudonyms(channel, number) for channel in ("sms", "whatsapp") for number in ("+15550100", "+15550101")}
    assert len(ids) == 4
    assert not any("555" in id_ for id_ in ids)
    assert Pseudonyms(tmp_path / "secret")("sms", "+15550100") in ids
    assert Pseudonyms(tmp_path / "other")("sms", "+15550100") not in ids


class Api:
    """An address that answers with one status after the other, the last for ever."""

    def __init__(self, *statuses: int, **headers: str) -> None:
        self.statuses = list(statuses)
        self.headers = headers
        self.calls = 0

    async def handle(self, _: web.Request) -> web.Response:
        status = self.statuses[min(self.calls, len(self.statuses) - 1)]
        self.calls += 1
        return web.json_response({"status": status}, status=status, headers=self.headers)


async def call(api: Api, **options: Any) -> Dict[str, Any]:
    app = web.Application()
    app.router.add_post("/", api.handle)
    async with TestServer(app) as server:
        sender = Sender(first_pause=0.001)
        try:
            answer: Dict[str, Any] = await sender.post(str(server.make_url("/")), json={}, **options)
        finally:
            await sender.close()
        return answer


async def test_a_call_is_repeated_until_it_is_taken() -> None:
    api = Api(503, 429, 500, 200)
    assert await call(api) == {"status": 200}
    assert api.calls == 4


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422])
async def test_a_refusal_is_final(status: int) -> None:
    api = Api(status)
    with pytest.raises(SendError) as caught:
        await call(api)
    assert caught.value.is_refusal
    assert api.calls == 1


async def test_danger_is_tried_longer() -> None:
    ordinary, urgent = Api(503), Api(503)
    with pytest.raises(SendError):
        await call(ordinary)
    with pytest.raises(SendError):
        await call(urgent, urgent=True)
    assert (ordinary.calls, urgent.calls) == (ATTEMPTS, URGENT_ATTEMPTS)


async def test_a_redirect_is_not_followed_with_secrets() -> None:
    with pytest.raises(SendError) as caught:
        await call(Api(302, Location="https://evil.example/"))
    assert caught.value.status == 302


async def test_nobody_there_is_told_without_the_address() -> None:
    with pytest.raises(SendError) as caught:
        await Sender(first_pause=0.001).post("http://127.0.0.1:9/secret-token", json={})
    assert "secret-token" not in str(caught.value)


@given(st.text(max_size=400), st.integers(8, 60), st.sampled_from([len, utf8_bytes, utf16_units]))
def test_cutting_loses_no_word_and_keeps_the_limit(text: str, limit: int, length: Any) -> None:
    parts = split(text, limit, length)
    assert all(0 < length(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@given(st.text(max_size=200))
def test_markdown_shows_what_was_meant(text: str) -> None:
    assert markdown.read(markdown.escape(text)) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a" * 160, ("GSM-7", 1)),
        ("a" * 161, ("GSM-7", 2)),
        ("a" * 306, ("GSM-7", 2)),
        ("a" * 307, ("GSM-7", 3)),
        ("€" * 80, ("GSM-7", 1)),
        ("€" * 81, ("GSM-7", 2)),
        ("á" * 70, ("UCS-2", 1)),
        ("á" * 71, ("UCS-2", 2)),
        ("😀" * 35, ("UCS-2", 1)),
        ("😀" * 36, ("UCS-2", 2)),
    ],
)
def test_segments_are_counted_as_carriers_count(text: str, expected: tuple[str, int]) -> None:
    assert sms.segments(text) == expected


def test_a_message_without_words_is_no_answer() -> None:
    assert Answer.from_message({"text": " ", "buttons": []}) is None
    odd = Answer.from_message({"buttons": [{"title": "A"}, {"payload": "/b"}, {"title": "C", "url": "javascript:x"}]})
    assert odd is not None
    assert [choice.payload for choice in odd.choices] == ["A", "C"]
    assert not odd.links

"""Whatever the agent does, one message gets one reply, and a message about danger gets the right one."""

from __future__ import annotations

import asyncio
import threading
import time
import uuid
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Awaitable, Callable, Dict, List, Optional

import pytest
from rasa.core.channels.channel import CollectingOutputChannel, OutputChannel, UserMessage
from rasa.core.channels.rest import QueueOutputChannel
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered

from ketaguide.content.live import LiveContent
from ketaguide.serving import guard as guard_module
from ketaguide.serving.agent_thread import AgentThread
from ketaguide.serving.guard import Guard
from ketaguide.serving.safety_desk import SafetyDesk

DANGER = "I want to kill myself"
QUESTION = "is it safe to drive home after?"
DATA = Path("data")

Handle = Callable[[Any, UserMessage], Awaitable[Optional[List[Dict[str, Any]]]]]


@pytest.fixture(scope="module")
def content() -> LiveContent:
    return LiveContent(DATA)


@pytest.fixture
def guard(tmp_path: Path, content: LiveContent, monkeypatch: pytest.MonkeyPatch) -> Guard:
    monkeypatch.setattr(guard_module, "ANSWER_SECONDS", 0.6)
    monkeypatch.setattr(guard_module, "RECORD_SECONDS", 0.3)
    return Guard(SafetyDesk(DATA, tmp_path), content, AgentThread())


def agent(*, ready: bool = True, understands: str = "driving") -> Any:
    """Returns what the guard needs of an agent: stores that work, and an understanding of one intent."""

    async def parse_message(text: str) -> Dict[str, Any]:
        return {"intent": {"name": understands}}

    return SimpleNamespace(
        is_ready=lambda: ready,
        parse_message=parse_message,
        lock_store=InMemoryLockStore(),
        tracker_store=InMemoryTrackerStore(Domain.from_yaml("version: '3.1'")),
    )


def answering(*texts: str) -> Handle:
    async def handle(_: Any, message: UserMessage) -> None:
        for text in texts:
            spoken = {"text": text, "utter_action": "utter_driving"}
            await message.output_channel.send_response(message.sender_id, spoken)  # type: ignore[union-attr]

    return handle  # type: ignore[return-value]


async def silent(_: Any, __: UserMessage) -> None:
    return None


async def raising(_: Any, __: UserMessage) -> None:
    raise RuntimeError("broken")


async def hanging(_: Any, __: UserMessage) -> None:
    await asyncio.sleep(30)


async def blocking(_: Any, __: UserMessage) -> None:
    # As a database driver does that waits for a dead server: it blocks its whole event loop.
    time.sleep(2)


async def late(_: Any, message: UserMessage) -> None:
    await asyncio.sleep(0.9)
    await answering("too late")(None, message)


BROKEN = {"silent": silent, "raising": raising, "hanging": hanging, "blocking": blocking, "late": late}


async def say(guard: Guard, handle: Handle, text: Any, sender: str = "", an: Any = None) -> List[Dict[str, Any]]:
    output = CollectingOutputChannel()
    message = UserMessage(text, output, sender or uuid.uuid4().hex, input_channel="rest")
    returned = await guard.handle(an or agent(), handle, message)
    assert returned == output.messages
    return output.messages


async def test_an_ordinary_question_goes_to_the_agent(guard: Guard) -> None:
    assert [message["text"] for message in await say(guard, answering("Wait a day."), QUESTION)] == ["Wait a day."]


@pytest.mark.parametrize("handle", BROKEN.values(), ids=BROKEN.keys())
async def test_an_ordinary_question_is_never_met_with_silence(guard: Guard, handle: Handle) -> None:
    messages = await say(guard, handle, QUESTION)
    assert len(messages) == 1
    assert "911" in messages[0]["text"]


@pytest.mark.parametrize("handle", [answering("Something else."), *BROKEN.values()], ids=["answering", *BROKEN.keys()])
async def test_danger_gets_exactly_its_reply_at_once(guard: Guard, handle: Handle) -> None:
    started = time.monotonic()
    messages = await say(guard, handle, DANGER)
    assert time.monotonic() - started < 2
    assert len(messages) == 1
    assert "988" in messages[0]["text"]
    await asyncio.sleep(0.8)
    assert len(messages) == 1


async def test_danger_is_answered_when_nothing_can_be_begun_beside_it(
    guard: Guard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError("broken")

    monkeypatch.setattr(guard_module, "without_personal_details", broken)
    monkeypatch.setattr(guard.content, "library_since", broken)
    monkeypatch.setattr("ketaguide.serving.direct_runner.begin", broken)
    assert "988" in (await say(guard, silent, DANGER))[0]["text"]
    assert "911" in (await say(guard, silent, QUESTION))[0]["text"]


@pytest.mark.parametrize("broken", ["lock_store", "tracker_store"])
async def test_danger_is_answered_without_stores(guard: Guard, broken: str) -> None:
    crippled = agent()
    setattr(crippled, broken, None)
    assert "988" in (await say(guard, raising, DANGER, an=crippled))[0]["text"]


async def test_danger_is_answered_without_a_model(guard: Guard) -> None:
    assert "988" in (await say(guard, silent, DANGER, an=agent(ready=False)))[0]["text"]


@pytest.mark.parametrize(
    "text",
    [
        "/" + DANGER,
        "//  " + DANGER,
        f"/driving {DANGER}",
        '/driving{"x": "' + DANGER + '"}',
        "a " * 3000 + DANGER + " b" * 3000,
    ],
    ids=["slash", "slashes", "after a payload", "inside a payload", "in a very long text"],
)
async def test_there_is_no_way_round(guard: Guard, text: str) -> None:
    assert "988" in (await say(guard, answering("Something else."), text))[0]["text"]


async def test_a_statement_split_over_messages_is_read_as_one(guard: Guard) -> None:
    said: List[Dict[str, Any]] = []
    for part in ("I'm going to", "end my", "life"):
        said = await say(guard, answering("What do you mean?"), part, sender="split")
    assert "988" in said[0]["text"]


async def test_two_visitors_are_not_mixed_up(guard: Guard) -> None:
    await say(guard, answering("A."), "I'm going to end", sender="one")
    assert (await say(guard, answering("B."), "my life insurance question", sender="two"))[0]["text"] == "B."


async def test_the_record_holds_the_kind_and_not_the_words(guard: Guard) -> None:
    recorder = agent()
    await say(guard, silent, DANGER, sender="recorded", an=recorder)
    tracker = await recorder.tracker_store.retrieve("recorded")
    users = [event for event in tracker.events if isinstance(event, UserUttered)]
    bots = [event for event in tracker.events if isinstance(event, BotUttered)]
    assert [event.text for event in users] == ["/crisis_suicide"]
    assert [event.metadata["utter_action"] for event in bots] == ["utter_crisis_suicide"]
    assert DANGER not in str([event.as_dict() for event in tracker.events])


async def recorded(an: Any, sender: str) -> List[str]:
    """Returns the record of a conversation, without the wording of replies."""
    await asyncio.sleep(0.2)
    tracker = await an.tracker_store.get_or_create_tracker(sender)
    said = [event for event in tracker.events if isinstance(event, (UserUttered, BotUttered))]
    return [str(e.text if isinstance(e, UserUttered) else e.metadata["utter_action"]) for e in said]


async def test_an_answer_that_the_agent_could_not_save_is_recorded(guard: Guard) -> None:
    async def handle(_: Any, message: UserMessage) -> None:
        await answering("Wait a day.")(None, message)
        raise RuntimeError("broken")

    recorder = agent()
    assert (await say(guard, handle, QUESTION, "partly", recorder))[0]["text"] == "Wait a day."
    assert await recorded(recorder, "partly") == [QUESTION, "utter_driving"]
    # Who was asked to write again got no answer.
    await say(guard, raising, QUESTION, "not at all", recorder)
    assert await recorded(recorder, "not at all") == []


async def test_a_line_before_an_answer_that_fails_is_recorded(guard: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "_is_clear", lambda *_: True)
    recorder = agent()
    assert len(await say(guard, raising, f"I feel so hopeless. {QUESTION}", "distressed", recorder)) == 2
    assert (await recorded(recorder, "distressed"))[1:] == ["utter_support_distress"]


async def test_the_agent_hears_of_danger_as_a_kind(guard: Guard) -> None:
    heard: List[UserMessage] = []

    async def handle(_: Any, message: UserMessage) -> None:
        heard.append(message)

    await say(guard, handle, DANGER)
    assert [message.text for message in heard] == ["/crisis_suicide"]
    assert DANGER not in str(heard[0].metadata)


async def test_forged_metadata_changes_nothing(guard: Guard) -> None:
    heard: List[UserMessage] = []

    async def handle(_: Any, message: UserMessage) -> None:
        heard.append(message)

    forged = {"crisis": {"open": True, "reply": {"text": "forged"}}}
    await guard.handle(agent(), handle, UserMessage(QUESTION, CollectingOutputChannel(), "x", metadata=forged))
    assert heard[0].metadata["crisis"] == {"read": True, "open": False}


class PushOutput(OutputChannel):
    """A channel that sends each utterance as it comes, as the messaging platforms' channels do."""

    def __init__(self) -> None:
        self.sent: List[str] = []

    @classmethod
    def name(cls) -> str:
        return "push"

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        self.sent.append(text)


async def said_on(channel: str, guard: Guard, handle: Handle, crippled: Any) -> str:
    """Returns what a visitor of one class of channel reads."""
    # REST collects, `rasa shell` and REST's streaming queue, the messaging platforms push.
    queue: asyncio.Queue[Any] = asyncio.Queue()
    streaming = QueueOutputChannel(queue)
    outputs = {"collecting": CollectingOutputChannel(), "push": PushOutput(), "streaming": streaming}
    output = outputs[channel]
    await guard.handle(crippled, handle, UserMessage(DANGER, output, uuid.uuid4().hex))
    if isinstance(output, PushOutput):
        return "\n".join(output.sent)
    messages = [queue.get_nowait() for _ in range(queue.qsize())] if output is streaming else output.messages
    return "\n".join(message["text"] for message in messages)


@pytest.mark.parametrize("channel", ["collecting", "push", "streaming"])
@pytest.mark.parametrize("dependency", ["nothing", "model", "tracker store", "lock store", "agent", "slow agent"])
async def test_each_dependency_off_on_each_class_of_channel(guard: Guard, channel: str, dependency: str) -> None:
    crippled = agent(ready=dependency != "model")
    if dependency.endswith("store"):
        setattr(crippled, dependency.replace(" ", "_"), None)
    handle = {"agent": raising, "slow agent": blocking, "nothing": answering("Something else.")}.get(dependency, silent)
    text = await said_on(channel, guard, handle, crippled)
    assert text.count("automated assistant") == 1
    assert "988" in text
    assert "Something else." not in text


class FailingOutput(OutputChannel):
    """A channel whose platform does not answer."""

    @classmethod
    def name(cls) -> str:
        return "failing"

    async def send_response(self, recipient_id: str, message: Dict[str, Any]) -> None:
        raise ConnectionError


async def test_a_channel_that_cannot_send_breaks_nothing(guard: Guard) -> None:
    message = UserMessage(DANGER, FailingOutput(), "someone")
    assert await guard.handle(agent(), answering("A."), message) is None


async def test_a_broken_desk_still_gives_the_emergency_line(guard: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(guard.desk, "read", fail)
    assert "911" in (await say(guard, answering("A."), DANGER))[0]["text"]


@pytest.mark.parametrize("text", ["", "   ", None, "\n"])
async def test_a_message_without_words_opens_the_menu(guard: Guard, text: Any) -> None:
    heard: List[str] = []

    async def handle(_: Any, message: UserMessage) -> None:
        heard.append(str(message.text))
        await answering("Menu")(None, message)

    assert (await say(guard, handle, text))[0]["text"] == "Menu"
    assert heard == ["/help"]


async def test_the_state_survives_a_restart(tmp_path: Path, content: LiveContent) -> None:
    first = Guard(SafetyDesk(DATA, tmp_path), content, AgentThread())
    await say(first, silent, "I took all my pills just now", sender="back")
    second = Guard(SafetyDesk(DATA, tmp_path), content, AgentThread())
    messages = await say(second, answering("It costs a lot."), "how much does it cost?", sender="back")
    assert "It costs a lot." not in [message["text"] for message in messages]


async def test_the_state_file_holds_no_words_and_no_names(tmp_path: Path, content: LiveContent) -> None:
    await say(Guard(SafetyDesk(DATA, tmp_path), content, AgentThread()), silent, DANGER, sender="visitor-4711")
    stored = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"visitor-4711" not in stored
    assert b"kill" not in stored


async def test_an_unwritable_state_folder_is_survived(content: LiveContent) -> None:
    desk = SafetyDesk(DATA, Path("/proc/nowhere"))
    assert "988" in (await say(Guard(desk, content, AgentThread()), silent, DANGER))[0]["text"]


async def test_a_language_it_cannot_read_gets_the_emergency_numbers(guard: Guard) -> None:
    async def fallback(_: Any, message: UserMessage) -> None:
        spoken = {"text": "I don't know.", "utter_action": "utter_out_of_scope"}
        await message.output_channel.send_response(message.sender_id, spoken)  # type: ignore[union-attr]

    recorder = agent()
    messages = await say(guard, fallback, "Hyvää päivää, mitä tämä hoito maksaa minulle?", "finnish", recorder)
    assert messages[0]["text"] == "I don't know."
    assert "Deutsch" in messages[1]["text"]
    assert "utter_emergency_languages" in await recorded(recorder, "finnish")


async def test_messages_of_one_visitor_are_answered_in_the_order_they_came(guard: Guard) -> None:
    heard: List[str] = []

    async def handle(_: Any, message: UserMessage) -> None:
        await asyncio.sleep(0.2 if "first" in str(message.text) else 0.0)
        heard.append(str(message.text))

    texts = ["what is the first thing to know", "how much does it cost", "can I drive home"]
    await asyncio.gather(*(say(guard, handle, text, "same") for text in texts))
    assert heard == texts


async def test_a_message_sent_twice_at_once_is_handled_once_and_answered_to_both(guard: Guard) -> None:
    heard: List[str] = []

    async def handle(_: Any, message: UserMessage) -> None:
        await asyncio.sleep(0.2)
        heard.append(str(message.text))
        assert message.output_channel
        await message.output_channel.send_response("x", {"text": "answer", "utter_action": "utter_cost"})

    both = await asyncio.gather(say(guard, handle, QUESTION, "same"), say(guard, handle, QUESTION, "same"))
    assert len(heard) == 1
    assert [[said["text"] for said in messages] for messages in both] == [["answer"], ["answer"]]


async def test_danger_does_not_wait_for_the_message_before(guard: Guard) -> None:
    order: List[str] = []
    danger_answered = threading.Event()

    async def handle(_: Any, message: UserMessage) -> None:
        if message.text == QUESTION:
            await asyncio.to_thread(danger_answered.wait, 5)
            order.append("question")

    async def danger() -> None:
        await say(guard, handle, DANGER, "same")
        order.append("danger")
        danger_answered.set()

    await asyncio.gather(say(guard, handle, QUESTION, "same"), danger())
    assert order[0] == "danger"

"""What holds on every messaging channel, from the platform's delivery to what a person hears."""

from __future__ import annotations

import re
import uuid
from contextlib import contextmanager
from typing import Iterator

import pytest
import pytest_asyncio

from tests.channels.messaging import CHANNELS, NOTICE, Conversation, Conversations, said
from tests.channels.platforms.base import Heard, Post
from tests.channels.table import note

CRISIS = "I want to kill myself tonight"
LONG = "A sentence that says something of use. " * 300
PAGE = "https://clinic.example/prepare"


@pytest_asyncio.fixture(params=CHANNELS, ids=lambda kind: kind.name)
async def chat(
    request: pytest.FixtureRequest, conversations: Conversations, monkeypatch: pytest.MonkeyPatch
) -> Conversation:
    """A conversation over each channel in turn."""
    return await conversations.open(request.param, monkeypatch.setenv)


@contextmanager
def cell(chat: Conversation, column: str) -> Iterator[None]:
    """Notes in the table whether the block went through."""
    note(chat.platform.name, column, False)
    yield
    note(chat.platform.name, column, True)


def words(text: str) -> str:
    return " ".join(text.split())


async def test_a_message_is_answered_once_and_whole(chat: Conversation) -> None:
    with cell(chat, "valid"):
        heard = await chat.says("/driving")
        expected = said("driving")
        everything = words(" ".join(one.text for one in heard))
        assert words(expected["text"]) in everything or words(expected["short"]) in everything
        assert "not yet approved by a clinician" in everything.lower()
        assert not chat.platform.refused


async def test_forged_requests_reach_nobody(chat: Conversation) -> None:
    with cell(chat, "forged"):
        genuine = chat.platform.message("hello")
        other_words = chat.platform.message("something else")
        forged = [
            chat.platform.message("hello", secret="another-secret-0123456789"),
            chat.platform.unsigned(),
            chat.platform.expired(),
            Post(b"", genuine.headers) if chat.platform.signs_body else None,
            Post(other_words.body, genuine.headers) if chat.platform.signs_body else None,
        ]
        for post in filter(None, forged):
            assert (await chat.post(post)).status_code in (401, 403)
        assert not chat.agent.asked
        assert not chat.platform.heard


async def test_a_delivery_that_comes_again_is_answered_once(chat: Conversation) -> None:
    with cell(chat, "replayed"):
        post = chat.platform.message("/driving")
        assert len(await chat.hears(post)) >= 1
        assert await chat.hears(post) == []
        assert len(chat.agent.asked) == 1
        assert await chat.says("/driving"), "the same words in a new message are a new question"


async def test_danger_gets_the_same_words_and_contacts(chat: Conversation) -> None:
    with cell(chat, "crisis"):
        heard = await chat.says(CRISIS)
        assert len(heard) == 1, "help comes in one piece"
        expected = chat.agent.guard.desk.read(uuid.uuid4().hex, CRISIS, "test", lambda _: False).decision.reply
        assert expected is not None
        shown = words(heard[0].text)
        for line in expected.text.split("\n"):
            assert words(line) in shown
        assert shown.startswith(words(expected.text)[:40])
        for contact in expected.contacts:
            assert contact.call in shown
        assert not chat.platform.refused


async def test_a_long_answer_arrives_whole_and_in_order(chat: Conversation) -> None:
    with cell(chat, "long answer"):
        chat.agent.says["tell me all"] = [{"text": LONG}]
        heard = await chat.says("tell me all")
        assert words(" ".join(one.text for one in heard)) == words(LONG)
        assert not chat.platform.refused


async def test_every_button_leads_where_it_says(chat: Conversation) -> None:
    with cell(chat, "buttons"):
        heard = await chat.says("/help")
        expected = {button["title"]: button["payload"] for button in said("help")["buttons"]}
        assert set(buttons(heard)) >= set(expected)
        for title in ("Side effects", "Talk to a person"):
            await chat.hears(chat.platform.press(holder(heard, title), title))
            assert chat.agent.asked[-1].text == expected[title]
            heard = await chat.says("/help")
        assert not chat.platform.refused


async def test_links_survive(chat: Conversation) -> None:
    with cell(chat, "link"):
        chat.agent.says["prepare?"] = [
            {"text": "Read this first.", "buttons": [{"title": "How to prepare", "url": PAGE}, {"title": "Cost"}]}
        ]
        (heard,) = await chat.says("prepare?")
        assert PAGE in heard.text or PAGE in heard.links.values()
        assert "Cost" in heard.buttons
        assert not chat.platform.refused


async def test_sources_survive(chat: Conversation) -> None:
    heard = await chat.says("/driving")
    full = next((title for title in buttons(heard) if title.startswith("Full answer")), None)
    if full:
        heard += await chat.hears(chat.platform.press(holder(heard, full), full))
    shown = " ".join(one.text + " ".join(one.links.values()) for one in heard)
    for source in said("driving")["sources"]:
        assert source["url"] in shown
    assert words(said("driving")["text"]) in words(" ".join(one.text for one in heard))


async def test_no_payload_is_ever_shown(chat: Conversation) -> None:
    for id_ in ("driving", "help", "greet", "cost"):
        for heard in await chat.says(f"/{id_}"):
            assert not re.search(r"(?<!\S)/\w", heard.text)


async def test_the_first_contact_says_that_a_program_answers_and_only_once(chat: Conversation) -> None:
    await chat.post(chat.platform.message(CRISIS, user="3"))
    assert not any(NOTICE in heard.text for heard in chat.platform.heard), "help comes first"
    await chat.post(chat.platform.message("/driving", user="4"))
    await chat.post(chat.platform.message("/cost", user="4"))
    assert sum(NOTICE in heard.text for heard in chat.platform.heard) == 1


async def test_two_people_never_share_a_conversation(chat: Conversation) -> None:
    await chat.says("/driving", user="1")
    await chat.says("/driving", user="2")
    first, second = (message.sender_id for message in chat.agent.asked)
    assert first != second
    for message in chat.agent.asked:
        assert "0100" not in message.sender_id, "a phone number or account must not be kept"


async def test_refused_calls_are_tried_again_and_danger_longer(chat: Conversation) -> None:
    if not chat.platform.calls_out:
        pytest.skip("answers in the response")
    await chat.says("/driving")
    chat.platform.troubles += [chat.platform.busy, chat.platform.broken] * 3
    (heard,) = await chat.says(CRISIS)
    assert "988" in heard.text


async def test_a_form_that_the_platform_refuses_is_sent_as_text(chat: Conversation) -> None:
    if not chat.platform.calls_out:
        pytest.skip("answers in the response")
    await chat.says("/greet")
    chat.platform.troubles.append(lambda: chat.platform.refuse("the platform changed its mind"))
    heard = await chat.says("/driving")
    shown = words(" ".join(one.text for one in heard))
    assert words(said("driving")["text"]) in shown
    for button in said("driving")["buttons"]:
        assert button["title"] in shown
    await chat.says("recovery time")
    assert chat.agent.asked[-1].text == "/recovery_time"


async def test_a_broken_agent_is_not_met_with_silence(chat: Conversation) -> None:
    async def fail(_: str) -> None:
        raise RuntimeError

    chat.agent.pause = fail
    heard = await chat.says("is it safe?")
    assert "988" in " ".join(one.text for one in heard)


async def test_a_story_of_any_length_is_answered(chat: Conversation) -> None:
    assert await chat.says("word " * 4000)
    heard = await chat.says("word " * 4000 + CRISIS)
    assert "988" in heard[0].text


async def test_what_is_no_delivery_is_refused_without_harm(chat: Conversation) -> None:
    for body in (b"", b"[]", b"null", b"\xff\xfe", b"{" * 9000, b"a=1"):
        assert (await chat.post(chat.platform.sign(body))).status_code in (200, 400)
    assert (await chat.post(Post(b"x" * 600_000))).status_code == 413
    assert not chat.agent.asked


def buttons(heard: list[Heard]) -> list[str]:
    return [title for one in heard for title in one.buttons]


def holder(heard: list[Heard], title: str) -> Heard:
    return next(one for one in heard if title in one.buttons)

"""All content through every renderer: within the platform's limits, complete, and with everything within reach."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product
from typing import Any, Dict, Iterator, List, Tuple
from urllib.parse import unquote

import pytest

from ketaguide.channels.answer import Answer
from ketaguide.channels.preview import RENDERERS, as_message
from ketaguide.channels.render import Renderer, google_chat, sms
from ketaguide.safety.replies import EMERGENCY_LANGUAGES, CrisisReplies, Setting
from ketaguide.safety.reply_files import CORE_LANGUAGES, FOLLOWUPS, FULL_LANGUAGES
from ketaguide.safety.resources import load_resources
from ketaguide.safety.verdict import CRISIS_KINDS, DISTRESS, NOW, OTHER, SELF, SOON, Verdict
from tests.channels.messaging import CHANNELS, CONTENT, DATA, said
from tests.channels.platforms.base import Heard, Platform, RefusedError

PLATFORMS: Dict[str, Platform] = {kind.name: kind() for kind in CHANNELS}
FEW_COUNTRIES = ("", "US", "GB", "ES")
# Where a page that only adds to a number can be offered without making the text longer.
OPENS_PAGES = {"telegram", "slack", "mattermost", "rocketchat", "teams", "google_chat"}
MOST_MESSAGES = 3
# What a clinic pays for: the short form with its choices, and the longest reply about danger in English.
MOST_SEGMENTS_SHORT, MOST_SEGMENTS_DANGER = 4, 5


def answers() -> Iterator[Tuple[str, Dict[str, Any]]]:
    library = CONTENT.library()
    for id_ in [*library.topics, *library.replies, *(f"help_{group}" for group in library.groups)]:
        yield id_, said(id_)
    options = [{"title": topic.title, "payload": f"/{topic.id}"} for topic in list(library.topics.values())[:3]]
    yield "clarify with options", {**said("clarify"), "buttons": options}


def dangers() -> Iterator[Tuple[str, Dict[str, Any]]]:
    replies = CrisisReplies.from_folder(DATA / "crisis")
    countries = ["", *load_resources(DATA / "crisis").countries]
    kinds = [*CRISIS_KINDS, DISTRESS]
    everywhere = product(kinds, countries, ("en",), (NOW,), (SELF,))
    in_full = product(kinds, FEW_COUNTRIES, FULL_LANGUAGES, (NOW, SOON), (SELF, OTHER))
    in_brief = product(kinds, FEW_COUNTRIES, CORE_LANGUAGES, (NOW,), (SELF,))
    for kind, country, language, urgency, subject in (*everywhere, *in_full, *in_brief):
        verdict = Verdict(kind=kind, urgency=urgency, subject=subject, language=language)
        reply = replies.crisis_reply(verdict, country=country, language=language)
        yield f"{kind} {country} {language} {urgency} {subject}", as_message(reply)
    for name, kind, country in product(FOLLOWUPS, kinds, FEW_COUNTRIES):
        reply = replies.followup(name, Verdict(kind=kind, urgency=NOW), Setting(country))
        yield f"{name} {kind} {country}", as_message(reply)
    for country in countries:
        yield f"languages {country}", as_message(replies.emergency_languages(country))


def shown(channel: str, answer: Answer) -> List[Heard]:
    """Returns what a person gets; the platform refuses what breaks its rules."""
    payloads = RENDERERS[channel].render(answer)
    if channel == "google_chat":
        payloads = [google_chat.together(payloads)]
    return [PLATFORMS[channel].show(payload) for payload in payloads]


def words(text: str) -> str:
    # Text messages have simpler quotation marks and dashes; the words are the same.
    return " ".join(text.replace("’", "'").replace("“", '"').replace("”", '"').replace("–", "-").split())


def problems(channel: str, message: Dict[str, Any], full: bool) -> Iterator[str]:
    """Names what an answer lacks on a channel."""
    answer = Answer.from_message({**message, "short": ""} if full else message)
    assert answer is not None
    # One line in each of many languages names a number to call, and may take two messages.
    in_every_language = answer.response == EMERGENCY_LANGUAGES
    try:
        heard = shown(channel, answer)
    except RefusedError as error:
        yield f"refused: {error}"
        return
    text = " ".join(words(one.text) for one in heard)
    pressable = {title for one in heard for title in one.buttons}
    pages = {unquote(url) for one in heard for url in one.links.values()}
    if words(answer.text) not in text and not (answer.short and words(answer.short) in text):
        yield "the words are not complete"
    for choice in RENDERERS[channel].offers(answer):
        if choice.title not in pressable and choice.title not in text:
            yield f"{choice.title!r} cannot be reached"
    if full or channel not in ("sms",):
        yield from (f"{s.url} is missing" for s in answer.sources if s.url not in text and unquote(s.url) not in pages)
    for contact in answer.contacts:
        # "HOME to 741741" is said differently in other languages.
        texting = "" if in_every_language else contact.text.rpartition(" to ")[2]
        numbers = (contact.call, texting)
        yield from (f"{number} is missing" for number in numbers if number and number not in text)
    if re.search(r"(?<!\S)/[a-z_]+(?![\w/ ])", text) or '{"group"' in text:
        yield "a payload is shown"
    if len(heard) > (1 if answer.crisis and not in_every_language else MOST_MESSAGES):
        yield f"{len(heard)} messages"


@pytest.mark.parametrize("channel", RENDERERS)
def test_every_answer(channel: str) -> None:
    found = [
        f"{id_}: {problem}"
        for id_, message in answers()
        for full in (False, True)
        for problem in problems(channel, message, full)
    ]
    assert not found


@pytest.mark.parametrize("channel", RENDERERS)
def test_every_reply_about_danger(channel: str) -> None:
    found = [f"{id_}: {problem}" for id_, message in dangers() for problem in problems(channel, message, False)]
    assert not found


@pytest.mark.parametrize("channel", RENDERERS)
def test_a_contact_that_the_words_leave_out_is_shown(channel: str) -> None:
    called = {"name": "A line", "call": "555 0123", "chat_url": "https://line.example/chat"}
    written_to = {"name": "A chat", "chat_url": "https://only.example/chat"}
    answer = Answer.from_message({"text": "Reach one of these.", "crisis": "suicide", "contacts": [called, written_to]})
    assert answer is not None
    (heard,) = shown(channel, answer)
    assert called["call"] in heard.text
    assert written_to["chat_url"] in (*heard.links.values(), *heard.text.split())
    if channel in OPENS_PAGES:
        assert called["chat_url"] in heard.links.values()


def test_every_channel_has_a_renderer_and_a_platform() -> None:
    assert set(RENDERERS) == set(PLATFORMS)


def test_text_messages_cost_little() -> None:
    def cost(message: Dict[str, Any]) -> int:
        answer = Answer.from_message(message)
        assert answer is not None
        return sum(sms.segments(sms.preview(payload))[1] for payload in sms.render(answer))

    assert not [id_ for id_, message in answers() if cost(message) > MOST_SEGMENTS_SHORT]
    english = [(id_, message) for id_, message in dangers() if " US en " in id_]
    assert not [id_ for id_, message in english if cost(message) > MOST_SEGMENTS_DANGER]


@pytest.mark.parametrize("channel", RENDERERS)
def test_the_checks_find_what_is_lost(channel: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A renderer that drops sources, choices or contacts must not pass."""

    class Careless:
        TEXT_LIMIT = 100
        plain = staticmethod(RENDERERS[channel].plain)
        preview = staticmethod(RENDERERS[channel].preview)
        offers = staticmethod(RENDERERS[channel].offers)

        @staticmethod
        def render(answer: Answer, first: int = 1) -> List[Dict[str, Any]]:
            kept = replace(answer, text=answer.text[:100], short="", sources=(), choices=(), contacts=())
            return renderer.render(kept, first)

    renderer: Renderer = RENDERERS[channel]
    monkeypatch.setitem(RENDERERS, channel, Careless)
    complaints = " ".join(problems(channel, said("driving"), True))
    assert "not complete" in complaints
    assert "cannot be reached" in complaints
    assert "https://" in complaints
    assert "741741 is missing" in " ".join(problems(channel, said("crisis_suicide"), False))

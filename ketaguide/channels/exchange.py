"""One turn of a messaging conversation: from a verified message to the answer on its way."""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Awaitable, Callable, Dict, List, Mapping, Optional, Set, Tuple

from rasa.core.channels.channel import OutputChannel, UserMessage

from ketaguide.channels.answer import Answer, Choice
from ketaguide.channels.memory import Memory
from ketaguide.channels.pseudonyms import Pseudonyms
from ketaguide.channels.render import Payload, Renderer
from ketaguide.channels.render.sms import FULL
from ketaguide.channels.render.wording import split, whole
from ketaguide.channels.sending import SendError
from ketaguide.channels.web.channel import detector_in_use
from ketaguide.channels.web.limits import Limiter, Rate
from ketaguide.channels.web.requests import clean
from ketaguide.content.live import LiveContent
from ketaguide.content.speech import speak
from ketaguide.safety.last_resort import emergency_line
from ketaguide.safety.verdict import NONE

logger = logging.getLogger(__name__)

OnMessage = Callable[[UserMessage], Awaitable[Any]]
Prepare = Callable[["Inbound"], Awaitable[Optional["Inbound"]]]
# Sends one payload to an address; the flag says that it is about danger.
Deliver = Callable[[Mapping[str, Any], Payload, bool], Awaitable[Any]]

# The longest message of any platform (Slack): danger is read in all of it; of a longer one, in both its ends.
MOST_CHARACTERS = 40_000
# Each answer may cost the clinic money, and two programs that answer each other never stop by themselves. Danger is
# answered above these limits too, unless the very same words keep coming: "out of office, in an emergency call 911".
MOST_MESSAGES, ONCE_A_MINUTE = Rate(20, 20.0), Rate(1, 1.0)
MOST_A_DAY, ONCE_AN_HOUR = Rate(200, 200 / (24 * 60)), Rate(1, 1 / 60)
SAME_DANGER = Rate(20, 1 / 10)
NOTICE, TEXT_ONLY, SLOW_DOWN = "first_contact", "text_only", "slow_down"
SAYS_WHAT_IT_IS = frozenset({"utter_greet", "utter_bot_challenge"})
SHUTDOWN_SECONDS = 20.0
# A digit as phones and habits dress it: (2), #2, "2", 2!, and the key of an emoji keyboard.
_NUMBER = re.compile(r"""[\s(#"'“‘]*(\d{1,2})[\s).,!"'”’\ufe0f\u20e3]*""")


@dataclass(frozen=True)
class Inbound:
    """One message from a platform, verified.

    Attributes:
        sender: Whose conversation it belongs to, as the platform names it: unique, never a display name.
        delivery: What a repeated delivery of the same message has in common with the first.
        text: The words or a button's payload; "" for what is not words, such as a sticker.
        address: What the channel needs to answer.
    """

    sender: str
    delivery: str
    text: str
    address: Mapping[str, Any] = field(default_factory=dict)


class Exchange:
    """Takes messages, one after the other per conversation, and makes sure that each gets an answer."""

    def __init__(
        self, channel: str, renderer: Renderer, memory: Memory, pseudonyms: Pseudonyms, content: LiveContent
    ) -> None:
        self._channel = channel
        self._renderer = renderer
        self._memory = memory
        self._pseudonyms = pseudonyms
        self._content = content
        # How many messages, and how often somebody above that is told so.
        self._limits = [
            (Limiter(MOST_MESSAGES), Limiter(ONCE_A_MINUTE)),
            (Limiter(MOST_A_DAY), Limiter(ONCE_AN_HOUR)),
        ]
        self._same = Limiter(SAME_DANGER)
        self._under_way: Dict[str, Set[asyncio.Task[None]]] = {}

    def accept(
        self, inbound: Inbound, prepare: Prepare, deliver: Deliver, on_new_message: OnMessage
    ) -> Optional[asyncio.Task[None]]:
        """Starts a turn in the background, after those of the same conversation; a repeated delivery starts none.

        Args:
            inbound: The message.
            prepare: Completes it first, such as by fetching its text; None in return ignores it.
            deliver: Sends one payload to its address.
            on_new_message: Rasa's way in.
        """
        if not self.is_new(inbound):
            return None

        before = set(self._under_way.get(inbound.sender, ()))

        async def turn() -> None:
            complete = await self._prepared(inbound, prepare)
            if complete is None:
                return
            # Danger does not wait behind a question that takes long.
            if before and not await _tells_of_danger(complete.text):
                await asyncio.wait(before)
            await self.converse(complete, deliver, on_new_message)

        task = asyncio.ensure_future(turn())
        self._under_way.setdefault(inbound.sender, set()).add(task)
        task.add_done_callback(lambda done: self._forget(inbound.sender, done))
        return task

    def is_new(self, inbound: Inbound) -> bool:
        """Tells whether a message has not been taken before, and takes it."""
        # With the words: an edited message is a new one if they changed, and only then.
        return self._memory.is_new(self._pseudonyms(self._channel, f"{inbound.delivery}\0{inbound.text}"))

    async def converse(self, inbound: Inbound, deliver: Deliver, on_new_message: OnMessage) -> None:
        """Answers one message; never raises."""
        conversation = self._pseudonyms(self._channel, inbound.sender)
        text, full = self._resolved(conversation, _cleaned(inbound.text))
        leave = partial(deliver, inbound.address)
        turn = _Turn(self._channel, self._renderer, leave, self._notice(conversation), full)
        is_taken_up = bool(text)
        try:
            told = await self._exceeded(conversation, text)
            if told:
                is_taken_up = False
                await self._slow_down(conversation, turn, told)
            elif text:
                await on_new_message(UserMessage(text, turn, conversation, input_channel=self._channel, metadata={}))
            else:
                await turn.send_response(conversation, self._reply(TEXT_ONLY))
        except Exception as error:
            # The type only: an exception's text may quote the visitor.
            logger.error("A message on %s failed (%s).", self._channel, type(error).__name__)
        if not turn.tried:
            await _quietly(turn.send_response(conversation, {"text": emergency_line()}), self._channel)
        if is_taken_up or turn.offered:
            # What is not taken up, such as a picture, leaves the choices before it open.
            self._memory.offer(conversation, turn.offered)
        if turn.has_said_what_it_is:
            self._memory.noticed(conversation)

    async def finish(self) -> None:
        """Waits for turns that are under way, when the server stops."""
        running = set().union(*self._under_way.values())
        if running:
            _, late = await asyncio.wait(running, timeout=SHUTDOWN_SECONDS)
            if late:
                logger.error("%d messages on %s were not answered before the stop.", len(late), self._channel)

    async def _prepared(self, inbound: Inbound, prepare: Prepare) -> Optional[Inbound]:
        try:
            return await prepare(inbound)
        except Exception as error:  # somebody wrote, and must not meet silence
            logger.error("A message on %s could not be fetched (%s).", self._channel, type(error).__name__)
            return inbound

    def _forget(self, sender: str, done: asyncio.Task[None]) -> None:
        self._under_way[sender].discard(done)
        if not self._under_way[sender]:
            del self._under_way[sender]

    async def _exceeded(self, conversation: str, text: str) -> Optional[Limiter]:
        """Returns what paces the requests to wait, of the longest limit that a message exceeds."""
        exceeded = [told for limit, told in self._limits if limit.wait(conversation)]
        if not exceeded:
            return None
        is_danger = await _tells_of_danger(text) and not self._same.wait(self._pseudonyms(conversation, text))
        return None if is_danger else exceeded[-1]

    async def _slow_down(self, conversation: str, turn: _Turn, told: Limiter) -> None:
        turn.tried = True
        if not told.wait(conversation):
            await turn.send_response(conversation, self._reply(SLOW_DOWN))

    def _resolved(self, conversation: str, text: str) -> Tuple[str, bool]:
        """Returns the message with a choice in place of its number or title, and whether the full form is wanted."""
        choice = _chosen(text, self._memory.offered(conversation))
        if choice is None:
            return text, False
        if choice.payload.startswith(FULL):
            return choice.payload[len(FULL) :], True
        return choice.payload, False

    def _notice(self, conversation: str) -> Optional[Answer]:
        return Answer.from_message(self._reply(NOTICE)) if self._memory.needs_notice(conversation) else None

    def _reply(self, id_: str) -> Dict[str, Any]:
        library = self._content.library()
        wording = library.replies.get(id_)
        if wording is None:
            return {"text": emergency_line()}
        speech = speak(wording, library, {**self._content.facts(), "approval_note": ""})
        return {"text": speech.text, "short": speech.short, "utter_action": wording.response}


class _Turn(OutputChannel):
    """What leaves in answer to one message."""

    def __init__(
        self,
        channel: str,
        renderer: Renderer,
        deliver: Callable[[Payload, bool], Awaitable[Any]],
        notice: Optional[Answer],
        full: bool,
    ) -> None:
        self.offered: List[Choice] = []
        self.tried = False
        self.has_said_what_it_is = False
        self._channel = channel
        self._renderer = renderer
        self._deliver = deliver
        self._notice = notice
        self._full = full

    def name(self) -> str:  # type: ignore[override]
        """The channel's name."""
        return self._channel

    async def send_response(self, recipient_id: str, message: Dict[str, Any]) -> None:
        """Sends one answer whole; what a visitor must know first goes before it, unless there is danger.

        Raises:
            SendError: if the platform did not take it.
        """
        answer = Answer.from_message(message)
        if answer is None:
            return
        self.tried = True
        if self._notice and not answer.is_urgent:
            await self._give_notice(answer)
        await self._send(replace(answer, short="") if self._full else answer)

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """Sends words that an action says past `send_response`."""
        await self.send_response(recipient_id, {"text": text})

    async def _give_notice(self, answer: Answer) -> None:
        notice, self._notice = self._notice, None
        self.has_said_what_it_is = True
        if notice and answer.response not in SAYS_WHAT_IT_IS:
            await _quietly(self._send(replace(notice, text=notice.short or notice.text, short="")), self._channel)

    async def _send(self, answer: Answer) -> None:
        first = len(self.offered) + 1
        self.offered += self._renderer.offers(answer)
        try:
            for payload in self._renderer.render(answer, first):
                await self._deliver(payload, answer.is_urgent)
        except SendError as error:
            if not error.is_refusal:
                raise
            logger.error("A full message was refused on %s (%s); sending text alone.", self._channel, error)
            await self._send_plain(answer, first)

    async def _send_plain(self, answer: Answer, first: int) -> None:
        text = whole(answer, self._renderer.offers(answer), first)
        for part in split(text, self._renderer.TEXT_LIMIT):
            await self._deliver(self._renderer.plain(part), answer.is_urgent)


async def _tells_of_danger(text: str) -> bool:
    try:
        # On a thread: other conversations must not wait while a long message is read.
        return (await asyncio.to_thread(detector_in_use().read, _cleaned(text))).kind != NONE
    except Exception as error:  # what cannot be read may be about danger
        logger.error("A message could not be read for danger (%s).", type(error).__name__)
        return True


def _chosen(text: str, offered: Tuple[Choice, ...]) -> Optional[Choice]:
    number = _NUMBER.fullmatch(text.strip())
    if number and 1 <= int(number[1]) <= len(offered):
        return offered[int(number[1]) - 1]
    wanted = text.strip().casefold()
    return next((choice for choice in offered if choice.title.casefold() == wanted), None)


def _cleaned(text: str) -> str:
    text = clean(text)
    half = MOST_CHARACTERS // 2
    return text if len(text) <= MOST_CHARACTERS else f"{text[:half]} … {text[-half:]}"


async def _quietly(sending: Awaitable[None], channel: str) -> None:
    try:
        await sending
    except Exception as error:
        logger.error("A message could not be sent on %s (%s).", channel, type(error).__name__)

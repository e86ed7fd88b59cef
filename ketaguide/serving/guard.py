"""Stands in front of `Agent.handle_message`, the one door of every channel, `rasa shell` included.

A message about danger is answered here, in this process, whatever state the agent is in. The agent hears of it
afterwards, as a kind and not as words, so that the conversation's record has it. Every other message goes to the agent
under a time limit; if the agent stays silent, the visitor still gets words.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Awaitable, Callable, Dict, List, Optional

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, OutputChannel, UserMessage

from ketaguide.content.live import SAME_TURN_SECONDS, LiveContent, shared_content
from ketaguide.safety.conversation import BEFORE, REPLACE
from ketaguide.safety.last_resort import emergency_line
from ketaguide.safety.replies import CrisisReply
from ketaguide.serving import action_calls, direct_runner, lighter_turns, log_privacy, record
from ketaguide.serving.agent_thread import AgentThread
from ketaguide.serving.crisis_messages import as_message, record_intent
from ketaguide.serving.held_output import HeldOutput
from ketaguide.serving.metrics import FALLBACK_RESPONSES, Turn
from ketaguide.serving.payloads import as_text
from ketaguide.serving.personal_details import without_personal_details
from ketaguide.serving.queue import Place, Queues
from ketaguide.serving.safety_desk import Reading, SafetyDesk
from ketaguide.serving.said_before import AGAIN_KEY, said_before
from ketaguide.understanding.crisis_intent import INTENT_PREFIX, NO_OBJECTION
from ketaguide.understanding.replies import response_of

logger = logging.getLogger(__name__)

Handle = Callable[[Agent, UserMessage], Awaitable[Optional[List[Dict[str, Any]]]]]

ANSWER_SECONDS = 8.0
RECORD_SECONDS = 1.5
CLEAR_QUESTION_SECONDS = 1.0
MAX_TEXT_FOR_AGENT = 2000
HELP_PAYLOAD = "/help"
CRISIS_KEY, BEFORE_KEY = "crisis", "before"
EMERGENCY_LINE = "utter_emergency_line"
NOT_A_QUESTION = frozenset(
    {"nlu_fallback", "out_of_scope", "greet", "goodbye", "thanks", "help", "bot_challenge", "human_handoff", "privacy"}
)
SILENCE = (
    "I'm sorry, something went wrong and I can't answer right now. Please try again in a moment, or ask the clinic."
)


class Guard:
    """Makes sure that every message gets a reply, and that a message about danger gets the right one, once."""

    def __init__(self, desk: SafetyDesk, content: LiveContent, thread: AgentThread) -> None:
        self.desk = desk
        self.content = content
        self.thread = thread
        self._queues = Queues()
        # One thread of its own: a stalled disk must not take those that read for danger.
        self._files = ThreadPoolExecutor(max_workers=1, thread_name_prefix="files")

    async def handle(self, agent: Agent, handle: Handle, message: UserMessage) -> Optional[List[Dict[str, Any]]]:
        """Handles one message of any channel; never raises."""
        text = message.text if isinstance(message.text, str) else ""
        log_privacy.remember(text)
        output = message.output_channel or CollectingOutputChannel()
        channel = str(message.input_channel or output.name())
        turn = Turn(channel)
        if await self._was_answered(agent, message, output):
            return output.messages if isinstance(output, CollectingOutputChannel) else None
        place = self._queues.join(message.sender_id, text)
        forget = direct_runner.nothing_begun
        try:
            reading_for_danger = asyncio.get_running_loop().run_in_executor(
                None,
                self.desk.read,
                message.sender_id,
                text,
                channel,
                lambda asked: self._is_clear(agent, asked),
                _region(message),
                lambda asked: self._is_ordinary(agent, asked),
            )
            forget = self._begin_answer(agent, text, turn)
            reading = await reading_for_danger
            if reading.decision.mode == REPLACE and reading.decision.reply:
                turn.crisis(reading.decision.reply.kind, reading.verdict.urgency)
                await self._answer_danger(agent, handle, message, output, reading.decision.reply)
            else:
                await self._answer_ordinary(agent, handle, message, output, reading, turn, place)
        except Exception as error:  # the visitor must get words whatever went wrong
            logger.error("The guard failed (%s).", type(error).__name__)
            turn.rescued("guard")
            await _send(output, message.sender_id, {"text": f"{SILENCE}\n{emergency_line()}"})
        finally:
            self._queues.leave(message.sender_id, place)
            forget()
        turn.end()
        return output.messages if isinstance(output, CollectingOutputChannel) else None

    async def _was_answered(self, agent: Agent, message: UserMessage, output: OutputChannel) -> bool:
        """Says once more what is stored as the answer to this message, if a channel doubts that it has left."""
        if not (message.metadata or {}).pop(AGAIN_KEY, False):
            return False
        try:
            said = await self.thread.result(said_before(agent, message), CLEAR_QUESTION_SECONDS)
        except Exception as error:
            logger.error("A stored answer could not be looked for (%s).", type(error).__name__)
            return False
        for spoken in said:
            await _send(output, message.sender_id, spoken)
        return bool(said)

    async def _answer_danger(
        self, agent: Agent, handle: Handle, message: UserMessage, output: OutputChannel, reply: CrisisReply
    ) -> None:
        spoken = as_message(reply)
        await _send(output, message.sender_id, spoken)
        held = HeldOutput(output.name())
        told = _copy(message, record_intent(reply), held, {CRISIS_KEY: {"read": True, "open": True, "reply": spoken}})
        future = self.thread.submit(_record(agent, handle, told, held, spoken))
        # Late or broken records must not cost the visitor more time: the reply has left already.
        await asyncio.wait([asyncio.wrap_future(future)], timeout=RECORD_SECONDS)

    async def _answer_ordinary(
        self,
        agent: Agent,
        handle: Handle,
        message: UserMessage,
        output: OutputChannel,
        reading: Reading,
        turn: Turn,
        place: Place,
    ) -> None:
        decision = reading.decision
        before = as_message(decision.reply) if decision.mode == BEFORE and decision.reply else None
        if before:
            await _send(output, message.sender_id, before)
        twin = place.twin
        await place.wait(ANSWER_SECONDS)
        if twin and twin.spoken:
            await _repeat(output, message.sender_id, twin.spoken)
            return
        held = HeldOutput(output.name())
        crisis: Dict[str, Any] = {"read": True, "open": reading.crisis_open}
        if before:
            crisis[BEFORE_KEY] = before
        metadata = {**(message.metadata or {}), CRISIS_KEY: crisis}
        asked = _copy(message, self._for_agent(decision.question or message.text or "", turn.came), held, metadata)
        failure = ""
        try:
            await self.thread.result(_as_coroutine(handle, agent, asked), ANSWER_SECONDS)
        except Exception as error:  # a timeout included
            logger.error("The agent did not answer (%s).", type(error).__name__)
            failure = type(error).__name__
        place.spoken = held.messages
        turn.said(response_of(spoken) for spoken in held.messages)
        if not held.messages:
            turn.rescued(failure or "silence")
        said = list(held.messages)
        more = self._for_silence(said, reading)
        for spoken in [*said, *more]:
            await _send(output, message.sender_id, spoken)
        all_said = [before, *said, *more] if before else [*said, *more]
        kept = [spoken for spoken in all_said if response_of(spoken) != EMERGENCY_LINE]
        if kept and (failure or not said or more):
            # Not waited for: all has left.
            self.thread.submit(record.complete(agent, asked, "", kept))

    def _for_silence(self, said: List[Dict[str, Any]], reading: Reading) -> List[Dict[str, Any]]:
        """Returns what to say where the agent said nothing, or nothing that this visitor can read."""
        if reading.unreadable and all(response_of(spoken) in FALLBACK_RESPONSES for spoken in said):
            return [as_message(self.desk.emergency_languages())]
        if said:
            return []
        text = f"{SILENCE}\n{emergency_line(reading.verdict.language)}"
        return [{"text": text, "utter_action": EMERGENCY_LINE}]

    def _begin_answer(self, agent: Agent, text: str, turn: Turn) -> direct_runner.Forget:
        """Starts what an ordinary answer will need, while the message is read for danger; never raises.

        Returns:
            What drops it when the turn is over.
        """
        try:
            self._files.submit(self.content.library_since, turn.came)
            storable = _storable(text)
            if storable != text:
                log_privacy.remember(storable)
            return direct_runner.begin(agent, storable)
        except Exception as error:  # all of it is done in its turn
            logger.error("An answer could not be begun early (%s).", type(error).__name__)
            return direct_runner.nothing_begun

    def _for_agent(self, text: str, came: float) -> str:
        """Returns a text as the agent gets it, in the light of the files as they were since the message came."""
        # The turn's one look at them; what comes after it in this turn uses what it found.
        library = self.content.library_since(came)
        read = _storable(as_text(text, {*library.topics, *library.replies}))
        if read and read != text:
            log_privacy.remember(read)
        return read or HELP_PAYLOAD

    def _is_clear(self, agent: Agent, text: str) -> bool:
        """Tells whether the agent would answer this text as an ordinary question. Runs off the event loop."""
        intent = self._intent(agent, text)
        return intent in self.content.library(SAME_TURN_SECONDS).topics and intent not in NOT_A_QUESTION

    def _is_ordinary(self, agent: Agent, text: str) -> bool:
        """Tells whether the agent understands this text, and as no danger. Runs off the event loop."""
        intent = self._intent(agent, text)
        return bool(intent) and intent not in NO_OBJECTION and not intent.startswith(INTENT_PREFIX)

    def _intent(self, agent: Agent, text: str) -> str:
        """Returns what the agent takes a text for; an empty name if it cannot say so in time."""
        if not agent.is_ready() or not text.strip():
            return ""
        work = self.thread.submit(_as_coroutine(Agent.parse_message, agent, self._for_agent(text, time.monotonic())))
        try:
            parsed = work.result(CLEAR_QUESTION_SECONDS)
        except Exception as error:
            logger.error("A message could not be understood in time (%s).", type(error).__name__)
            return ""
        finally:
            work.cancel()
        return str(parsed.get("intent", {}).get("name") or "")


def _storable(text: str) -> str:
    """Returns a text as it may be stored, published or sent to the action server."""
    if len(text) > MAX_TEXT_FOR_AGENT:
        # The question of a long story stands at its end.
        text = text[:200] + " … " + text[200 - MAX_TEXT_FOR_AGENT :]
    return text if text.startswith("/") else without_personal_details(text)


async def _as_coroutine(function: Callable[..., Awaitable[Any]], *arguments: Any) -> Any:
    return await function(*arguments)


async def _repeat(output: OutputChannel, sender: str, spoken: List[Dict[str, Any]]) -> None:
    """Gives a message that was sent twice the same answer, where its request waits for one."""
    if hasattr(output, "messages"):
        for message in spoken:
            await _send(output, sender, message)


async def _send(output: OutputChannel, sender: str, message: Dict[str, Any]) -> None:
    try:
        # A copy: channels take the text out of the message.
        await output.send_response(sender, dict(message))
    except Exception as error:  # one message that cannot be sent must not keep the next from leaving
        logger.error("A reply could not be sent on %s (%s).", output.name(), type(error).__name__)


async def _record(agent: Agent, handle: Handle, message: UserMessage, held: HeldOutput, spoken: Dict[str, Any]) -> None:
    """Lets the agent know what happened, and writes the reply down if its own action could not."""
    try:
        # Not longer: it holds the lock that the visitor's next message waits for.
        await asyncio.wait_for(handle(agent, message), RECORD_SECONDS)
    except Exception as error:
        logger.error("A crisis message could not be recorded by the agent (%s).", type(error).__name__)
    if all(response_of(said) != spoken["utter_action"] for said in held.messages):
        await record.complete(agent, message, (message.text or "").lstrip("/"), [spoken])


def _region(message: UserMessage) -> str:
    region = (message.metadata or {}).get("region")
    return region if isinstance(region, str) and re.fullmatch("[A-Z]{2}", region) else ""


def _copy(message: UserMessage, text: str, output: OutputChannel, metadata: Dict[str, Any]) -> UserMessage:
    return UserMessage(
        text,
        output,
        message.sender_id,
        input_channel=message.input_channel,
        message_id=message.message_id,
        metadata=metadata,
    )


def install(data_folder: Path, state_folder: Path) -> None:
    """Puts one guard in front of every agent of this process; a second call changes nothing."""
    handle: Handle = Agent.handle_message
    if getattr(handle, "guard", None) is not None:
        return
    log_privacy.install()
    action_calls.install()
    direct_runner.install()
    lighter_turns.install()
    guard = Guard(SafetyDesk(data_folder, state_folder), shared_content(data_folder), AgentThread())

    async def guarded(agent: Agent, message: UserMessage) -> Optional[List[Dict[str, Any]]]:
        return await guard.handle(agent, handle, message)

    guarded.guard = guard  # type: ignore[attr-defined]
    Agent.handle_message = guarded  # type: ignore[method-assign]


def installed() -> Optional[Guard]:
    """Returns the guard of this process, or None."""
    return getattr(Agent.handle_message, "guard", None)

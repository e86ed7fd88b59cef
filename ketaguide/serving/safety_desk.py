"""Reads each message for danger before anything else does, and decides what that means for the conversation."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Callable, List

from ketaguide.content.facts import load_facts
from ketaguide.safety.conversation import ORDINARY, CrisisConversation, CrisisState, Decision
from ketaguide.safety.detector import CrisisDetector
from ketaguide.safety.language import unreadable
from ketaguide.safety.replies import CrisisReply
from ketaguide.safety.shared import shared_detector
from ketaguide.safety.verdict import Verdict
from ketaguide.serving.crisis_states import CrisisStates
from ketaguide.serving.recent_messages import RecentMessages

logger = logging.getLogger(__name__)

# Enough that two visitors seldom wait for each other.
LOCKS = 64
DAY_FORMAT = "%Y-%m-%d"


@dataclass(frozen=True)
class Reading:
    """What the desk made of one message.

    Attributes:
        verdict: What the message was read as.
        decision: What to do with it.
        crisis_open: Whether the conversation has an open crisis after it.
        unreadable: Whether it is in a language that the assistant does not read.
    """

    verdict: Verdict
    decision: Decision
    crisis_open: bool
    unreadable: bool


class SafetyDesk:
    """Needs no model, network, action server, tracker store or lock; its `read` never raises."""

    def __init__(self, data_folder: Path, state_folder: Path) -> None:
        self._clinic_file = data_folder / "clinic.yml"
        self._data_folder = data_folder
        self._clinic_changed = 0.0
        self._country, self._after_hours = "", ""
        self._locks = [threading.Lock() for _ in range(LOCKS)]
        self.detector = shared_detector(data_folder / "crisis" / "rules")
        self._states = CrisisStates(state_folder)
        self._recent = RecentMessages()
        self._conversation = self._new_conversation()

    def read(
        self,
        sender: str,
        text: str,
        channel: str,
        is_clear_question: Callable[[str], bool],
        region: str = "",
        is_ordinary: Callable[[str], bool] = lambda text: False,
    ) -> Reading:
        """Returns the reading of one message and keeps the state that follows from it.

        Args:
            sender: The conversation.
            text: The whole message as it was typed.
            channel: Its name, for the log.
            is_clear_question: Tells whether a text is an ordinary question; asked only inside an open crisis or when
                a message sounds distressed.
            region: The country that the visitor chose in the channel; one named in the chat wins.
            is_ordinary: Tells whether a text is surely understood as harmless; asked only where the danger is doubtful.
        """
        # Messages of one visitor are read one after the other: each needs the state that the one before left.
        with self._locks[hash(sender) % LOCKS], self._states.one_at_a_time(sender):
            return self._read(sender, text, channel, is_clear_question, region, is_ordinary)

    def _read(
        self,
        sender: str,
        text: str,
        channel: str,
        is_clear_question: Callable[[str], bool],
        region: str,
        is_ordinary: Callable[[str], bool],
    ) -> Reading:
        now = time.time()
        try:
            self._follow_clinic_file()
            earlier = self._recent.before(sender, now)
            state = self._states.get(sender, now)
            if region and not state.country:
                state = replace(state, country=region)
            verdict = self.detector.read(text, earlier=earlier)
            if verdict.is_doubtful and is_ordinary(text):
                verdict = verdict.dropped()
            decision = self._conversation.next_turn(
                state, text, verdict, now=now, is_clear_question=is_clear_question, earlier=earlier
            )
            self._recent.add(sender, text, now)
            if decision.state != state:
                self._states.put(sender, decision.state, now)
            self._log(sender, channel, verdict, decision, now)
            return Reading(verdict, decision, decision.state.is_open, verdict.kind == "none" and unreadable(text))
        except Exception as error:  # the guard must go on whatever broke here
            logger.error("A message could not be read for danger (%s).", type(error).__name__)
            return self._reading_after_failure(text)

    def _reading_after_failure(self, text: str) -> Reading:
        verdict = CrisisDetector((), "core").read(text)
        decision = CrisisConversation.next_turn(self._conversation, CrisisState(), text, verdict, now=time.time())
        return Reading(verdict, decision, decision.state.is_open, False)

    def emergency_languages(self) -> CrisisReply:
        """Returns the line for a message in a language that cannot be read."""
        return self._conversation.replies.emergency_languages(self._country)

    def forget(self, sender: str) -> None:
        """Forgets all that is kept of a conversation."""
        self._recent.forget(sender)
        self._states.forget(sender)

    def problems(self) -> List[str]:
        """Returns what stands against being ready: rules or replies that could not be loaded."""
        found = [str(problem) for problem in self._conversation_problems]
        return found if self.detector.is_complete else [f"crisis rules: {self.detector.problem}", *found]

    def _follow_clinic_file(self) -> None:
        try:
            changed = self._clinic_file.stat().st_mtime
        except OSError:
            return
        if changed != self._clinic_changed:
            self._conversation = self._new_conversation()

    def _new_conversation(self) -> CrisisConversation:
        try:
            self._clinic_changed = self._clinic_file.stat().st_mtime
            facts = load_facts(self._data_folder)
            self._country, self._after_hours = facts["country"], facts["after_hours_phone"]
        except Exception as error:  # the last good facts stay in use; without any, the replies fit everywhere
            logger.error("The clinic's facts cannot be read for crisis replies (%s).", type(error).__name__)
        conversation, self._conversation_problems = CrisisConversation.from_folder(
            self._data_folder / "crisis", country=self._country, after_hours=self._after_hours
        )
        return conversation

    def _log(self, sender: str, channel: str, verdict: Verdict, decision: Decision, now: float) -> None:
        if verdict.kind == "none" and decision.mode == ORDINARY:
            return
        day = time.strftime(DAY_FORMAT, time.gmtime(now))
        logger.info(
            "crisis channel=%s kind=%s urgency=%s mode=%s rules=%s ruleset=%s sender=%s",
            channel,
            verdict.kind,
            verdict.urgency,
            decision.mode,
            ",".join(verdict.rule_ids),
            verdict.ruleset_version,
            self._states.sender_hash(sender, day)[:12],
        )

"""What is counted: messages, waiting time, crises by kind, rescues from silence, the state of the stores.

No visitor's words, no conversation and no address is part of any number or label.
"""

from __future__ import annotations

import logging
import re
import time
from typing import Iterable

from prometheus_client import Counter, Gauge, Histogram

logger = logging.getLogger(__name__)

# How a message ended: with an answer, with a question back or a refusal, with a crisis reply, or with the guard's line.
ANSWER, FALLBACK, CRISIS, RESCUE = "answer", "fallback", "crisis", "rescue"
FALLBACK_RESPONSES = frozenset({"utter_out_of_scope", "utter_clarify"})
_SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16)
# Channel names come from requests on this machine, too: whoever made one up must not make up numbers without end.
_MOST_CHANNELS = 20

MESSAGES = Counter("ketaguide_messages", "Messages answered, by channel and by how they ended.", ["channel", "outcome"])
ANSWER_TIME = Histogram("ketaguide_answer_seconds", "From a message to its reply.", ["channel"], buckets=_SECONDS)
CRISES = Counter("ketaguide_crisis_replies", "Crisis replies, by kind and urgency.", ["kind", "urgency"])
RESCUES = Counter("ketaguide_rescues", "Messages that would have met silence, by what went wrong.", ["reason"])
STORE_ERRORS = Counter("ketaguide_store_errors", "Stores that could not be used when they were needed.", ["store"])
WAITING = Gauge("ketaguide_waiting_changes", "Changes that wait for the database.")
CHECKS = Gauge("ketaguide_check", "Checks of readiness: 1 is good, 0 is not.", ["check"])

_channels: set[str] = set()


class Turn:
    """One message, from its arrival to its last reply."""

    def __init__(self, channel: str) -> None:
        """Starts the clock."""
        self._channel = _known(channel)
        self.came = time.monotonic()
        self._outcome = ANSWER

    def crisis(self, kind: str, urgency: str) -> None:
        """Notes that the reply was one to danger."""
        self._outcome = CRISIS
        CRISES.labels(kind, urgency).inc()

    def rescued(self, reason: str) -> None:
        """Notes that the guard spoke because nobody else did; the first reason counts."""
        if self._outcome != RESCUE:
            self._outcome = RESCUE
            RESCUES.labels(reason).inc()

    def said(self, responses: Iterable[str]) -> None:
        """Notes what was spoken, by the responses' names."""
        named = set(responses)
        if self._outcome == ANSWER and named and named <= FALLBACK_RESPONSES:
            self._outcome = FALLBACK

    def end(self) -> None:
        """Counts the message."""
        seconds = time.monotonic() - self.came
        MESSAGES.labels(self._channel, self._outcome).inc()
        ANSWER_TIME.labels(self._channel).observe(seconds)
        logger.info("message channel=%s outcome=%s ms=%d", self._channel, self._outcome, seconds * 1000)


def _known(channel: str) -> str:
    if channel in _channels:
        return channel
    if len(_channels) >= _MOST_CHANNELS or not re.fullmatch(r"[a-z_]{1,30}", channel):
        return "other"
    _channels.add(channel)
    return channel

"""Spares each message what Rasa does anew for it and needs only once, or not at all."""

from __future__ import annotations

import copy
from typing import Any, Dict

from rasa.core.processor import MessageProcessor
from rasa.shared.core.trackers import DialogueStateTracker


def _copied(tracker: DialogueStateTracker) -> DialogueStateTracker:
    """Returns a copy of the tracker's state; Rasa replays all its events for that, with every action."""
    copied = tracker.init_copy()
    copied.events = copy.copy(tracker.events)
    for name, slot in tracker.slots.items():
        copied.slots[name] = copy.copy(slot)
    copied._paused = tracker._paused
    copied.followup_action = tracker.followup_action
    copied.latest_action = copy.copy(tracker.latest_action)
    copied.latest_message = tracker.latest_message
    copied.latest_bot_utterance = tracker.latest_bot_utterance
    copied.active_loop = copy.copy(tracker.active_loop)
    return copied


def _no_warning(processor: MessageProcessor, parse_data: Dict[str, Any]) -> None:
    """Does not compare a message's intent with the domain: both come from one training."""


def install() -> None:
    """Puts these in place of Rasa's own."""
    DialogueStateTracker.copy = _copied  # type: ignore[method-assign]
    MessageProcessor._check_for_unseen_features = _no_warning  # type: ignore[method-assign]

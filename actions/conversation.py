"""What the actions read from a conversation and from the content folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import List

from rasa_sdk import Tracker

from ketaguide.content.approvals import may_be_spoken
from ketaguide.content.live import shared_content
from ketaguide.content.load import Library
from ketaguide.content.model import UTTER_PREFIX
from ketaguide.dialogue.provider import Turn

CONTENT_FOLDER_VARIABLE = "CONTENT_DIR"


def library() -> Library:
    """Returns all content as its files are now."""
    return shared_content(Path(os.environ.get(CONTENT_FOLDER_VARIABLE, "data"))).library()


def current_turn(tracker: Tracker) -> Turn:
    """Returns what the provider suggestion rests on: the last message, the answer given, the turn before."""
    turns = _actions_by_turn(tracker)
    answered = next((name for name in reversed(turns[-1]) if name.startswith(UTTER_PREFIX)), "")
    topic = library().topics.get(answered[len(UTTER_PREFIX) :])
    if topic and not may_be_spoken(topic):
        topic = None
    return Turn(
        text=str(tracker.latest_message.get("text") or ""),
        topic=topic.id if topic else None,
        topic_asks=bool(topic and topic.suggest_provider),
        suggested_last_turn=len(turns) > 1 and "action_suggest_provider" in turns[-2],
        crisis_open=bool(((tracker.latest_message.get("metadata") or {}).get("crisis") or {}).get("open")),
    )


def _actions_by_turn(tracker: Tracker) -> List[List[str]]:
    """Returns the names of the actions of each turn, the latest turn last."""
    turns: List[List[str]] = [[]]
    for event in tracker.events:
        if event.get("event") == "user":
            turns.append([])
        elif event.get("event") == "action":
            turns[-1].append(str(event.get("name") or ""))
    return turns

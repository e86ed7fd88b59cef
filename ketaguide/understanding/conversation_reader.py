"""Reads each message in the light of the conversation, after the classifiers and before fallback and crisis."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import (
    ENTITIES,
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from ketaguide.content.live import SAME_TURN_SECONDS, LiveContent, shared_content
from ketaguide.content.model import UTTER_PREFIX
from ketaguide.dialogue.cues import read_cues
from ketaguide.dialogue.feelings import lead
from ketaguide.dialogue.light import Heard, shares
from ketaguide.dialogue.reading import Known, Part, Reading, Spoken, read
from ketaguide.understanding.linear_classifier import SCORES_KEY
from ketaguide.understanding.message_parts import MEANT, PART_KEY
from ketaguide.understanding.sign_classifier import NEARNESS_KEY, SIGNS_KEY
from ketaguide.understanding.talk_so_far import READING_KEY, talk_so_far

# The intent of a message that is answered by the reading and not by a rule.
FOLLOW_UP = "follow_up"
# Intents whose rule gives the same reply as the reading.
SMALL_TALK = frozenset({"help", "human_handoff", "goodbye"})
RANKING_LENGTH = 10
_PAYLOAD = re.compile(r'/(?P<intent>\w+)(?:\{"group":\s*"(?P<group>\w+)"\})?')


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class ConversationReader(GraphComponent):
    """Replaces intent and ranking where the conversation tells what is meant; keeps the reason beside them."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """The component's default config (see parent class for full docstring)."""
        return {"content_dir": "data"}

    def __init__(self, content: LiveContent) -> None:
        """Construct the component around the live content."""
        self._content = content

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ConversationReader:
        """Creates a component over the configured folder (see parent class for full docstring)."""
        return cls(shared_content(Path(config["content_dir"])))

    def process(self, messages: List[Message], tracker: DialogueStateTracker) -> List[Message]:
        """Reads each message with its parts, and returns the messages without them."""
        whole: List[Message] = []
        parts: Dict[int, List[Message]] = {}
        for message in messages:
            if message.get(PART_KEY):
                parts[len(whole) - 1].append(message)
            else:
                parts[len(whole)] = []
                whole.append(message)
        for number, message in enumerate(whole):
            text = message.get(TEXT)
            if text and message.get(SCORES_KEY) and not text.startswith("/"):
                self._read(message, parts[number], tracker)
        return whole

    def _read(self, message: Message, parts: List[Message], tracker: DialogueStateTracker) -> None:
        topics = self._content.library(SAME_TURN_SECONDS).topics
        context = talk_so_far(tracker, topics, time.time())
        known = Known(topics, message.get(NEARNESS_KEY) or {}, self._content.glossary())
        text = message.get(TEXT)
        spoken = Spoken(text, _heard(message), tuple(Part(_heard(part), part.get(PART_KEY) == MEANT) for part in parts))
        reading = read(spoken, context, known)
        _set_intent(message, reading)
        stamp = {**reading.stamp(), "intent": message.get(INTENT)[INTENT_NAME_KEY]}
        warm = lead(text, context, self._content.leads())
        if warm:
            stamp["lead"] = warm
        message.set(READING_KEY, stamp, add_to_output=True)


def _heard(message: Message) -> Heard:
    return Heard(message.get(SCORES_KEY) or {}, message.get(SIGNS_KEY) or {}, read_cues(message.get(TEXT)))


def _set_intent(message: Message, reading: Reading) -> None:
    if reading.payload:
        match = _PAYLOAD.match(reading.payload)
        _set_certain(message, match["intent"] if match else FOLLOW_UP)
        if match and match["group"]:
            message.set(ENTITIES, [{"entity": "group", "value": match["group"]}], add_to_output=True)
    elif reading.say:
        _set_certain(message, _intent_of(reading))
    elif reading.scores is not None:
        _set_ranking(message, reading.scores)


def _intent_of(reading: Reading) -> str:
    name = reading.say[0][len(UTTER_PREFIX) :]
    return name if name == reading.topic or name in SMALL_TALK else FOLLOW_UP


def _set_certain(message: Message, intent: str) -> None:
    first = {INTENT_NAME_KEY: intent, PREDICTED_CONFIDENCE_KEY: 1.0}
    others = [
        {**entry, PREDICTED_CONFIDENCE_KEY: 0.0}
        for entry in message.get(INTENT_RANKING_KEY) or []
        if entry[INTENT_NAME_KEY] != intent
    ]
    message.set(INTENT, first, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [first, *others], add_to_output=True)


def _set_ranking(message: Message, scores: Mapping[str, float]) -> None:
    confidences = shares(scores)
    best = sorted(confidences, key=lambda intent: -confidences[intent])[:RANKING_LENGTH]
    ranking: List[Dict[str, Any]] = [
        {INTENT_NAME_KEY: intent, PREDICTED_CONFIDENCE_KEY: confidences[intent]} for intent in best
    ]
    message.set(INTENT, ranking[0], add_to_output=True)
    message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)


def reading_of(parse_data: Optional[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Returns the reading of a parsed message; nothing where something after it, such as danger, decided otherwise."""
    parsed = parse_data or {}
    reading: Mapping[str, Any] = parsed.get(READING_KEY) or {}
    return reading if reading.get("intent") == (parsed.get(INTENT) or {}).get(INTENT_NAME_KEY) else {}

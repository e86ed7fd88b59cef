"""First component of the pipeline: lets the questions inside a message be read beside the whole of it."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from ketaguide.dialogue.questions import meant_in, questions_in

PART_KEY = "part"
QUESTION, MEANT = "question", "meant"
# In a message this long a single question stands at the end of a story.
STORY_WORDS = 25


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class MessageParts(GraphComponent):
    """Adds one message per question; `ConversationReader` takes them out of the list again."""

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MessageParts:
        """Creates a new component (see parent class for full docstring)."""
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        """Returns the messages, each followed by its parts; most have none."""
        return [entry for message in messages for entry in (message, *parts(message.get(TEXT) or ""))]


def parts(text: str) -> List[Message]:
    """Returns the questions of a text with several, the one question of a story, and what a correction meant."""
    if text.startswith("/"):
        return []
    found = questions_in(text)
    if len(found) == 1 and len(text.split()) < STORY_WORDS:
        found = []
    meant = meant_in(text)
    return [Message({TEXT: question, PART_KEY: QUESTION}) for question in found] + (
        [Message({TEXT: meant, PART_KEY: MEANT})] if meant else []
    )

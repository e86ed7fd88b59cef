"""Offers the answers that a message may have meant."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import library
from ketaguide.content.speech import payload
from ketaguide.dialogue.clarify import options


class ActionClarify(Action):
    """Asks which of up to three answers is meant; without candidates it says what the assistant can do."""

    def name(self) -> str:
        """Returns the action's name in the domain."""
        return "action_clarify"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[Dict[str, Any]]:
        """Utters the question with one button per candidate."""
        topics = library().topics
        ids = options(tracker.latest_message.get("intent_ranking") or [], topics)
        if not ids:
            dispatcher.utter_message(response="utter_out_of_scope")
            return []
        buttons = [{"title": topics[id_].title, "payload": payload(f"topic:{id_}")} for id_ in ids]
        dispatcher.utter_message(response="utter_clarify", buttons=buttons)
        return []

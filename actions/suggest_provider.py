"""Suggests seeing a provider, after the general answer."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import current_turn
from ketaguide.dialogue.provider import provider_suggestion


class ActionSuggestProvider(Action):
    """Says that this assistant can't judge the visitor's case, whom to ask, what to ask, and how to reach them."""

    def name(self) -> str:
        """Returns the action's name in the domain."""
        return "action_suggest_provider"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[Dict[str, Any]]:
        """Utters the suggestion that fits the visitor's message, if one is due."""
        suggestion = provider_suggestion(current_turn(tracker))
        if suggestion:
            dispatcher.utter_message(response="utter_suggest_provider", suggestion=suggestion)
        return []

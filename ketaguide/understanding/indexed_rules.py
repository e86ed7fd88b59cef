"""Rasa's RulePolicy with its rules in an index: stock scans every rule, and every turn so far, for each prediction."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple

from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

Found = Tuple[Optional[str], Optional[str], bool]
# The next action and the rule that says so, by intent and the action that the assistant took last.
Index = Dict[Tuple[str, str], Tuple[str, str]]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class IndexedRulePolicy(RulePolicy):
    """Decides as its parent does, in constant time where all rules are of the form "intent, action, wait".

    A rule with a form, slot, entity, text or several turns in it is left to the parent, and all others with it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Construct the policy (see parent class for the arguments)."""
        super().__init__(*args, **kwargs)
        self._index = _index(self)

    def _find_action_from_rules(
        self, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
    ) -> Found:
        if self._index is None or tracker.active_loop_name:
            return super()._find_action_from_rules(tracker, domain, use_text_for_last_user_input)
        intent = tracker.latest_message.intent.get("name") if tracker.latest_message else None
        if use_text_for_last_user_input or not intent:
            return None, None, False
        action, rule = self._index.get((intent, _last_action_of_turn(tracker)), (None, None))
        return action, rule, False


def _last_action_of_turn(tracker: DialogueStateTracker) -> str:
    """Returns the one action since the visitor's message, `action_listen` for none, an empty name for several."""
    actions: List[str] = []
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            break
        if isinstance(event, ActionExecuted) and event.action_name:
            actions.append(event.action_name)
    if not actions:
        return ACTION_LISTEN_NAME
    return actions[0] if len(actions) == 1 else ""


def _index(policy: RulePolicy) -> Optional[Index]:
    """Returns the index, or None where a rule does not fit into it."""
    rules = policy.lookup.get(RULES) or {}
    if not rules or policy.lookup.get(RULES_FOR_LOOP_UNHAPPY_PATH):
        return None
    index: Index = {}
    for key, action in rules.items():
        place = _place(policy._rule_key_to_state(key))
        if place is None or place in index:
            return None
        index[place] = action, key
    return index


def _place(states: List[State]) -> Optional[Tuple[str, str]]:
    """Returns the intent and the last action of a rule, or None where it asks for anything else."""
    if len(states) > 2 or any(not _is_plain(state) for state in states):
        return None
    intents = {str(state["user"]["intent"]) for state in states}
    actions = [str(state["prev_action"]["action_name"]) for state in states]
    if len(intents) != 1 or actions[0] != ACTION_LISTEN_NAME or (len(actions) == 2 and actions[1] == actions[0]):
        return None
    return intents.pop(), actions[-1]


def _is_plain(state: State) -> bool:
    return (
        set(state) == {"user", "prev_action"}
        and set(state["user"]) == {"intent"}
        and set(state["prev_action"]) == {"action_name"}
    )

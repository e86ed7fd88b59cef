"""Ends a turn well: suggests a provider after an answer where that is due, and never lets a turn end in silence."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence

from rasa.core.featurizers.tracker_featurizers import TrackerFeaturizer
from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, UserUttered
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from ketaguide.content.approvals import may_be_spoken
from ketaguide.content.live import SAME_TURN_SECONDS, shared_content
from ketaguide.content.model import UTTER_PREFIX
from ketaguide.dialogue.clarify import options
from ketaguide.dialogue.provider import Turn, provider_suggestion
from ketaguide.understanding.conversation_reader import reading_of
from ketaguide.understanding.replies import as_event, response_of

ACTION_SUGGEST_PROVIDER = "action_suggest_provider"
ACTION_CRISIS_SUPPORT = "action_crisis_support"
UTTER_CLARIFY = "utter_clarify"
UTTER_OUT_OF_SCOPE = "utter_out_of_scope"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=False)
class TurnPolicy(Policy):
    """Adds to what the rules decided; stands above the RulePolicy, abstains in all other cases."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Returns the default config (see parent class for full docstring)."""
        return {
            # Above the RulePolicy's 6: both are certain.
            "priority": 7,
            "content_dir": "data",
        }

    def __init__(
        self,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        featurizer: Optional[TrackerFeaturizer] = None,
    ) -> None:
        """Construct the policy; topics are read live, so that a changed `suggest_provider` counts at once."""
        super().__init__(config, model_storage, resource, execution_context, featurizer)
        self._content = shared_content(Path(config["content_dir"]))

    def train(self, training_trackers: List[TrackerWithCachedStates], domain: Domain, **kwargs: Any) -> Resource:
        """Learns nothing."""
        return self._resource

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: Optional[Dict[str, Any]] = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Predicts the next action, or abstains with zero confidence."""
        action = self._next_action(tracker)
        # Rasa writes these down whichever policy wins.
        events = _said_before_the_answer(tracker)
        if action is None or action not in domain.action_names_or_texts:
            return self._prediction(self._default_predictions(domain), events=events)
        prediction = PolicyPrediction.for_action_name(domain, action, self.__class__.__name__)
        return self._prediction(prediction.probabilities, events=events)

    def _next_action(self, tracker: DialogueStateTracker) -> Optional[str]:
        turn = _events_of_turn(tracker)
        executed = [event.action_name for event in turn if isinstance(event, ActionExecuted) and event.action_name]
        planned = _planned(tracker)
        if len(executed) < len(planned):
            return planned[len(executed)]
        if not executed:
            return UTTER_OUT_OF_SCOPE if _without_intent(tracker) else None
        if executed[-1] == ACTION_SUGGEST_PROVIDER:
            return ACTION_LISTEN_NAME
        if not _has_spoken(tracker, turn, executed):
            return self._words_for_silence(tracker, executed)
        if self._suggestion_due(tracker, executed):
            return ACTION_SUGGEST_PROVIDER
        # No rule knows what comes after replies that only the reading asked for.
        return ACTION_LISTEN_NAME if planned else None

    def _words_for_silence(self, tracker: DialogueStateTracker, executed: List[str]) -> Optional[str]:
        # An action that failed left the visitor without a word; what follows runs in this process.
        if executed[-1] == ACTION_CRISIS_SUPPORT and tracker.latest_message:
            return f"{UTTER_PREFIX}{tracker.latest_message.intent.get('name')}"
        ranking = tracker.latest_message.parse_data.get("intent_ranking") or [] if tracker.latest_message else []
        words = (
            UTTER_CLARIFY if options(ranking, self._content.library(SAME_TURN_SECONDS).topics) else UTTER_OUT_OF_SCOPE
        )
        return words if words not in executed else None

    def _suggestion_due(self, tracker: DialogueStateTracker, executed: List[str]) -> bool:
        return provider_suggestion(self._turn(tracker, executed[-1])) is not None

    def _turn(self, tracker: DialogueStateTracker, last_action: str) -> Turn:
        topic = self._content.library(SAME_TURN_SECONDS).topics.get(last_action[len(UTTER_PREFIX) :])
        if topic and not may_be_spoken(topic):
            # What was said in its place offers a provider already.
            topic = None
        return Turn(
            text=(tracker.latest_message.text or "") if tracker.latest_message else "",
            topic=topic.id if topic else None,
            topic_asks=bool(topic and topic.suggest_provider),
            suggested_last_turn=_suggested_last_turn(tracker),
            crisis_open=_crisis_open(tracker),
        )


def _by_guard(tracker: DialogueStateTracker) -> Dict[str, Any]:
    """Returns what the guard has said before this turn's answer, in the form in which channels take it; or {}."""
    metadata = (tracker.latest_message.metadata or {}) if tracker.latest_message else {}
    return dict((metadata.get("crisis") or {}).get("before") or {})


def _has_spoken(tracker: DialogueStateTracker, turn: List[Event], executed: List[str]) -> bool:
    # A response always has words; `rasa test` knows it by its name alone.
    return any(name.startswith(UTTER_PREFIX) for name in executed) or any(
        isinstance(event, BotUttered) and not _is_by_guard(tracker, event) for event in turn
    )


def _is_by_guard(tracker: DialogueStateTracker, event: BotUttered) -> bool:
    said = _by_guard(tracker)
    return bool(said) and response_of(event.metadata) == response_of(said)


def _said_before_the_answer(tracker: DialogueStateTracker) -> List[Event]:
    """Returns the guard's line for the record, once, as the first event of its turn."""
    said = _by_guard(tracker)
    if not said or any(isinstance(event, (ActionExecuted, BotUttered)) for event in _events_of_turn(tracker)):
        return []
    return [as_event(said)]


def _planned(tracker: DialogueStateTracker) -> Sequence[str]:
    """Returns the responses that the reading of the conversation asks for; none where the rules decide."""
    return reading_of(tracker.latest_message.parse_data).get("say", ()) if tracker.latest_message else ()


def _events_of_turn(tracker: DialogueStateTracker) -> List[Event]:
    """Returns the events after the visitor's last message, oldest first."""
    turn: List[Event] = []
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            break
        turn.append(event)
    return turn[::-1]


def _without_intent(tracker: DialogueStateTracker) -> bool:
    # An empty message has no intent, so no rule speaks for it.
    message = tracker.latest_message
    return bool(tracker.events) and message is not None and not message.intent.get("name")


def _crisis_open(tracker: DialogueStateTracker) -> bool:
    # The guard says so with each message.
    metadata = (tracker.latest_message.metadata or {}) if tracker.latest_message else {}
    return bool((metadata.get("crisis") or {}).get("open"))


def _suggested_last_turn(tracker: DialogueStateTracker) -> bool:
    turns_back = 0
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            turns_back += 1
        elif turns_back == 1 and isinstance(event, ActionExecuted) and event.action_name == ACTION_SUGGEST_PROVIDER:
            return True
        if turns_back > 1:
            break
    return False

"""Calls to the action server: short, an answer waited for no longer than a visitor would, and checked at once.

Rasa sends the whole conversation each time, waits five minutes, whatever an endpoint says, and prepares its constant
schema anew for every custom action, some 36 ms each time.
"""

from __future__ import annotations

import copy
from collections import deque
from itertools import islice
from typing import Any, Callable, Dict

import jsonschema
import rasa.core.actions.action
from jsonschema.exceptions import best_match
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

ANSWER_SECONDS = 1.0
# About eight turns; the actions look at two.
EVENTS_SENT = 60
_whole_call_format: Callable[..., Dict[str, Any]] = RemoteAction._action_call_format
_schema = RemoteAction.action_response_format_spec()
_validator = jsonschema.validators.validator_for(_schema)(_schema)


def _action_call_format(action: RemoteAction, tracker: DialogueStateTracker, domain: Domain) -> Dict[str, Any]:
    """Returns what Rasa sends, but of the events only the newest."""
    recent = copy.copy(tracker)
    recent.events = deque(islice(tracker.events, max(0, len(tracker.events) - EVENTS_SENT), None))
    return _whole_call_format(action, recent, domain)


def _validate_action_result(_: RemoteAction, result: Dict[str, Any]) -> bool:
    error = best_match(_validator.iter_errors(result))
    if error is not None:
        raise error
    return True


def install() -> None:
    """Puts the shorter call, the shorter wait and the prepared check in place of Rasa's."""
    # Each call has its limit from here; that of the endpoint's session does not count.
    rasa.core.actions.action.DEFAULT_REQUEST_TIMEOUT = ANSWER_SECONDS
    RemoteAction._action_call_format = _action_call_format  # type: ignore[method-assign]
    RemoteAction._validate_action_result = _validate_action_result  # type: ignore[method-assign]

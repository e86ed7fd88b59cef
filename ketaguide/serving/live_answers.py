"""Rasa's response generator over live content: an edit is spoken at the next message.

Whatever happens, it returns words: Rasa answers a failing or empty generator with silence.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from ketaguide.content.approvals import approval_required, is_approved, may_be_spoken
from ketaguide.content.live import SAME_TURN_SECONDS, shared_content
from ketaguide.content.load import Library
from ketaguide.content.model import UTTER_PREFIX, Term, Topic, Wording
from ketaguide.content.speech import DEFAULT_LANGUAGE, Speech, payload, speak
from ketaguide.dialogue import clarify
from ketaguide.safety.replies import CrisisReplies
from ketaguide.safety.verdict import CRISIS_KINDS, Verdict
from ketaguide.serving import guard
from ketaguide.serving.crisis_messages import as_message
from ketaguide.serving.spoken_reading import SpokenReading

logger = logging.getLogger(__name__)

DEFAULT_CONTENT_FOLDER = "data"
DEFAULT_STATE_FOLDER = "var"
LAST_RESORT = (
    "I'm sorry, I can't answer right now. Please ask the clinic. If you or someone else is in danger, "
    "call your local emergency number (911 in the US)."
)
NOT_APPROVED_NOTE = "My answers have not yet been approved by a clinician."
CRISIS_UTTERANCES = frozenset(
    {*(f"utter_crisis_{kind}" for kind in CRISIS_KINDS), "utter_support_distress", "utter_crisis_followup"}
    | {"utter_crisis_hold", "utter_emergency_languages"}
)
GROUP_ENTITY = "group"
SUGGESTION_KEY = "suggestion"


class LiveAnswers(TemplatedNaturalLanguageGenerator):
    """Speaks answers from the content folder, stamped with topic, version and language.

    Rasa overwrites `responses` with the trained stubs when a model is loaded; live content is kept apart from it.
    """

    def __init__(self, endpoint_config: Optional[EndpointConfig] = None, domain: Optional[Domain] = None) -> None:
        """Construct the generator; the domain is still empty when a server starts."""
        super().__init__(domain.responses if domain else {})
        options: Mapping[str, Any] = endpoint_config.kwargs if endpoint_config else {}
        folder = Path(options.get("content_dir") or DEFAULT_CONTENT_FOLDER)
        self.content = shared_content(folder)
        self._crisis_replies = CrisisReplies.from_folder(folder / "crisis")
        # Whether all is approved is asked with every message and changes only with a file.
        self._noted: Optional[Mapping[str, Topic]] = None
        self._all_approved = False
        # Every server builds its generator before it answers, so this puts the guard in front of plain `rasa` too.
        guard.install(folder, Path(options.get("state_dir") or DEFAULT_STATE_FOLDER))

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> Dict[str, Any]:
        """Returns a message with text, buttons and its stamp; never raises, never returns nothing."""
        try:
            return self._message(utter_action, tracker, kwargs)
        except Exception as error:  # the visitor must get words whatever went wrong
            # The type only: an exception's text may quote the visitor.
            logger.error("The answer %s could not be spoken (%s).", utter_action, type(error).__name__)
            return {"text": LAST_RESORT, "utter_action": utter_action}

    def _message(self, utter_action: str, tracker: DialogueStateTracker, options: Mapping[str, Any]) -> Dict[str, Any]:
        if utter_action in CRISIS_UTTERANCES:
            return self._crisis_message(utter_action, tracker)
        library, id_ = self.content.library(_age_allowed(tracker)), utter_action[len(UTTER_PREFIX) :]
        reading = SpokenReading(utter_action, tracker)
        spoken_id = str(options.get(SUGGESTION_KEY) or reading.words or id_)
        group = _chosen_group(tracker) if id_ == "help" else None
        if group:
            spoken_id = "help_group"
        wording = self.content.glossary().get(reading.term) or library.wording(spoken_id) or library.wording(id_)
        if wording is None:
            logger.error("There are no words for %s.", utter_action)
            return {"text": LAST_RESORT, "utter_action": utter_action}
        if isinstance(wording, (Topic, Term)) and not may_be_spoken(wording):
            withdrawn = isinstance(wording, Topic) and wording.withdrawn
            wording = library.replies["withdrawn" if withdrawn else "not_approved"]
        speech = speak(wording, library, self._facts(library), form=reading.form)
        buttons = reading.buttons(library) or _extra_buttons(id_, group, tracker, library, options)
        message = _as_message(utter_action, speech, buttons)
        return reading.complete(message, wording, library, self.content.leads())

    def _crisis_message(self, utter_action: str, tracker: DialogueStateTracker) -> Dict[str, Any]:
        """Returns what the guard has sent; where no guard stood in front, the reply to the verdict in the message."""
        latest = tracker.latest_message
        sent = ((latest.metadata or {}).get("crisis") or {}).get("reply") if latest else None
        if sent and sent.get("utter_action") == utter_action:
            return dict(sent)
        parsed = (latest.parse_data or {}).get("crisis") if latest else None
        kind = utter_action.replace("utter_crisis_", "")
        verdict = Verdict(**{**parsed, "also": tuple(parsed["also"])}) if parsed else Verdict(kind=kind, urgency="soon")
        country = self.content.facts().get("country", "")
        return as_message(self._crisis_replies.crisis_reply(verdict, country=country, language=verdict.language))

    def _facts(self, library: Library) -> Dict[str, str]:
        if library.topics is not self._noted:
            self._noted, self._all_approved = library.topics, all_approved(library)
        silent = self._all_approved or approval_required()
        return {**self.content.facts(), "approval_note": "" if silent else NOT_APPROVED_NOTE}


def _age_allowed(tracker: DialogueStateTracker) -> float:
    """Returns how old a look at the files may be: the guard has looked when the message came."""
    latest = tracker.latest_message
    return SAME_TURN_SECONDS if latest and ((latest.metadata or {}).get("crisis") or {}).get("read") else 0.0


def all_approved(library: Library) -> bool:
    """Says whether a clinician approved every answer as it stands."""
    wordings: List[Wording] = list(library.topics.values())
    return all(is_approved(wording, DEFAULT_LANGUAGE) for wording in wordings)


def _chosen_group(tracker: DialogueStateTracker) -> Optional[str]:
    entities = tracker.latest_message.entities if tracker.latest_message else []
    return next((str(entity["value"]) for entity in entities if entity.get("entity") == GROUP_ENTITY), None)


def _extra_buttons(
    id_: str, group: Optional[str], tracker: DialogueStateTracker, library: Library, options: Mapping[str, Any]
) -> List[Dict[str, str]]:
    if group:
        ids = [*library.groups.get(group, ())]
    elif id_ == "clarify" and not options.get("buttons"):
        ranking = tracker.latest_message.parse_data.get("intent_ranking") or [] if tracker.latest_message else []
        ids = clarify.options(ranking, library.topics)
    else:
        ids = []
    offered = (library.topics[id_] for id_ in ids if id_ in library.topics)
    return [{"title": topic.title, "payload": payload(f"topic:{topic.id}")} for topic in offered if not topic.withdrawn]


def _as_message(utter_action: str, speech: Speech, extra_buttons: List[Dict[str, str]]) -> Dict[str, Any]:
    message: Dict[str, Any] = {"text": speech.text, "utter_action": utter_action, **speech.stamp}
    if speech.short:
        message["short"] = speech.short
    buttons = [{"title": title, "payload": target} for title, target in speech.buttons] + extra_buttons
    if buttons:
        message["buttons"] = buttons
    return message

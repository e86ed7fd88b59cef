"""What the reading of a message changes about its reply: which words, what goes before them, what is offered."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Sequence, Tuple

from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from ketaguide.content.approvals import approval_required
from ketaguide.content.load import Library
from ketaguide.content.model import UTTER_PREFIX, Term, Topic, Wording
from ketaguide.content.speech import payload
from ketaguide.dialogue.feelings import WELCOME_BACK
from ketaguide.understanding.conversation_reader import reading_of

CLARIFY, SOURCES, GLOSSARY = "utter_clarify", "utter_sources", "utter_glossary"
STAMP_KEYS = ("reason", "before", "aspect", "form", "misses")


class SpokenReading:
    """The reading of the newest message, for one of the replies to it."""

    def __init__(self, utter_action: str, tracker: DialogueStateTracker) -> None:
        """Looks the reading up; without one, nothing is changed."""
        latest = tracker.latest_message
        self._utter_action = utter_action
        self._reading = reading_of(latest.parse_data) if latest else {}
        self._say: Sequence[str] = self._reading.get("say") or ()
        crisis = ((latest.metadata or {}).get("crisis") or {}) if latest else {}
        # The guard's own words about distress are warm enough, and nothing stands between a crisis and its help.
        self._may_lead = not _spoken_already(tracker) and not crisis.get("open") and not crisis.get("before")

    @property
    def words(self) -> str:
        """The id of the reply whose words are spoken, or ""."""
        return str(self._reading.get("words") or "") if self._utter_action == CLARIFY else ""

    @property
    def term(self) -> str:
        """The id of the term to explain, or ""."""
        return str(self._reading.get("term") or "") if self._utter_action == GLOSSARY else ""

    @property
    def form(self) -> str:
        """Which words of the answer: the second and third of several answers are short."""
        if len(self._say) > 1 and self._utter_action in self._say[1:]:
            return "short"
        own = self._utter_action == f"{UTTER_PREFIX}{self._reading.get('topic')}"
        return str(self._reading.get("form") or "") if own else ""

    def buttons(self, library: Library) -> List[Dict[str, str]]:
        """Returns what this reply offers beside its own buttons."""
        if self._utter_action == CLARIFY or (len(self._say) > 1 and self._utter_action == self._say[-1]):
            return [dict(offer) for offer in self._reading.get("offers") or ()]
        topic = library.topics.get(str(self._reading.get("topic"))) if self.term else None
        return [{"title": topic.title, "payload": payload(f"topic:{topic.id}")}] if topic else []

    def complete(
        self, message: Dict[str, Any], wording: Wording, library: Library, leads: Mapping[str, Sequence[str]]
    ) -> Dict[str, Any]:
        """Returns the message with its sources, its first sentence and the reason for it."""
        if self._utter_action == SOURCES:
            message = _with_sources(message, str(self._reading.get("topic")), library)
        sentence = self._lead(wording, leads)
        if sentence:
            message = {**message, "text": f"{sentence} {message['text']}"}
        stamp = {key: self._reading[key] for key in STAMP_KEYS if self._reading.get(key)}
        return {**message, "reading": stamp} if stamp else message

    def _lead(self, wording: Wording, leads: Mapping[str, Sequence[str]]) -> str:
        feeling, _, number = str(self._reading.get("lead") or "").partition(".")
        fits = isinstance(wording, (Topic, Term)) or feeling == WELCOME_BACK
        sentences = leads.get(feeling, ())
        if not sentences or not fits or not self._may_lead or approval_required():
            return ""
        return sentences[int(number) % len(sentences)]


def _spoken_already(tracker: DialogueStateTracker) -> bool:
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            return False
        if isinstance(event, BotUttered):
            return True
    return False


def _with_sources(message: Dict[str, Any], topic: str, library: Library) -> Dict[str, Any]:
    known = library.topics.get(topic)
    if known is None:
        return message
    sources: Tuple[Any, ...] = tuple(library.sources[id_] for id_ in known.sources if id_ in library.sources)
    lines = [f"- {source.title}. {source.publisher}, {source.year}. {source.url}" for source in sources]
    listed = [{"title": s.title, "publisher": s.publisher, "year": s.year, "url": s.url} for s in sources]
    return {**message, "text": "\n".join([message["text"], *lines]), "sources": listed, "about": topic}

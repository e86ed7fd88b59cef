"""What is said for one answer: words with facts filled in, and the stamp that tells which words they were."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Tuple

from ketaguide.content.approvals import is_approved, version
from ketaguide.content.facts import fill
from ketaguide.content.load import Library
from ketaguide.content.model import Button, Reply, Topic, Wording

DEFAULT_LANGUAGE = "en"
TOPIC, GROUP, REPLY = "topic", "group", "reply"


@dataclass(frozen=True)
class Speech:
    """One utterance, ready for any channel.

    Attributes:
        text: The words, facts filled in; never empty, never with a brace.
        short: The text-message form, or "".
        buttons: Quick replies as (title, payload).
        stamp: What the message's event carries: topic, content_version, language, approved, sources.
    """

    text: str
    short: str
    buttons: Tuple[Tuple[str, str], ...]
    stamp: Mapping[str, Any]


def speak(
    wording: Wording,
    library: Library,
    facts: Mapping[str, str],
    language: str = DEFAULT_LANGUAGE,
    form: str = "",
) -> Speech:
    """Returns what to say for a topic or reply, in `language` where it has it, else in English.

    Args:
        wording: The topic or reply.
        library: Where the words on its buttons are found.
        facts: The clinic's facts by name.
        language: Two letters.
        form: "short", "simpler" or "more" for those words where the answer has them; else its full words.
    """
    if language not in wording.answer:
        language = DEFAULT_LANGUAGE
    text = fill(_template(wording, language, form), facts)
    short = fill(wording.short.get(language, ""), facts)
    return Speech(text, short, tuple(_buttons(wording, library)), _stamp(wording, library, language))


def _template(wording: Wording, language: str, form: str) -> str:
    forms = {
        "short": (wording.short,),
        "simpler": (wording.simpler, wording.short),
        "more": (wording.more,),
    }
    return next((texts[language] for texts in forms.get(form, ()) if texts.get(language)), wording.answer[language])


def payload(target: str) -> str:
    """Returns the message that a button sends for `topic:<id>`, `group:<id>` or `reply:<id>`."""
    kind, _, id_ = target.partition(":")
    return f'/help{{"group":"{id_}"}}' if kind == GROUP else f"/{id_}"


def _buttons(wording: Wording, library: Library) -> List[Tuple[str, str]]:
    if isinstance(wording, Topic):
        related = [library.topics[id_] for id_ in wording.related if _is_offered(id_, library)]
        return [(topic.title, payload(f"{TOPIC}:{topic.id}")) for topic in related]
    chosen: Tuple[Button, ...] = wording.buttons if isinstance(wording, Reply) else ()
    return [(button.title, payload(button.target)) for button in chosen]


def _is_offered(id_: str, library: Library) -> bool:
    return id_ in library.topics and library.topics[id_].withdrawn is None


def _stamp(wording: Wording, library: Library, language: str) -> Dict[str, Any]:
    stamp: Dict[str, Any] = {
        "topic": wording.id,
        "content_version": version(wording, language),
        "language": language,
        "approved": is_approved(wording, language),
        "risk": wording.risk,
    }
    if isinstance(wording, Topic):
        stamp["checked_on"] = wording.checked_on
        stamp["sources"] = [
            {"title": source.title, "publisher": source.publisher, "year": source.year, "url": source.url}
            for source in (library.sources[id_] for id_ in wording.sources if id_ in library.sources)
        ]
    return stamp

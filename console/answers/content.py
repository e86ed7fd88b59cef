"""The content folder as the console sees it: always as fresh as its files."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional

from django.conf import settings
from django.http import Http404

from ketaguide.content.approvals import text_hash
from ketaguide.content.lint import lint_topic
from ketaguide.content.live import LiveContent, shared_content
from ketaguide.content.load import TOPIC_KEYS, Library
from ketaguide.content.model import Evidence, Topic
from ketaguide.content.problems import Problem

# What a draft may change, in the order of the topic file.
FIELDS = tuple(key for key in TOPIC_KEYS if key not in {"id", "approvals", "withdrawn"})
TUPLES = frozenset({"sources", "related", "examples"})


def live() -> LiveContent:
    """Returns the content of this clinic's folder."""
    return shared_content(settings.DATA_FOLDER)


def library() -> Library:
    """Returns all answers as their files are now."""
    return live().library()


def facts() -> Dict[str, str]:
    """Returns the clinic's facts by name."""
    return {**live().facts(), "approval_note": ""}


def broken_files() -> List[str]:
    """Returns the names of the content files whose present state cannot be used."""
    return sorted(Path(file).name for file in live().broken_files())


def topic_or_404(id_: str) -> Topic:
    """Returns the live answer.

    Raises:
        Http404: if there is none.
    """
    topic = library().topics.get(id_)
    if topic is None:
        raise Http404("There is no such answer.")
    return topic


def topic_file(group: str, id_: str) -> str:
    """Returns an answer's file, relative to the content folder."""
    return f"topics/{group}/{id_}.yml"


def file_text(name: str) -> Optional[str]:
    """Returns the text of a content file, or None where there is none."""
    try:
        return (settings.DATA_FOLDER / name).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def entries(topic: Topic) -> Dict[str, Any]:
    """Returns what a draft may change, as plain values that JSON and YAML can hold."""
    values: Dict[str, Any] = {name: _plain(getattr(topic, name)) for name in FIELDS if name != "evidence"}
    values["evidence"] = [
        {"fact": one.fact, "sources": list(one.sources), "verified": one.verified} for one in topic.evidence
    ]
    return {name: values[name] for name in FIELDS}


def as_topic(id_: str, group: str, values: Mapping[str, Any], live_topic: Optional[Topic] = None) -> Topic:
    """Returns the answer that a draft would make of its file; approvals of other words do not count for it."""
    given: Dict[str, Any] = {
        name: tuple(value) if name in TUPLES else value for name, value in values.items() if name != "evidence"
    }
    evidence = tuple(Evidence(e["fact"], tuple(e["sources"]), e["verified"]) for e in values["evidence"])
    approvals = live_topic.approvals if live_topic else ()
    return Topic(id=id_, group=group, evidence=evidence, approvals=approvals, **given)


def hashes(topic: Topic) -> Dict[str, str]:
    """Returns for each language the hash that an approval has to name."""
    return {language: text_hash(topic, language) for language in topic.answer}


def check(topic: Topic) -> List[Problem]:
    """Returns what the checks say about an answer among all others, errors first."""
    everything = library()
    among = Library({**everything.topics, topic.id: topic}, everything.replies, everything.sources, everything.groups)
    country = facts().get("country", "")
    found = lint_topic(topic, among, datetime.date.today(), live().words(), country)
    return sorted(found, key=lambda problem: (problem.severity != "error", problem.message))


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, Mapping) else value

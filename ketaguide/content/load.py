"""Reads topic files, replies and sources; checks their shape; reports every problem at once."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Tuple

from ketaguide.content.facts import unknown_placeholders
from ketaguide.content.model import RISKS, Approval, Button, Evidence, Reply, Source, Topic, Withdrawal, Wording
from ketaguide.content.problems import ContentError, Problem, relative
from ketaguide.content.yaml_files import read_yaml

TOPIC_KEYS = (
    "id",
    "title",
    "question",
    "risk",
    "suggest_provider",
    "checked_on",
    "review_by",
    "sources",
    "related",
    "aspects",
    "answer",
    "short",
    "simpler",
    "more",
    "evidence",
    "examples",
    "approvals",
    "withdrawn",
)
REPLY_KEYS = ("id", "risk", "checked_on", "review_by", "answer", "short", "buttons", "approvals")
TOPIC_IDS_FILE = "topic_ids.yml"
OPTIONAL_KEYS = frozenset({"short", "simpler", "more", "aspects", "buttons", "withdrawn"})


@dataclass(frozen=True)
class Library:
    """All content of one folder.

    Attributes:
        topics: Topic id to topic.
        replies: Reply id to reply.
        sources: Source id to publication.
        groups: Group to the ids of its topics, in the order in which they are offered.
    """

    topics: Mapping[str, Topic]
    replies: Mapping[str, Reply]
    sources: Mapping[str, Source]
    groups: Mapping[str, Tuple[str, ...]]

    def wording(self, id_: str) -> Optional[Wording]:
        """Returns the topic or reply with this id, or None."""
        return self.topics.get(id_) or self.replies.get(id_)


def topic_files(data_folder: Path) -> List[Path]:
    """Returns every topic file below `data_folder`, sorted."""
    return sorted((data_folder / "topics").glob("*/*.yml"))


def reply_files(data_folder: Path) -> List[Path]:
    """Returns every reply file below `data_folder`, sorted."""
    return sorted((data_folder / "replies").glob("*.yml"))


def load_library(data_folder: Path) -> Library:
    """Loads everything below `data_folder`.

    Raises:
        ContentError: with every problem of shape in every file.
    """
    library, problems = load_what_works(data_folder)
    if problems:
        raise ContentError(problems)
    return library


def load_what_works(data_folder: Path) -> Tuple[Library, List[Problem]]:
    """Loads the files that are sound, and returns the problems of the others beside them."""
    problems: List[Problem] = []
    topics: Dict[str, Topic] = {}
    replies: Dict[str, Reply] = {}
    for path in topic_files(data_folder):
        try:
            topic = read_topic(path)
        except ContentError as error:
            problems += _placed(error, relative(path, data_folder))
        else:
            topics[topic.id] = topic
    for path in reply_files(data_folder):
        try:
            reply = read_reply(path)
        except ContentError as error:
            problems += _placed(error, relative(path, data_folder))
        else:
            replies[reply.id] = reply
    try:
        sources = load_sources(data_folder)
    except ContentError as error:
        sources = {}
        problems += error.problems
    return Library(topics, replies, sources, load_groups(data_folder)), problems


def load_groups(data_folder: Path) -> Dict[str, Tuple[str, ...]]:
    """Returns each group with the ids of all answers owed in it, in order.

    Raises:
        ContentError: if the list of topics cannot be read.
    """
    groups = read_yaml(data_folder / TOPIC_IDS_FILE)
    if not isinstance(groups, dict) or not all(isinstance(ids, dict) for ids in groups.values()):
        remedy = "write each group, and below it one line `id: what it is about` per answer"
        raise ContentError([Problem(TOPIC_IDS_FILE, "-", "the list of topics is not grouped", remedy)])
    return {str(group): tuple(ids) for group, ids in groups.items()}


def _placed(error: ContentError, file: str) -> List[Problem]:
    return [Problem(file, p.id, p.message, p.remedy, p.severity) for p in error.problems]


def read_topic(path: Path) -> Topic:
    """Returns the topic in one file.

    Raises:
        ContentError: if its shape is wrong; lists all problems.
    """
    raw = read_yaml(path)
    check = _Check(path, raw, TOPIC_KEYS)
    topic = Topic(
        id=check.text("id"),
        group=path.parent.name,
        title=check.text("title"),
        question=check.text("question"),
        examples=check.texts("examples"),
        answer=check.by_language("answer"),
        short=check.by_language("short"),
        simpler=check.by_language("simpler"),
        more=check.by_language("more"),
        sources=check.texts("sources"),
        related=check.texts("related"),
        aspects=check.texts_by_name("aspects"),
        risk=check.risk(),  # type: ignore[arg-type]
        suggest_provider=check.truth("suggest_provider"),
        evidence=check.evidence(),
        checked_on=check.date("checked_on"),
        review_by=check.date("review_by"),
        approvals=check.approvals(),
        withdrawn=check.withdrawn(),
    )
    check.finish()
    return topic


def read_reply(path: Path) -> Reply:
    """Returns the fixed reply in one file.

    Raises:
        ContentError: if its shape is wrong; lists all problems.
    """
    raw = read_yaml(path)
    check = _Check(path, raw, REPLY_KEYS)
    reply = Reply(
        id=check.text("id"),
        answer=check.by_language("answer"),
        short=check.by_language("short"),
        risk=check.risk(),  # type: ignore[arg-type]
        buttons=check.buttons(),
        checked_on=check.date("checked_on"),
        review_by=check.date("review_by"),
        approvals=check.approvals(),
    )
    check.finish()
    return reply


def load_sources(data_folder: Path) -> Dict[str, Source]:
    """Returns the publications in `sources.yml` by id.

    Raises:
        ContentError: listing every entry whose fields are missing or of the wrong kind.
    """
    raw = read_yaml(data_folder / "sources.yml")
    sources: Dict[str, Source] = {}
    problems: List[Problem] = []
    if not isinstance(raw, dict):
        remedy = "write each publication as `id:` with its fields below"
        raise ContentError([Problem("sources.yml", "-", "it is not a list of publications", remedy)])
    for id_, entry in raw.items():
        try:
            sources[id_] = Source(id=id_, **entry)
            sound = all(isinstance(entry[key], str) for key in ("title", "publisher", "url", "kind"))
            sound = sound and isinstance(entry["year"], int) and entry["url"].startswith("https://")
        except (TypeError, KeyError):
            sound = False
        if not sound:
            remedy = "give title, publisher, year (a number), url (https://…) and kind, and nothing else"
            problems.append(Problem("sources.yml", str(id_), "the publication is not complete", remedy))
    if problems:
        raise ContentError(problems)
    return sources


class _Check:
    """Takes values out of one parsed file and collects what is wrong with it."""

    def __init__(self, path: Path, raw: Any, keys: Tuple[str, ...]) -> None:
        self.path = path
        self.problems: List[Problem] = []
        self.raw: Dict[str, Any] = raw if isinstance(raw, dict) else {}
        if not isinstance(raw, dict):
            self.add("the file holds no answer", "start from a copy of another answer's file")
            return
        for key in self.raw:
            if key not in keys:
                self.add(f"unknown entry {key!r}", f"use only: {', '.join(keys)}")
        for key in keys:
            if key not in self.raw and key not in OPTIONAL_KEYS:
                self.add(f"{key!r} is missing", f"add a line `{key}: …`")
        if isinstance(self.raw.get("id"), str) and self.raw["id"] != path.stem:
            self.add(f"the id {self.raw['id']!r} is not the file's name", f"write `id: {path.stem}`")

    def add(self, message: str, remedy: str) -> None:
        self.problems.append(Problem(self.path.name, self.path.stem, message, remedy))

    def finish(self) -> None:
        if self.problems:
            raise ContentError(self.problems)

    def text(self, key: str) -> str:
        value = self.raw.get(key, "")
        if key in self.raw and (not isinstance(value, str) or not value.strip()):
            self.add(f"{key!r} is empty or not read as text", f'put it in quotes: {key}: "…"')
            return ""
        return value if isinstance(value, str) else ""

    def texts(self, key: str) -> Tuple[str, ...]:
        value = self.raw.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            self.add(
                f"{key!r} is not a list of texts",
                "write one per line after `- `, in quotes where it is a number or yes/no",
            )
            return ()
        return tuple(item.strip() for item in value)

    def texts_by_name(self, key: str) -> Dict[str, str]:
        value = self.raw.get(key, {})
        if not isinstance(value, dict) or not all(isinstance(item, str) for pair in value.items() for item in pair):
            self.add(
                f"{key!r} is not a list of names and ids",
                f"write `{key}:` and below it lines such as `  cost: insurance`",
            )
            return {}
        return value

    def truth(self, key: str) -> bool:
        value = self.raw.get(key, False)
        if not isinstance(value, bool):
            self.add(f"{key!r} is neither true nor false", f"write `{key}: true` or `{key}: false`")
        return value is True

    def date(self, key: str) -> str:
        value = self.raw.get(key)
        text = value.isoformat() if isinstance(value, datetime.date) else str(value or "")
        if key in self.raw:
            try:
                datetime.date.fromisoformat(text)
            except ValueError:
                self.add(f"{key!r} is not a date", f'write it as `{key}: "2026-11-22"`')
        return text

    def risk(self) -> str:
        value = self.raw.get("risk")
        if "risk" in self.raw and value not in RISKS:
            self.add(f"the risk {value!r} is unknown", f"use one of: {', '.join(RISKS)}")
        return str(value)

    def by_language(self, key: str) -> Dict[str, str]:
        value = self.raw.get(key, {})
        if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
            self.add(f"{key!r} is not text by language", f"write `{key}:` and below it `  en: |-` and the text")
            return {}
        if key == "answer" and not value.get("en", "").strip():
            self.add("the English answer is empty", "write it under `answer:` → `en: |-`")
        for text in value.values():
            for name in unknown_placeholders(text):
                remedy = "remove the brace, or use a fact such as {clinic_phone}"
                self.add(f"{name!r} in braces is not a clinic fact", remedy)
        return {str(language): text.strip() for language, text in value.items()}

    def evidence(self) -> Tuple[Evidence, ...]:
        value = self.raw.get("evidence", [])
        try:
            return tuple(Evidence(item["fact"], tuple(item["sources"]), item["verified"] is True) for item in value)
        except (TypeError, KeyError):
            self.add("'evidence' is incomplete", "give each entry a fact, its sources and `verified: true` or `false`")
            return ()

    def approvals(self) -> Tuple[Approval, ...]:
        value = self.raw.get("approvals") or []
        try:
            return tuple(Approval(**{key: str(text) for key, text in item.items()}) for item in value)
        except (TypeError, AttributeError):
            self.add("'approvals' is incomplete", "leave it as `approvals: []`; approving writes this entry")
            return ()

    def withdrawn(self) -> Optional[Withdrawal]:
        value = self.raw.get("withdrawn")
        if value is None:
            return None
        try:
            return Withdrawal(**{key: str(text) for key, text in value.items()})
        except (TypeError, AttributeError):
            self.add("'withdrawn' is incomplete", "give it by, on and why; or remove it to show the answer again")
            return None

    def buttons(self) -> Tuple[Button, ...]:
        value = self.raw.get("buttons") or []
        try:
            return tuple(Button(str(item["title"]), str(item["target"])) for item in value)
        except (TypeError, KeyError):
            self.add("'buttons' is incomplete", "give each button a title and a target such as `topic:driving`")
            return ()

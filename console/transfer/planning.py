"""What a table would change, answer by answer, before anything is changed.

An empty cell leaves what is there; nothing is ever taken out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Tuple

from console.answers import comparing, content
from console.answers.adding import id_from
from console.answers.forms import TEXTS, empty_answer, plain_text
from console.answers.models import open_change
from console.answers.phrases import MAX_CHARACTERS
from console.answers.tiers import NAMES as TIERS
from console.screens.templatetags.words import GROUPS, LANGUAGES
from console.transfer.models import Upload
from ketaguide.content.lint.across_topics import plain

_ID = re.compile(r"[a-z][a-z0-9_]{1,59}")
LONGEST = {"title": 40, "question": 200, "answer": 4000, "short": 600, "simpler": 2000, "more": 4000}


@dataclass
class Planned:
    """What rows of a table would do to one answer.

    Attributes:
        topic: The answer's id.
        group: Its subject.
        base: Its entries now; empty for a new one.
        values: Its entries after the import.
        rows: Numbers of the rows, as spreadsheets count them.
        problems: Why it cannot become a draft.
    """

    topic: str
    group: str
    base: Dict[str, Any]
    values: Dict[str, Any]
    rows: List[int] = field(default_factory=list)
    problems: List[str] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        """Whether there is no such answer yet."""
        return not self.base

    @property
    def outcome(self) -> str:
        """What would happen: "problem", "new", "changed" or "same"."""
        if self.problems:
            return "problem"
        if self.is_new:
            return "new"
        return "changed" if self.values != self.base else "same"

    @property
    def title(self) -> str:
        """Its title after the import."""
        return str(self.values.get("title") or self.topic)

    @property
    def differences(self) -> List[Dict[str, Any]]:
        """What would change, entry by entry."""
        return comparing.between(self.base, self.values)


def plan(upload: Upload) -> List[Planned]:
    """Returns what the table would do to each answer it names, in the table's order."""
    planned: Dict[str, Planned] = {}
    nameless: List[Planned] = []
    for number, cells in enumerate(upload.rows, start=2):
        row = {name: cells[column] for name, column in upload.mapping.items() if cells[column]}
        if not row:
            continue
        id_, live = _which(row)
        if id_ is None:
            problem = "the row tells neither name nor title of the answer"
            nameless.append(Planned("", "", {}, {}, [number], [f"Row {number}: {problem}."]))
            continue
        if id_ not in planned:
            planned[id_] = _start(id_, live)
        entry = planned[id_]
        entry.rows.append(number)
        entry.problems += [f"Row {number}: {problem}." for problem in _take_in(entry, row, upload.language)]
    for entry in planned.values():
        entry.problems += _whole(entry)
    return [*planned.values(), *nameless]


def _which(row: Mapping[str, str]) -> Tuple[Optional[str], Any]:
    """Returns the id that a row means and the live answer, if there is one."""
    topics = content.library().topics
    if row.get("id"):
        return row["id"].strip(), topics.get(row["id"].strip())
    for name in ("title", "question"):
        wanted = plain(row.get(name, ""))
        for topic in topics.values():
            if wanted and plain(getattr(topic, name)) == wanted:
                return topic.id, topic
    return id_from(row.get("title", "")) or None, None


def _start(id_: str, live: Any) -> Planned:
    if live is None:
        return Planned(id_, "", {}, empty_answer())
    entries = content.entries(live)
    return Planned(id_, live.group, entries, dict(entries))


def _take_in(entry: Planned, row: Mapping[str, str], language: str) -> List[str]:
    """Puts the cells of one row into the answer; returns what is wrong with them."""
    found: List[str] = []
    code = _key(row.get("language", language), LANGUAGES)
    if code is None:
        found.append(f"the language “{row['language']}” is not known; write one of {', '.join(LANGUAGES)}")
    for name, most in LONGEST.items():
        if len(row.get(name, "")) > most:
            found.append(f"the {comparing.NAMES[name].lower()} has more than {most} characters")
        elif name in TEXTS and row.get(name) and code:
            entry.values[name] = {**entry.values[name], code: plain_text(row[name])}
        elif row.get(name) and name not in TEXTS:
            entry.values[name] = " ".join(row[name].split())
    return found + _take_in_kind(entry, row) + _take_in_examples(entry, row)


def _take_in_kind(entry: Planned, row: Mapping[str, str]) -> List[str]:
    found: List[str] = []
    if row.get("risk"):
        tier = _key(row["risk"], TIERS)
        if tier is None:
            found.append(f"the kind “{row['risk']}” is not known; write one of {', '.join(TIERS.values())}")
        else:
            entry.values["risk"] = tier
    if row.get("group"):
        group = _key(row["group"], GROUPS)
        if group is None:
            found.append(f"the subject “{row['group']}” is not known; write one of {', '.join(GROUPS.values())}")
        elif entry.is_new:
            entry.group = group
        elif group != entry.group:
            found.append("an answer cannot be moved to another subject by an import")
    return found


def _take_in_examples(entry: Planned, row: Mapping[str, str]) -> List[str]:
    lines = [" ".join(line.split()) for line in re.split(r"[\n;]", row.get("examples", ""))]
    added = [line for line in dict.fromkeys(lines) if line and line not in entry.values["examples"]]
    entry.values["examples"] = [*entry.values["examples"], *added]
    long = [line for line in added if len(line) > MAX_CHARACTERS]
    return [f"the question “{line[:40]}…” has more than {MAX_CHARACTERS} characters" for line in long]


def _whole(entry: Planned) -> List[str]:
    """Returns what is wrong with an answer after all its rows."""
    found: List[str] = []
    if entry.is_new:
        if not _ID.fullmatch(entry.topic):
            found.append(f"“{entry.topic}” is no name for an answer: use small letters, digits and _.")
        missing = [comparing.NAMES[name].lower() for name in ("title", "question") if not entry.values[name]]
        missing += [] if entry.values["answer"] else ["answer"]
        missing += [] if entry.group else ["subject"]
        if missing:
            found.append(f"It is new and lacks: {', '.join(missing)}.")
    draft = open_change(entry.topic)
    if draft is not None and entry.values != entry.base:
        writer = f" by {draft.editor.name}" if draft.editor else ""
        found.append(f"There is a draft of it already{writer}. Publish it or put it away first.")
    return found


def _key(word: str, names: Mapping[str, str]) -> Optional[str]:
    """Returns the key that a word means, given as key or as name."""
    wanted = plain(word)
    return next((key for key, name in names.items() if wanted in (plain(key), plain(name))), None)

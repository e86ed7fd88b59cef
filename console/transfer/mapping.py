"""Which column of a table fills which field of an answer."""

from __future__ import annotations

from typing import Dict, List, Mapping, Sequence, Tuple

from ketaguide.content.lint.across_topics import plain

# (field, its name on screens and in exported tables, other names that columns have elsewhere)
FIELDS: Tuple[Tuple[str, str, Tuple[str, ...]], ...] = (
    ("id", "Name of the answer", ("id", "key", "topic", "intent", "name")),
    ("title", "Title on buttons", ("title", "heading", "label")),
    ("question", "Question", ("question it answers", "faq", "q", "main question")),
    ("language", "Language", ("lang", "locale")),
    ("answer", "Answer", ("text", "a", "response", "reply", "body", "answer text")),
    ("short", "Text message", ("short", "short answer", "sms")),
    ("simpler", "Plainer version", ("simpler", "plain", "easy")),
    ("more", "Deeper part", ("more", "details", "long answer")),
    ("examples", "Questions people ask", ("examples", "phrases", "alternate questions", "variants", "utterances")),
    ("group", "Subject", ("group", "category", "section")),
    ("risk", "Kind", ("risk", "tier", "kind of answer")),
)
NAMES: Dict[str, str] = {field: name for field, name, _ in FIELDS}


def guess(columns: Sequence[str]) -> Dict[str, int]:
    """Returns for each field the number of the column that is named like it; fields without one are left out."""
    names: List[str] = [plain(column) for column in columns]
    found: Dict[str, int] = {}
    for field, name, others in FIELDS:
        for candidate in (plain(name), *others):
            if candidate in names and names.index(candidate) not in found.values():
                found[field] = names.index(candidate)
                break
    return found


def problems(mapping: Mapping[str, int]) -> List[str]:
    """Returns what keeps a choice of columns from being used."""
    found = []
    if not {"id", "title", "question"} & set(mapping):
        found.append(
            "Choose the column with the name, the title or the question: one has to tell which answer is meant."
        )
    if not {"answer", "short", "simpler", "more", "examples", "title", "question"} & set(mapping):
        found.append("Choose at least one column with words.")
    if len(set(mapping.values())) < len(mapping):
        found.append("Two fields have the same column.")
    return found

"""Word by word: what a draft takes out of an answer and puts in."""

from __future__ import annotations

import difflib
import re
from typing import Any, Dict, List, Mapping, Tuple

from console.answers.models import Change

Parts = List[Tuple[str, str]]
NAMES = {
    "title": "Title on buttons",
    "question": "Question",
    "risk": "Kind of answer",
    "suggest_provider": "Suggest a provider afterwards",
    "checked_on": "Last checked",
    "review_by": "Next check",
    "sources": "Sources",
    "related": "Related answers",
    "answer": "Answer",
    "short": "Text message",
    "simpler": "Plainer version",
    "more": "Part that goes deeper",
    "aspects": "Follow-up questions",
    "evidence": "Facts the answer rests on",
    "examples": "Questions people ask",
}
_WORDS = re.compile(r"\S+|\n")


def compare(old: str, new: str) -> Parts:
    """Returns the texts as runs of words: ("same" | "old" | "new", words)."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    parts: Parts = []
    for tag, i, j, k, end in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append(("same", " ".join(before[i:j])))
            continue
        if j > i:
            parts.append(("old", " ".join(before[i:j])))
        if end > k:
            parts.append(("new", " ".join(after[k:end])))
    return parts


def rows(change: Change) -> List[Dict[str, Any]]:
    """Returns one row per changed entry and language: its name and its comparison."""
    return between(change.base, change.values)


def between(old: Mapping[str, Any], new: Mapping[str, Any]) -> List[Dict[str, Any]]:
    """Returns one row per entry and language that differs between two states of an answer."""
    found: List[Dict[str, Any]] = []
    for name, label in NAMES.items():
        before, after = old.get(name), new.get(name)
        if before == after:
            continue
        if isinstance(after, dict) or isinstance(before, dict):
            found += _by_language(label, before or {}, after or {})
        elif isinstance(after, list) or isinstance(before, list):
            found.append({"name": label, "parts": _lists(before or [], after or [])})
        else:
            found.append({"name": label, "parts": compare(str(before or ""), str(after))})
    return found


def _by_language(label: str, before: Mapping[str, str], after: Mapping[str, str]) -> List[Dict[str, Any]]:
    languages = dict.fromkeys([*before, *after])
    return [
        {"name": label, "language": language, "parts": compare(before.get(language, ""), after.get(language, ""))}
        for language in languages
        if before.get(language, "") != after.get(language, "")
    ]


def _lists(before: List[Any], after: List[Any]) -> Parts:
    gone = [("old", _line(item)) for item in before if item not in after]
    return gone + [("new", _line(item)) for item in after if item not in before]


def _line(item: Any) -> str:
    if isinstance(item, dict):
        state = "matched to its sources" if item.get("verified") else "not matched to a source"
        return f"{item.get('fact')} ({', '.join(item.get('sources', []))}; {state})"
    return str(item)

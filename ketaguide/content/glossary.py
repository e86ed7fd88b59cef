"""Reads `glossary.yml`: terms that visitors meet in the answers, explained in a sentence or two."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional

from ketaguide.content.model import Approval, Term
from ketaguide.content.problems import ContentError, Problem
from ketaguide.content.yaml_files import read_yaml

GLOSSARY_FILE = "glossary.yml"
KEYS = {"names", "topic", "means", "approvals"}


def load_glossary(data_folder: Path) -> Dict[str, Term]:
    """Returns each term by its id; none where there is no glossary.

    Raises:
        ContentError: listing every entry whose fields are missing, unknown or of the wrong kind.
    """
    path = data_folder / GLOSSARY_FILE
    if not path.exists():
        return {}
    raw = read_yaml(path)
    if not isinstance(raw, dict):
        raise ContentError(
            [_problem("-", "it is not a list of terms", "write each term as `id:` with its fields below")]
        )
    problems: List[Problem] = []
    terms: Dict[str, Term] = {}
    for id_, entry in raw.items():
        term = _term(str(id_), entry)
        if term is None:
            remedy = (
                "give names (a list), topic (an answer's id) and means: → en: (text), and nothing else but approvals"
            )
            problems.append(_problem(str(id_), "the term is not complete", remedy))
        else:
            terms[term.id] = term
    if problems:
        raise ContentError(problems)
    return terms


def _term(id_: str, entry: Any) -> Optional[Term]:
    if not isinstance(entry, dict) or not {"names", "topic", "means"} <= set(entry) <= KEYS:
        return None
    names, means, topic = entry["names"], entry["means"], entry["topic"]
    sound = isinstance(names, list) and names and all(isinstance(name, str) and name.strip() for name in names)
    sound = sound and isinstance(topic, str) and isinstance(means, dict) and bool(str(means.get("en") or "").strip())
    if not sound or not all(isinstance(text, str) for text in means.values()):
        return None
    try:
        approvals = tuple(
            Approval(**{key: str(text) for key, text in item.items()}) for item in entry.get("approvals") or []
        )
    except (TypeError, AttributeError):
        return None
    answer = {str(language): text.strip() for language, text in means.items()}
    return Term(id=id_, answer=answer, risk="fact", approvals=approvals, names=tuple(names), topic=topic)


def find_term(text: str, glossary: Mapping[str, Term]) -> Optional[Term]:
    """Returns the term that a text names, the longest name first, or None."""
    plain = f" {plain_name(text)} "
    named = [(name, term) for term in glossary.values() for name in term.names if f" {plain_name(name)} " in plain]
    return max(named, key=lambda pair: len(pair[0]))[1] if named else None


def plain_name(text: str) -> str:
    """Returns a name in lower case, with letters, digits and single spaces only."""
    return " ".join(re.sub(r"[^\w\s]", " ", text.casefold().replace("'s ", " ")).split())


def _problem(id_: str, message: str, remedy: str) -> Problem:
    return Problem(GLOSSARY_FILE, id_, message, remedy)

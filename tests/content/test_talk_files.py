"""The glossary, the warm sentences and the follow-ups: read whole, checked, every fault named."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict

import pytest

from ketaguide.content.follow_ups import load_follow_ups
from ketaguide.content.glossary import find_term, load_glossary
from ketaguide.content.leads import load_leads
from ketaguide.content.lint import lint
from ketaguide.content.model import ASPECTS, MOVES
from ketaguide.content.problems import ContentError
from ketaguide.dialogue.feelings import FEELINGS
from tests.content.conftest import TODAY, ContentFolder

DATA = Path("data")
TERM = {"names": ["vertigo"], "topic": "nausea", "means": {"en": "Feeling that the room turns."}}


def messages(folder: ContentFolder) -> str:
    return "\n".join(str(problem) for problem in lint(folder.path, TODAY))


BAD_GLOSSARIES: Dict[str, tuple[Any, str]] = {
    "no list of terms": (["vertigo"], "it is not a list of terms"),
    "no explanation": ({"vertigo": {"names": ["vertigo"], "topic": "nausea"}}, "the term is not complete"),
    "no name": ({"vertigo": {**TERM, "names": []}}, "the term is not complete"),
    "an unknown field": ({"vertigo": {**TERM, "colour": "blue"}}, "the term is not complete"),
    "a topic that does not exist": ({"vertigo": {**TERM, "topic": "dizzy"}}, "the topic 'dizzy' does not exist"),
    "one name twice": ({"a": TERM, "b": TERM}, "also stands with 'a'"),
    "a long explanation": ({"vertigo": {**TERM, "means": {"en": "turn " * 41}}}, "the explanation has 41 words"),
    "a promise": ({"vertigo": {**TERM, "means": {"en": "It is guaranteed."}}}, "promises a result"),
}


@pytest.mark.parametrize(("entries", "expected"), BAD_GLOSSARIES.values(), ids=BAD_GLOSSARIES.keys())
def test_a_bad_glossary_is_refused(folder: ContentFolder, entries: Any, expected: str) -> None:
    folder.write("glossary.yml", entries)
    assert expected in messages(folder)


def test_a_sound_glossary_has_no_problem(folder: ContentFolder) -> None:
    folder.write("glossary.yml", {"vertigo": TERM})
    assert messages(folder) == ""


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        (["Sorry."], "not a list of sentences"),
        ({"fear": ["We feel it too!"]}, "too loud"),
        ({"low": ["so " * 13]}, "too long"),
    ],
    ids=["no feelings", "too loud", "too long"],
)
def test_bad_warm_sentences_are_refused(folder: ContentFolder, entries: Any, expected: str) -> None:
    folder.write("leads.yml", entries)
    assert expected in messages(folder)


def follow_ups(**changed: Any) -> Dict[str, Any]:
    whole: Dict[str, Any] = {"moves": {move: ["say"] for move in MOVES}, "aspects": {name: ["how"] for name in ASPECTS}}
    return {**whole, **changed}


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        (["how long"], "not a list of moves and aspects"),
        (follow_ups(moves={move: ["say"] for move in MOVES} | {"dance": ["x"]}), "unknown name 'dance'"),
        (follow_ups(aspects={}), "'duration' below 'aspects' is not a list"),
        (follow_ups(moves={move: [False] for move in MOVES}), "'affirm' below 'moves' is not a list"),
    ],
    ids=["no parts", "unknown name", "an aspect is missing", "yes read as true"],
)
def test_bad_follow_ups_are_refused(folder: ContentFolder, entries: Any, expected: str) -> None:
    folder.write("follow_ups.yml", entries)
    assert expected in messages(folder)
    with pytest.raises(ContentError):
        load_follow_ups(folder.path)


def test_the_project_has_terms_sentences_and_follow_ups() -> None:
    assert len(load_glossary(DATA)) >= 60
    assert set(load_leads(DATA)) <= set(FEELINGS)
    assert all(len(texts) >= 10 for texts in load_follow_ups(DATA).values())


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("what do you mean by NMDA receptor?", "nmda_receptor"),
        ("whats off-label", "off_label"),
        ("what is a cat", None),
    ],
)
def test_a_term_is_found_by_its_name(text: str, term: str | None) -> None:
    found = find_term(text, load_glossary(DATA))
    assert (found.id if found else None) == term

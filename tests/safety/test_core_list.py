"""The core list: fifteen languages, own script and Latin spelling, negation at the verb, and it never raises."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from ketaguide.safety import core_list

LANGUAGES = ("fr", "pt", "de", "it", "nl", "pl", "ar", "hi", "zh", "vi", "tl", "ru")
MEANINGS = ("suicide", "medical_emergency", "overdose", "abuse", "harm_to_others")

STATEMENTS = [
    ("fr", "suicide", "Je veux mourir."),
    ("fr", "medical_emergency", "Il ne respire plus !"),
    ("pt", "suicide", "não quero mais viver"),
    ("pt", "abuse", "meu marido me bate"),
    ("de", "suicide", "Ich möchte nicht mehr leben"),
    ("de", "abuse", "Er schlägt mich"),
    ("it", "suicide", "voglio morire"),
    ("it", "overdose", "ho preso troppe pastiglie"),
    ("nl", "suicide", "ik wil dood"),
    ("nl", "medical_emergency", "hij ademt niet"),
    ("pl", "suicide", "Chcę umrzeć"),
    ("pl", "abuse", "mąż mnie bije"),
    ("ar", "suicide", "أريد أن أموت"),
    ("ar", "abuse", "زوجي يضربني"),
    ("ar", "suicide", "biddi moot"),
    ("hi", "suicide", "मैं मरना चाहता हूँ"),
    ("hi", "suicide", "main marna chahti hoon"),
    ("zh", "suicide", "我不想活了"),
    ("zh", "harm_to_others", "我要殺了他"),
    ("zh", "suicide", "wo xiang si"),
    ("vi", "suicide", "Tôi muốn chết"),
    ("vi", "medical_emergency", "toi khong tho duoc"),
    ("tl", "suicide", "Gusto ko nang mamatay"),
    ("tl", "abuse", "sinasaktan niya ako"),
    ("ru", "suicide", "Я хочу умереть"),
    ("ru", "abuse", "муж меня бьёт"),
    ("ru", "suicide", "ya hochu umeret"),
]


@pytest.mark.parametrize(("language", "kind", "text"), STATEMENTS, ids=[row[2] for row in STATEMENTS])
def test_statement(language: str, kind: str, text: str) -> None:
    assert (kind, language) in {(match.kind, match.language) for match in core_list.read(text)}


@pytest.mark.parametrize(
    "text",
    [
        "je ne veux pas mourir",
        "não quero morrer",
        "ich will nicht sterben",
        "non voglio morire",
        "ik wil niet dood",
        "nie chcę umrzeć",
        "لا أريد أن أموت",
        "我不想死",
        "tôi không muốn chết",
        "я не хочу умереть",
        "combien coûte une séance ?",
        "Cần tư vấn về liệu trình",
    ],
)
def test_negation_and_plain_questions_do_not_route(text: str) -> None:
    assert core_list.read(text) == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_enough_phrases_for_each_meaning(language: str) -> None:
    for meaning in MEANINGS:
        phrases = [row for row in core_list._ROWS if row[1] == language and row[2] == meaning]
        assert len(phrases) >= 10, (language, meaning, len(phrases))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("I want to die", "suicide"),
        ("he is not breathing", "medical_emergency"),
        ("took too many pills", "overdose"),
        ("me quiero matar", "suicide"),
        ("my brother wants to kill himself", "third_party"),
    ],
)
def test_as_stand_in_it_reads_english_and_spanish(text: str, kind: str) -> None:
    assert kind in {match.kind for match in core_list.read(text, everything=True)}
    assert core_list.read(text) == ()


def test_it_never_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    assert core_list.read("\ud800 \x00 " * 100) == ()
    monkeypatch.setattr(core_list, "plain", lambda text: 1 / 0)
    assert core_list.read("je veux mourir") == ()


def test_it_needs_nothing_but_the_standard_library() -> None:
    tree = ast.parse(Path(core_list.__file__).read_text(encoding="utf-8"))
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    modules |= {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    assert modules <= {"__future__", "re", "unicodedata", "dataclasses"}

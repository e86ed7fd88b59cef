"""Every rule rejects what it is there to reject, and says in which file, for which id and what to do."""

from __future__ import annotations

from typing import Any, Dict

import pytest

from ketaguide.content.lint import lint
from tests.content.conftest import TODAY, WORDS, ContentFolder

ANSWER = "Wait until the next day. "


def messages(folder: ContentFolder) -> str:
    return "\n".join(str(problem) for problem in lint(folder.path, TODAY))


def test_sound_content_has_no_problem(folder: ContentFolder) -> None:
    assert lint(folder.path, TODAY) == []


BAD_ENTRIES: Dict[str, tuple[Dict[str, Any], str]] = {
    "an entry is missing": ({"question": ...}, "'question' is missing"),
    "an unknown entry": ({"colour": "blue"}, "unknown entry 'colour'"),
    "the id is not the file's name": ({"id": "flying"}, "is not the file's name"),
    "a title that YAML reads as false": ({"title": False}, "'title' is empty or not read as text"),
    "a title too long for a button": ({"title": "A title that is far too long"}, "the title has 28 characters"),
    "an unknown risk": ({"risk": "dangerous"}, "the risk 'dangerous' is unknown"),
    "neither true nor false": ({"suggest_provider": "maybe"}, "neither true nor false"),
    "not a date": ({"review_by": "next year"}, "'review_by' is not a date"),
    "review before check": ({"review_by": "2026-01-01"}, "the review date is not after the check"),
    "checked in the future": ({"checked_on": "2027-01-01"}, "lies in the future"),
    "overdue": ({"checked_on": "2025-01-01", "review_by": "2026-01-01"}, "the review was due on 2026-01-01"),
    "no English answer": ({"answer": {"es": "Espere."}}, "the English answer is empty"),
    "an answer that is no text": ({"answer": "Wait."}, "'answer' is not text by language"),
    "an unknown fact in braces": (
        {"answer": {"en": ANSWER + "Call {phone}."}},
        "'phone' in braces is not a clinic fact",
    ),
    "a brace without its twin": ({"answer": {"en": ANSWER + "The fee is {50."}}, "'{' in braces"),
    "too many words": ({"answer": {"en": " ".join(["Wait."] * 111)}}, "the answer (en) has 111 words"),
    "a long sentence": ({"answer": {"en": "we " * 21 + "wait."}}, "more than 20 words"),
    "hard to read": (
        {"answer": {"en": "Administration necessitates considerable interdisciplinary evaluation. " * 6}},
        "reads at school grade",
    ),
    "a short form too long": ({"short": {"en": "a" * 301}}, "the short form (en) has 301 characters"),
    "no plain version": ({"simpler": ...}, "there is no plain version"),
    "a plain version too long": ({"simpler": {"en": " ".join(["Wait."] * 61)}}, "the plain version (en) has 61 words"),
    "a plain version that is not plain": (
        {"simpler": {"en": "Operating automobiles afterwards requires considerable patience. " * 5}},
        "the plain version reads at school grade",
    ),
    "a plain version without the warning": (
        {"answer": {"en": ANSWER + "If it gets worse, call {emergency_number}."}},
        "leaves out {emergency_number}",
    ),
    "a longer part that promises": ({"more": {"en": "It cures depression."}}, "promises a cure"),
    "a longer part with a figure from nowhere": ({"more": {"en": "It helps 77 in 100."}}, "the figure '77'"),
    "an aspect that does not exist": ({"aspects": {"colour": "nausea"}}, "unknown aspect 'colour'"),
    "an aspect that leads nowhere": ({"aspects": {"cost": "price"}}, "leads to 'price', which does not exist"),
    "aspects that are no list of names": ({"aspects": ["cost"]}, "is not a list of names and ids"),
    "a promise of a cure": ({"answer": {"en": ANSWER + "It cures depression."}}, "promises a cure"),
    "a marketing word": ({"answer": {"en": ANSWER + "It is a game-changer."}}, "marketing word"),
    "a claim to reset the brain": (
        {"answer": {"en": ANSWER + "It resets your mind."}},
        "claims that the brain is reset",
    ),
    "a guarantee": ({"answer": {"en": ANSWER + "Results are guaranteed."}}, "promises a result"),
    "a claim of proof": ({"answer": {"en": ANSWER + "It is proven."}}, "claims proof"),
    "safety outright": ({"answer": {"en": ANSWER + "Ketamine is safe."}}, "claims safety outright"),
    "side effects played down": (
        {"answer": {"en": ANSWER + "It has minimal side effects."}},
        "plays side effects down",
    ),
    "a known risk denied": ({"answer": {"en": ANSWER + "It is non-addictive."}}, "denies a known risk"),
    "an absolute claim": ({"answer": {"en": ANSWER + "It works in 100 % of people."}}, "absolute claim"),
    "a label for a person": ({"answer": {"en": ANSWER + "Addicts should wait."}}, "labels a person"),
    "stigmatising words": ({"answer": {"en": ANSWER + "He committed suicide."}}, "stigmatising"),
    "harmful words about suicide": ({"answer": {"en": ANSWER + "A failed attempt."}}, "harmful wording about suicide"),
    "blame": ({"answer": {"en": ANSWER + "After failed treatments it may help."}}, "blames the person"),
    "an exclamation mark": ({"answer": {"en": "Wait!"}}, "exclamation mark"),
    "markup": ({"answer": {"en": ANSWER + "<b>Wait</b>."}}, "has markup"),
    "a link": ({"answer": {"en": ANSWER + "See https://example.org."}}, "has a link"),
    "a dose": ({"answer": {"en": ANSWER + "You get 38 mg."}}, "is a dose"),
    "a dose in the short form": ({"short": {"en": "You get 38 mg per kg."}}, "is a dose"),
    "telling people to stop a medicine": (
        {"answer": {"en": ANSWER + "Stop taking your medicine first."}},
        "tells people to change a medicine",
    ),
    "ketamine as FDA-approved": (
        {"answer": {"en": "Ketamine is FDA-approved for low mood."}},
        "reads as if ketamine were",
    ),
    "a line that Rasa takes for training data": ({"answer": {"en": "Wait.\nrules: be calm."}}, "confuse the training"),
    "a figure without evidence": (
        {"answer": {"en": ANSWER + "It helps 70 in 100."}},
        "the figure '70' stands in no verified",
    ),
    "a figure whose fact is not verified": (
        {"evidence": [{"fact": "38 in 100 felt dizzy.", "sources": ["label"], "verified": False}]},
        "the figure '38' stands in no verified fact",
    ),
    "a number word without evidence": ({"answer": {"en": ANSWER + "It helps seventy people."}}, "the figure 'seventy'"),
    "a danger sign without what to do": (
        {"answer": {"en": ANSWER + "Chest pain can happen."}},
        "names a danger sign but not what to do",
    ),
    "suicide without a helpline": (
        {"risk": "safety", "answer": {"en": ANSWER + "Suicidal thoughts can come."}},
        "speaks of suicide without a helpline",
    ),
    "an answer that depends on a clinic fact": (
        {"answer": {"en": "Call {clinic_phone} first. Then wait."}},
        "depends on a clinic fact",
    ),
    "too few examples": ({"examples": ["driving question one"]}, "only 1 example questions"),
    "an example that is no text": (
        {"examples": [*[f"q {w}" for w in WORDS], True]},
        "'examples' is not a list of texts",
    ),
    "too few related": ({"related": ["alcohol"]}, "1 related answers"),
    "a related answer that does not exist": ({"related": ["alcohol", "flying"]}, "'flying' does not exist"),
    "no sources": ({"sources": []}, "no sources"),
    "an unknown source": ({"sources": ["label", "myth"]}, "'myth' is not in sources.yml"),
    "a source without evidence": (
        {"sources": ["label"], "evidence": [{"fact": "38 in 100.", "sources": [], "verified": True}]},
        "supports none of the facts listed",
    ),
    "incomplete evidence": ({"evidence": [{"fact": "38 in 100."}]}, "'evidence' is incomplete"),
    "an incomplete approval": ({"approvals": [{"by": "Dr A"}]}, "'approvals' is incomplete"),
    "another topic's title": ({"title": "About nausea"}, "is also that of"),
    "the same example twice": (
        {"examples": [*[f"driving question {w}" for w in WORDS], "Driving question apple?"]},
        "is also an example of driving",
    ),
    "another topic's example": (
        {"examples": [*[f"driving question {w}" for w in WORDS], "nausea question apple"]},
        "is also an example of",
    ),
    "nearly another topic's example": (
        {"examples": [*[f"driving question {w}" for w in WORDS], "nausea questions umbrella"]},
        "is nearly",
    ),
}


@pytest.mark.parametrize(("entries", "message"), BAD_ENTRIES.values(), ids=BAD_ENTRIES.keys())
def test_a_bad_topic_is_rejected(folder: ContentFolder, entries: Dict[str, Any], message: str) -> None:
    folder.change(**entries)
    assert message in messages(folder)


HARMLESS: Dict[str, str] = {
    "a cure denied": "It is not a cure.",
    "safety in question": "It is not known whether it is safe.",
    "approval of the spray": "Spravato, a nasal spray, is FDA-approved for some kinds of depression.",
    "approval denied": "Ketamine is not FDA-approved for depression.",
    "advice not to stop": "Do not stop your medicine without the person who prescribed it.",
    "no promise": "Nobody can guarantee a result.",
}


@pytest.mark.parametrize("sentence", HARMLESS.values(), ids=HARMLESS.keys())
def test_a_careful_sentence_passes(folder: ContentFolder, sentence: str) -> None:
    folder.change(answer={"en": ANSWER + sentence})
    assert messages(folder) == ""


def test_an_owed_answer_without_file_is_reported(folder: ContentFolder) -> None:
    (folder.path / "topics/after/nausea.yml").unlink()
    assert "nausea): this answer is owed but has no file" in messages(folder)


def test_a_file_that_nobody_listed_is_reported(folder: ContentFolder) -> None:
    folder.write("topic_ids.yml", {"after": {"driving": "x", "alcohol": "x"}})
    assert "nausea): this answer is not in the list of topics" in messages(folder)


def test_a_file_in_the_wrong_folder_is_reported(folder: ContentFolder) -> None:
    folder.write("topic_ids.yml", {"after": {"driving": "x", "alcohol": "x"}, "before": {"nausea": "x"}})
    assert "move it to topics/before/" in messages(folder)


def test_a_source_that_nobody_cites_is_reported(folder: ContentFolder) -> None:
    source = {"title": "A", "publisher": "B", "year": 2026, "url": "https://example.org", "kind": "label"}
    folder.write("sources.yml", {"label": source, "idle": source})
    assert "no answer cites this publication" in messages(folder)


@pytest.mark.parametrize("change", [{"year": "2026"}, {"url": "http://example.org"}, {"title": None}])
def test_an_incomplete_source_is_reported(folder: ContentFolder, change: Dict[str, Any]) -> None:
    source = {"title": "A", "publisher": "B", "year": 2026, "url": "https://example.org", "kind": "label", **change}
    folder.write("sources.yml", {"label": source})
    assert "the publication is not complete" in messages(folder)


def test_broken_yaml_is_reported_with_its_line(folder: ContentFolder) -> None:
    folder.write("topics/after/driving.yml", 'id: driving\ntitle: "Driving\nquestion: x')
    assert "topics/after/driving.yml (driving): the file is not well formed near line" in messages(folder)


def test_a_file_that_is_no_answer_is_reported(folder: ContentFolder) -> None:
    folder.write("topics/after/driving.yml", "- just\n- a list\n")
    assert "the file holds no answer" in messages(folder)


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"clinic_fone": "1"}, "unknown fact"),
        ({"clinic_phone": 5550100}, "not read as text"),
        ({"clinic_name": "{me}"}, "braces"),
        ([], "not a list of facts"),
    ],
)
def test_bad_clinic_facts_are_reported(folder: ContentFolder, facts: Any, message: str) -> None:
    folder.write("clinic.yml", facts or "- no")
    assert message in messages(folder)


@pytest.mark.parametrize(
    ("button", "message"),
    [
        ({"title": "Flying", "target": "topic:flying"}, "which is nothing"),
        ({"title": "Everything about driving", "target": "topic:driving"}, "has 24 characters"),
    ],
)
def test_a_bad_button_is_reported(folder: ContentFolder, button: Dict[str, str], message: str) -> None:
    folder.change_reply(buttons=[button])
    assert message in messages(folder)


def test_all_problems_come_at_once(folder: ContentFolder) -> None:
    folder.change("driving", risk="odd")
    folder.change("alcohol", title=False)
    folder.change("nausea", answer={"en": "It cures you!"})
    found = lint(folder.path, TODAY)
    assert {problem.id for problem in found} >= {"driving", "alcohol", "nausea"}
    assert all(problem.file and problem.message and problem.remedy for problem in found)

"""Facts are filled in; a sentence whose fact is empty is left out."""

from __future__ import annotations

import pytest

from ketaguide.content.facts import fill, load_facts
from tests.content.conftest import ContentFolder

FACTS = {"clinic_phone": "555 0100", "clinic_email": "", "emergency_number": "911"}

CASES = {
    "filled": ("Call {clinic_phone}.", "Call 555 0100."),
    "empty fact, sentence left out": ("Rest. Write to {clinic_email}. Drink.", "Rest. Drink."),
    "two facts, one empty": ("Call {clinic_phone} or write to {clinic_email}.", ""),
    "paragraph left out": ("Rest.\n\nWrite to {clinic_email}.\n\nDrink.", "Rest.\n\nDrink."),
    "list line left out": ("Do:\n- rest\n- write to {clinic_email}\n- drink", "Do:\n- rest\n- drink"),
    "unknown fact, sentence left out": ("Rest. Ask {nobody}.", "Rest."),
    "no fact": ("Rest now.", "Rest now."),
}


@pytest.mark.parametrize(("text", "spoken"), CASES.values(), ids=CASES.keys())
def test_fill(text: str, spoken: str) -> None:
    assert fill(text, FACTS) == spoken


def test_the_country_decides_number_and_helpline(folder: ContentFolder) -> None:
    facts = load_facts(folder.path)
    assert facts["emergency_number"] == "911"
    assert facts["crisis_line"] == "the 988 Lifeline (call or text 988)"


def test_a_country_without_helpline_still_has_its_number(folder: ContentFolder) -> None:
    folder.write("clinic.yml", {"country": "PL"})
    facts = load_facts(folder.path)
    assert facts["emergency_number"] == "112"
    assert "findahelpline" in facts["crisis_line"]


def test_without_country_the_words_fit_everywhere(folder: ContentFolder) -> None:
    folder.write("clinic.yml", {"clinic_name": "Hill Clinic"})
    assert load_facts(folder.path)["emergency_number"] == "your local emergency number"


def test_other_ways_to_a_provider_only_where_the_clinic_cannot_be_reached(folder: ContentFolder) -> None:
    assert load_facts(folder.path)["find_provider"] == ""
    folder.write("clinic.yml", {"country": "US"})
    assert load_facts(folder.path)["find_provider"] == "Ask your doctor."

"""An approval counts for the exact text that was signed, and for nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ketaguide.content.approvals import is_approved, left_behind, text_hash
from ketaguide.content.model import Approval, Wording

WORDS = Wording("driving", {"en": "Wait."}, "clinical", {"en": "Wait."}, ("label",))


def signed(wording: Wording, *people: str) -> Wording:
    hash_ = text_hash(wording, "en")
    return replace(wording, approvals=tuple(Approval("en", who, "physician", "2026-11-22", hash_) for who in people))


def test_nothing_is_approved_without_a_signature() -> None:
    assert not is_approved(WORDS, "en")


def test_a_signature_approves_the_text_it_names() -> None:
    assert is_approved(signed(WORDS, "Dr A"), "en")


@pytest.mark.parametrize(
    "change",
    [
        {"answer": {"en": "Wait ."}},
        {"short": {"en": "Go."}},
        {"simpler": {"en": "Go."}},
        {"more": {"en": "Go on."}},
        {"risk": "logistics"},
        {"sources": ("label", "other")},
        {"id": "flying"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_any_change_voids_the_signature(change: dict) -> None:
    assert not is_approved(replace(signed(WORDS, "Dr A"), **change), "en")


def test_a_signature_counts_for_its_language_only() -> None:
    both = replace(WORDS, answer={"en": "Wait.", "es": "Espere."})
    assert not is_approved(signed(both, "Dr A"), "es")


def test_safety_text_needs_two_different_people() -> None:
    safety = replace(WORDS, risk="safety")
    assert not is_approved(signed(safety, "Dr A"), "en")
    assert not is_approved(signed(safety, "Dr A", "dr a "), "en")
    assert is_approved(signed(safety, "Dr A", "Dr B"), "en")


@pytest.mark.parametrize(
    ("english", "spanish", "behind"),
    [
        ("2026-11-22", "2026-11-22", []),
        ("2026-11-22", "2026-11-23", []),
        ("2026-11-22", "2026-11-21", ["es"]),
        ("", "2026-11-21", ["es"]),
        ("2026-11-22", "", []),
        ("", "", []),
    ],
)
def test_a_translation_is_behind_when_its_original_changed_since(english: str, spanish: str, behind: list) -> None:
    both = replace(WORDS, answer={"en": "Wait.", "es": "Espere."})
    days = {"en": english, "es": spanish}
    approvals = tuple(
        Approval(language, "Dr A", "physician", day, text_hash(both, language)) for language, day in days.items() if day
    )
    assert left_behind(replace(both, approvals=approvals)) == behind

"""Changing one entry of a file leaves everything else as it was, and what is written is read back the same."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ketaguide.content.edit import with_entries, write_whole
from ketaguide.content.load import topic_files

FILE = """# Ours.
id: driving   # the key
title: "Driving"
sources: [a, b]
answer:
  en: |-
    One.

    Two {clinic_phone}.
examples:
  - can I drive
  - "no"
approvals: []
"""


@pytest.mark.parametrize("path", topic_files(Path("data")), ids=lambda path: path.stem)
def test_an_answers_file_comes_back_byte_for_byte(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert with_entries(text, {"id": path.stem}) == text


def test_one_entry_is_changed_and_nothing_else() -> None:
    assert with_entries(FILE, {"title": "Cars"}) == FILE.replace('"Driving"', '"Cars"')
    assert with_entries(FILE, {"answer": {"en": "Three.\n\nFour."}}) == FILE.replace(
        "    One.\n\n    Two {clinic_phone}.", "    Three.\n\n    Four."
    )
    assert with_entries(FILE, {"examples": ["can I drive", "no", "may I"]}) == FILE.replace(
        '"no"\n', '"no"\n  - "may I"\n'
    )


def test_an_entry_is_added_and_taken_out_again() -> None:
    mark = {"by": "Nora", "on": "2026-11-22", "why": "no: it is wrong"}
    added = with_entries(FILE, {"withdrawn": mark})
    assert yaml.safe_load(added)["withdrawn"] == mark
    assert with_entries(added, {"withdrawn": None}) == FILE


def test_comments_of_a_file_without_entries_stay() -> None:
    assert with_entries("# Ours.\n", {"driving": ["a"]}) == '# Ours.\ndriving:\n  - "a"\n'


def test_a_list_is_no_file_of_entries() -> None:
    with pytest.raises(ValueError, match="no entries"):
        with_entries("- a\n", {"title": "x"})


_TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1).map(str.strip)


@settings(deadline=None, max_examples=50)
@given(st.dictionaries(st.sampled_from(["title", "short", "withdrawn", "examples"]), _TEXTS.filter(bool), min_size=1))
def test_any_words_are_read_back_the_same(words: Any) -> None:
    entries = {name: [text] if name == "examples" else {"en": text, "on": text} for name, text in words.items()}
    read = yaml.safe_load(with_entries(FILE, entries))
    assert {name: read[name] for name in entries} == entries


def test_a_file_is_replaced_in_one_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.yml"
    write_whole(path, "old")

    def fail(*_: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_whole(path, "new")
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["a.yml"]

"""An edit is live at once; a broken file keeps its last good words and says so."""

from __future__ import annotations

import logging
import os

import pytest

from ketaguide.content.live import LiveContent
from tests.content.conftest import ContentFolder


def words(content: LiveContent) -> str:
    return content.library().topics["driving"].answer["en"]


def test_an_edit_is_read_at_the_next_look(folder: ContentFolder) -> None:
    content = LiveContent(folder.path)
    before = words(content)
    folder.change(answer={"en": "Wait two days."})
    assert words(content) == "Wait two days." != before


def test_an_edit_saved_by_renaming_is_read_too(folder: ContentFolder) -> None:
    content = LiveContent(folder.path)
    words(content)
    new = folder.path / "new.tmp"
    old = folder.path / "topics/after/driving.yml"
    new.write_text(old.read_text().replace("next day", "same day"), encoding="utf-8")
    os.utime(new, ns=(old.stat().st_atime_ns, old.stat().st_mtime_ns))
    os.replace(new, old)
    assert "same day" in words(content)


@pytest.mark.parametrize(
    "broken",
    [
        'answer: "',
        "id: driving\n",
        "",
        "answer:\n  en: |\n    Fee {50\n",
        "\x00\x01",
        "checked_on: 2026-02-30",
        "[" * 5000,
    ],
    ids=["cut off", "incomplete", "empty", "stray brace", "binary", "a date that no calendar has", "nested too deep"],
)
def test_a_broken_file_keeps_the_last_good_words(
    folder: ContentFolder, broken: str, caplog: pytest.LogCaptureFixture
) -> None:
    content = LiveContent(folder.path)
    before = words(content)
    path = folder.path / "topics/after/driving.yml"
    path.write_text(broken, encoding="utf-8")
    with caplog.at_level(logging.ERROR):
        assert words(content) == before
    assert "last good words" in caplog.text
    assert content.broken_files() == [str(path)]


def test_a_mended_file_is_used_again(folder: ContentFolder) -> None:
    content = LiveContent(folder.path)
    words(content)
    (folder.path / "topics/after/driving.yml").write_text("broken: [", encoding="utf-8")
    words(content)
    folder.change(answer={"en": "Mended."})
    assert words(content) == "Mended."
    assert content.broken_files() == []


def test_a_deleted_file_keeps_its_words(folder: ContentFolder) -> None:
    content = LiveContent(folder.path)
    before = words(content)
    (folder.path / "topics/after/driving.yml").unlink()
    assert words(content) == before


def test_broken_clinic_facts_keep_the_last_good_ones(folder: ContentFolder) -> None:
    content = LiveContent(folder.path)
    assert content.facts()["clinic_phone"] == "555 0100"
    folder.write("clinic.yml", "clinic_phone: [")
    assert content.facts()["clinic_phone"] == "555 0100"


@pytest.mark.parametrize("name", ["sources.yml", "topic_ids.yml", "clinic.yml", "find_provider.yml"])
@pytest.mark.parametrize("broken", ["", "- a list", "just text", "a: 2026-02-30"])
def test_any_other_broken_file_keeps_the_answers(folder: ContentFolder, name: str, broken: str) -> None:
    content = LiveContent(folder.path)
    before = words(content)
    folder.write(name, broken)
    assert words(content) == before
    assert content.facts()["emergency_number"]
    assert words(LiveContent(folder.path)) == before


def test_without_clinic_facts_emergency_numbers_are_still_said(folder: ContentFolder) -> None:
    folder.write("clinic.yml", "country: NO")
    assert "emergency number" in LiveContent(folder.path).facts()["emergency_number"]


def test_a_new_topic_appears(folder: ContentFolder) -> None:
    content = LiveContent(folder.path)
    assert "flying" not in content.library().topics
    entries = (folder.path / "topics/after/driving.yml").read_text().replace("driving", "flying")
    folder.write("topics/after/flying.yml", entries)
    assert "flying" in content.library().topics

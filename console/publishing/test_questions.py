"""The questions that the clinic saved to be asked of every new model: `data/test_questions.yml`."""

from __future__ import annotations

from pathlib import Path
from typing import Dict

import yaml
from django.conf import settings

from console.publishing.locks import files_lock
from ketaguide.content.edit import with_entries, write_whole

FILE = "test_questions.yml"
HEAD = "# Questions that every newly learned model has to lead to the right answer, by answer.\n"


def saved(data_folder: Path) -> Dict[str, str]:
    """Returns each saved question with the id of its answer."""
    return {question: topic for topic, questions in _entries(data_folder).items() for question in questions}


def save(question: str, topic: str) -> None:
    """Adds a question; the same question under another answer moves."""
    with files_lock():
        path = settings.DATA_FOLDER / FILE
        text = path.read_text(encoding="utf-8") if path.exists() else HEAD
        entries = _entries(settings.DATA_FOLDER)
        changed = {id_: [one for one in asked if one != question] or None for id_, asked in entries.items()}
        changed[topic] = [*(changed.get(topic) or []), question]
        write_whole(path, with_entries(text, changed))


def remove(question: str) -> None:
    """Takes a question out, if it is there."""
    with files_lock():
        path = settings.DATA_FOLDER / FILE
        holding = {id_: asked for id_, asked in _entries(settings.DATA_FOLDER).items() if question in asked}
        changed = {id_: [one for one in asked if one != question] or None for id_, asked in holding.items()}
        if changed:
            write_whole(path, with_entries(path.read_text(encoding="utf-8"), changed))


def _entries(data_folder: Path) -> Dict[str, list]:
    path = data_folder / FILE
    return (yaml.safe_load(path.read_text(encoding="utf-8")) or {}) if path.exists() else {}

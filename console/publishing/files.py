"""The content files of a publish: what they should become, whether they still are what they were, writing them."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional

from django.conf import settings

from console.answers import content
from ketaguide.content.approvals import version
from ketaguide.content.edit import with_entries, write_whole
from ketaguide.content.load import read_topic
from ketaguide.content.model import Topic

Files = Mapping[str, Mapping[str, Optional[str]]]


def change_of(file: str, entries: Mapping[str, Any]) -> Dict[str, Optional[str]]:
    """Returns a file's text before and after setting these entries.

    Raises:
        ValueError: if the entries cannot be written so that they are read back the same.
    """
    old = content.file_text(file)
    return {"old": old, "new": with_entries(old or "", entries)}


def are(files: Files, which: str) -> bool:
    """Tells whether every file is in its state "old" or "new"."""
    return all(content.file_text(file) == states[which] for file, states in files.items())


def write(files: Files, which: str) -> None:
    """Brings every file into its state "old" or "new", each in one step."""
    for file, states in files.items():
        if content.file_text(file) != states[which]:
            write_whole(settings.DATA_FOLDER / file, states[which])


def strangers(files: Files) -> List[str]:
    """Returns the files that are neither as before nor as after: somebody else changed them."""
    return [file for file, states in files.items() if content.file_text(file) not in (states["old"], states["new"])]


def topic_in(file: str, text: str) -> Topic:
    """Returns the answer that a file with this text would hold.

    Raises:
        ContentError: if it cannot be used.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(file).parent.name / Path(file).name
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
        return read_topic(path)


def versions(topic: Topic) -> Dict[str, str]:
    """Returns for each language the version that messages with these words carry."""
    return {language: version(topic, language) for language in topic.answer}

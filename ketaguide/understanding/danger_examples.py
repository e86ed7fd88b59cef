"""The messages that the danger signal learns from."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Iterator, List, Tuple

from ketaguide.content.yaml_files import read_yaml

EXAMPLES = Path("data") / "crisis" / "similar"
HARMLESS = "harmless"


def examples(folder: Path = EXAMPLES) -> Iterator[Tuple[str, str]]:
    """Yields each message with its kind, `none` for harmless ones; one file for each kind."""
    for path in sorted(folder.glob("*.yml")):
        kind = "none" if path.stem == HARMLESS else path.stem
        for text in read_yaml(path)["examples"]:
            yield str(text), kind


def examples_hash(folder: Path = EXAMPLES) -> str:
    """Returns a hash of all messages and their kinds, whatever their order."""
    lines = sorted(f"{kind}\t{text}" for text, kind in examples(folder))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def ordinary_questions(data_folder: Path) -> List[str]:
    """Returns the example questions of all topics, small talk, and the messages that are out of scope."""
    questions = [str(text) for path in data_folder.glob("topics/*/*.yml") for text in read_yaml(path)["examples"]]
    for path in data_folder.glob("nlu/*.yml"):
        for intent in read_yaml(path)["nlu"]:
            questions += [line[2:] for line in intent["examples"].splitlines() if line.startswith("- ")]
    return sorted(set(questions))

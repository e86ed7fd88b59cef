"""Some of what each answer and each piece of small talk learned from, asked of every new model as well.

The choice is the same at each publish, so that two models are compared on the same questions.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Dict, Iterable, List

import yaml

from ketaguide.content.load import load_library

PER_ANSWER = 2
PER_SMALL_TALK = 8


def sampled(data_folder: Path) -> Dict[str, str]:
    """Returns questions with the id of the answer, or the name of the small talk, that they lead to."""
    found: Dict[str, str] = {}
    for name, examples in _small_talk(data_folder):
        found.update(dict.fromkeys(_some(examples, PER_SMALL_TALK), name))
    for topic in load_library(data_folder).topics.values():
        found.update(dict.fromkeys(_some(topic.examples, PER_ANSWER), topic.id))
    return found


def _some(questions: Iterable[str], count: int) -> List[str]:
    return sorted(questions, key=lambda question: hashlib.sha256(question.encode("utf-8")).digest())[:count]


def _small_talk(data_folder: Path) -> Iterable[tuple[str, List[str]]]:
    for file in sorted((data_folder / "nlu").glob("*.yml")):
        for entry in (yaml.safe_load(file.read_text(encoding="utf-8")) or {}).get("nlu") or []:
            lines = [line.strip()[2:] for line in str(entry.get("examples") or "").splitlines() if line.strip()]
            # One with marks for parts of it is not what a person would type.
            yield str(entry.get("intent")), [line for line in lines if "[" not in line]

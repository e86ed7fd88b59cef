"""Reads the public data sets and draws the few examples to learn from."""

from __future__ import annotations

import csv
import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Iterable, List, Sequence, Tuple

# Both sizes are drawn for each intent in turn, so that neither sample depends on which are asked for.
SHOTS = (5, 10)
SEED = 0
OUT_OF_SCOPE = "oos"
Example = Tuple[str, str]


@dataclass(frozen=True)
class Dataset:
    """Questions to draw from and questions to be tested on, each as (text, intent)."""

    name: str
    train: Sequence[Example]
    test: Sequence[Example]


def read_banking77(train: Path, test: Path) -> Dataset:
    """Returns BANKING77 of its two tables."""
    return Dataset("banking77", _read_csv(train), _read_csv(test))


def _read_csv(path: Path) -> List[Example]:
    with path.open(encoding="utf-8", newline="") as file:
        return [_example(row["text"], row["category"]) for row in csv.DictReader(file)]


def read_clinc150(path: Path) -> Dataset:
    """Returns the 150 intents of CLINC150 without its questions out of scope."""
    parts = json.loads(path.read_text(encoding="utf-8"))
    train, test = ([_example(*pair) for pair in parts[part] if pair[1] != OUT_OF_SCOPE] for part in ("train", "test"))
    return Dataset("clinc150", train, test)


def _example(text: str, intent: str) -> Example:
    # A few questions are broken over two lines; Rasa's readers would trim the training half of them only.
    return " ".join(text.split()), intent


def sample(examples: Iterable[Example]) -> Dict[int, List[Example]]:
    """Returns the examples to learn from, for each size: the same draw every time."""
    by_intent: Dict[str, List[str]] = {}
    for text, intent in examples:
        by_intent.setdefault(intent, []).append(text)
    draw = random.Random(SEED)
    drawn: Dict[int, List[Example]] = {shots: [] for shots in SHOTS}
    for intent, texts in by_intent.items():
        for shots in SHOTS:
            drawn[shots] += [(text, intent) for text in draw.sample(texts, shots)]
    return drawn

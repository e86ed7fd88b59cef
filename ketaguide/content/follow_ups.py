"""Reads `follow_ups.yml`: how visitors ask on about an answer without naming its subject again."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Mapping, Tuple

from ketaguide.content.model import ASPECTS, MOVES
from ketaguide.content.problems import ContentError, Problem
from ketaguide.content.yaml_files import read_yaml

FOLLOW_UPS_FILE = "follow_ups.yml"
KNOWN = {"moves": MOVES, "aspects": ASPECTS}


def load_follow_ups(data_folder: Path) -> Dict[str, Tuple[str, ...]]:
    """Returns the example messages of each move and aspect; none where there is no such file.

    Raises:
        ContentError: listing every unknown name, missing list and example that is not text.
    """
    path = data_folder / FOLLOW_UPS_FILE
    if not path.exists():
        return {}
    raw = read_yaml(path)
    if not isinstance(raw, dict) or not all(isinstance(raw.get(part), dict) for part in KNOWN):
        raise _error([("-", "it is not a list of moves and aspects", "write `moves:` and `aspects:` with lists below")])
    found: Dict[str, Tuple[str, ...]] = {}
    problems: List[Tuple[str, str, str]] = []
    for part, names in KNOWN.items():
        problems += _unknown(part, raw[part], names)
        for name in names:
            examples = raw[part].get(name)
            if not isinstance(examples, list) or not all(isinstance(text, str) and text.strip() for text in examples):
                remedy = "write one message per line after `- `, in quotes where it is a number or yes/no"
                problems.append((name, f"{name!r} below {part!r} is not a list of messages", remedy))
                continue
            found[name] = tuple(text.strip() for text in examples)
    if problems:
        raise _error(problems)
    return found


def _unknown(part: str, given: Mapping[str, Any], names: Tuple[str, ...]) -> List[Tuple[str, str, str]]:
    remedy = f"use only: {', '.join(names)}"
    return [(str(name), f"unknown name {name!r} below {part!r}", remedy) for name in given if name not in names]


def _error(problems: List[Tuple[str, str, str]]) -> ContentError:
    return ContentError([Problem(FOLLOW_UPS_FILE, *problem) for problem in problems])

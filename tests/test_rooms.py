"""Imports go one way through the rooms of the house, and each room only uses what it may."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Iterator, Set

import pytest

# What each room may import of the project and of Rasa; the standard library and other packages are not listed.
MAY_IMPORT = {
    "ketaguide/content": {"ketaguide.content"},
    "ketaguide/safety": {"ketaguide.safety", "ketaguide.content"},
    "ketaguide/dialogue": {"ketaguide.dialogue", "ketaguide.content"},
    "ketaguide/understanding": {
        "ketaguide.understanding",
        "ketaguide.dialogue",
        "ketaguide.safety",
        "ketaguide.content",
        "rasa",
    },
    "ketaguide/serving": {
        "ketaguide.serving",
        "ketaguide.understanding",
        "ketaguide.dialogue",
        "ketaguide.safety",
        "ketaguide.content",
        "ketaguide.shared_secret",
        "rasa",
    },
    "ketaguide/channels": {"ketaguide.channels", "ketaguide.serving", "ketaguide.safety", "ketaguide.content", "rasa"},
    "console": {"console", "ketaguide.safety", "ketaguide.content", "ketaguide.shared_secret"},
    "actions": {"actions", "ketaguide.dialogue", "ketaguide.safety", "ketaguide.content", "rasa_sdk"},
}
WATCHED = ("ketaguide", "actions", "console", "rasa", "rasa_sdk")


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def is_within(module: str, allowed: Set[str]) -> bool:
    return any(module == room or module.startswith(room + ".") for room in allowed)


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_imports_only_what_it_may(room: str) -> None:
    for path in Path(room).rglob("*.py"):
        for module in imports(path):
            if module.split(".")[0] in WATCHED:
                assert is_within(module, MAY_IMPORT[room]), f"{path} imports {module}"

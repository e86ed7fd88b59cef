"""The stock bot: what `rasa init` makes, read from the installed Rasa itself."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from typing import Any, Dict, List

import yaml

# Five turns each, in the words of the bot's own stories, so that it answers every one of them.
CONVERSATIONS: List[List[str]] = [
    ["hello", "I am very sad", "yes", "are you a bot?", "bye"],
    ["hey there", "I feel great today", "are you a human?", "see you later", "hi"],
    ["good morning", "not good", "not really", "am I talking to a bot?", "goodbye"],
    ["hi", "amazing", "bye bye", "hello", "super sad"],
]
FIRST_MESSAGE = "hello"
FIRST_ANSWER = "Hey! How are you?"


def _installed() -> Path:
    # Without importing Rasa: that would cost this process half a gigabyte.
    spec = importlib.util.find_spec("rasa")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("Rasa is missing. Run `make setup`.")
    return Path(spec.origin).parent


def default_config() -> Dict[str, Any]:
    """Returns the settings that Rasa takes, and writes into the file, where `config.yml` leaves them empty."""
    path = _installed() / "engine" / "recipes" / "config_files" / "default_config.yml"
    config: Dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return config


def create(folder: Path) -> None:
    """Makes the files of `rasa init` in a new folder, with the default settings written out."""
    shutil.copytree(
        _installed() / "cli" / "initial_project", folder, ignore=shutil.ignore_patterns("__pycache__", "*.pyc")
    )
    (folder / "config.yml").write_text(yaml.safe_dump(default_config(), sort_keys=False), encoding="utf-8")

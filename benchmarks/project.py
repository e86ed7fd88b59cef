"""This project as a thing to measure: a copy of it in a folder of its own, its commands and its settings."""

from __future__ import annotations

import random
import shlex
import shutil
import string
import sys
from pathlib import Path
from typing import Any, Dict, List, Mapping, Set

import yaml

from benchmarks.process import PROJECT

ENCODER_CACHE = Path(".cache") / "encoder"
# Made or kept by a running project, or no part of serving.
_LEFT_OUT = {"models", "results", "var", "tests", "web", "docs", "benchmarks"}
_NOT_IN_NLU = ("FallbackClassifier", "ketaguide.understanding.crisis_intent.CrisisIntentDetector")

FIRST_TOPIC = Path("data") / "topics" / "after" / "driving.yml"
TURNS = 5
# Small talk and questions out of scope among the messages: about what visitors send.
_EVERY_NTH_OTHER = 8


def create(folder: Path) -> None:
    """Copies what serving needs; the copy has no model, no cache and no conversations."""
    shutil.copytree(PROJECT, folder, ignore=_left_out)
    (folder / "var").mkdir()
    # The same plain channel for both bots.
    (folder / "credentials.yml").write_text("rest:\n", encoding="utf-8")


def _left_out(folder: str, names: List[str]) -> Set[str]:
    at_top = _LEFT_OUT if Path(folder) == PROJECT else set()
    return {name for name in names if name.startswith(".") or name in at_top or name == "__pycache__"}


def commands(ports: Mapping[str, int]) -> Dict[str, List[str]]:
    """Returns the commands of the Procfile that serve, action server first, with their ports filled in."""
    settings = {
        "ASSISTANT_HOST": "127.0.0.1",
        "ASSISTANT_PORT": str(ports["assistant"]),
        "ACTIONS_PORT": str(ports["actions"]),
        "OPERATIONS_PORT": "0",
    }
    lines = (PROJECT / "Procfile").read_text(encoding="utf-8").splitlines()
    named = dict(line.split(": ", 1) for line in lines if ": " in line)
    return {name: _with_this_python(string.Template(named[name]).substitute(settings)) for name in ports}


def _with_this_python(command: str) -> List[str]:
    return [sys.executable if word == ".venv/bin/python" else word for word in shlex.split(command)]


def nlu_config() -> Dict[str, Any]:
    """Returns the pipeline of `config.yml` without what belongs to this project's own content."""
    config = yaml.safe_load((PROJECT / "config.yml").read_text(encoding="utf-8"))
    pipeline = [component for component in config["pipeline"] if component["name"] not in _NOT_IN_NLU]
    return {"recipe": config["recipe"], "assistant_id": "benchmark", "language": "en", "pipeline": pipeline}


def first_message() -> str:
    """Returns the question whose answer shows that the assistant is ready."""
    return str(_topic()["question"])


def first_answer() -> str:
    """Returns the first sentence of that answer: the assistant speaks before its model is there, but not this."""
    return str(_topic()["answer"]["en"]).split(". ")[0]


def _topic() -> Dict[str, Any]:
    topic: Dict[str, Any] = yaml.safe_load((PROJECT / FIRST_TOPIC).read_text(encoding="utf-8"))
    return topic


def conversations() -> List[List[str]]:
    """Returns five-turn conversations of held-out questions, one of each topic, with small talk in between."""
    draw = random.Random(0)
    questions: List[str] = []
    others: List[str] = []
    for path in sorted((PROJECT / "tests" / "questions").glob("*.yml")):
        by_id = yaml.safe_load(path.read_text(encoding="utf-8"))
        if path.stem in ("small_talk", "out_of_scope"):
            others += [text for texts in by_id.values() for text in texts]
        else:
            questions += [draw.choice(texts) for texts in by_id.values()]
    messages = questions + draw.sample(others, len(questions) // _EVERY_NTH_OTHER)
    draw.shuffle(messages)
    return [messages[i : i + TURNS] for i in range(0, len(messages) - TURNS + 1, TURNS)]

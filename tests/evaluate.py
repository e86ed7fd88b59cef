"""Measures understanding on the held-out questions: `make evaluate`.

Prints the figures and writes `results/understanding.html` with the pairs that are confused.
"""

from __future__ import annotations

import argparse
import asyncio
import html
import logging
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Iterator, List, Mapping, Sequence, Tuple

import yaml

from ketaguide.content.load import load_library
from ketaguide.dialogue.clarify import OUT_OF_SCOPE, options

QUESTIONS = Path("tests/questions")
MODEL = Path("models/assistant.tar.gz")
PAGE = Path("results/understanding.html")
FALLBACK = "nlu_fallback"


@dataclass(frozen=True)
class Judged:
    """One held-out question and what the assistant made of it.

    Attributes:
        question: The visitor's words.
        wanted: The right id.
        chosen: The id answered, or None where nothing was chosen.
        offered: The ids on the buttons of a clarification.
        best: The three best ids of the ranking.
    """

    question: str
    wanted: str
    chosen: str | None
    offered: Tuple[str, ...]
    best: Tuple[str, ...]

    @property
    def right(self) -> bool:
        """Whether the first answer is the right one."""
        return self.chosen == self.wanted

    @property
    def wrong(self) -> bool:
        """Whether the visitor got a wrong answer: not refused, not asked with the right one among the choices."""
        refused = self.chosen == OUT_OF_SCOPE and self.wanted != OUT_OF_SCOPE
        return not self.right and not refused and self.wanted not in self.offered


def read_questions(folder: Path = QUESTIONS) -> Iterator[Tuple[str, str]]:
    """Yields every held-out question with its right id."""
    for path in sorted(folder.glob("*.yml")):
        for wanted, questions in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            for question in questions:
                yield question, wanted


async def judge_all(model: Path, questions: Sequence[Tuple[str, str]]) -> List[Judged]:
    """Returns what the trained model makes of each question."""
    from rasa.core.agent import Agent
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)
    agent = Agent.load(str(model))
    topics = load_library(Path("data")).topics
    return [judge(question, wanted, await agent.parse_message(question), topics) for question, wanted in questions]


def judge(question: str, wanted: str, parsed: Mapping[str, Any], topics: Mapping[str, Any]) -> Judged:
    """Returns the judgement of one parsed message, as the rules would answer it."""
    ranking = [entry for entry in parsed.get("intent_ranking", []) if entry["name"] != FALLBACK]
    chosen, offered = parsed["intent"]["name"], tuple[str, ...]()
    if chosen == FALLBACK:
        offered = tuple(options(ranking, topics))
        chosen = None if offered else OUT_OF_SCOPE
    return Judged(question, wanted, chosen, offered, tuple(entry["name"] for entry in ranking[:3]))


def figures(judged: Sequence[Judged]) -> Dict[str, Tuple[int, int]]:
    """Returns each figure as (count, of how many)."""
    talk = set(yaml.safe_load((QUESTIONS / "small_talk.yml").read_text(encoding="utf-8")))
    topics = [entry for entry in judged if entry.wanted not in talk and entry.wanted != OUT_OF_SCOPE]
    outside = [entry for entry in judged if entry.wanted == OUT_OF_SCOPE]
    small_talk = [entry for entry in judged if entry.wanted in talk]
    return {
        "first answer right": _share(topics, lambda entry: entry.right),
        "right one among the best three": _share(topics, lambda entry: entry.wanted in entry.best),
        "asked which is meant, right one offered": _share(topics, lambda entry: entry.wanted in entry.offered),
        "refused": _share(topics, lambda entry: entry.chosen == OUT_OF_SCOPE),
        "wrong answer": _share(topics, lambda entry: entry.wrong),
        "out of scope recognised": _share(outside, lambda entry: entry.right),
        "out of scope, asked instead": _share(outside, lambda entry: bool(entry.offered)),
        "small talk right": _share(small_talk, lambda entry: entry.right),
    }


def _share(entries: Sequence[Judged], holds: Any) -> Tuple[int, int]:
    return sum(map(holds, entries)), len(entries)


def write_page(judged: Sequence[Judged], path: Path) -> None:
    """Writes the figures, the confused pairs and every miss as one HTML page."""
    misses = [entry for entry in judged if not entry.right]
    pairs = Counter((entry.wanted, entry.chosen or "(asked)") for entry in misses)
    rows = "".join(
        _row(name, f"{100 * n / max(1, of):.1f} %", f"{n} of {of}") for name, (n, of) in figures(judged).items()
    )
    pair_rows = "".join(_row(wanted, chosen, str(count)) for (wanted, chosen), count in pairs.most_common(60))
    miss_rows = "".join(
        _row(entry.wanted, entry.chosen or "asked: " + ", ".join(entry.offered), entry.question)
        for entry in sorted(misses, key=lambda entry: entry.wanted)
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Understanding</title>'
        "<style>body{font:16px/1.5 system-ui;margin:2rem auto;max-width:70rem;padding:0 1rem}"
        "table{border-collapse:collapse;margin:1rem 0 2rem}td,th{border-bottom:1px solid #ccc;padding:.3rem .8rem;"
        "text-align:left;vertical-align:top}</style><h1>Understanding of held-out questions</h1>"
        f"<table>{rows}</table><h2>Who takes whose questions</h2><table><tr><th>Right answer<th>Chosen<th>Times</tr>"
        f"{pair_rows}</table><h2>Every question that was not answered right</h2>"
        f"<table><tr><th>Right answer<th>Chosen<th>Question</tr>{miss_rows}</table></html>",
        encoding="utf-8",
    )


def _row(*cells: str) -> str:
    return "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells) + "</tr>"


def main() -> int:
    """Prints the figures; returns 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=Path, default=QUESTIONS, help="a folder of files `id: [question, …]`")
    parser.add_argument("--misses", action="store_true", help="print every question that was not answered right")
    chosen = parser.parse_args()
    judged = asyncio.run(judge_all(MODEL, list(read_questions(chosen.questions))))
    for name, (count, of) in figures(judged).items():
        if of:
            print(f"{name:42} {100 * count / of:5.1f} %   ({count} of {of})")
    if chosen.misses:
        for entry in (entry for entry in judged if not entry.right):
            print(f"{entry.wanted} -> {entry.chosen or list(entry.offered)}: {entry.question}")
    write_page(judged, PAGE)
    print(f"The confused pairs: {PAGE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

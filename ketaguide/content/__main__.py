"""The content toolkit: `python -m ketaguide.content lint | show ID | due`."""

from __future__ import annotations

import argparse
import datetime
import sys
import textwrap
from pathlib import Path
from typing import List, Optional

from ketaguide.content.approvals import is_approved, version
from ketaguide.content.facts import fill, load_facts
from ketaguide.content.lint import lint
from ketaguide.content.load import Library, load_library
from ketaguide.content.model import Topic
from ketaguide.content.problems import ContentError
from ketaguide.content.readability import grade, word_count

DEFAULT_FOLDER = Path("data")


def main(arguments: Optional[List[str]] = None) -> int:
    """Runs one command and returns the exit code: 0 when all is well."""
    parser = argparse.ArgumentParser(prog="python -m ketaguide.content", description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_FOLDER, help="the content folder (default: data)")
    parser.add_argument("--today", type=datetime.date.fromisoformat, default=datetime.date.today())
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("lint", help="check all content and list every problem")
    commands.add_parser("show", help="show one answer as visitors get it").add_argument("id")
    commands.add_parser("due", help="list answers by review date").add_argument("--days", type=int, default=60)
    chosen = parser.parse_args(arguments)
    try:
        if chosen.command == "lint":
            return run_lint(chosen.data, chosen.today)
        library = load_library(chosen.data)
        if chosen.command == "show":
            return run_show(library, chosen.data, chosen.id)
        return run_due(library, chosen.today, chosen.days)
    except ContentError as error:
        print(error, file=sys.stderr)
        return 1


def run_lint(data_folder: Path, today: datetime.date) -> int:
    """Prints every problem; returns 1 if one of them stops publishing."""
    problems = lint(data_folder, today)
    for problem in problems:
        print(f"{problem.severity:7}  {problem}")
    errors = sum(problem.severity == "error" for problem in problems)
    print(f"{errors} problems to mend, {len(problems) - errors} to look at.")
    return 1 if errors else 0


def run_show(library: Library, data_folder: Path, id_: str) -> int:
    """Prints one answer with its facts filled in, its sources and its state."""
    wording = library.wording(id_)
    if wording is None:
        print(f"There is no answer {id_!r}. `due --days 9999` lists all ids.", file=sys.stderr)
        return 1
    facts = load_facts(data_folder)
    for language, text in wording.answer.items():
        state = "approved" if is_approved(wording, language) else "not yet approved by a clinician"
        level = grade(text)
        reading = f", grade {level:.1f}" if level is not None else ""
        print(f"{id_} [{language}] version {version(wording, language)}, {state}, {word_count(text)} words{reading}\n")
        for paragraph in fill(text, facts).split("\n"):
            print(textwrap.fill(paragraph, 100))
        if wording.short.get(language):
            print(f"\nAs a text message:\n{textwrap.fill(fill(wording.short[language], facts), 100)}")
    for source in (library.sources[name] for name in wording.sources):
        print(f"\n- {source.title}. {source.publisher}, {source.year}. {source.url}", end="")
    print()
    if isinstance(wording, Topic):
        print(f"\nRelated: {', '.join(wording.related)}. Checked {wording.checked_on}, review by {wording.review_by}.")
    return 0


def run_due(library: Library, today: datetime.date, days: int) -> int:
    """Prints the answers whose review falls within the next `days` days, the most urgent first."""
    limit = (today + datetime.timedelta(days=days)).isoformat()
    entries = [(t.review_by, t.id, t.risk) for t in library.topics.values()]
    entries += [(r.review_by, r.id, r.risk) for r in library.replies.values()]
    due = sorted(entry for entry in entries if entry[0] <= limit)
    for review_by, id_, risk in due:
        overdue = "OVERDUE" if review_by < today.isoformat() else ""
        print(f"{review_by}  {id_:28} {risk:10} {overdue}")
    print(f"{len(due)} of {len(entries)} answers are due within {days} days.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

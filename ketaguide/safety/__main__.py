"""`python -m ketaguide.safety explain "text"` shows what is read in a message; `lint` checks rules and replies."""

from __future__ import annotations

import argparse
import datetime
from pathlib import Path

from ketaguide.safety.detector import CrisisDetector
from ketaguide.safety.reply_lint import lint_crisis

DATA = Path(__file__).resolve().parents[2] / "data"
RULES = DATA / "crisis" / "rules"


def main(arguments: list[str] | None = None) -> int:
    """Print the verdict on a text and the rules behind it; return 0."""
    parser = argparse.ArgumentParser(prog="python -m ketaguide.safety", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    explain = commands.add_parser("explain", help="show the verdict and every rule that was found")
    explain.add_argument("text")
    explain.add_argument("--earlier", action="append", default=[], help="a message before it, oldest first")
    explain.add_argument("--rules", type=Path, default=RULES, help="the rule folder")
    lint = commands.add_parser("lint", help="check rules, replies and contacts, and list every problem")
    lint.add_argument("--data", type=Path, default=DATA, help="the content folder")
    options = parser.parse_args(arguments)
    if options.command == "lint":
        return run_lint(options.data)
    detector = CrisisDetector.from_folder(options.rules)
    print(detector.read(options.text, earlier=options.earlier))
    for line in detector.explain(options.text, earlier=options.earlier):
        print(" ", line)
    return 0


def run_lint(data_folder: Path) -> int:
    """Print every problem of rules, replies and contacts; return 1 if there is one."""
    problems = [str(problem) for problem in lint_crisis(data_folder, datetime.date.today())]
    detector = CrisisDetector.from_folder(data_folder / "crisis" / "rules")
    if not detector.is_complete:
        problems.append(f"crisis rules cannot be loaded: {detector.problem}")
    print("\n".join([*problems, f"{len(problems)} problems in crisis rules, replies and contacts."]))
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())

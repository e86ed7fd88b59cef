"""`python -m ketaguide.safety explain "text"`: show builders what the detector reads in a message."""

from __future__ import annotations

import argparse
from pathlib import Path

from ketaguide.safety.detector import CrisisDetector

RULES = Path(__file__).resolve().parents[2] / "data" / "crisis" / "rules"


def main(arguments: list[str] | None = None) -> int:
    """Print the verdict on a text and the rules behind it; return 0."""
    parser = argparse.ArgumentParser(prog="python -m ketaguide.safety", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    explain = commands.add_parser("explain", help="show the verdict and every rule that was found")
    explain.add_argument("text")
    explain.add_argument("--earlier", action="append", default=[], help="a message before it, oldest first")
    explain.add_argument("--rules", type=Path, default=RULES, help="the rule folder")
    options = parser.parse_args(arguments)
    detector = CrisisDetector.from_folder(options.rules)
    print(detector.read(options.text, earlier=options.earlier))
    for line in detector.explain(options.text, earlier=options.earlier):
        print(" ", line)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

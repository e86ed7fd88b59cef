"""Shows an answer as people get it: `python -m ketaguide.channels preview TOPIC --channel sms|whatsapp|telegram|…`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import List, Optional

from ketaguide.channels.preview import RENDERERS, UnknownAnswerError, preview


def main(arguments: Optional[List[str]] = None) -> int:
    """Runs one command and returns the exit code: 0 when all is well."""
    parser = argparse.ArgumentParser(prog="python -m ketaguide.channels", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("data"), help="the content folder (default: data)")
    commands = parser.add_subparsers(dest="command", required=True)
    shown = commands.add_parser("preview", help="print what a person would see of an answer")
    shown.add_argument("id", help="a topic or reply, help_<group>, or crisis_<kind>", metavar="TOPIC")
    shown.add_argument("--channel", choices=RENDERERS, help="one channel (default: all)")
    shown.add_argument("--full", action="store_true", help='what choosing "Full answer" brings')
    chosen = parser.parse_args(arguments)
    try:
        for channel in [chosen.channel] if chosen.channel else RENDERERS:
            print(f"== {channel}\n\n{preview(chosen.id, channel, chosen.data, chosen.full)}\n")
    except UnknownAnswerError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Judges whole conversations turn by turn, through the door that every channel uses: part of `make evaluate`.

The `tuned` files are what the reading was tuned on; the others were only ever measured.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Iterator, List, Sequence, Tuple

import yaml

from tests.evaluate import MODEL

FOLDER = Path("tests/conversations")
FILES = ("tuned", "tuned_more", "held_out", "fresh")
PREFIX = "utter_"
# They go along with an answer and are none.
BESIDE = frozenset({"utter_suggest_provider", "utter_support_distress"})


@dataclass(frozen=True)
class Turn:
    """One message of a held-out conversation.

    Attributes:
        say: The visitor's words.
        want: Ids of the replies that will do as the first answer.
        also: Ids that must be answered after it, in this order.
        form: Which words of the answer are wanted; "" where any will do.
        context: Whether the message cannot be understood alone.
    """

    say: str
    want: Tuple[str, ...]
    also: Tuple[str, ...]
    form: str
    context: bool


@dataclass(frozen=True)
class Judged:
    """A turn and what the assistant said to it."""

    conversation: str
    turn: Turn
    said: Tuple[str, ...]
    form: str

    @property
    def right(self) -> bool:
        """Whether the first answer is one that will do, in the form asked for, with the others after it."""
        first = self.said[0] if self.said else ""
        in_form = not self.turn.form or self.turn.form == self.form
        return first in self.turn.want and in_form and self.said[1 : 1 + len(self.turn.also)] == self.turn.also


def read_conversations(file: Path) -> Iterator[Tuple[str, List[Turn]]]:
    """Yields each conversation with its turns."""
    for name, turns in yaml.safe_load(file.read_text(encoding="utf-8")).items():
        yield name, [_turn(entry) for entry in turns]


def _turn(entry: Dict[str, Any]) -> Turn:
    want = entry["want"]
    return Turn(
        entry["say"],
        (want,) if isinstance(want, str) else tuple(want),
        tuple(entry.get("also", ())),
        entry.get("form", ""),
        entry.get("context", False),
    )


async def judge_all(model: Path, files: Sequence[Path]) -> Dict[str, List[Judged]]:
    """Returns each file's turns as the trained assistant answers them. No action server is needed."""
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import UserMessage
    from rasa.utils.endpoints import EndpointConfig
    from rasa.utils.log_utils import configure_structlog

    from ketaguide.serving.held_output import HeldOutput
    from ketaguide.serving.live_answers import LiveAnswers

    configure_structlog(logging.WARNING)
    # Without an action server each call to it fails, and the assistant speaks in its place.
    logging.getLogger("rasa.core.processor").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as state:
        generator = LiveAnswers(EndpointConfig(content_dir="data", state_dir=state))
        agent = Agent.load(str(model), generator=generator)
        judged: Dict[str, List[Judged]] = {}
        for file in files:
            judged[file.stem] = []
            for name, turns in read_conversations(file):
                for turn in turns:
                    output = HeldOutput("test")
                    await agent.handle_message(UserMessage(turn.say, output, f"{file.stem}-{name}"))
                    judged[file.stem].append(_judge(name, turn, output.messages))
    return judged


def _judge(name: str, turn: Turn, messages: Sequence[Dict[str, Any]]) -> Judged:
    answers = [message for message in messages if str(message.get("utter_action") or "") not in BESIDE]
    said = tuple(str(message.get("utter_action") or "")[len(PREFIX) :] for message in answers)
    form = str((answers[0].get("reading") or {}).get("form") or "") if answers else ""
    return Judged(name, turn, said, form)


def main() -> int:
    """Prints the share of turns answered right; returns 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file", choices=FILES, action="append", help="only this file")
    parser.add_argument("--misses", action="store_true", help="print every turn that was not answered right")
    chosen = parser.parse_args()
    files = [FOLDER / f"{name}.yml" for name in chosen.file or FILES]
    for name, judged in asyncio.run(judge_all(MODEL, files)).items():
        for kind, context in (("plain", False), ("context", True)):
            turns = [entry for entry in judged if entry.turn.context == context]
            right = sum(entry.right for entry in turns)
            label = f"conversations {name}, {kind} turns right"
            print(f"{label:52} {100 * right / len(turns):5.1f} %   ({right} of {len(turns)})")
        for entry in judged if chosen.misses else ():
            if not entry.right:
                want = ", ".join(entry.turn.want + entry.turn.also) + (
                    f" ({entry.turn.form})" if entry.turn.form else ""
                )
                print(f"  {entry.conversation}: {entry.turn.say} | {want} -> {', '.join(entry.said)} {entry.form}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What reading messages in the light of the conversation costs: median time per message with it and without, one run.

`python -m benchmarks.conversation`. Processor time, so that other work on the machine does not count. Both ways run in
turns on the same messages; only those that get the same replies both ways are counted.
"""

from __future__ import annotations

import asyncio
import logging
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from typing import Any, Dict, List
from unittest.mock import patch

from ketaguide.understanding.conversation_reader import ConversationReader
from ketaguide.understanding.message_parts import MessageParts
from ketaguide.understanding.sign_classifier import SignClassifier
from tests.evaluate import MODEL
from tests.evaluate_conversations import FOLDER, read_conversations

COMPONENTS = (MessageParts, SignClassifier, ConversationReader)
WARM_UP = 10


def _unread(_: Any, messages: List[Any], *__: Any, **___: Any) -> List[Any]:
    return messages


async def measure() -> Dict[str, List[float]]:
    """Returns the seconds per message, by "with" and "without"."""
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import UserMessage
    from rasa.utils.endpoints import EndpointConfig
    from rasa.utils.log_utils import configure_structlog

    from ketaguide.serving.held_output import HeldOutput
    from ketaguide.serving.live_answers import LiveAnswers

    configure_structlog(logging.WARNING)
    logging.getLogger("rasa.core.processor").setLevel(logging.CRITICAL)
    seconds: Dict[str, List[float]] = {"with": [], "without": []}
    with tempfile.TemporaryDirectory() as state:
        generator = LiveAnswers(EndpointConfig(content_dir="data", state_dir=state))
        # Both ways use the same nodes, whose methods are bound when the model is loaded.
        agents: Dict[str, Agent] = {"with": Agent.load(str(MODEL), generator=generator)}
        with ExitStack() as patches:
            for component in COMPONENTS:
                patches.enter_context(patch.object(component, "process", _unread))
            agents["without"] = Agent.load(str(MODEL), generator=generator)
            for count, (name, turns) in enumerate(read_conversations(FOLDER / "tuned.yml")):
                for turn in turns:
                    took: Dict[str, float] = {}
                    replies: Dict[str, List[str]] = {}
                    for way in sorted(seconds, reverse=bool(count % 2)):
                        with ExitStack() as stack:
                            if way == "with":
                                for component, process in ORIGINAL.items():
                                    stack.enter_context(patch.object(component, "process", process))
                            started = time.process_time()
                            output = HeldOutput("bench")
                            await agents[way].handle_message(UserMessage(turn.say, output, f"{way}-{name}"))
                            took[way] = time.process_time() - started
                            replies[way] = [str(said.get("utter_action")) for said in output.messages]
                    if replies["with"] == replies["without"]:
                        for way in seconds:
                            seconds[way].append(took[way])
    return seconds


ORIGINAL = {component: component.process for component in COMPONENTS}


def main() -> int:
    """Prints both medians and their ratio; returns 0."""
    seconds = asyncio.run(measure())
    medians = {way: statistics.median(values[WARM_UP:]) for way, values in seconds.items()}
    for way, median in medians.items():
        print(f"time per message {way} the conversation, median: {1000 * median:6.1f} ms")
    print(f"ratio: {medians['with'] / medians['without']:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

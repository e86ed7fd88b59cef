"""Learns how much each sign counts when a message is read in the light of the conversation.

Reads the conversations that tuning may use, asks the trained model what it makes of each message alone, and prints the
weights for `ketaguide/dialogue/light.py`: those under which the wanted answers are most likely.
"""

from __future__ import annotations

import asyncio
import logging
import random
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Iterator, List, Mapping, Sequence, Tuple

import numpy as np
import yaml
from scipy.optimize import minimize

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from ketaguide.content.load import load_library  # noqa: E402 - needs the path above
from ketaguide.content.model import Topic  # noqa: E402
from ketaguide.dialogue.context import STEP_BACK  # noqa: E402
from ketaguide.dialogue.cues import read_cues  # noqa: E402
from ketaguide.dialogue.light import WEIGHTS, Heard, Subject, features  # noqa: E402
from ketaguide.understanding.linear_classifier import SCORES_KEY  # noqa: E402
from ketaguide.understanding.sign_classifier import NEARNESS_KEY, SIGNS_KEY  # noqa: E402

CONVERSATIONS = PROJECT / "tests" / "conversations"
MODEL = PROJECT / "models" / "assistant.tar.gz"
# Each plain message is also read after topics it has nothing to do with, and must keep its own answer there.
STRANGE_CONTEXTS = 8
STRANGE_WEIGHT = 0.3
REGULARISATION = 0.5
START = {"score": 1.0, "aspect": 3.0, "same*open": 2.0}


@dataclass(frozen=True)
class Example:
    """A message, the topics before it (newest first), the answers that will do, and how much it counts."""

    text: str
    before: Tuple[str, ...]
    want: Tuple[str, ...]
    weight: float = 1.0


def examples(topics: Mapping[str, Topic]) -> Iterator[Example]:
    """Yields the examples of the conversations and pairs that tuning may use."""
    rng = random.Random(1)
    for turns in _tuned_conversations():
        before: List[str] = []
        for turn in turns:
            want = [turn["want"]] if isinstance(turn["want"], str) else turn["want"]
            answers = tuple(id_ for id_ in want if id_ in topics)
            if answers and not turn.get("form") and not turn.get("also"):
                if before:
                    yield Example(turn["say"], tuple(before[:-3:-1]), answers)
                for _ in range(0 if turn.get("context") else STRANGE_CONTEXTS):
                    yield Example(turn["say"], tuple(rng.sample(sorted(topics), 2)), answers, STRANGE_WEIGHT)
            before += answers[:1]
    for topic, messages in yaml.safe_load((CONVERSATIONS / "tuned_pairs.yml").read_text(encoding="utf-8")).items():
        for text, want in messages.items():
            yield Example(text, (topic,), tuple(want))


def _tuned_conversations() -> Iterator[List[Dict[str, Any]]]:
    for name in ("tuned", "tuned_more"):
        yield from yaml.safe_load((CONVERSATIONS / f"{name}.yml").read_text(encoding="utf-8")).values()


async def parse_all(texts: Sequence[str]) -> Dict[str, Dict[str, Any]]:
    """Returns what the trained model makes of each text alone."""
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import UserMessage
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)
    agent = Agent.load(str(MODEL))
    assert agent.processor
    return {
        text: await agent.processor.parse_message(UserMessage(text), only_output_properties=False)
        for text in dict.fromkeys(texts)
    }


def matrix(example: Example, parsed: Mapping[str, Any], topics: Mapping[str, Topic]) -> Tuple[np.ndarray, np.ndarray]:
    """Returns the evidence for each intent, shape (intents, weights), and which intents will do, shape (intents,)."""
    heard = Heard(parsed[SCORES_KEY], parsed[SIGNS_KEY], read_cues(example.text))
    subjects = [
        Subject(topics[id_], STEP_BACK**back, parsed[NEARNESS_KEY][id_]) for back, id_ in enumerate(example.before)
    ]
    rows = features(heard, subjects, topics)
    evidence = np.array([[row.get(name, 0.0) for name in WEIGHTS] for row in rows.values()])
    return evidence, np.array([intent in example.want for intent in rows])


def fit(data: Sequence[Tuple[np.ndarray, np.ndarray, float]]) -> np.ndarray:
    """Returns the weights that make the wanted answers most likely, held near where they start."""
    start = np.array([START.get(name, 0.0) for name in WEIGHTS])

    def loss(weights: np.ndarray) -> Tuple[float, np.ndarray]:
        total, slope = 0.0, np.zeros_like(weights)
        for evidence, wanted, counts in data:
            scores = evidence @ weights
            shares = np.exp(scores - scores.max())
            shares /= shares.sum()
            right = float(shares[wanted].sum()) + 1e-12
            total -= counts * float(np.log(right))
            slope -= counts * ((np.where(wanted, shares, 0.0) / right - shares) @ evidence)
        off = weights - start
        return total + REGULARISATION * float(off @ off), slope + 2 * REGULARISATION * off

    found: np.ndarray = minimize(loss, start, jac=True, method="L-BFGS-B").x
    return found


def main() -> int:
    """Prints the weights as they stand in the code; returns 0."""
    topics = load_library(PROJECT / "data").topics
    known = list(examples(topics))
    parsed = asyncio.run(parse_all([example.text for example in known]))
    heard = [example for example in known if parsed[example.text].get(SCORES_KEY)]
    weights = fit([(*matrix(example, parsed[example.text], topics), example.weight) for example in heard])
    print("\n".join(f'    "{name}": {value:.2f},' for name, value in zip(WEIGHTS, weights)))
    return 0


if __name__ == "__main__":
    sys.exit(main())

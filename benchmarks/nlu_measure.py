"""Measures one trained model: `python -m benchmarks.nlu_measure MODEL TESTS OUTPUT`, run in a process of its own."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Tuple

FALLBACK = "nlu_fallback"
WARM_UP = 20


def best_intent(parsed: Mapping[str, Any]) -> Optional[str]:
    """Returns the likeliest intent; a fallback classifier's own entry in the ranking is no intent."""
    names = [entry["name"] for entry in parsed.get("intent_ranking", [])]
    return next((name for name in names if name != FALLBACK), None)


async def measure(model: Path, tests: List[Tuple[str, str]]) -> Dict[str, Any]:
    """Returns the counts and the time of each message, in milliseconds."""
    from rasa.core.agent import Agent

    agent = Agent.load(str(model))
    for text, _ in tests[:WARM_UP]:
        await agent.parse_message(text)
    right = right_as_served = 0
    times: List[float] = []
    cpu = time.process_time()
    for text, wanted in tests:
        started = time.perf_counter()
        parsed = await agent.parse_message(text)
        times.append((time.perf_counter() - started) * 1000)
        right += best_intent(parsed) == wanted
        right_as_served += parsed["intent"]["name"] == wanted
    cpu_ms = (time.process_time() - cpu) * 1000 / len(tests)
    return {"right": right, "right_as_served": right_as_served, "times_ms": times, "cpu_ms": cpu_ms}


def main() -> None:
    """Reads the tests, writes the measurements."""
    model, tests, output = map(Path, sys.argv[1:4])
    found = asyncio.run(measure(model, json.loads(tests.read_text(encoding="utf-8"))))
    output.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()

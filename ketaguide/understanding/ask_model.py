"""Asks a model what it makes of a list of questions: `python -m ketaguide.understanding.ask_model`.

A process of its own, so that testing a new model takes nothing from the one that serves visitors.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
from pathlib import Path
from typing import Dict, List

from rasa.core.agent import Agent


def main() -> None:
    """Writes a JSON object: question to the id of the answer that the model chooses."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True, help="a JSON list of texts")
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    questions: List[str] = json.loads(options.questions.read_text(encoding="utf-8"))
    answers = asyncio.run(chosen(options.model, questions))
    options.output.write_text(json.dumps(answers, ensure_ascii=False), encoding="utf-8")


async def chosen(model: Path, questions: List[str]) -> Dict[str, str]:
    """Returns for each question the intent that the model chooses."""
    agent = Agent.load(str(model))
    return {question: str((await agent.parse_message(question))["intent"]["name"]) for question in questions}


if __name__ == "__main__":
    main()

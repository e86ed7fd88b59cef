"""Loads a model into the running assistant, and spares visitors the collector of memory walking through all of it."""

from __future__ import annotations

import gc
from pathlib import Path

from rasa.core.agent import Agent


def take_up(agent: Agent, file: Path) -> None:
    """Loads a model; the one in use stays in use if that fails. To be called off the event loop.

    Visitors wait for a second or two at its end, while memory is put in order.
    """
    agent.load_model(file)
    settle()


def settle() -> None:
    """Takes all that is loaded out of the collector's sight: it lives as long as the model.

    Rules, patterns and model are millions of objects; each full collection would make a visitor wait for a walk
    through all of them.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()

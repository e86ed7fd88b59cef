"""Whether this process is alive, and whether visitors should be sent to it.

A check is either needed (without it a visitor would be served badly) or watched: while only the database or Redis is
away, visitors still get their answers and nothing is lost, so that taking every process out of service would turn a
disturbance into silence.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any, Callable, Dict, NamedTuple, Optional

from rasa.core.agent import Agent

from ketaguide.serving import metrics
from ketaguide.serving.guard import Guard
from ketaguide.serving.stores.conversations import ConversationStore
from ketaguide.serving.stores.shared import shared

# Its reply must be there in this time, whoever else is asking something.
CRISIS_PROBE, CRISIS_KIND, CRISIS_SECONDS = "I want to kill myself", "suicide", 0.3
# One slow reading tells of a busy machine, and it would take every process out of service at once.
CRISIS_TRIES = 3
LOOP_SECONDS = 5.0


class Check(NamedTuple):
    """What one check found."""

    is_good: bool
    is_needed: bool


class Health:
    """Checks of one running assistant; any thread may ask."""

    def __init__(self, agent: Callable[[], Optional[Agent]], guard: Callable[[], Optional[Guard]]) -> None:
        """Takes what gives the agent and the guard, which both come to be while a server starts."""
        self._agent = agent
        self._guard = guard
        self._loop: Optional[asyncio.AbstractEventLoop] = None

    def watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Takes the loop that serves requests."""
        self._loop = loop

    def is_alive(self) -> bool:
        """Tells whether the loop that serves requests still turns."""
        return self._loop is None or _turns(self._loop)

    def checks(self) -> Dict[str, Check]:
        """Returns every check by name, and puts them into the metrics."""
        agent, guard = self._agent(), self._guard()
        store = _store(agent)
        found = {
            "model": Check(agent is not None and agent.is_ready(), True),
            "content": Check(guard is not None and bool(guard.content.library().topics), True),
            "content_files": Check(guard is not None and not guard.content.broken_files(), False),
            "safety_rules": Check(guard is not None and not guard.desk.problems(), True),
            "crisis_reply": Check(
                guard is not None and any(_recognises_danger(guard) for _ in range(CRISIS_TRIES)), True
            ),
            "agent_thread": Check(guard is not None and guard.thread.is_free(LOOP_SECONDS), True),
        }
        if store is not None:
            found["storage"] = Check(store.events.can_keep(), True)
            found["database"] = Check(not store.events.is_away, False)
            metrics.WAITING.set(store.events.waiting())
        redis = shared()
        if redis is not None:
            found["redis"] = Check(redis.is_up(), False)
        for name, check in found.items():
            metrics.CHECKS.labels(name).set(check.is_good)
        return found

    def report(self) -> Dict[str, Any]:
        """Returns `{"ready", "degraded", "checks": {name: "ok" | "failed" | "degraded"}}`."""
        checks = self.checks()
        words = {
            name: "ok" if check.is_good else "failed" if check.is_needed else "degraded"
            for name, check in checks.items()
        }
        return {"ready": "failed" not in words.values(), "degraded": "degraded" in words.values(), "checks": words}


def _recognises_danger(guard: Guard) -> bool:
    started = time.perf_counter()
    verdict = guard.desk.detector.read(CRISIS_PROBE)
    return verdict.kind == CRISIS_KIND and time.perf_counter() - started < CRISIS_SECONDS


def _store(agent: Optional[Agent]) -> Optional[ConversationStore]:
    outer = getattr(agent, "tracker_store", None)
    # Rasa puts a store of its own around each store.
    inner = getattr(outer, "_tracker_store", outer)
    return inner if isinstance(inner, ConversationStore) else None


def _turns(loop: asyncio.AbstractEventLoop) -> bool:
    async def nothing() -> None:
        """Takes its turn."""

    future = asyncio.run_coroutine_threadsafe(nothing(), loop)
    try:
        future.result(LOOP_SECONDS)
    except Exception:  # too late, or the loop is closed
        future.cancel()
        return False
    return True

"""Work in progress or just done: a retry of the same message joins it instead of asking twice."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from typing import Any, Callable, Coroutine, Dict, Tuple

from ketaguide.serving.stores.once import Once
from ketaguide.serving.stores.shared import shared

KEPT_SECONDS = 120
MOST_KEPT = 500

# The session's token and the widget's id of the message; the latter is random, so nobody can guess both.
Key = Tuple[str, str]
Result = Dict[str, Any]
Work = Callable[[bool], Coroutine[Any, Any, Result]]


class RecentWork:
    """Tasks by the message they answer."""

    def __init__(self) -> None:
        self._tasks: OrderedDict[Key, Tuple[float, asyncio.Task[Result]]] = OrderedDict()
        # A process before this one may have taken a message that is retried now.
        self._started = time.monotonic()
        store = shared()
        self._elsewhere = Once(store, KEPT_SECONDS) if store else None

    def start(self, key: Key, work: Work) -> asyncio.Task[Result]:
        """Returns the running or finished task of this message, or starts it; failed work is done anew.

        The work is told whether a process that has died may have done it already.
        """
        self._drop_old()
        known = self._tasks.get(key) if key[1] else None
        if known and not _failed(known[1]):
            return known[1]
        task = asyncio.ensure_future(self._once(key, work))
        if key[1]:
            self._tasks[key] = (time.monotonic(), task)
        return task

    async def _once(self, key: Key, work: Work) -> Result:
        if self._elsewhere is None or not key[1]:
            return await work(bool(key[1]) and time.monotonic() - self._started < KEPT_SECONDS)
        result: Result = await self._elsewhere.result("|".join(key), work, lambda result: bool(result["messages"]))
        return result

    def forget(self, token: str) -> None:
        """Drops what a deleted conversation said."""
        for key in [key for key, (_, task) in self._tasks.items() if key[0] == token or _token(task) == token]:
            del self._tasks[key]
            if self._elsewhere:
                self._elsewhere.forget("|".join(key))

    def _drop_old(self) -> None:
        oldest = time.monotonic() - KEPT_SECONDS
        while self._tasks:
            key, (started, _) = next(iter(self._tasks.items()))
            if started >= oldest and len(self._tasks) <= MOST_KEPT:
                return
            del self._tasks[key]


def _failed(task: asyncio.Task[Result]) -> bool:
    return task.done() and (task.cancelled() or bool(task.exception()) or not task.result()["messages"])


def _token(task: asyncio.Task[Result]) -> str:
    return "" if not task.done() or _failed(task) else str(task.result()["session"])

"""Runs the agent on a thread of its own, so that a part of it that hangs cannot keep the guard from answering."""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
from typing import Any, Coroutine, Optional, TypeVar

T = TypeVar("T")


class AgentThread:
    """One event loop on one daemon thread, started at first use."""

    def __init__(self) -> None:
        self._loop: Optional[asyncio.AbstractEventLoop] = None
        self._lock = threading.Lock()

    def submit(self, work: Coroutine[Any, Any, T]) -> concurrent.futures.Future[T]:
        """Starts the work; its result can be awaited or dropped."""
        return asyncio.run_coroutine_threadsafe(work, self._running_loop())

    async def result(self, work: Coroutine[Any, Any, T], seconds: float) -> T:
        """Returns the work's result.

        Raises:
            asyncio.TimeoutError: if it takes longer; the work is told to stop, and a late result is dropped.
        """
        future = self.submit(work)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), seconds)
        finally:
            future.cancel()

    def is_free(self, seconds: float) -> bool:
        """Tells whether the thread takes up new work within so many seconds."""

        async def nothing() -> None:
            """Takes its turn."""

        future = self.submit(nothing())
        try:
            future.result(seconds)
        except concurrent.futures.TimeoutError:
            future.cancel()
            return False
        return True

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=self._loop.run_forever, name="agent", daemon=True).start()
            return self._loop

"""Publishes events for analytics from a thread of its own: visitors do not wait for a broker, nor does a start.

Rasa's RabbitMQ broker holds a start up until it is connected, and publishes on the loop that serves requests from
whichever thread calls it; its Kafka broker sleeps where it is called.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
from contextlib import suppress
from typing import Any, Dict, Optional

from rasa.core.brokers.broker import EventBroker
from rasa.utils.endpoints import EndpointConfig

from ketaguide.serving import metrics

logger = logging.getLogger(__name__)

CONNECT_SECONDS = 30.0
RETRY_SECONDS = 5.0
CLOSE_SECONDS = 2.0
# For what is under way when the assistant stops.
LAST_SECONDS = 1.0
LOOK_SECONDS = 0.05
# Some hours of a busy clinic; beyond that the newest are dropped.
MOST_WAITING = 20_000
# How many may be on their way to a broker that confirms none.
MOST_UNDER_WAY = 1_000


class DetachedBroker(EventBroker):
    """Stands in for the broker that the endpoints name."""

    def __init__(self, config: EndpointConfig) -> None:
        """Takes the broker's entry in the endpoints; nothing is connected yet."""
        self._config = config
        self._waiting: queue.Queue[Dict[str, Any]] = queue.Queue(MOST_WAITING)
        self._loop = asyncio.new_event_loop()
        self._broker: Optional[EventBroker] = None
        self._is_away = False
        threading.Thread(target=self._run, name="broker", daemon=True).start()

    def publish(self, event: Dict[str, Any]) -> None:
        """Takes an event to be published soon."""
        try:
            self._waiting.put_nowait(event)
        except queue.Full:
            metrics.STORE_ERRORS.labels("broker").inc()

    async def close(self) -> None:
        """Lets what waits leave for a moment, then ends the connection."""
        with suppress(Exception):
            closing = asyncio.run_coroutine_threadsafe(self._finish(), self._loop)
            await asyncio.wait_for(asyncio.wrap_future(closing), CLOSE_SECONDS)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._going_on = self._loop.create_task(self._go_on())
        self._loop.run_until_complete(self._going_on)

    async def _go_on(self) -> None:
        while self._broker is None:
            await self._connect()
        while True:
            event = await self._next()
            while len(asyncio.all_tasks()) > MOST_UNDER_WAY or not self._pass_on(event):
                await asyncio.sleep(RETRY_SECONDS)
            self._waiting.task_done()

    async def _next(self) -> Dict[str, Any]:
        # Looked for again and again: a thread that waits in the queue would keep the process from ending.
        while True:
            try:
                return self._waiting.get_nowait()
            except queue.Empty:
                await asyncio.sleep(LOOK_SECONDS)

    async def _connect(self) -> None:
        try:
            connecting = EventBroker.create(self._config, loop=self._loop)
            self._broker = await asyncio.wait_for(connecting, CONNECT_SECONDS)
            logger.info("The event broker is connected.")
        except Exception as error:  # it may come up later
            self._note(error)
            await asyncio.sleep(RETRY_SECONDS)

    def _pass_on(self, event: Dict[str, Any]) -> bool:
        """Says whether the broker has taken the event, or never will."""
        try:
            self._broker.publish(event)  # type: ignore[union-attr]
            self._is_away = False
        except (TypeError, ValueError) as error:  # it cannot be written down; those after it can
            self._note(error)
        except Exception as error:  # it may be taken later
            self._note(error)
            return False
        return True

    def _note(self, error: Exception) -> None:
        metrics.STORE_ERRORS.labels("broker").inc()
        if not self._is_away:
            logger.error("The event broker cannot be used (%s); events wait for it.", type(error).__name__)
        self._is_away = True

    async def _finish(self) -> None:
        while self._broker and self._waiting.unfinished_tasks:
            await asyncio.sleep(LOOK_SECONDS)
        if self._broker:
            under_way = asyncio.all_tasks() - {asyncio.current_task(), self._going_on}
            if under_way:
                await asyncio.wait(under_way, timeout=LAST_SECONDS)
            await self._broker.close()

"""The last few messages of each visitor, for reading a statement that is split over several.

In memory only. Where several processes share a Redis, they are there too, for ten minutes, unreadable without this
installation's secret.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from contextlib import suppress
from typing import Any, Deque, List, Tuple

import redis

from ketaguide.serving.stores.shared import Shared, SharedUnavailableError, shared

KEPT_SECONDS = 600.0
KEPT_MESSAGES = 3
MOST_VISITORS = 10_000
KIND = "recent"


class RecentMessages:
    """At most three messages per visitor, forgotten after ten minutes, never written anywhere."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_sender: OrderedDict[str, Deque[Tuple[float, str]]] = OrderedDict()
        self._shared = shared()

    def before(self, sender: str, now: float) -> List[str]:
        """Returns the visitor's messages of the last ten minutes, oldest first."""
        if self._shared is not None:
            with suppress(SharedUnavailableError):
                return [text for at, text in self._elsewhere(self._shared, sender) if now - at <= KEPT_SECONDS]
        with self._lock:
            return [text for at, text in self._by_sender.get(sender, ()) if now - at <= KEPT_SECONDS]

    def add(self, sender: str, text: str, now: float) -> None:
        """Remembers a message, and forgets what is too old or too much."""
        if self._shared is not None:
            with suppress(SharedUnavailableError):
                self._put_elsewhere(self._shared, sender, [now, text])
        with self._lock:
            self._by_sender.setdefault(sender, deque(maxlen=KEPT_MESSAGES)).append((now, text))
            self._by_sender.move_to_end(sender)
            while self._by_sender:
                oldest = next(iter(self._by_sender))
                if len(self._by_sender) <= MOST_VISITORS and now - self._by_sender[oldest][-1][0] <= KEPT_SECONDS:
                    break
                del self._by_sender[oldest]

    def forget(self, sender: str) -> None:
        """Forgets one visitor."""
        if self._shared is not None:
            name = self._shared.name(KIND, sender)
            with suppress(SharedUnavailableError):
                self._shared.call(lambda client: client.delete(name))
        with self._lock:
            self._by_sender.pop(sender, None)

    @staticmethod
    def _elsewhere(store: Shared, sender: str) -> List[Tuple[float, str]]:
        sealed = store.call(lambda client: client.lrange(store.name(KIND, sender), 0, -1))
        entries = [store.unseal(entry) for entry in sealed]
        return [(float(entry[0]), str(entry[1])) for entry in entries if entry]

    @staticmethod
    def _put_elsewhere(store: Shared, sender: str, entry: List[Any]) -> None:
        name, sealed = store.name(KIND, sender), store.seal(entry)

        def put(client: redis.Redis) -> None:
            with client.pipeline(transaction=True) as together:
                together.rpush(name, sealed)
                together.ltrim(name, -KEPT_MESSAGES, -1)
                together.expire(name, int(KEPT_SECONDS))
                together.execute()

        store.call(put)

"""The last few messages of each visitor, for reading a statement that is split over several. In memory only."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from typing import Deque, List, Tuple

KEPT_SECONDS = 600.0
KEPT_MESSAGES = 3
MOST_VISITORS = 10_000


class RecentMessages:
    """At most three messages per visitor, forgotten after ten minutes, never written anywhere."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_sender: OrderedDict[str, Deque[Tuple[float, str]]] = OrderedDict()

    def before(self, sender: str, now: float) -> List[str]:
        """Returns the visitor's messages of the last ten minutes, oldest first."""
        with self._lock:
            return [text for at, text in self._by_sender.get(sender, ()) if now - at <= KEPT_SECONDS]

    def add(self, sender: str, text: str, now: float) -> None:
        """Remembers a message, and forgets what is too old or too much."""
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
        with self._lock:
            self._by_sender.pop(sender, None)

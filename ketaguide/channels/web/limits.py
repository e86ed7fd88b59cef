"""Rate limits: token buckets in memory, by session and by a keyed hash of the address."""

from __future__ import annotations

import hashlib
import math
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Callable, Tuple

MOST_BUCKETS = 20_000


@dataclass(frozen=True)
class Rate:
    """How many messages may come at once, and how many a minute after that."""

    burst: int
    per_minute: float


class Limiter:
    """Counts by key. The oldest keys are forgotten first, so that memory stays bounded."""

    def __init__(self, rate: Rate, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._buckets: OrderedDict[str, Tuple[float, float]] = OrderedDict()

    def wait(self, key: str) -> int:
        """Takes one message from the key's bucket. Returns 0, or the seconds until the next one is free."""
        now = self._clock()
        left, then = self._buckets.pop(key, (float(self._rate.burst), now))
        left = min(self._rate.burst, left + (now - then) * self._rate.per_minute / 60)
        allowed = left >= 1
        self._buckets[key] = (left - 1 if allowed else left, now)
        if len(self._buckets) > MOST_BUCKETS:
            self._buckets.popitem(last=False)
        return 0 if allowed else math.ceil((1 - left) * 60 / self._rate.per_minute)


class AddressHash:
    """Hides addresses: the key lives in memory only and changes with every start."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def __call__(self, address: str) -> str:
        return hashlib.blake2b(address.encode(), key=self._key, digest_size=16).hexdigest()

"""Rate limits: token buckets by session and by a keyed hash of the address, in memory or shared through Redis."""

from __future__ import annotations

import hashlib
import math
import secrets
import time
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from typing import Callable, Tuple

from ketaguide.serving.stores.shared import Shared, SharedUnavailableError, shared

MOST_BUCKETS = 20_000
# The same bucket in Redis, by Redis' own clock; it returns the seconds to wait.
_TAKE = """
local burst, per_second = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local known = redis.call('HMGET', KEYS[1], 'left', 'at')
local left, at = tonumber(known[1]) or burst, tonumber(known[2]) or now
left = math.min(burst, left + math.max(0, now - at) * per_second)
local wait = 0
if left >= 1 then left = left - 1 else wait = (1 - left) / per_second end
redis.call('HSET', KEYS[1], 'left', left, 'at', now)
redis.call('EXPIRE', KEYS[1], math.ceil(burst / per_second) + 1)
return tostring(wait)
"""


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
        self._shared = shared()

    def wait(self, key: str) -> int:
        """Takes one message from the key's bucket. Returns 0, or the seconds until the next one is free."""
        if self._shared is not None:
            with suppress(SharedUnavailableError):
                return self._wait_shared(self._shared, key)
        now = self._clock()
        left, then = self._buckets.pop(key, (float(self._rate.burst), now))
        left = min(self._rate.burst, left + (now - then) * self._rate.per_minute / 60)
        allowed = left >= 1
        self._buckets[key] = (left - 1 if allowed else left, now)
        if len(self._buckets) > MOST_BUCKETS:
            self._buckets.popitem(last=False)
        return 0 if allowed else math.ceil((1 - left) * 60 / self._rate.per_minute)

    def _wait_shared(self, store: Shared, key: str) -> int:
        name = store.name(f"rate{self._rate.burst}-{self._rate.per_minute:g}", key)
        seconds = store.call(lambda client: client.eval(_TAKE, 1, name, self._rate.burst, self._rate.per_minute / 60))
        return math.ceil(float(str(seconds)))


class AddressHash:
    """Hides addresses: the key lives in memory only and changes with every start.

    Where several processes count together, Redis sees these hashes through the key that they share.
    """

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._is_shared = shared() is not None

    def __call__(self, address: str) -> str:
        if self._is_shared:
            return address
        return hashlib.blake2b(address.encode(), key=self._key, digest_size=16).hexdigest()

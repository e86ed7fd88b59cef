"""Redis, where several processes share what is short-lived: turns, limits, crisis states, answers to retries.

It is used where REDIS_URL names one. A Redis that is away costs a visitor a quarter of a second at most, once a second
for everybody together; meanwhile each process goes by its own memory.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import logging
import os
import threading
import time
from typing import Any, Callable, Optional, TypeVar

import redis
from cryptography.fernet import Fernet, InvalidToken

from ketaguide.serving import metrics

T = TypeVar("T")
logger = logging.getLogger(__name__)

URL_VARIABLE = "REDIS_URL"
SECRET_VARIABLE = "WEB_SESSION_SECRET"  # noqa: S105 - the name of a variable
ANSWER_SECONDS = 0.25
RETRY_SECONDS = 1.0
PREFIX = "ketaguide:"


class SharedSettingError(ValueError):
    """The settings of a shared installation don't fit together."""


class SharedUnavailableError(Exception):
    """Redis does not answer; the caller goes by what it has itself."""


class Shared:
    """Redis behind a breaker."""

    def __init__(self, url: str, secret: bytes) -> None:
        """Takes the address, and the secret that all processes have in common; connects at first use.

        Raises:
            SharedSettingError: if the address is none.
        """
        try:
            self.client: redis.Redis = redis.Redis.from_url(
                url, socket_timeout=ANSWER_SECONDS, socket_connect_timeout=ANSWER_SECONDS, decode_responses=True
            )
        except ValueError:
            raise SharedSettingError(f"{URL_VARIABLE} is no address like redis://host:6379/0") from None
        self._key = hashlib.blake2b(secret, person=b"shared-keys").digest()
        cipher_key = hashlib.blake2b(secret, person=b"shared-values", digest_size=32).digest()
        self._cipher = Fernet(base64.urlsafe_b64encode(cipher_key))
        self._away_until = 0.0
        self._lock = threading.Lock()

    def name(self, kind: str, of: str) -> str:
        """Returns the key for something of a conversation or an address, which cannot be turned back into either."""
        hashed = hashlib.blake2b(of.encode(), key=self._key, digest_size=16).hexdigest()
        return f"{PREFIX}{kind}:{hashed}"

    def call(self, work: Callable[[redis.Redis], T]) -> T:
        """Returns what `work` gets from Redis.

        Raises:
            SharedUnavailableError: at once for a second after Redis has failed.
        """
        if time.monotonic() < self._away_until:
            raise SharedUnavailableError
        try:
            result = work(self.client)
        except redis.RedisError as error:
            self._note_failure(error)
            raise SharedUnavailableError from None
        self._away_until = 0.0
        return result

    def seal(self, value: Any) -> str:
        """Returns a value of JSON as Redis may hold it: unreadable without this installation's secret."""
        return self._cipher.encrypt(json.dumps(value).encode()).decode()

    def unseal(self, sealed: Optional[str]) -> Any:
        """Returns the value, or None for nothing and for what another secret has sealed."""
        try:
            return json.loads(self._cipher.decrypt(sealed)) if sealed else None
        except InvalidToken:
            return None

    def is_up(self) -> bool:
        """Tells whether Redis answers."""
        try:
            return bool(self.call(lambda client: client.ping()))
        except SharedUnavailableError:
            return False

    def _note_failure(self, error: Exception) -> None:
        with self._lock:
            was_up = self._away_until == 0.0
            self._away_until = time.monotonic() + RETRY_SECONDS
        if was_up:
            metrics.STORE_ERRORS.labels("redis").inc()
            logger.error("Redis does not answer (%s); this process goes by its own memory.", type(error).__name__)


@functools.cache
def shared() -> Optional[Shared]:
    """Returns this process's way to Redis; None where REDIS_URL is not set.

    Raises:
        SharedSettingError: if the processes have no secret in common, or the address is none.
    """
    url = os.environ.get(URL_VARIABLE, "").strip()
    if not url:
        return None
    secret = os.environ.get(SECRET_VARIABLE, "").encode()
    if not secret:
        raise SharedSettingError(
            f"{URL_VARIABLE} is set, so several processes serve one address: give all of them the same "
            f"{SECRET_VARIABLE} of at least 32 characters."
        )
    return Shared(url, secret)

"""Calls to platforms: time limits, retries with growing pauses, and the pauses that platforms ask for."""

from __future__ import annotations

import asyncio
import math
from typing import Any, Dict, Mapping, Optional

import aiohttp
from aiohttp_retry import ExponentialRetry, RetryClient

TIME_LIMIT = 10.0
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 60.0
# About 8 seconds of trying for an ordinary answer, 4 minutes for one about danger.
ATTEMPTS, URGENT_ATTEMPTS = 5, 10
TRY_AGAIN = {408, 425, 429}
PASSING_ERRORS = ("ratelimited", "fatal_error", "internal_error", "service_unavailable", "request_timeout")
CLIENT_ERRORS = range(400, 500)
FAILURES = (aiohttp.ClientError, asyncio.TimeoutError, OSError)


class SendError(Exception):
    """A platform did not take a message. Carries its status (0 for none), and never what was sent."""

    def __init__(self, status: int, reason: str = "") -> None:
        super().__init__(f"status {status} {reason}".strip())
        self.status = status

    @property
    def is_refusal(self) -> bool:
        """Tells whether the platform will not take this message however often it is sent."""
        return self.status in CLIENT_ERRORS and self.status not in TRY_AGAIN


class Sender:
    """HTTP calls of one channel, over connections that are kept open."""

    def __init__(self, first_pause: float = FIRST_PAUSE) -> None:
        self._first_pause = first_pause
        self._session: Optional[aiohttp.ClientSession] = None

    async def post(self, url: str, *, urgent: bool = False, **options: Any) -> Any:
        """Returns the platform's answer to a POST, parsed where it is JSON.

        Args:
            url: The address.
            urgent: Whether to go on trying for minutes.
            options: `json`, `data`, `headers`, `auth` as aiohttp takes them.

        Raises:
            SendError: after the last attempt, or at once where trying again is of no use.
        """
        return await self._call("POST", url, urgent, options)

    async def get(self, url: str, **options: Any) -> Any:
        """Returns the platform's answer to a GET; as `post`."""
        return await self._call("GET", url, False, options)

    async def close(self) -> None:
        """Closes the connections."""
        if self._session:
            await self._session.close()
            self._session = None

    async def _call(self, method: str, url: str, urgent: bool, options: Mapping[str, Any]) -> Any:
        pauses = _Pauses(URGENT_ATTEMPTS if urgent else ATTEMPTS, self._first_pause)
        try:
            async with self._client().request(
                method, url, retry_options=pauses, allow_redirects=False, **options
            ) as response:
                if response.status >= 300:
                    raise SendError(response.status)
                return await _parsed(response)
        except FAILURES as error:
            raise SendError(0, type(error).__name__) from None

    def _client(self) -> RetryClient:
        if self._session is None or self._session.closed:
            # Made here and not at start: it belongs to the loop that runs now.
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIME_LIMIT))
        return RetryClient(self._session)


class _Pauses(ExponentialRetry):
    """Growing pauses, or the one that the platform asks for."""

    def __init__(self, attempts: int, first_pause: float) -> None:
        super().__init__(
            attempts=attempts,
            start_timeout=first_pause / 2,
            max_timeout=LONGEST_PAUSE,
            exceptions=set(FAILURES),
            evaluate_response_callback=self._read,
        )
        self._asked = 0.0

    async def _read(self, response: aiohttp.ClientResponse) -> bool:
        """Notes how long to wait; returns whether the answer is final."""
        body = await _parsed(response)
        if response.status not in TRY_AGAIN and not _is_passing(body):
            return True
        stated = (body.get("parameters") or {}).get("retry_after") if isinstance(body, dict) else None
        self._asked = _seconds(stated) or _seconds(response.headers.get("Retry-After"))
        return False

    def get_timeout(self, attempt: int, response: Optional[aiohttp.ClientResponse] = None) -> float:
        """Returns the pause before the next attempt, in seconds."""
        asked, self._asked = self._asked, 0.0
        return min(LONGEST_PAUSE, asked) if asked else super().get_timeout(attempt, response)


async def _parsed(response: aiohttp.ClientResponse) -> Any:
    try:
        return await response.json(content_type=None)
    except (ValueError, aiohttp.ClientError):
        return None


def _is_passing(body: Any) -> bool:
    """Tells whether a platform says in the body that the trouble will pass: Slack with status 200, Meta with 400."""
    error = body.get("error") if isinstance(body, dict) else None
    return error.get("is_transient") is True if isinstance(error, dict) else error in PASSING_ERRORS


def _seconds(stated: Any) -> float:
    try:
        seconds = float(stated)
    except (TypeError, ValueError):
        return 0.0
    return seconds if math.isfinite(seconds) and seconds > 0 else 0.0


Headers = Dict[str, str]


def bearer(token: str) -> Headers:
    """Returns the header that shows a token."""
    return {"Authorization": f"Bearer {token}"}

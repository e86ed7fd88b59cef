"""Proof by a signed token (JWT), with the keys that the platform publishes."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass
from typing import Any, Awaitable, Callable, Dict, List, Mapping, Optional

import jwt

from ketaguide.channels.sending import SendError
from ketaguide.channels.verify import ForgedError

logger = logging.getLogger(__name__)

UNAUTHORIZED = 401
KEYS_KEPT = 24 * 60 * 60
# A token with an unknown key makes us look for new keys, but no more often than this, in seconds.
LOOK_AGAIN = 60
ALGORITHM = "RS256"
BEARER = "bearer "

FetchKeys = Callable[[], Awaitable[List[Dict[str, Any]]]]


class Keys:
    """A platform's public keys by id, kept for a day."""

    def __init__(self, fetch: FetchKeys, clock: Callable[[], float] = time.monotonic) -> None:
        """Construct the keys.

        Args:
            fetch: Returns the platform's keys in JSON form (RFC 7517).
            clock: Seconds that never go back.
        """
        self._fetch = fetch
        self._clock = clock
        self._keys: Dict[str, Dict[str, Any]] = {}
        self._fetched_at: Optional[float] = None
        self._tried_at: Optional[float] = None
        self._trouble: Optional[SendError] = None
        self._fetching: Optional[asyncio.Task[None]] = None

    async def get(self, id_: str) -> Mapping[str, Any]:
        """Returns one key.

        Raises:
            ForgedError: if the platform has no such key.
            SendError: if it is not among those that are known, and new ones could not be fetched.
        """
        is_wanted = id_ not in self._keys or self._has_passed(KEYS_KEPT, self._fetched_at)
        if is_wanted and (self._fetching or self._has_passed(LOOK_AGAIN, self._tried_at)):
            await self._renew()
        if id_ in self._keys:
            return self._keys[id_]
        if self._trouble:
            raise SendError(self._trouble.status)
        raise ForgedError(UNAUTHORIZED)

    async def _renew(self) -> None:
        """Fetches the keys, once for all who wait for them; those that are known serve on if that fails."""
        if self._fetching is None:
            self._tried_at = self._clock()
            self._fetching = asyncio.ensure_future(self._fetched())
        # Shielded: who hangs up must not take the keys from the others.
        await asyncio.shield(self._fetching)

    async def _fetched(self) -> None:
        try:
            self._keys = {str(key["kid"]): key for key in await self._fetch()}
            self._fetched_at, self._trouble = self._clock(), None
        except SendError as error:
            self._trouble = error
        except (LookupError, TypeError) as error:
            self._trouble = SendError(0, f"keys that cannot be read: {type(error).__name__}")
        finally:
            self._fetching = None
        if self._trouble:
            logger.error("The keys that a platform signs with could not be fetched (%s).", self._trouble)

    def _has_passed(self, seconds: float, since: Optional[float]) -> bool:
        return since is None or self._clock() - since >= seconds


@dataclass(frozen=True)
class Proven:
    """What a token states, and the key that signed it."""

    claims: Mapping[str, Any]
    key: Mapping[str, Any]


async def require_token(header: Optional[str], keys: Keys, issuer: str, audience: str, leeway: int) -> Proven:
    """Checks the token in an `Authorization` header: signature, issuer, audience and dates.

    Raises:
        ForgedError: if any of them is missing or another one.
        SendError: if the platform's keys cannot be fetched.
    """
    if not header or not header.lower().startswith(BEARER):
        raise ForgedError(UNAUTHORIZED)
    token = header[len(BEARER) :].strip()
    try:
        key = await keys.get(str(jwt.get_unverified_header(token).get("kid")))
        claims = jwt.decode(
            token,
            jwt.PyJWK(dict(key), ALGORITHM).key,
            # Never the one that the token itself names.
            algorithms=[ALGORITHM],
            issuer=issuer,
            audience=audience,
            leeway=leeway,
            options={"require": ["exp", "iss", "aud"]},
        )
    except jwt.PyJWTError:
        raise ForgedError(UNAUTHORIZED) from None
    return Proven(claims, key)

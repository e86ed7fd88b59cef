"""Proof by a signed token (JWT), with the keys that the platform publishes."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Awaitable, Callable, Dict, List, Mapping, Optional

import jwt

from ketaguide.channels.verify import ForgedError

UNAUTHORIZED = 401
KEYS_KEPT = 24 * 60 * 60
# A token with an unknown key makes us look for new keys, but no more often than this.
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

    async def get(self, id_: str) -> Mapping[str, Any]:
        """Returns one key.

        Raises:
            ForgedError: if the platform has no such key.
            SendError: if its keys cannot be fetched.
        """
        if self._is_due(LOOK_AGAIN if id_ not in self._keys else KEYS_KEPT):
            # Noted first: while the platform is away, forged tokens must not make us ask it again and again.
            self._fetched_at = self._clock()
            self._keys = {str(key.get("kid")): key for key in await self._fetch()}
        if id_ not in self._keys:
            raise ForgedError(UNAUTHORIZED)
        return self._keys[id_]

    def _is_due(self, after: float) -> bool:
        return self._fetched_at is None or self._clock() - self._fetched_at >= after


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

"""Proof by a secret that the platform sends along, or signs the body with."""

from __future__ import annotations

import hashlib
import hmac
from typing import Iterable, Optional

from ketaguide.channels.verify import ForgedError


def require_equal(given: Optional[str], secret: str) -> None:
    """Checks a secret that came with a delivery.

    Raises:
        ForgedError: if it is missing or another one.
    """
    require_any(given, [secret])


def require_any(given: Optional[str], secrets: Iterable[str]) -> None:
    """Checks a proof that has several valid forms.

    Raises:
        ForgedError: if it is missing or none of them.
    """
    # As bytes: strings with other than ASCII characters cannot be compared in constant time.
    stated = (given or "").encode("utf-8", "replace")
    if not stated or not any([hmac.compare_digest(stated, secret.encode()) for secret in secrets]):
        raise ForgedError


def require_hmac(given: Optional[str], secret: str, body: bytes, algorithm: str, prefix: str = "") -> None:
    """Checks a hexadecimal signature over the whole body.

    Raises:
        ForgedError: if it is missing or another one.
    """
    require_equal(given, prefix + hmac.new(secret.encode(), body, getattr(hashlib, algorithm)).hexdigest())

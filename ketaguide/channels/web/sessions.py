"""Signed sessions: a visitor's conversation can be continued only with the token that the server gave out."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import secrets
import time
from pathlib import Path
from typing import Callable, Optional, Tuple

SECRET_VARIABLE = "WEB_SESSION_SECRET"  # noqa: S105 - the name of a variable
MIN_SECRET_LENGTH = 32
MAX_AGE_SECONDS = 24 * 60 * 60
_ID_BYTES = 18  # 144 bits: not to be guessed
_TOKEN = re.compile(r"(web-[A-Za-z0-9_-]{24})\.(\d{1,12})\.([A-Za-z0-9_-]{43})")


class Sessions:
    """Gives out tokens of the form `<conversation id>.<time of issue>.<signature>` and reads them back."""

    def __init__(self, secret: bytes, clock: Callable[[], float] = time.time) -> None:
        self._secret = secret
        self._clock = clock

    def new(self) -> Tuple[str, str]:
        """Returns a fresh conversation id and the token that proves it."""
        id_ = f"web-{_encode(secrets.token_bytes(_ID_BYTES))}"
        stated = f"{id_}.{int(self._clock())}"
        return id_, f"{stated}.{self._signature(stated)}"

    def read(self, token: object) -> Optional[str]:
        """Returns the conversation id of a token; None if it is forged, malformed or older than a day."""
        match = _TOKEN.fullmatch(token) if isinstance(token, str) else None
        if not match:
            return None
        id_, issued, signature = match.groups()
        if not hmac.compare_digest(signature, self._signature(f"{id_}.{issued}")):
            return None
        # One from the future was given out before the clock was put back.
        return id_ if abs(self._clock() - int(issued)) <= MAX_AGE_SECONDS else None

    def _signature(self, stated: str) -> str:
        return _encode(hmac.new(self._secret, stated.encode(), hashlib.sha256).digest())


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def load_secret(file: Path) -> bytes:
    """Returns the signing secret: from the environment, else from a file made at first use.

    Several servers behind one address need the same secret: give it in WEB_SESSION_SECRET.

    Raises:
        ValueError: if the secret in the environment is too short to protect anything.
    """
    given = os.environ.get(SECRET_VARIABLE, "")
    if given:
        if len(given) < MIN_SECRET_LENGTH:
            raise ValueError(f"{SECRET_VARIABLE} needs at least {MIN_SECRET_LENGTH} characters")
        return given.encode()
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        # Exclusive, so that two workers that start together agree on one secret.
        descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return _wait_for(file)
    with os.fdopen(descriptor, "w") as opened:
        opened.write(secrets.token_hex(MIN_SECRET_LENGTH))
    return file.read_bytes()


def _wait_for(file: Path) -> bytes:
    for _ in range(20):
        content = file.read_bytes()
        if len(content) >= MIN_SECRET_LENGTH:
            return content
        time.sleep(0.05)
    raise ValueError(f"{file} holds no usable secret; delete it, and a new one is made")

"""Conversation ids that do not tell who it is: platforms identify people by phone number or account."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ketaguide.channels.web.sessions import load_secret

_DIGEST_BYTES = 16


class Pseudonyms:
    """A keyed hash; the same person on the same channel always gets the same id."""

    def __init__(self, secret_file: Path) -> None:
        """Takes the key that signs web sessions too: one secret per installation to keep."""
        self._key = hashlib.sha256(b"messaging:" + load_secret(secret_file)).digest()

    def __call__(self, channel: str, identity: str) -> str:
        """Returns an id such as `sms-1f0c…`, which cannot be turned back without the key."""
        stated = f"{channel}\0{identity}".encode("utf-8", "surrogatepass")
        return f"{channel}-{hashlib.blake2b(stated, key=self._key, digest_size=_DIGEST_BYTES).hexdigest()}"

"""Ed25519 signatures (RFC 8032) under approvals: with a public key configured, nobody can write one by hand.

A hash stops accidents; who can edit a file can also compute a hash. The console holds the private key, the assistant
needs only the public one, as base64 of its 32 bytes.
"""

from __future__ import annotations

import base64
import binascii
import functools
import json
import logging
import os
from typing import Optional

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ketaguide.content.model import Approval

logger = logging.getLogger(__name__)

PUBLIC_KEY_VARIABLE = "APPROVAL_PUBLIC_KEY"
# What is signed begins with this, so that the key's signature under anything else is none under an approval.
_PURPOSE = b"ketaguide approval 1\n"


def configured_key() -> str:
    """Returns the public key that the environment names, or "" if approvals need no signature."""
    return os.environ.get(PUBLIC_KEY_VARIABLE, "").strip()


def is_genuine(approval: Approval) -> bool:
    """Tells whether an approval counts: it is signed by the configured key, or none is configured."""
    key = configured_key()
    return not key or _is_signed(key, _covered(approval), approval.signature)


def sign(approval: Approval, key: Ed25519PrivateKey) -> str:
    """Returns the signature (base64) under who approved which hash, in which language, role and on which day."""
    return base64.b64encode(key.sign(_covered(approval))).decode("ascii")


def public_key_of(key: Ed25519PrivateKey) -> str:
    """Returns a key's public half as it is configured."""
    return base64.b64encode(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode("ascii")


def _covered(approval: Approval) -> bytes:
    fields = [approval.language, approval.by, approval.role, approval.on, approval.sha256]
    return _PURPOSE + json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


@functools.lru_cache(maxsize=4096)
def _is_signed(key: str, covered: bytes, signature: str) -> bool:
    public = _public_key(key)
    if public is None:
        return False
    try:
        public.verify(base64.b64decode(signature, validate=True), covered)
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


@functools.lru_cache(maxsize=8)
def _public_key(key: str) -> Optional[Ed25519PublicKey]:
    try:
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))
    except (binascii.Error, ValueError):
        logger.error(
            "%s is not a public key, so no approval counts. Run `python -m console approval_key` and copy its line.",
            PUBLIC_KEY_VARIABLE,
        )
        return None

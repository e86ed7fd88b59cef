"""The clinic's key: made once by a command, kept in a file that only its user may read, used at each publish."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Optional

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings

from ketaguide.content.model import Approval
from ketaguide.content.signatures import PUBLIC_KEY_VARIABLE, configured_key, public_key_of, sign

FILE = "approval_key.pem"
COMMAND = "python -m console approval_key"


def key_file() -> Path:
    """Returns where the private key is, or would be."""
    file: Path = settings.STATE_FOLDER / FILE
    return file


def make_key() -> Ed25519PrivateKey:
    """Makes the key and returns it.

    Raises:
        FileExistsError: if there is one.
    """
    key = Ed25519PrivateKey.generate()
    text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    key_file().parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(key_file(), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        opened.write(text)
    return key


def present_key() -> Optional[Ed25519PrivateKey]:
    """Returns the clinic's key, or None if there is none that can be used."""
    try:
        key = load_pem_private_key(key_file().read_bytes(), password=None)
    except (OSError, ValueError):
        return None
    return key if isinstance(key, Ed25519PrivateKey) else None


def signed(approval: Approval) -> Approval:
    """Returns the approval with the clinic's signature, if the clinic has a key."""
    key = present_key()
    return replace(approval, signature=sign(approval, key)) if key else approval


def obstacle() -> Optional[str]:
    """Returns why approvals that are published now would not count, or None."""
    wanted, key = configured_key(), present_key()
    if not wanted or (key and public_key_of(key) == wanted):
        return None
    if key:
        why = f"the console's key in {key_file().name} is another than the one in {PUBLIC_KEY_VARIABLE}"
    else:
        why = f"{PUBLIC_KEY_VARIABLE} asks for signed approvals, and the console has no usable key in {key_file().name}"
    return f"Approved words cannot go live: {why}. Whoever runs the console puts the right one back, or runs {COMMAND}."

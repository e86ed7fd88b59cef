"""Keys of a platform that signs tokens."""

from __future__ import annotations

import json
import time
from functools import cache
from typing import Any, Dict

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm


@cache
def private_key(name: str) -> rsa.RSAPrivateKey:
    """Returns a key by name, made at first use."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public_key(name: str, **more: Any) -> Dict[str, Any]:
    """Returns its public half as platforms publish it."""
    published: Dict[str, Any] = json.loads(RSAAlgorithm.to_jwk(private_key(name).public_key()))
    return {**published, "kid": name, "use": "sig", **more}


def token(key: str, claims: Dict[str, Any], *, kid: str = "", lasts: float = 3600) -> str:
    """Returns a signed token; `kid` names another key than the one that signed."""
    now = int(time.time())
    stated = {"iat": now, "nbf": now - 60, "exp": now + int(lasts), **claims}
    return jwt.encode(stated, private_key(key), "RS256", {"kid": kid or key})

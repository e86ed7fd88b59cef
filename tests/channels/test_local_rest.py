"""The development channel is there for this machine and for nobody else."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Dict

import pytest

from ketaguide.channels.local_rest import is_local

TABLE = {
    "this machine": ("127.0.0.1", {}, True),
    "this machine, version 6": ("::1", {}, True),
    "another machine": ("192.0.2.7", {}, False),
    "a proxy on this machine": ("127.0.0.1", {"x-forwarded-for": "192.0.2.7"}, False),
    "a proxy of the new kind": ("127.0.0.1", {"forwarded": "for=192.0.2.7"}, False),
    "no address": ("", {}, False),
}


@pytest.mark.parametrize(("ip", "headers", "local"), TABLE.values(), ids=TABLE.keys())
def test_is_local(ip: str, headers: Dict[str, str], local: bool) -> None:
    assert is_local(SimpleNamespace(ip=ip, headers=headers)) is local  # type: ignore[arg-type]

"""The development channel is there for this machine and for nobody else."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Dict

import pytest

from ketaguide.serving.local_requests import is_local

TABLE = {
    "this machine": ("127.0.0.1", "127.0.0.1:5005", {}, True),
    "this machine by name": ("127.0.0.1", "localhost", {}, True),
    "a silent proxy": ("127.0.0.1", "bot.clinic.example", {}, False),
    "this machine, version 6": ("::1", "[::1]:5005", {}, True),
    "another machine": ("192.0.2.7", "127.0.0.1", {}, False),
    "a proxy on this machine": ("127.0.0.1", "localhost:5005", {"x-forwarded-for": "192.0.2.7"}, False),
    "a proxy of the new kind": ("127.0.0.1", "localhost:5005", {"forwarded": "for=192.0.2.7"}, False),
    "no address": ("", "localhost", {}, False),
}


@pytest.mark.parametrize(("ip", "host", "headers", "local"), TABLE.values(), ids=TABLE.keys())
def test_is_local(ip: str, host: str, headers: Dict[str, str], local: bool) -> None:
    assert is_local(SimpleNamespace(ip=ip, host=host, headers=headers)) is local  # type: ignore[arg-type]

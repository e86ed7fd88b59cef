"""Tells a request made on this machine from one that somebody else made."""

from __future__ import annotations

import ipaddress

from sanic.request import Request

LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "::1", "[::1]"})
# Set by proxies: the request came from elsewhere, whatever the last hop's address is.
FORWARDED_HEADERS = ("forwarded", "x-forwarded-for", "x-real-ip")


def is_local(request: Request) -> bool:
    """Tells whether a request was made on this machine, and by no proxy for somebody else."""
    if any(request.headers.get(name) for name in FORWARDED_HEADERS):
        return False
    # A proxy that adds no header still passes on the name that the visitor asked for.
    if request.host.rpartition(":")[0].strip("[]") not in LOCAL_NAMES and request.host not in LOCAL_NAMES:
        return False
    try:
        return ipaddress.ip_address(request.ip).is_loopback
    except ValueError:
        return False

"""Rasa's plain REST channel for this machine only: it checks nobody, so the public must not reach it."""

from __future__ import annotations

import ipaddress
from typing import Any, Awaitable, Callable, Optional

from rasa.core.channels.channel import UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

# Set by proxies: the request came from elsewhere, whatever the last hop's address is.
LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "::1", "[::1]"})
FORWARDED_HEADERS = ("forwarded", "x-forwarded-for", "x-real-ip")


class LocalRest(RestInput):
    """The `rest` channel; to anybody who is not on this machine it does not exist."""

    @classmethod
    def name(cls) -> str:
        """Returns the channel's name, which is part of its address."""
        return "rest"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Returns Rasa's routes behind a check of where a request comes from."""
        blueprint = super().blueprint(on_new_message)

        @blueprint.middleware("request")
        async def refuse_strangers(request: Request) -> Optional[HTTPResponse]:
            return None if is_local(request) else response.empty(status=404)

        return blueprint


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

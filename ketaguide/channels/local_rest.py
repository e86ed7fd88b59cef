"""Rasa's plain REST channel for this machine only: it checks nobody, so the public must not reach it."""

from __future__ import annotations

from typing import Any, Awaitable, Callable, Optional

from rasa.core.channels.channel import UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from ketaguide.serving.local_requests import is_local


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

"""What all messaging channels have in common: their address, their start, and the way of a delivery."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Dict, Generic, List, Mapping, Optional, Type, TypeVar
from urllib.parse import parse_qsl

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, empty, text

from ketaguide.channels import settings
from ketaguide.channels.exchange import Exchange, Inbound, OnMessage
from ketaguide.channels.memory import Memory
from ketaguide.channels.pseudonyms import Pseudonyms
from ketaguide.channels.render import Payload, Renderer
from ketaguide.channels.sending import Sender, SendError
from ketaguide.channels.verify import ForgedError
from ketaguide.content.live import LiveContent

logger = logging.getLogger(__name__)

# The longest delivery of any of the platforms is far below it.
MOST_BYTES = 512 * 1024


class UnreadableError(Exception):
    """A genuine delivery that is not of a form which the platform documents."""


@dataclass(frozen=True)
class Delivery:
    """One request of a platform.

    Attributes:
        body: Its bytes as received: signatures cover these.
        headers: Its headers; names in any case.
        query: The parameters in its address.
    """

    body: bytes
    headers: Mapping[str, str]
    query: Mapping[str, str]

    def json(self) -> Dict[str, Any]:
        """Returns the body as a JSON object.

        Raises:
            UnreadableError: if it is none.
        """
        try:
            body = json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise UnreadableError from error
        if not isinstance(body, dict):
            raise UnreadableError
        return body

    def form(self) -> Dict[str, str]:
        """Returns the body's form fields, of repeated ones the last."""
        return dict(self.fields())

    def fields(self) -> List[tuple[str, str]]:
        """Returns the body's form fields as sent."""
        try:
            return parse_qsl(self.body.decode(), keep_blank_values=True, max_num_fields=200)
        except ValueError as error:
            raise UnreadableError from error


@dataclass(frozen=True)
class Places:
    """Files that the channels share; tests put others in their place."""

    content: Path = Path("data")
    memory: Path = Path("var/messaging.db")
    secret: Path = Path("var/web_secret")


PLACES = Places()
S = TypeVar("S")


class MessagingInput(InputChannel, Generic[S]):
    """A channel of a messaging platform: verifies, acknowledges at once, and answers in the background."""

    channel: ClassVar[str]
    kind: ClassVar[Type[Any]]
    renderer: ClassVar[Renderer]

    def __init__(self, options: S, places: Places = PLACES, sender: Optional[Sender] = None) -> None:
        """Construct the channel.

        Args:
            options: Its settings, complete.
            places: Where content, memory and the key of the pseudonyms lie.
            sender: Makes the calls to the platform.
        """
        self.options = options
        self.sender = sender or Sender()
        self.exchange = Exchange(
            self.channel, self.renderer, Memory(places.memory), Pseudonyms(places.secret), LiveContent(places.content)
        )

    @classmethod
    def name(cls) -> str:
        """The channel's name, and its place below `/webhooks/`."""
        return cls.channel

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> MessagingInput[S]:
        """Returns the channel; refuses to start without its secrets, and says which are missing."""
        return cls(settings.read(cls.kind, cls.channel, credentials))

    # What each platform does in its own way

    async def verify(self, delivery: Delivery) -> None:
        """Checks that the platform sent this, as the platform specifies.

        Raises:
            ForgedError: if that is not proven.
        """
        raise NotImplementedError

    def read(self, delivery: Delivery) -> List[Inbound]:
        """Returns the messages to answer; none for what is ignored on purpose."""
        raise NotImplementedError

    async def prepare(self, inbound: Inbound) -> Optional[Inbound]:
        """Does what a message needs before it is answered, such as fetching its text; None ignores it."""
        return inbound

    async def send(self, address: Mapping[str, Any], payload: Payload, urgent: bool) -> None:
        """Sends one message.

        Raises:
            SendError: if the platform did not take it.
        """
        raise NotImplementedError

    def acknowledge(self, delivery: Delivery) -> HTTPResponse:
        """Returns what the platform expects at once."""
        return empty(status=200)

    # The way of a delivery

    def blueprint(self, on_new_message: OnMessage) -> Blueprint:
        """Returns the channel's routes."""
        blueprint = Blueprint(f"messaging_{self.channel}")

        @blueprint.get("/webhook")
        async def challenge(request: Request) -> HTTPResponse:
            return self.challenge({name: str(values[0]) for name, values in request.args.items()})

        @blueprint.post("/webhook", stream=True)
        async def webhook(request: Request) -> HTTPResponse:
            return await self._take(request, on_new_message)

        @blueprint.listener("before_server_stop")
        async def finish(_: Sanic, __: Any) -> None:
            await self.exchange.finish()
            await self.sender.close()

        return blueprint

    def challenge(self, query: Mapping[str, str]) -> HTTPResponse:
        """Answers a GET, by which some platforms ask whether the address is right."""
        return text("This address takes messages by POST.", status=405)

    async def _take(self, request: Request, on_new_message: OnMessage) -> HTTPResponse:
        body = await _read_body(request)
        if body is None:
            return text("The request is too long.", status=413)
        delivery = Delivery(body, request.headers, {name: str(values[0]) for name, values in request.args.items()})
        try:
            await self.verify(delivery)
            return await self.receive(delivery, on_new_message)
        except ForgedError as error:
            logger.warning("A request to %s was refused: it does not prove where it comes from.", self.channel)
            return text(str(error), status=error.status)
        except SendError as error:
            logger.error("A delivery of %s could not be checked (%s).", self.channel, error)
            return text("This cannot be checked right now. Send it again.", status=503)
        except (UnreadableError, LookupError, TypeError, AttributeError, ValueError) as error:
            # The type only: an exception's text may quote the visitor.
            logger.warning("A delivery of %s cannot be read (%s).", self.channel, type(error).__name__)
            return text("This is not a delivery of the kind that is expected.", status=400)

    async def receive(self, delivery: Delivery, on_new_message: OnMessage) -> HTTPResponse:
        """Starts the answers to a verified delivery, and acknowledges it."""
        for inbound in self.read(delivery):
            self.exchange.accept(inbound, self.prepare, self._deliver, on_new_message)
        return self.acknowledge(delivery)

    async def _deliver(self, address: Mapping[str, Any], payload: Payload, urgent: bool) -> None:
        try:
            await self.send(address, payload, urgent)
        except SendError as error:
            what = "A reply about danger" if urgent else "An answer"
            logger.error("%s was not taken by %s (%s).", what, self.channel, error)
            raise


async def _read_body(request: Request) -> Optional[bytes]:
    """Returns the body, reading no more of it than is allowed; None if it is longer."""
    body = b""
    while request.stream:
        part = await request.stream.read()
        if not part:
            break
        body += part
        if len(body) > MOST_BYTES:
            return None
    return body

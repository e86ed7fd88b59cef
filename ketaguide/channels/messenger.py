"""Facebook Messenger: https://developers.facebook.com/docs/messenger-platform"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any, ClassVar, List, Mapping

from sanic.response import HTTPResponse, text

from ketaguide.channels.exchange import Inbound
from ketaguide.channels.messaging import Delivery, MessagingInput
from ketaguide.channels.render import Payload, Renderer, messenger
from ketaguide.channels.sending import bearer
from ketaguide.channels.settings import secret
from ketaguide.channels.verify import ForgedError
from ketaguide.channels.verify.shared_secret import require_equal, require_hmac

GET_STARTED = "GET_STARTED"
GREET = "/greet"


@dataclass(frozen=True)
class MessengerOptions:
    """Settings of the channel.

    Attributes:
        app_secret: Signs deliveries, and proves that calls come from the app.
        page_token: The token that the page speaks with.
        verify_token: What Meta shows when the webhook is set.
        api_url: The Graph API with its version.
    """

    app_secret: str = secret("MESSENGER_APP_SECRET", "the app secret, from the app's basic settings")
    page_token: str = secret("MESSENGER_PAGE_TOKEN", "the page access token, from the app's Messenger settings")
    verify_token: str = secret("MESSENGER_VERIFY_TOKEN", "a long random text; write the same when you set the webhook")
    api_url: str = "https://graph.facebook.com/v25.0"


class MessengerInput(MessagingInput[MessengerOptions]):
    """Messages to the clinic's page."""

    channel = "messenger"
    kind = MessengerOptions
    renderer: ClassVar[Renderer] = messenger

    async def verify(self, delivery: Delivery) -> None:
        """Checks the SHA-256 signature over the body.

        Raises:
            ForgedError: if it is missing or another one.
        """
        given = delivery.headers.get("x-hub-signature-256")
        require_hmac(given, self.options.app_secret, delivery.body, "sha256", "sha256=")

    def challenge(self, query: Mapping[str, str]) -> HTTPResponse:
        """Answers the question by which Meta checks a new address."""
        try:
            require_equal(query.get("hub.verify_token"), self.options.verify_token)
        except ForgedError as error:
            return text(str(error), status=error.status)
        return text(query.get("hub.challenge", ""))

    def read(self, delivery: Delivery) -> List[Inbound]:
        """Returns messages, edited ones and presses; what the page itself said, receipts and reactions are ignored."""
        body = delivery.json()
        if body.get("object") != "page":
            return []
        events = [event for entry in body["entry"] for event in entry.get("messaging", [])]
        return [inbound for event in events for inbound in _read(event)]

    async def send(self, address: Mapping[str, Any], payload: Payload, urgent: bool) -> None:
        """Sends one message: https://developers.facebook.com/docs/messenger-platform/reference/send-api

        Raises:
            SendError: if Meta did not take it.
        """
        options = self.options
        proof = hmac.new(options.app_secret.encode(), options.page_token.encode(), hashlib.sha256).hexdigest()
        url = f"{options.api_url}/me/messages?appsecret_proof={proof}"
        await self.sender.post(url, json={**payload, **address}, headers=bearer(options.page_token), urgent=urgent)


def _read(event: Mapping[str, Any]) -> List[Inbound]:
    press, message = event.get("postback"), event.get("message") or event.get("message_edit")
    if press:
        text_ = GREET if press.get("payload") == GET_STARTED else press.get("payload") or press.get("title") or ""
        return [_inbound(event, str(press.get("mid") or event.get("timestamp")), text_)]
    # Events of other kinds need not have a sender, and may stand beside messages in one delivery.
    if not message or message.get("is_echo") or message.get("is_deleted"):
        return []
    reply = message.get("quick_reply") or {}
    return [_inbound(event, message["mid"], reply.get("payload") or message.get("text") or "")]


def _inbound(event: Mapping[str, Any], delivery: str, text_: str) -> Inbound:
    sender = str(event["sender"]["id"])
    return Inbound(sender, f"{sender}:{delivery}", text_, {"recipient": {"id": sender}})

"""Text messages and WhatsApp through Twilio."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Dict, Iterator, List, Mapping
from urllib.parse import urlsplit

from aiohttp import BasicAuth
from multidict import MultiDict
from sanic.response import HTTPResponse, raw
from twilio.request_validator import RequestValidator, add_port, remove_port

from ketaguide.channels.exchange import Inbound
from ketaguide.channels.messaging import Delivery, MessagingInput
from ketaguide.channels.render import Payload, Renderer, sms, whatsapp
from ketaguide.channels.settings import needed, secret
from ketaguide.channels.verify.shared_secret import require_any, require_equal

# Carriers make Twilio end the conversation at these; it answers them itself and takes no reply of ours.
# https://help.twilio.com/articles/223134027
STOP_WORDS = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"})
WHATSAPP = "whatsapp:"
GREET = "/greet"


@dataclass(frozen=True)
class TwilioOptions:
    """Settings of both channels.

    Attributes:
        account_sid, auth_token: The account, which also signs what it sends.
        webhook_url: The public address of the webhook as it is written at Twilio; the signature covers it.
        api_url: Another place of Twilio's API, such as https://api.dublin.ie1.twilio.com.
    """

    account_sid: str = secret("TWILIO_ACCOUNT_SID", "the account's SID, from the Twilio console")
    auth_token: str = secret("TWILIO_AUTH_TOKEN", "the account's auth token, from the Twilio console")
    webhook_url: str = needed("the public address of this webhook, exactly as you wrote it at Twilio")
    api_url: str = "https://api.twilio.com"


class SmsInput(MessagingInput[TwilioOptions]):
    """Text messages: https://www.twilio.com/docs/messaging/guides/webhook-request"""

    channel = "sms"
    kind = TwilioOptions
    renderer: ClassVar[Renderer] = sms
    prefix = ""

    async def verify(self, delivery: Delivery) -> None:
        """Checks Twilio's signature over the address and all fields.

        Raises:
            ForgedError: if it is missing or another one, or the delivery is another account's.
        """
        require_any(delivery.headers.get("x-twilio-signature"), self._signatures(delivery))
        require_equal(delivery.form().get("AccountSid"), self.options.account_sid)

    def _signatures(self, delivery: Delivery) -> Iterator[str]:
        # Twilio signs the address with its port at some times and without it at others; its own library says so.
        validator, address = RequestValidator(self.options.auth_token), self.options.webhook_url
        fields = MultiDict(delivery.fields())
        for form in (add_port(urlsplit(address)), remove_port(urlsplit(address)), address):
            yield validator.compute_signature(form, fields)

    def read(self, delivery: Delivery) -> List[Inbound]:
        """Returns the message; none for reports of delivery and for words that end the conversation."""
        form = delivery.form()
        if form.get("SmsStatus", "received") != "received" or not self._is_ours(form["From"]):
            return []
        if form["From"] == form["To"]:
            # What the assistant's own number sends to itself would be answered for ever.
            return []
        text = _text(form)
        if self._ends(form, text):
            return []
        address = {"To": form["From"], "From": form["To"]}
        return [Inbound(form["From"], form["MessageSid"], text, address)]

    def _is_ours(self, number: str) -> bool:
        return number.startswith(WHATSAPP) == bool(self.prefix)

    def _ends(self, form: Mapping[str, str], text: str) -> bool:
        return form.get("OptOutType") == "STOP" or text.strip().casefold() in STOP_WORDS

    async def send(self, address: Mapping[str, Any], payload: Payload, urgent: bool) -> None:
        """Sends one message: https://www.twilio.com/docs/messaging/api/message-resource

        Raises:
            SendError: if Twilio did not take it.
        """
        options = self.options
        url = f"{options.api_url}/2010-04-01/Accounts/{options.account_sid}/Messages.json"
        auth = BasicAuth(options.account_sid, options.auth_token)
        await self.sender.post(url, data={**payload, **address}, auth=auth, urgent=urgent)

    def acknowledge(self, delivery: Delivery) -> HTTPResponse:
        """Returns an empty answer; the real one is sent by a call."""
        return raw(b"<Response/>", content_type="text/xml")


class WhatsAppInput(SmsInput):
    """WhatsApp, by the same requests with another kind of number."""

    channel = "whatsapp"
    renderer: ClassVar[Renderer] = whatsapp
    prefix = WHATSAPP

    def _ends(self, form: Mapping[str, str], text: str) -> bool:
        return form.get("OptOutType") == "STOP"


def _text(form: Dict[str, str]) -> str:
    if form.get("OptOutType") == "START":
        return GREET
    return form.get("ButtonPayload") or form.get("Body", "")

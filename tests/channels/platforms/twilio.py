"""Twilio, with its own library signing what it delivers."""

from __future__ import annotations

import re
from typing import Any, Dict, Mapping
from urllib.parse import parse_qsl

from aiohttp import BasicAuth, web
from twilio.request_validator import RequestValidator

from tests.channels.platforms.base import FORM, Heard, Platform, Post, RefusedError, as_form

SID, TOKEN = "AC0123456789abcdef0123456789abcdef", "twilio-auth-token-0123456789"
ADDRESS = "https://bot.clinic.example{}/webhooks/{}/webhook"
BOT = "+15550100999"


class Sms(Platform):
    """Text messages."""

    name = "sms"
    sends_at = "/Messages.json"
    environment = {"TWILIO_ACCOUNT_SID": SID, "TWILIO_AUTH_TOKEN": TOKEN}
    prefix = ""
    port = ""

    def credentials(self) -> Dict[str, Any]:
        return {"webhook_url": self.webhook(), "api_url": self.url}

    def webhook(self) -> str:
        """The address that is written at Twilio."""
        return ADDRESS.format(self.port, self.name)

    def routes(self, router: web.UrlDispatcher) -> None:
        router.add_post(f"/2010-04-01/Accounts/{SID}/Messages.json", self._create)

    async def _create(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != BasicAuth(SID, TOKEN).encode():
            return self.refuse("20003 authenticate", 401)
        form = dict(await request.post())
        if form.get("From") != self.prefix + BOT or not str(form.get("To")).startswith(f"{self.prefix}+1"):
            return self.refuse("21211 invalid number")
        return self.take(form, {"sid": f"SM{self.number()}", "status": "queued"}, 201)

    def show(self, body: Mapping[str, Any]) -> Heard:
        text = str(body.get("Body", ""))
        if not text or len(text) > 1600:
            raise RefusedError("21617 the message body exceeds the limit")
        numbers = {title: number for number, title in re.findall(r"(?m)^(\d+) (.+)$", text)}
        return Heard(text, numbers, to=body.get("To"))

    def deliver(self, fields: Dict[str, str], secret: str = "") -> Post:
        """Returns a signed delivery of any fields."""
        signature = RequestValidator(secret or TOKEN).compute_signature(self.webhook(), fields)
        return Post(as_form(fields), {**FORM, "X-Twilio-Signature": signature})

    def sign(self, body: bytes) -> Post:
        fields = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        signed = self.deliver({**fields, "AccountSid": SID})
        return Post(body + b"&AccountSid=" + SID.encode(), signed.headers)

    def fields(self, text: str, *, user: str = "1", id_: str = "") -> Dict[str, str]:
        """Returns the fields of a message as Twilio documents them."""
        return {
            "MessageSid": id_ or f"SM{self.number()}",
            "SmsStatus": "received",
            "AccountSid": SID,
            "From": f"{self.prefix}+1555010000{user}",
            "To": self.prefix + BOT,
            "Body": text,
            "NumMedia": "0",
            "NumSegments": "1",
            "ApiVersion": "2010-04-01",
        }

    def message(self, text: str, *, user: str = "1", id_: str = "", secret: str = "") -> Post:
        return self.deliver(self.fields(text, user=user, id_=id_), secret)

    def press(self, heard: Heard, title: str) -> Post:
        return self.message(heard.buttons[title])


class WhatsApp(Sms):
    """WhatsApp."""

    name = "whatsapp"
    prefix = "whatsapp:"

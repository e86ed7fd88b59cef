"""Google Chat apps over HTTP: https://developers.google.com/workspace/chat/receive-respond-interactions

The answer is the response to the delivery, so no key for calls to Google has to be kept.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, ClassVar, Dict, List, Mapping, Optional

from sanic.response import HTTPResponse, json

from ketaguide.channels.exchange import Inbound, OnMessage
from ketaguide.channels.messaging import PLACES, Delivery, MessagingInput, Places
from ketaguide.channels.render import Payload, Renderer, google_chat
from ketaguide.channels.render.google_chat import PAYLOAD, together
from ketaguide.channels.sending import Sender
from ketaguide.channels.settings import secret
from ketaguide.channels.verify import ForgedError
from ketaguide.channels.verify.tokens import UNAUTHORIZED, Keys, require_token

CHAT = "chat@system.gserviceaccount.com"
# https://developers.google.com/workspace/chat/verify-requests-from-chat: by project number, and by address.
PROJECT_KEYS = f"https://www.googleapis.com/service_accounts/v1/jwk/{CHAT}"
ADDRESS_ISSUER = "https://accounts.google.com"
ADDRESS_KEYS = "https://www.googleapis.com/oauth2/v3/certs"
LEEWAY = 60
GREET = "/greet"
ADDED, MESSAGE, CLICKED = "ADDED_TO_SPACE", "MESSAGE", "CARD_CLICKED"


@dataclass(frozen=True)
class GoogleChatOptions:
    """Settings of the channel.

    Attributes:
        audience: What Google's tokens are for: the number of the clinic's project, or the webhook's address.
        keys_url: Where the keys that sign deliveries are found; by default where Google has them for this audience.
    """

    audience: str = secret(
        "GOOGLE_CHAT_AUDIENCE", "the project number or the webhook's address, as in the app's settings"
    )
    keys_url: str = ""


class GoogleChatInput(MessagingInput[GoogleChatOptions]):
    """Direct messages, and messages in spaces that mention the app; who writes is known by the resource id."""

    channel = "google_chat"
    kind = GoogleChatOptions
    renderer: ClassVar[Renderer] = google_chat

    def __init__(self, options: GoogleChatOptions, places: Places = PLACES, sender: Optional[Sender] = None) -> None:
        """Construct the channel; as the others."""
        super().__init__(options, places, sender)
        self._by_project = options.audience.isdigit()
        self._keys = Keys(self._fetch_keys)

    async def verify(self, delivery: Delivery) -> None:
        """Checks Google's token, and that it is for this app.

        Raises:
            ForgedError: if that is not proven.
        """
        header, audience = delivery.headers.get("authorization"), self.options.audience
        if self._by_project:
            await require_token(header, self._keys, CHAT, audience, LEEWAY)
            return
        claims = (await require_token(header, self._keys, ADDRESS_ISSUER, audience, LEEWAY)).claims
        # Anybody can get a token of Google's for any address; only Chat gets one in its own name.
        if claims.get("email") != CHAT or claims.get("email_verified") is not True:
            raise ForgedError(UNAUTHORIZED)

    def read(self, delivery: Delivery) -> List[Inbound]:
        """Returns a message, a press, or a greeting to who adds the app to a direct message; the rest is ignored."""
        event = delivery.json()
        kind, user = event.get("type"), event.get("user") or {}
        if user.get("type") == "BOT" or kind not in (ADDED, MESSAGE, CLICKED):
            return []
        space, message = event["space"], event.get("message") or {}
        text, stamp = _words(message), message.get("name")
        if kind == CLICKED:
            text, stamp = _pressed(event), f"{event.get('eventTime')}:{user['name']}"
        elif kind == ADDED and not message:
            text, stamp = GREET, f"{event.get('eventTime')}:{space['name']}"
            if not _is_direct(space):
                return []
        return [Inbound(f"{space['name']}:{user['name']}", str(stamp), text)]

    async def receive(self, delivery: Delivery, on_new_message: OnMessage) -> HTTPResponse:
        """Answers in the response, which Google waits 30 seconds for."""
        spoken: List[Payload] = []

        async def collect(_: Mapping[str, Any], payload: Payload, __: bool) -> None:
            spoken.append(payload)

        for inbound in self.read(delivery):
            turn = self.exchange.accept(inbound, self.prepare, collect, on_new_message)
            if turn:
                # Not awaited itself: if Google hangs up, the turn still has to be written down.
                await asyncio.wait({turn})
        return json(together(spoken))

    async def _fetch_keys(self) -> List[Dict[str, Any]]:
        url = self.options.keys_url or (PROJECT_KEYS if self._by_project else ADDRESS_KEYS)
        found: List[Dict[str, Any]] = (await self.sender.get(url))["keys"]
        return found


def _words(message: Mapping[str, Any]) -> str:
    # Without the mention of the app, where there is one.
    return str(message.get("argumentText") or message.get("text") or "").strip()


def _pressed(event: Mapping[str, Any]) -> str:
    parameters = (event.get("action") or {}).get("parameters") or []
    listed = {entry["key"]: entry["value"] for entry in parameters}
    return str({**listed, **((event.get("common") or {}).get("parameters") or {})}[PAYLOAD])


def _is_direct(space: Mapping[str, Any]) -> bool:
    return space.get("type") == "DM" or space.get("spaceType") == "DIRECT_MESSAGE"

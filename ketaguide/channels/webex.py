"""Webex bots: https://developer.webex.com/docs/api/guides/webhooks"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Dict, List, Mapping, Optional

from ketaguide.channels.exchange import Inbound
from ketaguide.channels.messaging import Delivery, MessagingInput
from ketaguide.channels.render import Payload, Renderer, webex
from ketaguide.channels.sending import bearer
from ketaguide.channels.settings import secret
from ketaguide.channels.verify.shared_secret import require_hmac

_MENTION = re.compile(r"<spark-mention\b.*?</spark-mention>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class WebexOptions:
    """Settings of the channel.

    Attributes:
        bot_token: The bot's access token.
        webhook_secret: What the webhook was registered with; Webex signs deliveries with it.
        api_url: Where Webex's methods are.
    """

    bot_token: str = secret("WEBEX_BOT_TOKEN", "the bot's access token")
    webhook_secret: str = secret("WEBEX_WEBHOOK_SECRET", "a long random text; register the webhook with the same")
    api_url: str = "https://webexapis.com/v1"


class WebexInput(MessagingInput[WebexOptions]):
    """Direct messages, and messages in spaces that mention the bot; these are answered in a thread."""

    channel = "webex"
    kind = WebexOptions
    renderer: ClassVar[Renderer] = webex

    async def verify(self, delivery: Delivery) -> None:
        """Checks the signature over the body, for which Webex uses SHA-1.

        Raises:
            ForgedError: if it is missing or another one.
        """
        given = delivery.headers.get("x-spark-signature")
        require_hmac(given, self.options.webhook_secret, delivery.body, "sha1")

    def read(self, delivery: Delivery) -> List[Inbound]:
        """Returns where a new or edited message is, its words to be fetched; what the bot itself said is ignored."""
        body = delivery.json()
        if body.get("resource") != "messages" or body.get("event") not in ("created", "updated"):
            return []
        data = body["data"]
        # The bot registered the webhook, so what it made carries the same id.
        if data["personId"] == body.get("createdBy"):
            return []
        address = {"roomId": data["roomId"], "message": data["id"], "is_group": data.get("roomType") == "group"}
        delivery_id = f"{data['id']}:{data.get('updated', '')}"
        return [Inbound(f"{data['roomId']}:{data['personId']}", delivery_id, "", address)]

    async def prepare(self, inbound: Inbound) -> Optional[Inbound]:
        """Fetches the words."""
        address = inbound.address
        headers = bearer(self.options.bot_token)
        message = await self.sender.get(f"{self.options.api_url}/messages/{address['message']}", headers=headers)
        to: Dict[str, Any] = {"roomId": address["roomId"]}
        if address["is_group"]:
            to["parentId"] = message.get("parentId") or address["message"]
        return replace(inbound, text=_words(message), address=to)

    async def send(self, address: Mapping[str, Any], payload: Payload, urgent: bool) -> None:
        """Posts one message.

        Raises:
            SendError: if Webex did not take it.
        """
        to = {key: address[key] for key in ("roomId", "parentId") if key in address}
        headers = bearer(self.options.bot_token)
        await self.sender.post(
            f"{self.options.api_url}/messages", json={**payload, **to}, headers=headers, urgent=urgent
        )


def _words(message: Mapping[str, Any]) -> str:
    """Returns what was written, without the mention of the bot that spaces put before it."""
    marked = str(message.get("html") or "")
    if "<spark-mention" in marked:
        return html.unescape(_TAG.sub("", _MENTION.sub("", marked))).strip()
    return str(message.get("text") or "")

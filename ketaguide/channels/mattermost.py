"""Mattermost: a slash command or an outgoing webhook asks, a bot account answers in a direct message.

https://developers.mattermost.com/integrate/slash-commands/custom/ and /integrate/webhooks/outgoing/
"""

from __future__ import annotations

import hashlib
import hmac
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Dict, List, Mapping, Optional

from sanic.response import HTTPResponse, json

from ketaguide.channels.exchange import Inbound
from ketaguide.channels.messaging import Delivery, MessagingInput
from ketaguide.channels.render import Payload, Renderer, mattermost
from ketaguide.channels.render.mattermost import PAYLOAD
from ketaguide.channels.sending import bearer
from ketaguide.channels.settings import needed, secret
from ketaguide.channels.verify import ForgedError
from ketaguide.channels.verify.shared_secret import require_equal

ANSWERED_PRIVATELY = "I answer you in a direct message."
PROOF = "proof"


@dataclass(frozen=True)
class MattermostOptions:
    """Settings of the channel.

    Attributes:
        bot_token: The access token of the bot account.
        webhook_token: What Mattermost shows with each delivery of the slash command or outgoing webhook.
        server_url: The Mattermost server.
        webhook_url: The public address of this webhook, to which buttons lead.
    """

    bot_token: str = secret("MATTERMOST_BOT_TOKEN", "the access token of the bot account")
    webhook_token: str = secret("MATTERMOST_WEBHOOK_TOKEN", "the token of the slash command or outgoing webhook")
    server_url: str = needed("the address of your Mattermost server")
    webhook_url: str = needed("the public address of this webhook")


class MattermostInput(MessagingInput[MattermostOptions]):
    """Answers in a direct message even what was asked in public: it is about health."""

    channel = "mattermost"
    kind = MattermostOptions
    renderer: ClassVar[Renderer] = mattermost

    async def verify(self, delivery: Delivery) -> None:
        """Checks the token, or that a pressed button is one of ours.

        Raises:
            ForgedError: if that is not proven.
        """
        fields = _fields(delivery)
        context = fields.get("context")
        if isinstance(context, dict):
            expected = self._proof(str(fields.get("channel_id")), str(context.get(PAYLOAD)))
            require_equal(_text(context.get(PROOF)), expected)
        elif context is not None:
            raise ForgedError
        else:
            require_equal(_text(fields.get("token")), self.options.webhook_token)

    def read(self, delivery: Delivery) -> List[Inbound]:
        """Returns what was asked, or the press of a button."""
        fields = _fields(delivery)
        user = fields["user_id"]
        address = {"user_id": user, "channel_id": fields["channel_id"]}
        if "context" in fields:
            stamp = str(fields.get("trigger_id") or fields.get("post_id"))
            return [Inbound(user, stamp, fields["context"][PAYLOAD], {**address, "is_private": True})]
        words = str(fields.get("text", ""))
        trigger = str(fields.get("trigger_word") or "")
        if trigger and words.casefold().startswith(trigger.casefold()):
            words = words[len(trigger) :]
        stamp = str(fields.get("post_id") or fields["trigger_id"])
        return [Inbound(user, stamp, words.strip() or "/help", address)]

    async def prepare(self, inbound: Inbound) -> Optional[Inbound]:
        """Finds the direct channel with who asked; without it, the answer goes where the question was."""
        if inbound.address.get("is_private"):
            return inbound
        me = await self._call("GET", "users/me")
        direct = await self._call("POST", "channels/direct", [me["id"], inbound.address["user_id"]])
        return replace(inbound, address={**inbound.address, "channel_id": direct["id"]})

    async def send(self, address: Mapping[str, Any], payload: Payload, urgent: bool) -> None:
        """Posts one message.

        Raises:
            SendError: if Mattermost did not take it.
        """
        channel = str(address["channel_id"])
        await self._call("POST", "posts", {**self._sealed(payload, channel), "channel_id": channel}, urgent)

    def acknowledge(self, delivery: Delivery) -> HTTPResponse:
        """Returns what Mattermost expects of a command, a webhook or a button."""
        is_command = "command" in _fields(delivery)
        return json({"response_type": "ephemeral", "text": ANSWERED_PRIVATELY} if is_command else {})

    async def _call(self, method: str, path: str, body: Any = None, urgent: bool = False) -> Any:
        url, headers = f"{self.options.server_url}/api/v4/{path}", bearer(self.options.bot_token)
        if method == "GET":
            return await self.sender.get(url, headers=headers)
        return await self.sender.post(url, json=body, headers=headers, urgent=urgent)

    def _sealed(self, payload: Payload, channel: str) -> Payload:
        """Returns a post whose buttons lead here, with a proof: Mattermost signs no press of a button."""
        sealed: Dict[str, Any] = deepcopy(payload)
        for attachment in sealed.get("props", {}).get("attachments", []):
            for action in attachment["actions"]:
                context = action["integration"]["context"]
                context[PROOF] = self._proof(channel, context[PAYLOAD])
                action["integration"]["url"] = self.options.webhook_url
        return sealed

    def _proof(self, channel: str, payload: str) -> str:
        key = hashlib.sha256(b"buttons:" + self.options.bot_token.encode()).digest()
        return hmac.new(key, f"{channel}\0{payload}".encode(), hashlib.sha256).hexdigest()


def _fields(delivery: Delivery) -> Dict[str, Any]:
    is_json = delivery.headers.get("content-type", "").lower().startswith("application/json")
    return delivery.json() if is_json else dict(delivery.form())


def _text(value: Any) -> Optional[str]:
    return value if isinstance(value, str) else None

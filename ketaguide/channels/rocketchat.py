"""Rocket.Chat: an outgoing webhook asks, a bot account answers.

https://docs.rocket.chat/docs/integrations
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, List, Mapping, Optional

from ketaguide.channels.exchange import Inbound
from ketaguide.channels.messaging import Delivery, MessagingInput
from ketaguide.channels.render import Payload, Renderer, rocketchat
from ketaguide.channels.sending import SendError
from ketaguide.channels.settings import needed, secret
from ketaguide.channels.verify.shared_secret import require_equal


@dataclass(frozen=True)
class RocketChatOptions:
    """Settings of the channel.

    Attributes:
        auth_token, user_id: The personal access token of the bot account, and that account's id.
        webhook_token: What Rocket.Chat shows with each delivery.
        server_url: The Rocket.Chat server.
    """

    auth_token: str = secret("ROCKETCHAT_AUTH_TOKEN", "a personal access token of the bot account")
    user_id: str = secret("ROCKETCHAT_USER_ID", "the id of the bot account, shown with that token")
    webhook_token: str = secret("ROCKETCHAT_WEBHOOK_TOKEN", "the token of the outgoing webhook")
    server_url: str = needed("the address of your Rocket.Chat server")


class RocketChatInput(MessagingInput[RocketChatOptions]):
    """Direct messages, or the channels that the webhook is set to; a message in a thread is answered there."""

    channel = "rocketchat"
    kind = RocketChatOptions
    renderer: ClassVar[Renderer] = rocketchat

    async def verify(self, delivery: Delivery) -> None:
        """Checks the token.

        Raises:
            ForgedError: if it is missing or another one.
        """
        token: Optional[Any] = delivery.json().get("token")
        require_equal(token if isinstance(token, str) else None, self.options.webhook_token)

    def read(self, delivery: Delivery) -> List[Inbound]:
        """Returns a message or an edited one; what bots say is ignored, this one's own answers included."""
        body = delivery.json()
        if body.get("bot") or body["user_id"] == self.options.user_id:
            return []
        room = body["channel_id"]
        address = {"roomId": room, **({"tmid": body["tmid"]} if body.get("tmid") else {})}
        words = str(body.get("text") or "")
        trigger = str(body.get("trigger_word") or "")
        if trigger and words.casefold().startswith(trigger.casefold()):
            words = words[len(trigger) :]
        return [Inbound(f"{room}:{body['user_id']}", body["message_id"], words.strip(), address)]

    async def send(self, address: Mapping[str, Any], payload: Payload, urgent: bool) -> None:
        """Posts one message.

        Raises:
            SendError: if Rocket.Chat did not take it.
        """
        options = self.options
        headers = {"X-Auth-Token": options.auth_token, "X-User-Id": options.user_id}
        url = f"{options.server_url}/api/v1/chat.postMessage"
        answer = await self.sender.post(url, json={**payload, **address}, headers=headers, urgent=urgent)
        if not isinstance(answer, dict) or not answer.get("success"):
            raise SendError(400)

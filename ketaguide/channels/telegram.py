"""Telegram bots: https://core.telegram.org/bots/api"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Dict, List, Mapping, Optional

from ketaguide.channels.exchange import Inbound
from ketaguide.channels.messaging import Delivery, MessagingInput
from ketaguide.channels.render import Payload, Renderer, telegram
from ketaguide.channels.sending import SendError
from ketaguide.channels.settings import secret
from ketaguide.channels.verify.shared_secret import require_equal

logger = logging.getLogger(__name__)

MEDIA = frozenset(
    "animation audio contact dice document game location paid_media photo poll sticker story venue video video_note "
    "voice".split()
)
START = "/start"
GREET = "/greet"
PRESS = "press"


@dataclass(frozen=True)
class TelegramOptions:
    """Settings of the channel.

    Attributes:
        bot_token: What BotFather gave.
        secret_token: What the webhook was registered with; Telegram shows it with every delivery.
        api_url: Another Bot API server, if the clinic runs its own.
    """

    bot_token: str = secret("TELEGRAM_BOT_TOKEN", "the token that BotFather gave you")
    secret_token: str = secret("TELEGRAM_SECRET_TOKEN", "a long random text; give the same to setWebhook")
    api_url: str = "https://api.telegram.org"


class TelegramInput(MessagingInput[TelegramOptions]):
    """Private chats; what is written in groups is ignored on purpose, others would read the answer."""

    channel = "telegram"
    kind = TelegramOptions
    renderer: ClassVar[Renderer] = telegram

    async def verify(self, delivery: Delivery) -> None:
        """Checks the secret token.

        Raises:
            ForgedError: if it is missing or another one.
        """
        require_equal(delivery.headers.get("x-telegram-bot-api-secret-token"), self.options.secret_token)

    def read(self, delivery: Delivery) -> List[Inbound]:
        """Returns a message, an edited one, or the press of a button; joins, reactions and the like are ignored."""
        update = delivery.json()
        if "callback_query" in update:
            return _pressed(update["callback_query"])
        message = update.get("message") or update.get("edited_message")
        return _written(message) if message else []

    async def prepare(self, inbound: Inbound) -> Optional[Inbound]:
        """Tells Telegram that a press was noticed; until then the button shows that it waits."""
        press = inbound.address.get(PRESS)
        if press:
            try:
                await self.sender.post(self._url("answerCallbackQuery"), json={"callback_query_id": press})
            except SendError as error:
                logger.warning("A press could not be confirmed to Telegram (%s).", error)
        return replace(inbound, address={"chat_id": inbound.address["chat_id"]})

    async def send(self, address: Mapping[str, Any], payload: Payload, urgent: bool) -> None:
        """Sends one message.

        Raises:
            SendError: if Telegram did not take it.
        """
        await self.sender.post(self._url("sendMessage"), json={"chat_id": address["chat_id"], **payload}, urgent=urgent)

    def _url(self, method: str) -> str:
        return f"{self.options.api_url}/bot{self.options.bot_token}/{method}"


def _written(message: Mapping[str, Any]) -> List[Inbound]:
    chat = message["chat"]
    if chat["type"] != "private":
        return []
    text = message.get("text") or message.get("caption") or ""
    if not text and not MEDIA & message.keys():
        return []
    if text.split(" ")[0] == START:
        text = GREET
    return [_inbound(chat["id"], str(message["message_id"]), text)]


def _pressed(query: Mapping[str, Any]) -> List[Inbound]:
    # Telegram leaves an old message out; in a private chat the chat has the person's id.
    chat: Dict[str, Any] = (query.get("message") or {}).get("chat") or {"id": query["from"]["id"], "type": "private"}
    if chat["type"] != "private" or not query.get("data"):
        return []
    return [_inbound(chat["id"], str(query["id"]), query["data"], press=query["id"])]


def _inbound(chat_id: int, delivery: str, text: str, press: str = "") -> Inbound:
    return Inbound(str(chat_id), f"{chat_id}:{delivery}", text, {"chat_id": chat_id, PRESS: press})

"""Slack apps: https://docs.slack.dev/apis/events-api and /interactivity"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from typing import Any, ClassVar, Dict, List, Mapping

from sanic.response import HTTPResponse, empty
from sanic.response import text as text_response
from slack_sdk.signature import SignatureVerifier

from ketaguide.channels.exchange import Inbound, OnMessage
from ketaguide.channels.messaging import Delivery, MessagingInput
from ketaguide.channels.render import Payload, Renderer, slack
from ketaguide.channels.sending import SendError, bearer
from ketaguide.channels.settings import secret
from ketaguide.channels.verify import ForgedError

DIRECT = "im"
# What a person wrote, of the kinds that carry one: with a file, with /me, in a thread and shown beside it too.
WRITTEN = (None, "file_share", "me_message", "thread_broadcast")
_MENTION = re.compile(r"<@[A-Z0-9]+(?:\|[^>]*)?>")
_LINK = re.compile(r"<(?:[^|>]+\|)?([^>]+)>")


@dataclass(frozen=True)
class SlackOptions:
    """Settings of the channel.

    Attributes:
        bot_token: The token the app speaks with.
        signing_secret: The secret that Slack signs deliveries with.
        api_url: Where Slack's methods are.
    """

    bot_token: str = secret("SLACK_BOT_TOKEN", "the bot token, xoxb-…, from OAuth & Permissions")
    signing_secret: str = secret("SLACK_SIGNING_SECRET", "the signing secret, from Basic Information")
    api_url: str = "https://slack.com/api"


class SlackInput(MessagingInput[SlackOptions]):
    """Direct messages, and messages in channels that mention the app; these are answered in a thread."""

    channel = "slack"
    kind = SlackOptions
    renderer: ClassVar[Renderer] = slack

    async def verify(self, delivery: Delivery) -> None:
        """Checks Slack's signature and that it is no older than five minutes.

        Raises:
            ForgedError: if it is missing, another one or too old.
        """
        headers = delivery.headers
        signature = headers.get("x-slack-signature") or ""
        try:
            genuine = signature.isascii() and SignatureVerifier(self.options.signing_secret).is_valid(
                delivery.body, headers.get("x-slack-request-timestamp"), signature
            )
        except (ValueError, OverflowError):
            genuine = False
        if not genuine:
            raise ForgedError

    async def receive(self, delivery: Delivery, on_new_message: OnMessage) -> HTTPResponse:
        """Answers the question by which Slack checks a new address, and takes everything else as usual."""
        if not _is_form(delivery):
            body = delivery.json()
            if body.get("type") == "url_verification":
                return text_response(str(body["challenge"]))
        return await super().receive(delivery, on_new_message)

    def read(self, delivery: Delivery) -> List[Inbound]:
        """Returns a message, an edited one, or the press of a button; joins, bots and the like are ignored."""
        if _is_form(delivery):
            return _pressed(json.loads(delivery.form()["payload"]))
        body = delivery.json()
        return _written(body["event"], str(body.get("team_id"))) if body.get("type") == "event_callback" else []

    async def send(self, address: Mapping[str, Any], payload: Payload, urgent: bool) -> None:
        """Posts one message: https://docs.slack.dev/reference/methods/chat.postMessage

        Raises:
            SendError: if Slack did not take it.
        """
        url = f"{self.options.api_url}/chat.postMessage"
        headers = bearer(self.options.bot_token)
        answer = await self.sender.post(url, json={**payload, **address}, headers=headers, urgent=urgent)
        if not isinstance(answer, dict) or not answer.get("ok"):
            raise SendError(400, str((answer or {}).get("error")))

    def acknowledge(self, delivery: Delivery) -> HTTPResponse:
        """Returns the empty answer that stops Slack from sending again."""
        return empty(status=200)


def _is_form(delivery: Delivery) -> bool:
    return delivery.headers.get("content-type", "").lower().startswith("application/x-www-form-urlencoded")


def _written(event: Mapping[str, Any], team: str) -> List[Inbound]:
    message = event
    if event.get("subtype") == "message_changed":
        # A preview of a link changes a message too; "edited" stands only where the person did it.
        message = {**event["message"], "channel": event["channel"]}
        if "edited" not in message:
            return []
    elif event.get("subtype") not in WRITTEN:
        return []
    if message.get("bot_id") or not message.get("user") or not _is_meant(event):
        return []
    text = html.unescape(_LINK.sub(r"\1", _MENTION.sub("", message.get("text") or ""))).strip()
    direct = event.get("channel_type") == DIRECT
    thread = message.get("thread_ts") or (None if direct else message["ts"])
    return [_inbound(team, event["channel"], message["user"], message["ts"], text, thread)]


def _is_meant(event: Mapping[str, Any]) -> bool:
    return event.get("type") == "app_mention" or (event.get("type"), event.get("channel_type")) == ("message", DIRECT)


def _pressed(payload: Mapping[str, Any]) -> List[Inbound]:
    if payload.get("type") != "block_actions":
        return []
    user = payload["user"]["id"]
    # Where an app is installed for a whole organisation, only the person has a team.
    team = str((payload.get("team") or {}).get("id") or payload["user"].get("team_id"))
    channel, message = payload["channel"]["id"], payload.get("message") or {}
    return [
        _inbound(team, channel, user, action["action_ts"], action["value"], message.get("thread_ts"))
        for action in payload["actions"]
        if action.get("value")
    ]


def _inbound(team: str, channel: str, user: str, stamp: str, text: str, thread: Any) -> Inbound:
    address: Dict[str, Any] = {"channel": channel, **({"thread_ts": thread} if thread else {})}
    # With the channel: what is said in private must not be continued in public.
    return Inbound(f"{team}:{channel}:{user}", f"{team}:{channel}:{stamp}", text, address)

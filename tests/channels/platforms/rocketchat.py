"""A Rocket.Chat workspace with an outgoing webhook and a bot account."""

from __future__ import annotations

import json
import re
from typing import Any, Dict, Mapping

from aiohttp import web

from tests.channels.platforms.base import JSON, Heard, Platform, Post, RefusedError, as_json

TOKEN, BOT, WEBHOOK_TOKEN = "rocket-access-token", "rocketbot", "rocket-webhook-token-0123"


class RocketChat(Platform):
    """A direct message with a bot."""

    name = "rocketchat"
    sends_at = "/chat.postMessage"
    environment = {
        "ROCKETCHAT_AUTH_TOKEN": TOKEN,
        "ROCKETCHAT_USER_ID": BOT,
        "ROCKETCHAT_WEBHOOK_TOKEN": WEBHOOK_TOKEN,
    }
    signs_body = False

    def credentials(self) -> Dict[str, Any]:
        return {"server_url": self.url}

    def routes(self, router: web.UrlDispatcher) -> None:
        router.add_post("/api/v1/chat.postMessage", self._post)

    async def _post(self, request: web.Request) -> web.Response:
        if (request.headers.get("X-Auth-Token"), request.headers.get("X-User-Id")) != (TOKEN, BOT):
            return self.refuse("You must be logged in to do this.", 401)
        return self.take(await request.json(), {"success": True, "message": {"_id": str(self.number())}})

    def show(self, body: Mapping[str, Any]) -> Heard:
        if len(body["text"]) > 5000:
            raise RefusedError("error-message-size-exceeded")
        actions = [action for attachment in body.get("attachments", []) for action in attachment["actions"]]
        links = {title: url for title, url in re.findall(r"\[([^\]]+)\]\((\S+?)\)", body["text"])}
        text = re.sub(r"\\([^\w\s])", r"\1", re.sub(r"\[([^\]]+)\]\(\S+?\)", r"\1", body["text"]))
        pages = {action["text"]: action["url"] for action in actions if "url" in action}
        presses = {action["text"]: action["msg"] for action in actions if action.get("msg_in_chat_window")}
        return Heard(text, presses, {**links, **pages}, (body.get("roomId"), body.get("tmid")))

    def sign(self, body: bytes) -> Post:
        try:
            parsed = json.loads(body)
        except (ValueError, RecursionError):
            return Post(body, JSON)
        return self.delivery(**parsed) if isinstance(parsed, dict) else Post(body, JSON)

    def delivery(self, **fields: Any) -> Post:
        """Returns a delivery of any fields."""
        return Post(as_json({"token": WEBHOOK_TOKEN, **fields}), JSON)

    def fields(self, text: str, *, user: str = "1", id_: str = "") -> Dict[str, Any]:
        """Returns the fields of a message as a webhook sends them."""
        return {
            "bot": False,
            "channel_id": f"room{user}",
            "channel_name": None,
            "message_id": id_ or f"message{self.number()}",
            "timestamp": "2026-11-22T18:00:00.000Z",
            "user_id": f"user{user}",
            "user_name": "jane",
            "text": text,
            "siteUrl": "https://chat.clinic.example",
        }

    def message(self, text: str, *, user: str = "1", id_: str = "", secret: str = "") -> Post:
        return self.delivery(**{**self.fields(text, user=user, id_=id_), **({"token": secret} if secret else {})})

    def unsigned(self) -> Post:
        return Post(as_json(self.fields("hello")), JSON)

    def press(self, heard: Heard, title: str) -> Post:
        return self.message(heard.buttons[title])

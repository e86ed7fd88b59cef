"""Webex, which tells where a message is and keeps its words until they are asked for."""

from __future__ import annotations

import hmac
import re
from typing import Any, Dict, Mapping

from aiohttp import web

from tests.channels.platforms.base import JSON, Heard, Platform, Post, RefusedError, as_json

TOKEN, SECRET, BOT = "webex-bot-token", "webex-webhook-secret-0123", "person-bot"


class Webex(Platform):
    """A direct space with a bot."""

    name = "webex"
    sends_at = "/messages"
    environment = {"WEBEX_BOT_TOKEN": TOKEN, "WEBEX_WEBHOOK_SECRET": SECRET}

    def __init__(self) -> None:
        super().__init__()
        self.kept: Dict[str, Dict[str, Any]] = {}

    def credentials(self) -> Dict[str, Any]:
        return {"api_url": f"{self.url}/v1"}

    def routes(self, router: web.UrlDispatcher) -> None:
        router.add_get("/v1/messages/{id}", self._get)
        router.add_post("/v1/messages", self._create)

    async def _get(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self.refuse("The request requires a valid access token.", 401)
        return web.json_response(self.kept[request.match_info["id"]])

    async def _create(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self.refuse("The request requires a valid access token.", 401)
        return self.take(await request.json(), {"id": f"message{self.number()}"})

    def show(self, body: Mapping[str, Any]) -> Heard:
        shown = body.get("markdown") or body["text"]
        if len(shown.encode()) > 7439:
            raise RefusedError("Message length limited to 7439 bytes")
        links = {title: url for title, url in re.findall(r"\[([^\]]+)\]\((\S+?)\)", shown)}
        text = re.sub(r"\\([^\w\s])", r"\1", re.sub(r"\[([^\]]+)\]\(\S+?\)", r"\1", shown)).replace("  \n", "\n")
        choices = {title: number for number, title in re.findall(r"(?m)^(\d+) (.+)$", text)}
        return Heard(text, choices, links, (body.get("roomId"), body.get("parentId")))

    def sign(self, body: bytes) -> Post:
        return self._signed(body)

    def _signed(self, body: bytes, secret: str = "") -> Post:
        return Post(
            body, {**JSON, "X-Spark-Signature": hmac.new((secret or SECRET).encode(), body, "sha1").hexdigest()}
        )

    def event(self, kept: Dict[str, Any], *, user: str = "1", room_type: str = "direct", secret: str = "") -> Post:
        """Returns the delivery about a message that Webex keeps."""
        self.kept[kept["id"]] = kept
        data = {"id": kept["id"], "roomId": f"room{user}", "roomType": room_type, "personId": f"person{user}"}
        body = {"resource": "messages", "event": "created", "createdBy": BOT, "actorId": f"person{user}", "data": data}
        return self._signed(as_json(body), secret)

    def message(self, text: str, *, user: str = "1", id_: str = "", secret: str = "") -> Post:
        return self.event({"id": id_ or f"message{self.number()}", "text": text}, user=user, secret=secret)

    def press(self, heard: Heard, title: str) -> Post:
        return self.message(heard.buttons[title])

"""A Mattermost server with a slash command, an outgoing webhook and a bot account."""

from __future__ import annotations

import re
from typing import Any, Dict, Mapping

from aiohttp import web

from tests.channels.platforms.base import FORM, JSON, Heard, Platform, Post, RefusedError, as_form, as_json

BOT_TOKEN, WEBHOOK_TOKEN = "mattermost-bot-token", "mattermost-webhook-token-01"
ADDRESS = "https://bot.clinic.example/webhooks/mattermost/webhook"


class Mattermost(Platform):
    """A team, and a person who uses the slash command in a channel."""

    name = "mattermost"
    sends_at = "/posts"
    environment = {"MATTERMOST_BOT_TOKEN": BOT_TOKEN, "MATTERMOST_WEBHOOK_TOKEN": WEBHOOK_TOKEN}
    signs_body = False

    def credentials(self) -> Dict[str, Any]:
        return {"server_url": self.url, "webhook_url": ADDRESS}

    def routes(self, router: web.UrlDispatcher) -> None:
        router.add_get("/api/v4/users/me", self._me)
        router.add_post("/api/v4/channels/direct", self._direct)
        router.add_post("/api/v4/posts", self._post)

    async def _me(self, request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == f"Bearer {BOT_TOKEN}"
        return web.json_response({"id": "bot"})

    async def _direct(self, request: web.Request) -> web.Response:
        return web.json_response({"id": "direct-" + "-".join(await request.json())}, status=201)

    async def _post(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {BOT_TOKEN}":
            return self.refuse("api.context.session_expired.app_error", 401)
        body = await request.json()
        attachments = body.get("props", {}).get("attachments", [])
        actions = [action for attachment in attachments for action in attachment["actions"]]
        if not all(action["integration"].get("url") == ADDRESS for action in actions):
            return self.refuse("an action needs an address")
        return self.take(body, {"id": f"post{self.number()}"}, 201)

    def show(self, body: Mapping[str, Any]) -> Heard:
        if len(body["message"]) > 16383:
            raise RefusedError("model.post.is_valid.msg.app_error")
        attachments = body.get("props", {}).get("attachments", [])
        actions = [action for attachment in attachments for action in attachment["actions"]]
        if not all(re.fullmatch("[a-zA-Z0-9]+", action["id"]) for action in actions):
            raise RefusedError("an action needs an id of letters and digits")
        below = "\n".join(attachment["text"] for attachment in attachments)
        marked = f"{body['message']}\n{below}"
        links = {title: url for title, url in re.findall(r"\[([^\]]+)\]\((\S+?)\)", marked)}
        text = re.sub(r"\\([^\w\s])", r"\1", re.sub(r"\[([^\]]+)\]\(\S+?\)", r"\1", marked))
        presses = {action["name"]: (action, body.get("channel_id")) for action in actions}
        return Heard(text, presses, links, body.get("channel_id"))

    def sign(self, body: bytes) -> Post:
        return Post(body + b"&token=" + WEBHOOK_TOKEN.encode(), FORM)

    def message(self, text: str, *, user: str = "1", id_: str = "", secret: str = "") -> Post:
        fields = {
            "channel_id": "town",
            "channel_name": "town-square",
            "command": "/ketamine",
            "team_id": "team",
            "text": text,
            "token": secret or WEBHOOK_TOKEN,
            "trigger_id": id_ or f"trigger{self.number()}",
            "user_id": f"user{user}",
            "user_name": "jane",
        }
        return Post(as_form(fields), FORM)

    def unsigned(self) -> Post:
        return Post(self.message("hello").body.replace(WEBHOOK_TOKEN.encode(), b""), FORM)

    def press(self, heard: Heard, title: str) -> Post:
        action, channel = heard.buttons[title]
        body = {"user_id": "user1", "channel_id": channel, "post_id": "post", "trigger_id": f"t{self.number()}"}
        return Post(as_json({**body, "context": action["integration"]["context"]}), JSON)

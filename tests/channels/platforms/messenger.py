"""Meta's Messenger platform."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any, Dict, Mapping

from aiohttp import web

from tests.channels.platforms.base import JSON, Heard, Platform, Post, RefusedError, as_json

APP_SECRET, PAGE_TOKEN, VERIFY_TOKEN = "meta-app-secret-0123456789", "meta-page-token", "meta-verify-token-0123"


class Messenger(Platform):
    """A page, and a person who writes to it."""

    name = "messenger"
    sends_at = "/me/messages"
    environment = {
        "MESSENGER_APP_SECRET": APP_SECRET,
        "MESSENGER_PAGE_TOKEN": PAGE_TOKEN,
        "MESSENGER_VERIFY_TOKEN": VERIFY_TOKEN,
    }

    def credentials(self) -> Dict[str, Any]:
        return {"api_url": f"{self.url}/v25.0"}

    def routes(self, router: web.UrlDispatcher) -> None:
        router.add_post("/v25.0/me/messages", self._send)

    async def _send(self, request: web.Request) -> web.Response:
        proof = hmac.new(APP_SECRET.encode(), PAGE_TOKEN.encode(), hashlib.sha256).hexdigest()
        if request.headers.get("Authorization") != f"Bearer {PAGE_TOKEN}" or request.query["appsecret_proof"] != proof:
            return self.refuse("invalid appsecret_proof")
        body = await request.json()
        return self.take(body, {"recipient_id": body["recipient"]["id"], "message_id": f"m_{self.number()}"})

    def show(self, body: Mapping[str, Any]) -> Heard:
        message = body["message"]
        replies = message.get("quick_replies", [])
        if not message.get("text") or len(message["text"]) > 2000 or len(replies) > 13:
            raise RefusedError("(#100) length of param message[text] must be less than or equal to 2000")
        if any(len(reply["title"]) > 20 or len(reply["payload"]) > 1000 for reply in replies):
            raise RefusedError("(#100) length of a quick reply")
        return Heard(message["text"], {reply["title"]: reply["payload"] for reply in replies}, to=body.get("recipient"))

    def busy(self) -> web.Response:
        return web.json_response({"error": {"code": 613, "is_transient": True}}, status=400)

    def sign(self, body: bytes) -> Post:
        return self._signed(body)

    def _signed(self, body: bytes, secret: str = "") -> Post:
        signature = hmac.new((secret or APP_SECRET).encode(), body, hashlib.sha256).hexdigest()
        return Post(body, {**JSON, "X-Hub-Signature-256": f"sha256={signature}"})

    def event(self, *, user: str = "1", secret: str = "", **content: Any) -> Post:
        """Returns the delivery of an event of any kind."""
        event = {"sender": {"id": f"9000{user}"}, "recipient": {"id": "page"}, "timestamp": self.number(), **content}
        return self._signed(as_json({"object": "page", "entry": [{"id": "page", "messaging": [event]}]}), secret)

    def message(self, text: str, *, user: str = "1", id_: str = "", secret: str = "") -> Post:
        return self.event(user=user, secret=secret, message={"mid": id_ or f"m_{self.number()}", "text": text})

    def press(self, heard: Heard, title: str) -> Post:
        reply = {"payload": heard.buttons[title]}
        return self.event(message={"mid": f"m_{self.number()}", "text": title, "quick_reply": reply})

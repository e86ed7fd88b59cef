"""Slack, with its own library signing what it delivers and reading the blocks that it gets."""

from __future__ import annotations

import html
import json
import re
import time
from typing import Any, Dict, Mapping, Optional

from aiohttp import web
from slack_sdk.models.blocks import Block
from slack_sdk.signature import Clock, SignatureVerifier

from tests.channels.platforms.base import FORM, JSON, Heard, Platform, Post, RefusedError, as_form, as_json

TOKEN, SECRET = "xoxb-slack-bot-token", "slack-signing-secret-0123456789"


class Slack(Platform):
    """A workspace with the app in it."""

    name = "slack"
    sends_at = "/chat.postMessage"
    environment = {"SLACK_BOT_TOKEN": TOKEN, "SLACK_SIGNING_SECRET": SECRET}

    def credentials(self) -> Dict[str, Any]:
        return {"api_url": self.url}

    def routes(self, router: web.UrlDispatcher) -> None:
        router.add_post("/chat.postMessage", self._post)

    async def _post(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self.refuse("invalid_auth", 200)
        return self.take(await request.json(), {"ok": True, "ts": str(self.number())})

    def refuse(self, why: str, status: int = 200) -> web.Response:
        return super().refuse(why, status)

    def show(self, body: Mapping[str, Any]) -> Heard:
        blocks = Block.parse_all(body.get("blocks", []))
        try:
            for block in blocks:
                block.validate_json()
        except Exception as error:
            raise RefusedError(f"invalid_blocks {error}") from error
        if not body.get("text") or len(blocks) > 50 or len(body["text"]) > 40000:
            raise RefusedError("invalid_blocks")
        shown = [_text(block) for block in body.get("blocks", [])] or [body["text"]]
        elements = [e for block in body.get("blocks", []) if block["type"] == "actions" for e in block["elements"]]
        text = "\n".join(filter(None, shown))
        links = {html.unescape(title): html.unescape(url) for url, title in re.findall(r"<([^|>]+)\|([^>]+)>", text)}
        pages = {element["text"]["text"]: element["url"] for element in elements if "url" in element}
        presses = {element["text"]["text"]: element for element in elements if "value" in element}
        plain = html.unescape(re.sub(r"<([^|>]+)\|([^>]+)>", r"\2", text))
        return Heard(plain, presses, {**links, **pages}, (body.get("channel"), body.get("thread_ts")))

    def signed(self, body: bytes, headers: Dict[str, str], secret: str = "", at: Optional[float] = None) -> Post:
        """Returns a delivery with the signature of a moment, now unless told."""
        stamp = str(int(time.time() if at is None else at))
        signature = SignatureVerifier(secret or SECRET, Clock()).generate_signature(timestamp=stamp, body=body)
        return Post(body, {**headers, "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature or ""})

    def sign(self, body: bytes) -> Post:
        return self.signed(body.decode(errors="replace").encode(), JSON)

    def event(self, secret: str = "", at: Optional[float] = None, **event: Any) -> Post:
        """Returns the delivery of an event of any kind."""
        body = {"type": "event_callback", "team_id": "T1", "event_id": f"Ev{self.number()}", "event": event}
        return self.signed(as_json(body), JSON, secret, at)

    def parts(self, text: str, *, user: str = "1", id_: str = "") -> Dict[str, Any]:
        """Returns a direct message as Slack documents it."""
        stamp = id_ or f"{self.number()}.0001"
        where = {"channel": f"D{user}", "channel_type": "im"}
        return {"type": "message", "user": f"U{user}", "text": html.escape(text, quote=False), "ts": stamp, **where}

    def message(self, text: str, *, user: str = "1", id_: str = "", secret: str = "") -> Post:
        return self.event(secret, **self.parts(text, user=user, id_=id_))

    def press(self, heard: Heard, title: str) -> Post:
        payload = {
            "type": "block_actions",
            "team": {"id": "T1"},
            "user": {"id": "U1"},
            "channel": {"id": "D1"},
            "message": {"ts": str(self.number())},
            "actions": [{**heard.buttons[title], "action_ts": f"{self.number()}.2"}],
        }
        return self.signed(as_form({"payload": json.dumps(payload)}), FORM)

    def expired(self) -> Post:
        return self.event(at=time.time() - 600, **self.parts("hello"))


def _text(block: Dict[str, Any]) -> str:
    if block["type"] == "section":
        return str(block["text"]["text"])
    return "\n".join(e["text"] for e in block["elements"]) if block["type"] == "context" else ""

"""Google Chat, which reads the answer in the response to its delivery."""

from __future__ import annotations

import html
import json
from typing import Any, Dict, Mapping

from aiohttp import web

from tests.channels.platforms.base import JSON, Heard, Platform, Post, RefusedError, as_json
from tests.channels.platforms.signing import public_key, token

PROJECT, ISSUER, KEY = "123456789012", "chat@system.gserviceaccount.com", "google"


class GoogleChat(Platform):
    """A direct message with the app."""

    name = "google_chat"
    environment = {"GOOGLE_CHAT_AUDIENCE": PROJECT}
    signs_body = False
    calls_out = False

    def credentials(self) -> Dict[str, Any]:
        return {"keys_url": f"{self.url}/keys"}

    def routes(self, router: web.UrlDispatcher) -> None:
        router.add_get("/keys", self._keys)

    async def _keys(self, _: web.Request) -> web.Response:
        return web.json_response({"keys": [public_key(KEY)]})

    def hear(self, response: bytes) -> None:
        """Shows the message in a response."""
        body = json.loads(response) if response.startswith(b"{") else {}
        if body:
            self.take(body, {})

    def show(self, body: Mapping[str, Any]) -> Heard:
        if len(json.dumps(dict(body)).encode()) > 32_000 or len(body["text"]) > 4096:
            raise RefusedError("the message is too large")
        widgets = [w for card in body.get("cardsV2", []) for s in card["card"]["sections"] for w in s["widgets"]]
        ids = [card["cardId"] for card in body.get("cardsV2", [])]
        if len(ids) != len(set(ids)) or len(widgets) > 100:
            raise RefusedError("the cards are not valid")
        paragraphs = [widget["textParagraph"]["text"] for widget in widgets if "textParagraph" in widget]
        shown = [body["text"], *(html.unescape(text.replace("<br>", "\n")) for text in paragraphs)]
        buttons = [button for widget in widgets for button in widget.get("buttonList", {}).get("buttons", [])]
        pages = {b["text"]: b["onClick"]["openLink"]["url"] for b in buttons if "openLink" in b["onClick"]}
        presses = {b["text"]: b["onClick"]["action"] for b in buttons if "action" in b["onClick"]}
        return Heard("\n\n".join(shown), presses, pages)

    def claims(self, **other: Any) -> Dict[str, Any]:
        """Returns what Google's token states."""
        return {"iss": ISSUER, "aud": PROJECT, **other}

    def deliver(self, event: Any, key: str = KEY, kid: str = "", lasts: float = 3600, **claims: Any) -> Post:
        """Returns a delivery with a token."""
        shown = token(key, self.claims(**claims), kid=kid, lasts=lasts)
        return Post(as_json(event), {**JSON, "Authorization": f"Bearer {shown}"})

    def sign(self, body: bytes) -> Post:
        return Post(body, {**JSON, "Authorization": f"Bearer {token(KEY, self.claims())}"})

    def event(self, kind: str = "MESSAGE", *, user: str = "1", **content: Any) -> Dict[str, Any]:
        """Returns an event as Google documents it."""
        return {
            "type": kind,
            "eventTime": f"2026-11-22T18:00:00.{self.number()}Z",
            "user": {"name": f"users/{user}", "displayName": "Jane Smith", "type": "HUMAN"},
            "space": {"name": f"spaces/{user}", "type": "DM", "spaceType": "DIRECT_MESSAGE"},
            **content,
        }

    def message(self, text: str, *, user: str = "1", id_: str = "", secret: str = "") -> Post:
        name = f"spaces/{user}/messages/{id_ or self.number()}"
        event = self.event(user=user, message={"name": name, "text": text, "argumentText": text})
        return self.deliver(event, key=secret or KEY, kid=KEY)

    def press(self, heard: Heard, title: str) -> Post:
        action = heard.buttons[title]
        pressed = {"actionMethodName": action["function"], "parameters": action["parameters"]}
        return self.deliver(self.event("CARD_CLICKED", action=pressed))

    def expired(self) -> Post:
        return self.deliver(self.event(message={"name": "m", "text": "hello"}), lasts=-600)

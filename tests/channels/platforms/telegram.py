"""Telegram's Bot API, with aiogram reading what is sent."""

from __future__ import annotations

import html
import re
from typing import Any, Dict, Mapping

from aiogram.types import InlineKeyboardMarkup
from aiohttp import web

from tests.channels.platforms.base import JSON, Heard, Platform, Post, RefusedError, as_json

TOKEN, SECRET = "4242:telegram-bot-token", "telegram-secret-token-0123"


class Telegram(Platform):
    """A private chat with a bot."""

    name = "telegram"
    sends_at = "/sendMessage"
    environment = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_SECRET_TOKEN": SECRET}

    signs_body = False

    def __init__(self) -> None:
        super().__init__()
        self.confirmed: list[str] = []

    def credentials(self) -> Dict[str, Any]:
        return {"api_url": self.url}

    def routes(self, router: web.UrlDispatcher) -> None:
        router.add_post(f"/bot{TOKEN}/sendMessage", self._send)
        router.add_post(f"/bot{TOKEN}/answerCallbackQuery", self._confirm)

    async def _send(self, request: web.Request) -> web.Response:
        return self.take(await request.json(), {"ok": True, "result": {"message_id": self.number()}})

    def show(self, body: Mapping[str, Any]) -> Heard:
        marked = body.get("parse_mode") == "HTML"
        if marked and re.search(r"<(?!/?a[ >])|&(?!amp;|lt;|gt;|quot;|#)", body["text"]):
            raise RefusedError("Bad Request: can't parse entities")
        text = html.unescape(re.sub(r"<[^>]+>", "", body["text"])) if marked else body["text"]
        if not text or len(text.encode("utf-16-le")) // 2 > 4096:
            raise RefusedError("Bad Request: message is too long")
        keyboard = InlineKeyboardMarkup(**body["reply_markup"]) if "reply_markup" in body else InlineKeyboardMarkup()
        buttons = [button for row in keyboard.inline_keyboard for button in row]
        if any(len((button.callback_data or "").encode()) > 64 for button in buttons):
            raise RefusedError("Bad Request: BUTTON_DATA_INVALID")
        if any(button.url and not button.url.startswith("https://") for button in buttons):
            raise RefusedError("Bad Request: BUTTON_URL_INVALID")
        links = dict(
            (html.unescape(title), html.unescape(url))
            for url, title in re.findall(r'<a href="([^"]+)">(.*?)</a>', body["text"])
        )
        pages = {button.text: button.url for button in buttons if button.url}
        presses = {button.text: button.callback_data for button in buttons if button.callback_data}
        return Heard(text, presses, {**links, **pages}, body.get("chat_id"))

    async def _confirm(self, request: web.Request) -> web.Response:
        self.confirmed.append((await request.json())["callback_query_id"])
        return web.json_response({"ok": True, "result": True})

    def busy(self) -> web.Response:
        body = {"ok": False, "error_code": 429, "parameters": {"retry_after": 0.02}}
        return web.json_response(body, status=429)

    def sign(self, body: bytes) -> Post:
        return Post(body, {**JSON, "X-Telegram-Bot-Api-Secret-Token": SECRET})

    def update(self, secret: str = "", **content: Any) -> Post:
        """Returns the delivery of an update of any kind."""
        body = as_json({"update_id": self.number(), **content})
        return Post(body, {**JSON, "X-Telegram-Bot-Api-Secret-Token": secret or SECRET})

    def content(self, *, user: str = "1", id_: str = "", chat: str = "private", **parts: Any) -> Dict[str, Any]:
        """Returns a message as Telegram documents it."""
        person = {"id": 700 + int(user), "is_bot": False, "first_name": "Jane"}
        chat_id = person["id"] if chat == "private" else -100500
        return {
            "message_id": int(id_ or self.number()),
            "from": person,
            "chat": {"id": chat_id, "type": chat, "first_name": "Jane"},
            "date": 1795370000,
            **parts,
        }

    def message(self, text: str, *, user: str = "1", id_: str = "", secret: str = "") -> Post:
        return self.update(secret, message=self.content(user=user, id_=id_, text=text))

    def press(self, heard: Heard, title: str) -> Post:
        message = self.content(text=heard.text)
        query = {"id": str(self.number()), "from": message["from"], "message": message, "data": heard.buttons[title]}
        return self.update(callback_query={**query, "chat_instance": "1"})

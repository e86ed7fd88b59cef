"""Microsoft's bot connector, its keys and its login."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Mapping, Optional

from aiohttp import web

from tests.channels.platforms.base import JSON, Heard, Platform, Post, RefusedError, as_json
from tests.channels.platforms.signing import public_key, token

APP, PASSWORD, TENANT = "11111111-app", "teams-client-secret", "22222222-tenant"
ISSUER = "https://api.botframework.com"
BOT = {"id": "28:bot", "name": "Ketaguide"}
KEY = "connector"


class Teams(Platform):
    """A personal chat with the bot of one tenant."""

    name = "teams"
    sends_at = "/activities"
    environment = {"TEAMS_APP_ID": APP, "TEAMS_APP_PASSWORD": PASSWORD, "TEAMS_TENANT_ID": TENANT}
    signs_body = False

    def __init__(self) -> None:
        super().__init__()
        self.tokens = 0
        self.login_troubles = 0
        self.keys: Optional[List[Dict[str, Any]]] = [
            public_key(KEY, endorsements=["msteams"]),
            public_key("other", endorsements=["webchat"]),
        ]

    def credentials(self) -> Dict[str, Any]:
        return {"login_url": self.url, "metadata_url": f"{self.url}/openidconfiguration"}

    def routes(self, router: web.UrlDispatcher) -> None:
        router.add_get("/openidconfiguration", self._metadata)
        router.add_get("/keys", self._keys)
        router.add_post(f"/{TENANT}/oauth2/v2.0/token", self._login)
        router.add_post("/connector/v3/conversations/{id}/activities", self._send)

    async def _metadata(self, _: web.Request) -> web.Response:
        return web.json_response({"issuer": ISSUER, "jwks_uri": f"{self.url}/keys"})

    async def _keys(self, _: web.Request) -> web.Response:
        return web.json_response({"keys": self.keys}) if self.keys else web.Response(status=404)

    async def _login(self, request: web.Request) -> web.Response:
        if self.login_troubles:
            self.login_troubles -= 1
            return self.broken()
        form = dict(await request.post())
        expected = {
            "grant_type": "client_credentials",
            "client_id": APP,
            "client_secret": PASSWORD,
            "scope": f"{ISSUER}/.default",
        }
        if form != expected:
            return self.refuse("invalid_client", 401)
        self.tokens += 1
        return web.json_response({"token_type": "Bearer", "expires_in": 3600, "access_token": f"token{self.tokens}"})

    async def _send(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer token{self.tokens}":
            return web.json_response({"error": {"code": "Unauthorized"}}, status=401)
        body = {**await request.json(), "to": request.match_info["id"]}
        return self.take(body, {"id": str(self.number())}, 201)

    def show(self, body: Mapping[str, Any]) -> Heard:
        cards = [attachment["content"] for attachment in body.get("attachments", [])]
        sets = [entry for card in cards for entry in card["body"]]
        if len(json.dumps(dict(body)).encode("utf-16-le")) > 28 * 1024 or not body.get("text"):
            raise RefusedError("MessageSizeTooBig")
        if any(len(entry["actions"]) > 6 or entry["type"] != "ActionSet" for entry in sets):
            raise RefusedError("BadSyntax")
        actions = [action for entry in sets for action in entry["actions"]]
        pages = {action["title"]: action["url"] for action in actions if action["type"] == "Action.OpenUrl"}
        presses = {action["title"]: action["data"] for action in actions if action["type"] == "Action.Submit"}
        return Heard(body["text"], presses, pages, body.get("to"))

    def activity(self, *, user: str = "1", **content: Any) -> Dict[str, Any]:
        """Returns an activity as the connector documents it."""
        return {
            "type": "message",
            "id": str(self.number()),
            "channelId": "msteams",
            "serviceUrl": f"{self.url}/connector/",
            "from": {"id": f"29:{user}", "name": "Jane Smith", "aadObjectId": f"aad-{user}"},
            "conversation": {"id": f"a:{user}/1", "conversationType": "personal", "tenantId": TENANT},
            "recipient": BOT,
            "channelData": {"tenant": {"id": TENANT}},
            **content,
        }

    def claims(self, **other: Any) -> Dict[str, Any]:
        """Returns what the connector's token states."""
        return {"iss": ISSUER, "aud": APP, "serviceurl": f"{self.url}/connector/", **other}

    def deliver(self, activity: Any, key: str = KEY, kid: str = "", lasts: float = 3600, **claims: Any) -> Post:
        """Returns a delivery with a token."""
        shown = token(key, self.claims(**claims), kid=kid, lasts=lasts)
        return self.sign(as_json(activity)).with_headers(authorization=f"Bearer {shown}")

    def sign(self, body: bytes) -> Post:
        return Post(body, {**JSON, "Authorization": f"Bearer {token(KEY, self.claims())}"})

    def message(self, text: str, *, user: str = "1", id_: str = "", secret: str = "") -> Post:
        activity = self.activity(user=user, text=text, **({"id": id_} if id_ else {}))
        return self.deliver(activity, key=secret or KEY, kid=KEY)

    def press(self, heard: Heard, title: str) -> Post:
        data = heard.buttons[title]
        value = {name: entry for name, entry in data.items() if name != "msteams"}
        return self.deliver(self.activity(text=data["msteams"]["text"], value=value))

    def expired(self) -> Post:
        return self.deliver(self.activity(text="hello"), lasts=-600)

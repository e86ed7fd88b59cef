"""Microsoft Teams, for a bot of one tenant.

https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, ClassVar, Dict, List, Mapping, Optional
from urllib.parse import quote

from ketaguide.channels.exchange import Inbound
from ketaguide.channels.messaging import PLACES, Delivery, MessagingInput, Places
from ketaguide.channels.render import Payload, Renderer, teams
from ketaguide.channels.render.teams import PAYLOAD
from ketaguide.channels.sending import Sender, SendError, bearer
from ketaguide.channels.settings import secret
from ketaguide.channels.verify import ForgedError
from ketaguide.channels.verify.tokens import UNAUTHORIZED, Keys, require_token

ISSUER = "https://api.botframework.com"
SCOPE = "https://api.botframework.com/.default"
CHANNEL_ID = "msteams"
LEEWAY = 300
# A token is renewed this many seconds before it ends.
EARLY = 300
GREET = "/greet"


@dataclass(frozen=True)
class TeamsOptions:
    """Settings of the channel.

    Attributes:
        app_id, app_password: The bot's registration in Azure.
        tenant_id: The clinic's own tenant; people of others are refused.
        login_url: Where Microsoft gives out tokens.
        metadata_url: Where the keys that sign deliveries are found.
    """

    app_id: str = secret("TEAMS_APP_ID", "the Microsoft App ID of the Azure Bot")
    app_password: str = secret("TEAMS_APP_PASSWORD", "a client secret of that app")
    tenant_id: str = secret("TEAMS_TENANT_ID", "the tenant ID of your organisation")
    login_url: str = "https://login.microsoftonline.com"
    metadata_url: str = "https://login.botframework.com/v1/.well-known/openidconfiguration"


class TeamsInput(MessagingInput[TeamsOptions]):
    """Personal chats, and messages in channels and group chats that mention the bot."""

    channel = "teams"
    kind = TeamsOptions
    renderer: ClassVar[Renderer] = teams

    def __init__(self, options: TeamsOptions, places: Places = PLACES, sender: Optional[Sender] = None) -> None:
        """Construct the channel; as the others."""
        super().__init__(options, places, sender)
        self._keys = Keys(self._fetch_keys)
        self._token, self._token_ends = "", 0.0

    async def verify(self, delivery: Delivery) -> None:
        """Checks Microsoft's token, that it is for this bot, this service and this tenant.

        Raises:
            ForgedError: if any of that is not proven.
        """
        header = delivery.headers.get("authorization")
        proven = await require_token(header, self._keys, ISSUER, self.options.app_id, LEEWAY)
        activity = delivery.json()
        if CHANNEL_ID not in (proven.key.get("endorsements") or ()) or activity.get("channelId") != CHANNEL_ID:
            raise ForgedError(UNAUTHORIZED)
        # Answers, and the bot's own token with them, go to this address.
        service = proven.claims.get("serviceurl") or proven.claims.get("serviceUrl")
        if not service or service != activity.get("serviceUrl"):
            raise ForgedError(UNAUTHORIZED)
        if _tenant(activity) != self.options.tenant_id:
            raise ForgedError

    def read(self, delivery: Delivery) -> List[Inbound]:
        """Returns a message, an edited one, a press, or a greeting to who adds the bot; the rest is ignored."""
        activity = delivery.json()
        kind = activity.get("type")
        if kind == "conversationUpdate" and _was_added(activity):
            return [_inbound(activity, GREET)]
        if kind == "messageUpdate" and (activity.get("channelData") or {}).get("eventType") != "editMessage":
            return []
        if kind not in ("message", "messageUpdate"):
            return []
        pressed = activity.get("value")
        payload = pressed.get(PAYLOAD) if isinstance(pressed, dict) else None
        return [_inbound(activity, str(payload or _words(activity)))]

    async def send(self, address: Mapping[str, Any], payload: Payload, urgent: bool) -> None:
        """Sends one activity.

        Raises:
            SendError: if Microsoft did not take it.
        """
        try:
            await self._post(address, payload, urgent)
        except SendError as error:
            if error.status != UNAUTHORIZED:
                raise
            # The token may have been withdrawn before its end.
            self._token_ends = 0.0
            await self._post(address, payload, urgent)

    async def _post(self, address: Mapping[str, Any], payload: Payload, urgent: bool) -> None:
        conversation = quote(address["conversation"], safe="")
        url = f"{address['service'].rstrip('/')}/v3/conversations/{conversation}/activities"
        headers = bearer(await self._valid_token(urgent))
        await self.sender.post(url, json={**payload, "from": address["bot"]}, headers=headers, urgent=urgent)

    async def _valid_token(self, urgent: bool) -> str:
        if time.monotonic() >= self._token_ends:
            options = self.options
            form = {
                "grant_type": "client_credentials",
                "client_id": options.app_id,
                "client_secret": options.app_password,
                "scope": SCOPE,
            }
            url = f"{options.login_url}/{options.tenant_id}/oauth2/v2.0/token"
            given = await self.sender.post(url, data=form, urgent=urgent)
            self._token = str(given["access_token"])
            self._token_ends = time.monotonic() + float(given["expires_in"]) - EARLY
        return self._token

    async def _fetch_keys(self) -> List[Dict[str, Any]]:
        metadata = await self.sender.get(self.options.metadata_url)
        found: List[Dict[str, Any]] = (await self.sender.get(metadata["jwks_uri"]))["keys"]
        return found


def _inbound(activity: Mapping[str, Any], text: str) -> Inbound:
    person, conversation = activity["from"], activity["conversation"]
    address = {
        "service": activity["serviceUrl"],
        "conversation": conversation["id"],
        "bot": activity["recipient"],
    }
    sender = f"{conversation['id'].split(';')[0]}:{person.get('aadObjectId') or person['id']}"
    return Inbound(sender, f"{conversation['id']}:{activity.get('id')}", text, address)


def _tenant(activity: Mapping[str, Any]) -> str:
    stated = (activity.get("channelData") or {}).get("tenant") or {}
    return str(stated.get("id") or (activity.get("conversation") or {}).get("tenantId") or "")


def _was_added(activity: Mapping[str, Any]) -> bool:
    added = {member.get("id") for member in activity.get("membersAdded") or []}
    is_personal = (activity.get("conversation") or {}).get("conversationType") == "personal"
    return is_personal and activity["recipient"]["id"] in added


def _words(activity: Mapping[str, Any]) -> str:
    """Returns what was written, without the mention of the bot that channels put before it."""
    text = str(activity.get("text") or "")
    for entity in activity.get("entities") or []:
        if entity.get("type") == "mention" and (entity.get("mentioned") or {}).get("id") == activity["recipient"]["id"]:
            text = text.replace(str(entity.get("text") or ""), "")
    return text.strip()

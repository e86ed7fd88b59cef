"""What a visitor's request may hold: everything else is refused, cut off or read as plain text."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Callable, Dict, Mapping, Optional

from sanic.request import Request

from ketaguide.content.load import Library

MOST_BYTES = 16 * 1024
# Long enough for a person in distress to say it all in one message; detection reads every character of it.
MOST_CHARACTERS = 2000
_GROUP_PAYLOAD = re.compile(r'/help\{"group":"([a-z_]+)"\}')
_COMMAND_START = re.compile(r"^[\s/]+")
_MESSAGE_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
# Small talk that the widget itself offers, beside the targets of the buttons in the content.
_ALWAYS_OFFERED = frozenset({"greet", "help", "privacy"})


class BadRequestError(Exception):
    """The request is not one the widget makes. `reason` is a key of the refusals."""

    def __init__(self, reason: str, text: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.text = text


@dataclass(frozen=True)
class Incoming:
    """One message as it goes on to the assistant.

    Attributes:
        text: Clean text, or an allowed payload such as `/driving`.
        token: The session's token as sent, unchecked.
        id: The widget's id for this message, "" for none; a retry carries the same one.
        metadata: Only `language`, `region` and `page`, each checked.
    """

    text: str
    token: str
    id: str
    metadata: Mapping[str, str]


async def read_json(request: Request) -> Dict[str, Any]:
    """Returns the body as a JSON object, reading no more of it than is allowed.

    Raises:
        BadRequestError: `too_large` or `bad_request`.
    """
    raw = b""
    stream = request.stream
    while stream:
        part = await stream.read()
        if not part:
            break
        raw += part
        if len(raw) > MOST_BYTES:
            # What was read so far may tell of danger, so it is handed on.
            raise BadRequestError("too_large", raw.decode("utf-8", "ignore"))
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise BadRequestError("bad_request") from error
    if not isinstance(body, dict):
        raise BadRequestError("bad_request")
    return body


def parse(body: Mapping[str, Any], library: Callable[[], Library], countries: frozenset[str]) -> Incoming:
    """Returns the message in a body.

    Raises:
        BadRequestError: `bad_request` for an empty message, `too_large` for a long one.
    """
    raw = body.get("message")
    text = clean(raw) if isinstance(raw, str) else ""
    if not text.strip(" /"):
        raise BadRequestError("bad_request")
    if len(text) > MOST_CHARACTERS:
        raise BadRequestError("too_large", text)
    if text.startswith("/") and not is_offered(text, library()):
        text = _COMMAND_START.sub("", text)
    id_ = body.get("id")
    return Incoming(
        text=text,
        token=body["session"] if isinstance(body.get("session"), str) else "",
        id=id_ if isinstance(id_, str) and _MESSAGE_ID.fullmatch(id_) else "",
        metadata=_metadata(body, countries),
    )


def clean(text: str) -> str:
    """Returns text in composed form, without control characters and outer blanks."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    # Half of a surrogate pair cannot be written to a store.
    kept = (c for c in composed if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return "".join(kept).strip()


def is_offered(payload: str, library: Library) -> bool:
    """Tells whether a payload is one that the assistant's own buttons can send."""
    group = _GROUP_PAYLOAD.fullmatch(payload)
    if group:
        return group.group(1) in library.groups
    id_ = payload[1:]
    targets = {button.target for reply in library.replies.values() for button in reply.buttons}
    return id_ in library.topics or id_ in _ALWAYS_OFFERED or f"reply:{id_}" in targets


def _metadata(body: Mapping[str, Any], countries: frozenset[str]) -> Dict[str, str]:
    found = {
        "language": _matching(body.get("language"), r"[a-z]{2}"),
        "page": _matching(body.get("page"), r"/[\w./~-]{0,63}"),
        "region": _matching(body.get("region"), r"[A-Z]{2}"),
    }
    if found["region"] not in countries:
        found["region"] = None
    return {key: value for key, value in found.items() if value}


def _matching(value: Any, pattern: str) -> Optional[str]:
    return value if isinstance(value, str) and re.fullmatch(pattern, value) else None

"""Which messages that begin with a slash are buttons of ours; any other is plain text."""

from __future__ import annotations

import re
from typing import Container

_PAYLOAD = re.compile(r'/(?P<id>[a-z0-9_]+)(?P<group>\{"group":\s*"[a-z_]+"\})?\s*')
# Rasa runs "/intent{…}" typed by anyone, sessions and restarts included.
INTERNAL = frozenset(
    {"not_approved", "withdrawn", "help_group", "clarify", "clarify_sorry", "clarify_which", "glossary", "sources"}
    | {"out_of_scope"}
)


def is_button(text: str, ids: Container[str]) -> bool:
    """Tells whether the text is the payload of a button that leads to one of these ids."""
    match = _PAYLOAD.fullmatch(text)
    if match is None:
        return False
    return match["id"] in ids and match["id"] not in INTERNAL and (match["group"] is None or match["id"] == "help")


def as_text(text: str, ids: Container[str]) -> str:
    """Returns what to read: a button's payload as it is, anything else without its leading slashes."""
    stripped = text.strip()
    return stripped if is_button(stripped, ids) else re.sub(r"^[\s/]+", "", stripped)

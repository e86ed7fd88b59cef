"""How many conversations saw which version, from the assistant's own record. Reads numbers, no words."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Dict, Optional, Set

import sqlalchemy as sa

from console.conversations.messages import STAFF
from console.conversations.store import RecordUnreadableError, connection

_STAMPED = sa.text("SELECT sender_id, data FROM events WHERE type_name = 'bot' AND data LIKE '%\"content_version\"%'")


def conversations_by_version() -> Optional[Dict[str, int]]:
    """Returns content version to the number of conversations that it was said in; None if there is no record here."""
    seen: Dict[str, Set[str]] = defaultdict(set)
    try:
        with connection() as database:
            for sender, data in database.execute(_STAMPED):
                stamp = json.loads(data).get("metadata") or {}
                if stamp.get("content_version") and not sender.startswith(STAFF):
                    seen[stamp["content_version"]].add(sender)
    except (RecordUnreadableError, ValueError):
        return None
    return {version: len(senders) for version, senders in seen.items()}

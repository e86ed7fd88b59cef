"""How many conversations saw which version, from the assistant's own record. Reads numbers, no words."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections import defaultdict
from typing import Dict, Optional, Set

from django.conf import settings

CONVERSATIONS = "conversations.db"
# Conversations of staff with the test chat, and the console's own checks.
STAFF = "console-"
_STAMPED = "SELECT sender_id, data FROM events WHERE type_name = 'bot' AND data LIKE '%\"content_version\"%'"


def conversations_by_version() -> Optional[Dict[str, int]]:
    """Returns content version to the number of conversations that it was said in; None if there is no record here."""
    file = settings.STATE_FOLDER / CONVERSATIONS
    if not file.exists():
        return None
    seen: Dict[str, Set[str]] = defaultdict(set)
    try:
        with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=5)) as database:
            for sender, data in database.execute(_STAMPED):
                stamp = json.loads(data).get("metadata") or {}
                if stamp.get("content_version") and not sender.startswith(STAFF):
                    seen[stamp["content_version"]].add(sender)
    except (sqlite3.Error, ValueError):
        return None
    return {version: len(senders) for version, senders in seen.items()}

"""The assistant's record of conversations, as a test wants it: Rasa's table with visitors' messages."""

from __future__ import annotations

import json
import sqlite3
import time
from pathlib import Path
from typing import Any, Dict, Optional, Sequence, Tuple

Ranking = Sequence[Tuple[str, float]]
_TABLE = """
CREATE TABLE IF NOT EXISTS events (
    id INTEGER PRIMARY KEY, sender_id VARCHAR(255) NOT NULL, type_name VARCHAR(255) NOT NULL, timestamp FLOAT,
    intent_name VARCHAR(255), action_name VARCHAR(255), data TEXT)
"""


class Record:
    """Writes what visitors said into the file that the assistant writes."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "conversations.db"
        with sqlite3.connect(self.file) as database:
            database.execute(_TABLE)

    def say(
        self,
        text: str,
        ranking: Ranking,
        *,
        conversation: str = "web-1",
        days_ago: float = 0.0,
        crisis: Optional[Dict[str, Any]] = None,
    ) -> None:
        """Adds one message, understood as the first of `ranking`."""
        named = [{"name": name, "confidence": confidence} for name, confidence in ranking]
        event = {
            "event": "user",
            "text": text,
            "metadata": {"crisis": crisis or {"read": True, "open": False}},
            "parse_data": {"intent": named[0], "intent_ranking": named},
        }
        at = time.time() - days_ago * 86_400
        self.add(conversation, "user", at, event, ranking[0][0])

    def add(
        self, conversation: str, type_: str, at: float, event: Dict[str, Any], intent: Optional[str] = None
    ) -> None:
        """Adds one event."""
        row = (conversation, type_, at, intent, json.dumps({**event, "timestamp": at}))
        with sqlite3.connect(self.file) as database:
            database.execute(
                "INSERT INTO events (sender_id, type_name, timestamp, intent_name, data) VALUES (?, ?, ?, ?, ?)", row
            )

    def erase(self, conversation: str) -> None:
        """Deletes a conversation, as a visitor may."""
        with sqlite3.connect(self.file) as database:
            database.execute("DELETE FROM events WHERE sender_id = ?", (conversation,))

"""Where drafts, accounts and the log are kept: SQLite by default, PostgreSQL if an address is given."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict
from urllib.parse import unquote, urlsplit

REMEDY = "write it as postgresql://user:password@host:5432/name, or leave it out for a file in var/"


def database(address: str, file: Path) -> Dict[str, Any]:
    """Returns Django's entry for the database at `address`, or for the SQLite file where there is no address.

    Raises:
        ValueError: if the address is of another kind.
    """
    if not address:
        options = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": "PRAGMA journal_mode=WAL;"}
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(file), "OPTIONS": options}
    parts = urlsplit(address)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.hostname or not parts.path.strip("/"):
        raise ValueError(f"CONSOLE_DATABASE cannot be used: {REMEDY}.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.strip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname,
        "PORT": parts.port or 5432,
    }

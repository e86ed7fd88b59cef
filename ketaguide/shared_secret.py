"""A secret that processes of one machine share through a file that only their user may read."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

BYTES = 32


def shared_secret(path: Path) -> str:
    """Returns the secret in the file, which is made at first use with mode 600."""
    with suppress(FileNotFoundError):
        kept = path.read_text(encoding="ascii").strip()
        if kept:
            return kept
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "w", encoding="ascii") as opened:
        opened.write(secrets.token_urlsafe(BYTES))
    # Linking fails where another process was first: its secret counts.
    with suppress(FileExistsError):
        os.link(temporary, path)
    Path(temporary).unlink()
    return path.read_text(encoding="ascii").strip()

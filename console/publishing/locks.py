"""Locks that hold between threads and between processes, and that a killed process leaves open."""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from typing import Iterator

from django.conf import settings


@contextmanager
def files_lock(wait: bool = True) -> Iterator[bool]:
    """Holds the right to write content files; yields whether it was had. Held for seconds at most."""
    with _lock("console_files.lock", wait) as had:
        yield had


@contextmanager
def learning_lock(wait: bool = False) -> Iterator[bool]:
    """Holds the right to learn: one model at a time."""
    with _lock("console_learning.lock", wait) as had:
        yield had


@contextmanager
def _lock(name: str, wait: bool) -> Iterator[bool]:
    settings.STATE_FOLDER.mkdir(parents=True, exist_ok=True)
    with (settings.STATE_FOLDER / name).open("a") as opened:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        try:
            yield True
        finally:
            fcntl.flock(opened, fcntl.LOCK_UN)

"""One thread that finishes what is queued, and what a sudden end of the console left half done."""

from __future__ import annotations

import logging
import threading

from django.db import close_old_connections

from console.publishing import phrases, recovery

logger = logging.getLogger(__name__)

IDLE_SECONDS = 10.0
_wanted = threading.Event()


def start() -> None:
    """Settles what was left open, then starts the thread."""
    recovery.settle_after_start()
    threading.Thread(target=_run, name="publishing", daemon=True).start()


def wake() -> None:
    """Tells the thread that something is queued."""
    _wanted.set()


def look_again() -> None:
    """Asks the assistant about what is saved but was not heard yet."""
    recovery.settle_waiting()


def _run() -> None:
    while True:
        try:
            recovery.settle_waiting()
            while phrases.work_once():
                pass
        except Exception:  # the thread must live on for the next publish
            logger.exception("Publishing failed; it is tried again.")
        finally:
            close_old_connections()
        _wanted.wait(IDLE_SECONDS)
        _wanted.clear()

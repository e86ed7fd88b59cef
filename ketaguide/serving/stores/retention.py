"""Deletes what is older than it may be kept: 30 days, or as many as RETENTION_DAYS says."""

from __future__ import annotations

import logging
import os
import threading
import time

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from ketaguide.serving.stores.events import EVENTS, EventTable

logger = logging.getLogger(__name__)

VARIABLE = "RETENTION_DAYS"
DEFAULT_DAYS = 30
DAY_SECONDS = 24 * 60 * 60
EVERY_SECONDS = 6 * 60 * 60
# Not while a server starts and its first visitors wait.
FIRST_SECONDS = 3.0
# Few enough that a visitor's message does not wait for the file to be free.
BATCH = 500


class RetentionSettingError(ValueError):
    """RETENTION_DAYS is no number of days."""


def retention_days() -> float:
    """Returns how many days a conversation is kept.

    Raises:
        RetentionSettingError: for anything but a number above 0: a typing error must not keep everything for ever.
    """
    given = os.environ.get(VARIABLE, "").strip()
    try:
        days = float(given or DEFAULT_DAYS)
    except ValueError:
        days = 0.0
    if not 0 < days < float("inf"):
        raise RetentionSettingError(f"{VARIABLE} must be a number of days above 0, such as 30; it is {given!r}.")
    return days


def delete_older(table: EventTable, days: float) -> int:
    """Deletes events older than so many days; returns how many they were."""
    oldest, deleted = time.time() - days * DAY_SECONDS, 0
    while True:
        with table.transaction() as connection:
            # Rows are added in the order of time: the first ones are the oldest.
            first = connection.execute(sa.select(EVENTS.c.id, EVENTS.c.timestamp).order_by(EVENTS.c.id).limit(BATCH))
            old = [id_ for id_, timestamp in first if timestamp is None or timestamp < oldest]
            if old:
                connection.execute(EVENTS.delete().where(EVENTS.c.id.in_(old)))
        deleted += len(old)
        if len(old) < BATCH:
            break
    if deleted:
        table.truncate_log()
    return deleted


def start(table: EventTable) -> None:
    """Deletes what is too old soon and every six hours, behind the scenes.

    Raises:
        RetentionSettingError: if RETENTION_DAYS is unusable.
    """
    days = retention_days()
    threading.Thread(target=_go_on, args=(table, days), name="retention", daemon=True).start()


def _go_on(table: EventTable, days: float) -> None:
    pause = threading.Event()
    pause.wait(FIRST_SECONDS)
    while True:
        try:
            deleted = delete_older(table, days)
            if deleted:
                logger.info("Deleted %d events older than %g days.", deleted, days)
        except SQLAlchemyError as error:
            logger.warning("What is too old could not be deleted now (%s).", type(error).__name__)
        pause.wait(EVERY_SECONDS)

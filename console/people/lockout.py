"""Slows down guessing of passwords: after a few failures a name or an address has to wait."""

from __future__ import annotations

import datetime

from django.db.models import Q
from django.utils import timezone

from console.people.models import FailedSignIn

FAILURES_PER_NAME = 5
# Several people may share the clinic's address.
FAILURES_PER_ADDRESS = 20
WINDOW = datetime.timedelta(minutes=15)


def is_locked(username: str, address: str) -> bool:
    """Tells whether this name or address has failed too often lately."""
    recent = FailedSignIn.objects.filter(at__gt=timezone.now() - WINDOW)
    by_name = recent.filter(username=_key(username)).count()
    return by_name >= FAILURES_PER_NAME or recent.filter(address=address).count() >= FAILURES_PER_ADDRESS


def note_failure(username: str, address: str) -> None:
    """Counts one failure, and forgets those that no longer count."""
    FailedSignIn.objects.filter(at__lte=timezone.now() - WINDOW).delete()
    FailedSignIn.objects.create(username=_key(username), address=address)


def forget(username: str, address: str) -> None:
    """Forgets the failures of somebody who has signed in."""
    FailedSignIn.objects.filter(Q(username=_key(username)), address=address).delete()


def _key(username: str) -> str:
    return username.strip().casefold()[:80]

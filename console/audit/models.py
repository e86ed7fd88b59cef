"""One entry of the log. Each carries the hash of the one before, so that a removed or changed entry shows."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Dict, Iterator, Optional

from django.db import models, transaction
from django.utils import timezone

FIRST = "0" * 64


class AuditEntry(models.Model):
    """Who did what to what, when and from where.

    Attributes:
        who: The person's name at that time: it outlives the account.
        what: The action's key.
        item: The answer's id, an account's sign-in name, or the like.
        detail: More, as text by name; never a visitor's words.
        previous: The hash of the entry before.
    """

    at = models.DateTimeField()
    who = models.CharField(max_length=120)
    role = models.CharField(max_length=20, blank=True)
    what = models.CharField(max_length=40)
    item = models.CharField(max_length=120, blank=True)
    detail = models.JSONField(default=dict)
    address = models.CharField(max_length=45, blank=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["-id"]

    def save(self, *arguments: Any, **named: Any) -> None:
        """Adds the entry.

        Raises:
            TypeError: if it is in the log already. The database refuses such changes too.
        """
        if self.pk is not None:
            raise TypeError("An entry of the log cannot be changed.")
        super().save(*arguments, **named)

    def delete(self, *_: Any, **__: Any) -> Any:
        """Refuses.

        Raises:
            TypeError: always.
        """
        raise TypeError("An entry of the log cannot be removed.")

    def content_hash(self) -> str:
        """Returns the SHA-256 (hex) of this entry and the hash before it."""
        covered = [self.at.isoformat(), self.who, self.role, self.what, self.item, self.detail, self.address]
        text = json.dumps([self.previous, *covered], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8")).hexdigest()


def note(
    what: str, item: str = "", *, person: Any = None, address: str = "", who: str = "", **detail: Any
) -> AuditEntry:
    """Adds an entry to the log.

    Args:
        what: The action's key.
        item: What it was done to.
        person: The account that did it, if it was one.
        address: Where the request came from.
        who: A name where there is no account, such as "the console".
        detail: More to keep; plain values only.
    """
    with transaction.atomic():
        last: Optional[AuditEntry] = AuditEntry.objects.select_for_update().order_by("-id").first()
        entry = AuditEntry(
            at=timezone.now(),
            who=person.name if person else who or "the console",
            role=person.role if person else "",
            what=what,
            item=item,
            detail=detail,
            address=address,
            previous=last.hash if last else FIRST,
        )
        entry.hash = entry.content_hash()
        entry.save()
    return entry


def note_request(request: Any, what: str, item: str = "", **detail: Any) -> AuditEntry:
    """Adds an entry for what the person behind a request did."""
    address = str(request.META.get("REMOTE_ADDR") or "")[:45]
    return note(what, item, person=request.user if request.user.is_authenticated else None, address=address, **detail)


def broken_links() -> Iterator[AuditEntry]:
    """Yields the entries that do not fit what stands before them: somebody changed the log behind the console."""
    expected = FIRST
    for entry in AuditEntry.objects.order_by("id").iterator():
        if entry.previous != expected or entry.hash != entry.content_hash():
            yield entry
        expected = entry.hash


def as_row(entry: AuditEntry) -> Dict[str, Any]:
    """Returns one entry for a table or a file."""
    names = ("at", "who", "role", "what", "item", "address", "hash")
    return {**{name: str(getattr(entry, name)) for name in names}, "detail": entry.detail}

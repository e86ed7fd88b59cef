"""Turns a plan into drafts: all of them, or none."""

from __future__ import annotations

from typing import List, Sequence

from django.db import transaction

from console.answers import content, drafts
from console.answers.models import Change, ChangeSet
from console.transfer.planning import Planned


def carry_out(planned: Sequence[Planned], person: object, name: str) -> List[Change]:
    """Returns the drafts; several are a set, to be approved and published as one.

    Args:
        planned: What was looked at; answers with problems and without changes are left out.
        person: Who imports.
        name: The file's name, for the reason.

    Raises:
        DraftError: if one cannot become a draft; then none does.
    """
    reason = f"Import of {name}"[:500]
    wanted = [entry for entry in planned if entry.outcome in ("new", "changed")]
    with transaction.atomic():
        changes = [_draft(entry, person, reason) for entry in wanted]
        if len(changes) > 1:
            together = ChangeSet.objects.create(name=reason[:120], created_by=person)
            Change.objects.filter(pk__in=[change.pk for change in changes]).update(change_set=together)
    return changes


def _draft(entry: Planned, person: object, reason: str) -> Change:
    if entry.is_new:
        change = drafts.start_new(entry.topic, entry.group, entry.values, person)
        return drafts.save(change, {}, person, change.revision, reason)
    topic = content.topic_or_404(entry.topic)
    change = drafts.start(topic, person, reason=reason)
    if change.contributors.exists() or content.entries(topic) != entry.base:
        raise drafts.DraftError(f"“{entry.title}” was changed meanwhile. Look at the import again.")
    return drafts.save(change, entry.values, person, change.revision, reason)

"""Starting, saving, sending and dropping drafts. Every function checks what state allows; views check who may."""

from __future__ import annotations

from typing import Any, Mapping, Optional

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from console.answers import content
from console.answers.models import Change, State, open_change
from ketaguide.content.model import Topic

EDITABLE = (State.DRAFT, State.IN_REVIEW, State.CHANGES_ASKED, State.APPROVED)


class DraftError(Exception):
    """The draft cannot take this step; the message tells why and what to do."""


class CollisionError(DraftError):
    """Somebody else saved the draft in the meantime."""

    def __init__(self, newer: Change) -> None:
        self.newer = newer
        name = newer.editor.name if newer.editor else "Somebody"
        super().__init__(f"{name} has changed this draft since you opened it. Your words are below; nothing is lost.")


def start(topic: Topic, person: Any, *, reason: str = "") -> Change:
    """Returns the open draft of an answer, a new one if there is none."""
    entries = content.entries(topic)
    return _create(topic.id, topic.group, entries, entries, person, reason)


def start_new(id_: str, group: str, values: Mapping[str, Any], person: Any) -> Change:
    """Returns a new draft for an answer that does not exist yet.

    Raises:
        DraftError: if there is such an answer.
    """
    if id_ in content.library().topics or open_change(id_):
        raise DraftError("There is an answer with this name already. Open it, or choose another name.")
    change = _create(id_, group, {}, values, person, "")
    change.contributors.add(person)
    return change


def _create(
    id_: str, group: str, base: Mapping[str, Any], values: Mapping[str, Any], person: Any, reason: str
) -> Change:
    try:
        with transaction.atomic():
            created: Change = Change.objects.create(
                topic=id_, group=group, base=dict(base), values=dict(values), created_by=person, reason=reason
            )
            return created
    except IntegrityError:
        existing = open_change(id_)
        if existing is None:
            raise
        return existing


def save(
    change: Change,
    values: Mapping[str, Any],
    person: Any,
    revision: int,
    reason: Optional[str] = None,
    page: str = "",
) -> Change:
    """Saves what somebody wrote; a draft that was sent or approved becomes a draft again.

    Args:
        change: The draft.
        values: The entries that were written.
        person: Who wrote them.
        revision: The draft's revision that they were written upon.
        reason: Why, or None to leave it.
        page: Names the opened page: a page may save over its own earlier save, whose answer it has not got yet.

    Raises:
        CollisionError: if the draft was saved by somebody else since `revision`.
        DraftError: if it can no longer be changed.
    """
    if change.state not in EDITABLE:
        raise DraftError("This draft is being published or done with. Start a new one.")
    merged = {**change.values, **values}
    reason = change.reason if reason is None else reason
    if merged == change.values and reason == change.reason:
        return change
    touched = {
        "reason": reason,
        "saved_at": timezone.now(),
        "editor": person,
        "page": page,
        "revision": F("revision") + 1,
    }
    if merged != change.values:
        touched |= {"values": merged, "state": State.DRAFT}
    seen = Q(revision=revision) | (Q(editor=person, page=page) if page else Q(pk__in=()))
    matching = Change.objects.filter(seen, pk=change.pk, state__in=EDITABLE)
    with transaction.atomic():
        if not matching.update(**touched):
            raise CollisionError(Change.objects.get(pk=change.pk))
        if merged != change.values:
            change.contributors.add(person)
    change.refresh_from_db()
    return change


def send(change: Change, person: Any, reason: str, note: str = "", due: Any = None) -> Change:
    """Sends a draft to those who approve it; a draft of phrases alone needs nobody and is ready at once.

    Raises:
        DraftError: without a reason, with nothing changed, or with checks that are not passed.
    """
    if change.state not in (State.DRAFT, State.CHANGES_ASKED):
        raise DraftError("This draft has been sent already.")
    if not change.differences and not change.signs_live_text:
        raise DraftError("Nothing is changed yet.")
    if not reason.strip():
        raise DraftError("Say in a few words why, so that the person who approves understands.")
    stopping = blocking(change)
    if stopping:
        raise DraftError(f"{len(stopping)} checks have to be mended first: {stopping[0].message}.")
    state = State.APPROVED if change.only_phrases else State.IN_REVIEW
    now = timezone.now()
    sent = Change.objects.filter(pk=change.pk, revision=change.revision, state=change.state).update(
        state=state, reason=reason.strip(), note_to_reviewer=note.strip(), due=due, sent_at=now
    )
    change.refresh_from_db()
    if not sent:
        raise CollisionError(change)
    return change


def blocking(change: Change) -> list:
    """Returns the checks that keep a draft from being sent or published."""
    found = [problem for problem in content.check(change.as_topic()) if problem.severity == "error"]
    if change.signs_live_text:
        return []
    before = set()
    if not change.is_new:
        base = content.as_topic(change.topic, change.group, change.base)
        before = {(problem.message) for problem in content.check(base)}
    # What was wrong before is not this writer's to mend, and must not keep a good change from being live.
    return [problem for problem in found if problem.message not in before]


def drop(change: Change) -> None:
    """Puts a draft away for good.

    Raises:
        DraftError: if it is being published.
    """
    if not Change.objects.filter(pk=change.pk, state__in=EDITABLE).update(state=State.DROPPED):
        raise DraftError("This draft is being published or done with.")
    change.refresh_from_db()


def is_stale(change: Change) -> bool:
    """Tells whether the live answer changed since the draft was started."""
    topic = content.library().topics.get(change.topic)
    return bool(topic) and not change.is_new and content.entries(topic) != change.base if topic else False


def rebase(change: Change) -> Change:
    """Starts the draft anew from the live answer, keeping what it changes; signatures under it no longer count."""
    topic = content.topic_or_404(change.topic)
    live = content.entries(topic)
    kept = {**live, **change.differences}
    Change.objects.filter(pk=change.pk, state__in=EDITABLE).update(
        base=live, values=kept, state=State.DRAFT, revision=change.revision + 1
    )
    change.refresh_from_db()
    return change

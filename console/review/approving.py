"""Signing a draft: who may, what a signature covers, and when there are enough."""

from __future__ import annotations

import datetime
from typing import Any, List, Optional, Sequence

from django.db import transaction
from django.utils import timezone

from console.answers.drafts import DraftError, blocking, is_stale
from console.answers.models import Change, State
from console.answers.tiers import MONTHS_UNTIL_CHECK
from console.people.models import OWN_TEXT_WAIT, ClinicSetting, Person
from console.people.roles import Action, Role
from console.review.models import Comment, Signature
from ketaguide.content.approvals import SIGNATURES_NEEDED
from ketaguide.content.model import Risk

# What no program can judge; a person confirms each before signing.
TICKS = (
    ("true", "It is true, as far as the sources and I know."),
    ("balanced", "It is balanced: benefits stand beside risks, and nothing is promised."),
    ("complete", "It is complete: what a patient must know about this is in it."),
    ("kind", "It is kind: I would say it like this to a frightened person."),
)


def signatures(change: Change) -> List[Signature]:
    """Returns the signatures that count for the draft as it is now."""
    return list(change.signatures.filter(fingerprint=change.fingerprint).select_related("person"))


def missing(change: Change) -> int:
    """Returns how many signatures the draft still needs."""
    return max(0, SIGNATURES_NEEDED[change.tier] - len(signatures(change)))


def obstacle(change: Change, person: Person) -> Optional[str]:
    """Returns why this person cannot sign this draft now, or None."""
    if change.state != State.IN_REVIEW:
        return "This draft is not waiting for approval."
    if not person.may(Action.APPROVE, change.tier):
        return "Your role does not approve answers of this kind."
    if any(signature.person_id == person.pk for signature in signatures(change)):
        return "You have approved this already; it needs somebody else as well."
    if not wrote(change, person):
        return None
    return _own_text_obstacle(change, person)


def wrote(change: Change, person: Person) -> bool:
    """Tells whether any of the draft's words are this person's."""
    return bool(change.contributors.filter(pk=person.pk).exists())


def _own_text_obstacle(change: Change, person: Person) -> Optional[str]:
    if not ClinicSetting.current().single_clinician or change.tier == "safety" or not _is_only_clinician(person):
        return "You wrote part of this yourself, so somebody else has to approve it."
    opens = (change.sent_at or timezone.now()) + OWN_TEXT_WAIT
    if timezone.now() < opens:
        when = timezone.localtime(opens).strftime("%A, %H:%M")
        return f"You wrote part of this yourself. You may approve it from {when}, after a day's distance."
    return None


def _is_only_clinician(person: Person) -> bool:
    others = Person.objects.filter(role=Role.CLINICIAN.value, is_active=True).exclude(pk=person.pk)
    return person.role == Role.CLINICIAN.value and not others.exists()


def next_check(change: Change, today: Optional[datetime.date] = None) -> datetime.date:
    """Returns the day by which a draft's answer is usually checked again."""
    return next_check_of(change.tier, today)


def next_check_of(tier: Risk, today: Optional[datetime.date] = None) -> datetime.date:
    """Returns the day by which words of this tier are usually checked again."""
    today = today or timezone.localdate()
    months = today.month - 1 + MONTHS_UNTIL_CHECK[tier]
    return datetime.date(today.year + months // 12, months % 12 + 1, min(today.day, 28))


def sign(
    change: Change,
    person: Person,
    *,
    seen: str,
    ticks: Sequence[str],
    check_by: datetime.date,
    reason: str = "",
) -> Signature:
    """Puts a person's signature under a draft; with the last one needed the draft is approved.

    Args:
        change: The draft.
        person: Who signs.
        seen: The fingerprint of the draft that was on the person's screen.
        ticks: Keys of what the person confirmed.
        check_by: When the answer is to be checked again.
        reason: Why the person signs own words, where that is allowed.

    Raises:
        DraftError: if the person may not, has not confirmed everything, or the draft is another by now.
    """
    with transaction.atomic():
        change = Change.objects.select_for_update().get(pk=change.pk)
        why_not = _why_not(change, person, seen, ticks, check_by, reason)
        if why_not:
            raise DraftError(why_not)
        signature: Signature = Signature.objects.create(
            change=change,
            person=person,
            fingerprint=change.fingerprint,
            ticks=sorted(ticks),
            own_text=wrote(change, person),
            reason=reason.strip(),
            next_check=check_by,
        )
        if not missing(change):
            Change.objects.filter(pk=change.pk).update(state=State.APPROVED)
    return signature


def _why_not(
    change: Change, person: Person, seen: str, ticks: Sequence[str], check_by: datetime.date, reason: str
) -> Optional[str]:
    why_not = obstacle(change, person)
    if why_not:
        return why_not
    if seen != change.fingerprint:
        return "The draft was changed while you read it. Read it again below."
    if is_stale(change):
        return "The live answer changed in the meantime. Ask the writer to bring the draft up to date."
    if set(ticks) != {key for key, _ in TICKS}:
        return "Confirm all four points, or ask for changes."
    if check_by <= timezone.localdate():
        return "The day of the next check has to lie in the future."
    if wrote(change, person) and len(reason.strip()) < 10:
        return "Say why you approve your own words; it is kept in the history."
    stopping = blocking(change)
    return f"A check stands against it: {stopping[0].message}." if stopping else None


def ask_for_changes(change: Change, person: Person, text: str) -> None:
    """Sends a draft back to its writer with what should be different.

    Raises:
        DraftError: without words, or if it is not waiting.
    """
    if not text.strip():
        raise DraftError("Say what should be different.")
    if not person.may(Action.APPROVE, change.tier):
        raise DraftError("Your role does not approve answers of this kind.")
    with transaction.atomic():
        states = (State.IN_REVIEW, State.APPROVED)
        if not Change.objects.filter(pk=change.pk, state__in=states).update(state=State.CHANGES_ASKED):
            raise DraftError("This draft is not waiting for approval.")
        comment(change, person, text)


def comment(change: Change, person: Any, text: str) -> Comment:
    """Adds what somebody says about a draft."""
    added: Comment = Comment.objects.create(change=change, person=person, text=text.strip())
    return added

"""Approving a crisis text: two clinicians, exactly these texts, and only if all safety checks pass."""

from __future__ import annotations

import datetime
import functools
import hashlib
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from console.answers import content
from console.answers.drafts import DraftError
from console.crisis.models import CrisisSignature
from console.crisis.texts import CrisisText, all_texts, crisis_folder, file_of
from console.people.models import Person
from console.people.roles import Action
from console.publishing.locks import files_lock
from console.review.approving import next_check_of
from console.review.signing import obstacle as key_obstacle
from console.review.signing import signed
from ketaguide.content.approvals import SIGNATURES_NEEDED
from ketaguide.content.edit import with_entries, write_whole
from ketaguide.content.model import Approval
from ketaguide.safety.reply_files import REPLIES_FOLDER
from ketaguide.safety.reply_lint import lint_crisis

TICKS = (
    ("safe", "Whoever follows it is safer, whatever else is true of them."),
    ("clear", "Somebody in panic understands it at once."),
    ("kind", "It is kind, blames nobody and promises nothing."),
    ("language", "I read this language well, or somebody who does has confirmed it to me."),
)


def obstacle(text: CrisisText, person: Person) -> Optional[str]:
    """Returns why this person cannot approve this text now, or None."""
    if text.file.is_approved:
        return "These texts are approved."
    if not person.may(Action.APPROVE, "safety"):
        return "Two clinicians approve crisis texts."
    if any(signature.person_id == person.pk for signature in text.signatures):
        return "You have approved this; it needs another clinician as well."
    return key_obstacle()


def sign(text: CrisisText, person: Person, *, seen: str, ticks: Sequence[str]) -> int:
    """Puts a clinician's approval under a text; the second one writes both into its file.

    Args:
        text: As it is now.
        person: Who approves.
        seen: The hash of the texts that were on the person's screen.
        ticks: What the person confirmed.

    Returns:
        How many more have to approve.

    Raises:
        DraftError: if the person may not, has not confirmed everything, the texts are others by now, or a check of all
            crisis replies does not pass.
    """
    why_not = obstacle(text, person) or _why_not(text, seen, ticks)
    if why_not:
        raise DraftError(why_not)
    with files_lock(), transaction.atomic():
        CrisisSignature.objects.create(place=text.place, sha256=seen, person=person, ticks=sorted(ticks))
        given = list(CrisisSignature.objects.filter(place=text.place, sha256=seen).select_related("person"))
        left = max(0, SIGNATURES_NEEDED["safety"] - len(given))
        if not left:
            _write(text, given)
    return left


def _why_not(text: CrisisText, seen: str, ticks: Sequence[str]) -> Optional[str]:
    if seen != text.sha256:
        return "The texts were changed while you read them. Read them again below."
    if set(ticks) != {key for key, _ in TICKS}:
        return "Confirm all four points."
    return _safety_problem(_state(), settings.DATA_FOLDER, timezone.localdate())


def _state() -> str:
    """Returns a hash of every text, contact and rule: checks that take seconds run once for each state."""
    hashes = [one.sha256 for one in all_texts()[0]]
    rest = sorted((*crisis_folder().glob("*.yml"), *crisis_folder().glob(f"{REPLIES_FOLDER}/**/contacts.yml")))
    return hashlib.sha256("".join(hashes).encode("ascii") + b"".join(file.read_bytes() for file in rest)).hexdigest()


@functools.lru_cache(maxsize=4)
def _safety_problem(_: str, data_folder: Path, today: datetime.date) -> Optional[str]:
    errors = [one for one in lint_crisis(data_folder, today) if one.severity == "error"]
    return f"The safety checks do not pass: {errors[0].message} ({errors[0].file})." if errors else None


def _write(text: CrisisText, given: List[CrisisSignature]) -> None:
    file = file_of(text)
    entries: Dict[str, Any] = {
        "approvals": [_entry(text, one) for one in given],
        "checked_on": timezone.localdate().isoformat(),
        "review_by": next_check_of("safety").isoformat(),
    }
    write_whole(settings.DATA_FOLDER / file, with_entries(content.file_text(file) or "", entries))


def _entry(text: CrisisText, signature: CrisisSignature) -> Dict[str, str]:
    person, on = signature.person, timezone.localtime(signature.at).date().isoformat()
    return signed(Approval(text.file.language, person.name, person.signature, on, text.sha256)).entry

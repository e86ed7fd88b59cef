"""The first page: one list of what there is to do today."""

from __future__ import annotations

from typing import Any, List

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from console.answers import content
from console.answers.models import Change, State
from console.assistant import client
from console.conversations import ratings
from console.crisis.texts import unapproved_count
from console.people.roles import Action
from console.publishing import history
from console.publishing.models import UNFINISHED, Publish, Version
from console.review import approving, signing
from ketaguide.content.approvals import is_approved, left_behind
from ketaguide.content.model import Topic

SHOWN = 8
# What is named as done, where none of these is there.
KINDS_OF_WORK = {
    "approvals": ("to_approve",),
    "drafts of yours": ("asked", "drafts"),
    "publishing": ("approved", "under_way"),
    "answers that did not help": ("unhelpful",),
    "overdue checks": ("overdue",),
}
RATED_DAYS = 30


@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """Shows what waits for this person, what is overdue, and whether the assistant runs."""
    history.notice()
    everything = content.library().topics
    topics = list(everything.values())
    overdue = sorted((t for t in topics if _is_overdue(t)), key=lambda topic: topic.review_by)
    unsigned = [t for t in topics if not all(is_approved(t, language) for language in t.answer)]
    mine = Change.objects.filter(contributors=request.user)
    shown = {
        "to_approve": to_approve(request.user),
        "asked": mine.filter(state=State.CHANGES_ASKED),
        "drafts": mine.filter(state=State.DRAFT)[:SHOWN],
        "approved": Change.objects.filter(state=State.APPROVED) if request.user.may(Action.PUBLISH) else [],
        "overdue": overdue[:SHOWN],
        "overdue_count": len(overdue),
        "unsigned_count": len(unsigned),
        "topic_count": len(topics),
        "unhelpful": [one for one in ratings.unhelpful(RATED_DAYS) if one.topic in everything][:SHOWN],
        "left_behind": [(t, language) for t in topics for language in left_behind(t)],
        "withdrawn": [t for t in topics if t.withdrawn],
        "by_hand": Version.objects.filter(kind=Version.BY_HAND)[:3],
        "broken": content.broken_files(),
        "under_way": Publish.objects.filter(progress__in=UNFINISHED),
        "last": Publish.objects.exclude(progress__in=UNFINISHED).first(),
        "crisis_unsigned": unapproved_count() if request.user.may(Action.APPROVE, "safety") else 0,
        "cannot_sign": signing.obstacle(),
        "running": client.is_running(),
    }
    empty = [words for words, names in KINDS_OF_WORK.items() if not any(shown[name] for name in names)]
    return render(request, "today.html", {**shown, "nothing": empty})


def to_approve(person: Any) -> List[Change]:
    """Returns the drafts that this person can sign now, the most urgent first."""
    waiting = Change.objects.filter(state=State.IN_REVIEW).order_by("due", "sent_at")
    return [change for change in waiting if approving.obstacle(change, person) is None]


def _is_overdue(topic: Topic) -> bool:
    return topic.review_by < timezone.localdate().isoformat()

"""Reviewing: what waits, one draft as the patient will see it, signing it, asking for changes, change sets."""

from __future__ import annotations

import datetime
from typing import Any, Callable, Dict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from console.answers import comparing, content, drafts
from console.answers.models import OPEN_STATES, Change, ChangeSet, State
from console.answers.preview import preview
from console.audit.models import note_request
from console.people.access import check, requires
from console.people.roles import Action
from console.review import approving


@require_GET
def review(request: HttpRequest) -> HttpResponse:
    """Lists the drafts that wait for approval, first those that this person can sign."""
    waiting = list(Change.objects.filter(state=State.IN_REVIEW).order_by("due", "sent_at"))
    mine = [change for change in waiting if approving.obstacle(change, request.user) is None]
    context = {
        "mine": mine,
        "others": [(change, approving.obstacle(change, request.user)) for change in waiting if change not in mine],
        "asked": Change.objects.filter(state=State.CHANGES_ASKED),
        "sets": ChangeSet.objects.filter(changes__state__in=OPEN_STATES).distinct(),
    }
    return render(request, "review/review.html", context)


@require_GET
def review_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows one draft as the patient will see it, what it changes, and what the checks left open."""
    change = get_object_or_404(Change, pk=pk)
    topic = change.as_topic()
    problems = content.check(topic)
    stopping = drafts.blocking(change) if change.is_open else []
    context = {
        "change": change,
        "topic": topic,
        "previews": [(language, preview(topic, language)) for language in topic.answer],
        "rows": comparing.rows(change),
        "blocking": stopping,
        "warnings": [problem for problem in problems if problem not in stopping],
        "obstacle": approving.obstacle(change, request.user),
        "own": approving.wrote(change, request.user),
        "may_approve": request.user.may(Action.APPROVE, change.tier),
        "ticks": approving.TICKS,
        "signatures": approving.signatures(change),
        "missing": approving.missing(change),
        "next_check": approving.next_check(change),
        "stale": change.is_open and drafts.is_stale(change),
        "next": _next_for(request.user, change),
    }
    return render(request, "review/one.html", context)


@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Puts this person's signature under a draft."""
    change = get_object_or_404(Change, pk=pk)
    check(request, Action.APPROVE, change.tier)
    return _step(request, change, lambda: _sign(request, change))


def _sign(request: HttpRequest, change: Change) -> None:
    signature = approving.sign(
        change,
        request.user,
        seen=request.POST.get("seen", ""),
        ticks=request.POST.getlist("ticks"),
        check_by=_day(request.POST.get("check_by", "")),
        reason=request.POST.get("reason", ""),
    )
    detail: Dict[str, Any] = {"fingerprint": signature.fingerprint, "own_text": signature.own_text}
    note_request(request, "approved", change.topic, ticks=signature.ticks, reason=signature.reason, **detail)
    change.refresh_from_db()
    left = approving.missing(change)
    done = "Approved. It can be published now." if not left else "Approved. It needs one more clinician."
    messages.success(request, done)


@require_POST
def ask_for_changes(request: HttpRequest, pk: int) -> HttpResponse:
    """Sends a draft back to its writer."""
    change = get_object_or_404(Change, pk=pk)
    check(request, Action.APPROVE, change.tier)

    def ask() -> None:
        approving.ask_for_changes(change, request.user, request.POST.get("text", ""))
        note_request(request, "changes_asked", change.topic)
        messages.success(request, "Sent back with your words.")

    return _step(request, change, ask)


@require_POST
@requires(Action.PROPOSE)
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Adds what somebody says about a draft."""
    change = get_object_or_404(Change, pk=pk)
    if request.POST.get("text", "").strip():
        approving.comment(change, request.user, request.POST["text"])
        note_request(request, "commented", change.topic)
    return redirect("review_one", pk=pk)


@require_POST
@requires(Action.PROPOSE)
def make_set(request: HttpRequest) -> HttpResponse:
    """Puts drafts together, to be approved and published as one."""
    name = request.POST.get("name", "").strip()[:120]
    chosen = Change.objects.filter(pk__in=request.POST.getlist("changes"), state__in=OPEN_STATES)
    if not name or chosen.count() < 2:
        messages.error(request, "Give the set a name and tick at least two drafts.")
        return redirect("review")
    made = ChangeSet.objects.create(name=name, created_by=request.user)
    chosen.update(change_set=made)
    note_request(request, "set_made", name, answers=[change.topic for change in chosen])
    messages.success(request, f"“{name}” has {made.changes.count()} drafts. They are published together.")
    return redirect("review")


def _step(request: HttpRequest, change: Change, step: Callable[[], None]) -> HttpResponse:
    try:
        step()
    except drafts.DraftError as error:
        messages.error(request, str(error))
        return redirect("review_one", pk=change.pk)
    return redirect("publish" if change.state == State.APPROVED else "review")


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()


def _next_for(person: Any, change: Change) -> Any:
    waiting = Change.objects.filter(state=State.IN_REVIEW, pk__gt=change.pk).order_by("pk")
    return next((other for other in waiting if approving.obstacle(other, person) is None), None)

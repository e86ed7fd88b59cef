"""Publishing, withdrawing, putting back, restoring: each post checks who may and tells how it ended."""

from __future__ import annotations

from typing import Callable, List

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from console.answers import comparing, content, drafts
from console.answers.models import Change, State
from console.audit.models import note_request
from console.people.access import check, requires
from console.people.roles import Action
from console.publishing import history, seen, starting, worker
from console.publishing.models import UNFINISHED, Progress, Publish, Version
from ketaguide.content.approvals import is_approved

SHOWN = 30


@require_GET
def publish(request: HttpRequest) -> HttpResponse:
    """Shows what can be published, what is under way, and what was lately."""
    worker.look_again()
    ready = list(Change.objects.filter(state=State.APPROVED).select_related("change_set"))
    context = {
        "ready": [change for change in ready if not change.change_set_id],
        "sets": _sets(ready),
        "under_way": Publish.objects.filter(progress__in=UNFINISHED),
        "past": Publish.objects.exclude(progress__in=UNFINISHED)[:SHOWN],
        "may_publish": request.user.may(Action.PUBLISH),
    }
    return render(request, "publishing/publish.html", context)


def _sets(ready: List[Change]) -> List[dict]:
    sets = {change.change_set for change in ready if change.change_set_id}
    return [
        {
            "set": one,
            "changes": [change for change in ready if change.change_set_id == one.pk],
            "waiting": one.changes.filter(state__in=(State.DRAFT, State.IN_REVIEW, State.CHANGES_ASKED)).count(),
        }
        for one in sorted(sets, key=lambda one: one.pk)
    ]


@require_POST
@requires(Action.PUBLISH)
def publish_now(request: HttpRequest) -> HttpResponse:
    """Publishes the drafts that were chosen, as one."""
    chosen = list(Change.objects.filter(pk__in=request.POST.getlist("changes")))
    if not chosen:
        messages.error(request, "Choose what to publish.")
        return redirect("publish")
    together = {change.change_set_id for change in chosen if change.change_set_id}
    left_out = (
        Change.objects.filter(change_set_id__in=together)
        .exclude(state__in=(State.LIVE, State.DROPPED))
        .exclude(pk__in=[change.pk for change in chosen])
    )
    if left_out.exists():
        messages.error(request, f"“{left_out.first()}” belongs to the same set and is not ready yet.")
        return redirect("publish")
    return _run(request, lambda: starting.publish_changes(chosen, request.user))


@require_GET
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows how far one publish is; the page asks again by itself."""
    worker.look_again()
    found = get_object_or_404(Publish, pk=pk)
    rows = [(change, comparing.rows(change)) for change in found.changes.all()]
    return render(
        request,
        "publishing/_progress.html" if request.htmx else "publishing/progress.html",
        {"publish": found, "rows": rows, "Progress": Progress},
    )


@require_POST
def withdraw(request: HttpRequest, topic: str) -> HttpResponse:
    """Takes an answer out of the conversation at once."""
    live = content.topic_or_404(topic)
    check(request, Action.WITHDRAW, live.risk)
    return _run(request, lambda: starting.withdraw(live, request.user, request.POST.get("why", "")), topic)


@require_POST
@requires(Action.RESTORE)
def put_back(request: HttpRequest, topic: str) -> HttpResponse:
    """Shows a withdrawn answer again."""
    live = content.topic_or_404(topic)
    return _run(request, lambda: starting.put_back(live, request.user, request.POST.get("why", "")), topic)


@require_GET
def topic_history(request: HttpRequest, topic: str) -> HttpResponse:
    """Shows every version of an answer: when it was live, who approved it, how many conversations saw it."""
    history.notice()
    live = content.library().topics.get(topic)
    counts = seen.conversations_by_version()
    rows = []
    for version in history.of(topic):
        earlier = history.topic_of(version)
        rows.append(
            {
                "version": version,
                "topic": earlier,
                "approved": bool(earlier and all(is_approved(earlier, language) for language in earlier.answer)),
                "seen": None if counts is None else sum(counts.get(one, 0) for one in set(version.versions.values())),
                "why_not": history.why_not_restorable(version, live) if live else "There is no such answer now.",
            }
        )
    context = {"id": topic, "live": live, "rows": rows, "may_restore": request.user.may(Action.RESTORE)}
    return render(request, "publishing/history.html", context)


@require_GET
def version(request: HttpRequest, topic: str, pk: int) -> HttpResponse:
    """Shows one earlier version beside the live one."""
    found = get_object_or_404(Version, pk=pk, item=topic)
    earlier, live = history.topic_of(found), content.library().topics.get(topic)
    rows = comparing.between(content.entries(live), content.entries(earlier)) if live and earlier else []
    why_not = history.why_not_restorable(found, live) if live else "There is no such answer now."
    context = {"id": topic, "version": found, "topic": earlier, "rows": rows, "why_not": why_not}
    return render(request, "publishing/version.html", {**context, "may_restore": request.user.may(Action.RESTORE)})


@require_POST
@requires(Action.RESTORE)
def restore(request: HttpRequest, topic: str, pk: int) -> HttpResponse:
    """Makes an earlier approved version live again."""
    live, found = content.topic_or_404(topic), get_object_or_404(Version, pk=pk, item=topic)
    why = request.POST.get("why", "") or f"Back to the version of {found.at:%d %b %Y}"
    return _run(request, lambda: starting.restore_version(live, found, request.user, why), topic)


@require_POST
@requires(Action.PROPOSE)
def draft_from(request: HttpRequest, topic: str, pk: int) -> HttpResponse:
    """Starts a draft with the words of an earlier version."""
    live, found = content.topic_or_404(topic), get_object_or_404(Version, pk=pk, item=topic)
    earlier = history.topic_of(found)
    if earlier is None:
        messages.error(request, "That file could not be used.")
        return redirect("history", topic=topic)
    change = drafts.start(live, request.user)
    values = {name: value for name, value in content.entries(earlier).items() if name != "examples"}
    try:
        drafts.save(change, values, request.user, change.revision, f"Back to the version of {found.at:%d %b %Y}")
    except drafts.DraftError as error:
        messages.error(request, str(error))
    else:
        note_request(request, "saved", topic, version=found.pk)
    return redirect("edit", topic=topic)


def _run(request: HttpRequest, start: Callable[[], Publish], topic: str = "") -> HttpResponse:
    try:
        done = start()
    except (drafts.DraftError, ValueError) as error:
        messages.error(request, str(error))
        return redirect("answer", topic=topic) if topic else redirect("publish")
    worker.wake()
    return redirect("progress", pk=done.pk)

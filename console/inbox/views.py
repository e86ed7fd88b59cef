"""The screen of unanswered questions, and what staff do with one."""

from __future__ import annotations

import time
from typing import Any, Dict, List

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from console.answers import content, drafts
from console.answers.adding import id_from
from console.answers.forms import empty_answer
from console.answers.models import State, open_change
from console.audit.models import note_request
from console.conversations import ratings
from console.conversations.messages import DAYS
from console.conversations.store import RecordUnreadableError
from console.inbox.clusters import Cluster, clusters
from console.inbox.forms import NewAnswerForm, PhraseForm
from console.inbox.models import Decision, Kind
from console.inbox.unanswered import undecided
from console.people.access import requires
from console.people.roles import Action

PER_PAGE = 25
FEW = 4
WEEK_SECONDS = 7 * 86_400
WHY = "Visitors asked this"


@require_GET
@requires(Action.READ_VISITORS_WORDS)
def inbox(request: HttpRequest) -> HttpResponse:
    """Shows what was not answered well, the most asked first, and which answers did not help."""
    unreadable, found = "", []
    try:
        found = clusters(undecided())
    except RecordUnreadableError as error:
        unreadable = str(error)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    shown = {
        "page": page,
        "count": len(found),
        "unreadable": unreadable,
        "days": DAYS,
        "unhelpful": ratings.unhelpful(DAYS),
        "decided": Decision.objects.select_related("by", "change").order_by("-at")[:PER_PAGE],
    }
    return render(request, "inbox/inbox.html", shown)


@require_GET
@requires(Action.READ_VISITORS_WORDS)
def lately_asked(request: HttpRequest) -> HttpResponse:
    """Shows the questions of this week in a few lines, for the first page."""
    week_ago = time.time() - WEEK_SECONDS
    context: Dict[str, Any] = {"newest": [], "count": 0}
    try:
        found = [cluster for cluster in clusters(undecided()) if cluster.last >= week_ago]
        context = {"newest": found[:FEW], "count": len(found)}
    except RecordUnreadableError as error:
        context["unreadable"] = str(error)
    return render(request, "inbox/_lately.html", context)


@require_GET
@requires(Action.READ_VISITORS_WORDS)
def question(request: HttpRequest, key: str) -> HttpResponse:
    """Shows one question in all its wordings, and what can be done about it."""
    return _page(request, _cluster_or_404(key))


@require_POST
@requires(Action.READ_VISITORS_WORDS)
@requires(Action.PROPOSE)
def add(request: HttpRequest, key: str) -> HttpResponse:
    """Adds wordings to an answer; where nothing else is in its draft, it is ready to publish at once."""
    cluster = _cluster_or_404(key)
    form = PhraseForm(request.POST, closest=cluster.closest)
    if not form.is_valid():
        return _page(request, cluster, phrase=form)
    topic = form.cleaned_data["topic"]
    change = open_change(topic) or drafts.start(content.topic_or_404(topic), request.user, reason=WHY)
    examples = change.values["examples"]
    added = [line for line in form.cleaned_data["wordings"] if line not in examples]
    try:
        if change.state == State.PUBLISHING:
            raise drafts.DraftError("This answer is being published right now. Try again in a minute.")
        values = {"examples": [*examples, *added]}
        change = drafts.save(change, values, request.user, change.revision, change.reason or WHY)
        if change.only_phrases:
            drafts.send(change, request.user, change.reason)
    except drafts.DraftError as error:
        messages.error(request, str(error))
        return redirect("question", key=key)
    _decide(request, cluster, Kind.ADDED, change)
    if change.state == State.APPROVED:
        messages.success(request, f"Added to “{change}”. Publish it, and the assistant learns it in a few minutes.")
        return redirect("publish")
    messages.success(request, f"Added to the draft of “{change}”, which changes more than questions: send it.")
    return redirect("send", topic=topic)


@require_POST
@requires(Action.READ_VISITORS_WORDS)
@requires(Action.PROPOSE)
def new_answer(request: HttpRequest, key: str) -> HttpResponse:
    """Starts a new answer to a question."""
    cluster = _cluster_or_404(key)
    form = NewAnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, cluster, new=form)
    data = form.cleaned_data
    values = {**empty_answer(), "title": data["title"], "question": data["question"], "risk": data["risk"]}
    values["examples"] = [data["question"]]
    try:
        change = drafts.start_new(id_from(data["title"]), data["group"], values, request.user)
    except drafts.DraftError as error:
        form.add_error("title", str(error))
        return _page(request, cluster, new=form)
    _decide(request, cluster, Kind.NEW_ANSWER, change)
    messages.success(request, "The new answer is a draft. Write it, then send it for approval.")
    return redirect("edit", topic=change.topic)


@require_POST
@requires(Action.READ_VISITORS_WORDS)
def put_aside(request: HttpRequest, key: str) -> HttpResponse:
    """Takes a question off the screen for good: it is a person's to answer, or nobody's."""
    cluster = _cluster_or_404(key)
    kind = Kind.FOR_A_PERSON if request.POST.get("kind") == Kind.FOR_A_PERSON else Kind.IGNORED
    _decide(request, cluster, kind)
    messages.success(request, "Done. The same question does not come back.")
    return redirect("inbox")


@require_POST
@requires(Action.READ_VISITORS_WORDS)
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Forgets a decision: if the question is in the record still, it is back on the screen."""
    for decision in Decision.objects.filter(pk=pk):
        note_request(request, "question_taken_back", decision.kind)
        decision.delete()
    messages.success(request, "The question is open again, if it was asked within the last 30 days.")
    return redirect("inbox")


def _cluster_or_404(key: str) -> Cluster:
    try:
        found = clusters(undecided())
    except RecordUnreadableError as error:
        raise Http404(str(error)) from error
    for cluster in found:
        if any(question.fingerprint == key for question in cluster.questions):
            return cluster
    raise Http404("This question is decided, or no longer kept.")


def _decide(request: HttpRequest, cluster: Cluster, kind: Any, change: Any = None) -> None:
    for one in cluster.questions:
        Decision.objects.update_or_create(
            fingerprint=one.fingerprint, defaults={"kind": kind, "change": change, "by": request.user}
        )
    # Never the words: the log is kept for longer than they are.
    note_request(request, f"question_{kind.value}", change.topic if change else "", asked=cluster.count)


def _page(request: HttpRequest, cluster: Cluster, phrase: Any = None, new: Any = None) -> HttpResponse:
    wordings: List[str] = [question.text for question in cluster.questions]
    context: Dict[str, Any] = {
        "cluster": cluster,
        "wordings": cluster.questions,
        "phrase": phrase or PhraseForm(closest=cluster.closest, initial={"wordings": wordings[0]}),
        "new": new or NewAnswerForm(initial={"question": wordings[0][:1].upper() + wordings[0][1:]}),
    }
    return render(request, "inbox/question.html", context)

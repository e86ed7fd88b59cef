"""Writing: the editor with its preview and checks, sending a draft, putting it away."""

from __future__ import annotations

import secrets
from typing import Any, Dict, Mapping, Optional

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from console.answers import comparing, content, drafts, mending
from console.answers.forms import AnswerForm, FactForms, facts_in, initial
from console.answers.models import Change, State, open_change
from console.answers.preview import preview
from console.audit.models import note_request
from console.people.access import requires
from console.people.roles import Action
from console.screens.templatetags.words import LANGUAGES
from ketaguide.content.model import Topic

DEFAULT_LANGUAGE = "en"


@require_http_methods(["GET", "POST"])
@requires(Action.PROPOSE)
def edit(request: HttpRequest, topic: str) -> HttpResponse:
    """Shows the editor; a post saves the draft, from the button or by itself while somebody types."""
    language = _language(request)
    change = open_change(topic)
    live = content.library().topics.get(topic)
    if change is None and live is None:
        raise Http404("There is no such answer.")
    if request.method == "POST":
        return _save(request, topic, change, live, language)
    values = change.values if change else content.entries(live)  # type: ignore[arg-type]
    form = _form(topic, initial=initial(values, language, change.reason if change else ""))
    form.facts = FactForms(initial=values["evidence"], prefix="facts", form_kwargs={"library": content.library()})
    return render(request, "answers/edit.html", _shown(request, topic, change, values, form, language))


def _save(
    request: HttpRequest, topic: str, change: Optional[Change], live: Optional[Topic], language: str
) -> HttpResponse:
    form = _form(topic, request.POST)
    # Without the fields of the facts, a post leaves them as they are.
    with_facts = "facts-TOTAL_FORMS" in request.POST
    facts = FactForms(request.POST if with_facts else None, prefix="facts", form_kwargs={"library": content.library()})
    form.facts = facts
    before: Mapping[str, Any] = change.values if change else content.entries(live)  # type: ignore[arg-type]
    if not form.is_valid() or (with_facts and not facts.is_valid()):
        context = _shown(request, topic, change, before, form, language)
        return render(request, "answers/_beside.html" if request.htmx else "answers/edit.html", context)
    values = form.values(before, language)
    if with_facts:
        values["evidence"] = facts_in(facts)
    values = _mended(request, topic, {**before, **values}, live)
    if change is None and {**before, **values} == before and not form.cleaned_data["reason"]:
        return _after_save(request, topic, None, before, form, language)
    change = change or drafts.start(live, request.user)  # type: ignore[arg-type]
    try:
        page = request.POST.get("page", "")[:40]
        change = drafts.save(change, values, request.user, _revision(request), form.cleaned_data["reason"], page)
    except drafts.CollisionError as collision:
        return _collided(request, topic, collision, form, language)
    except drafts.DraftError as error:
        messages.error(request, str(error))
        return redirect("answer", topic=topic)
    if not request.htmx:
        note_request(request, "saved", topic, revision=change.revision)
    return _after_save(request, topic, change, change.values, form, language)


def _asks_to_mend(request: HttpRequest) -> bool:
    return bool(request.POST.get("fix") or request.POST.get("keep"))


def _mended(request: HttpRequest, topic: str, values: Dict[str, Any], live: Optional[Topic]) -> Dict[str, Any]:
    """Returns the draft's entries with the fix that was pressed under a check applied; keeps a word that is right."""
    if not _asks_to_mend(request):
        return values
    draft = content.as_topic(topic, "", values, live)
    fix = mending.offered(draft, request.POST.get("fix", ""))
    word = mending.unknown(draft, request.POST.get("keep", ""))
    if fix:
        messages.success(request, f"“{fix.old}” is now “{fix.new}”." if fix.new else f"“{fix.old}” is taken out.")
        return mending.mended(values, fix)
    if word:
        mending.keep(word)
        note_request(request, "word_kept", topic, word=word.word)
        messages.success(request, f"“{word.word}” is kept among the clinic's own words.")
    else:
        messages.info(request, "That was mended already.")
    return values


def _after_save(
    request: HttpRequest,
    topic: str,
    change: Optional[Change],
    values: Mapping[str, Any],
    form: AnswerForm,
    language: str,
) -> HttpResponse:
    if request.htmx:
        return render(request, "answers/_beside.html", _shown(request, topic, change, values, form, language))
    if request.POST.get("then") == "send":
        return redirect("send", topic=topic)
    if _asks_to_mend(request):
        return redirect(f"{request.path}?language={language}#checks")
    messages.success(request, "Your draft is saved. Visitors still get the live answer.")
    return redirect(f"{request.path}?language={language}")


def _collided(
    request: HttpRequest, topic: str, collision: drafts.CollisionError, form: AnswerForm, language: str
) -> HttpResponse:
    newer = collision.newer
    context = {
        **_shown(request, topic, newer, newer.values, form, language),
        "collision": str(collision),
        "theirs": comparing.compare(
            form.cleaned_data["answer"].replace("\r\n", "\n"), newer.values["answer"].get(language, "")
        ),
    }
    return render(request, "answers/_beside.html" if request.htmx else "answers/edit.html", context, status=200)


@require_http_methods(["GET", "POST"])
@requires(Action.PROPOSE)
def send(request: HttpRequest, topic: str) -> HttpResponse:
    """Shows what a draft changes, and sends it to those who approve it."""
    change = _open_or_404(topic)
    if request.method == "POST":
        try:
            sent = drafts.send(change, request.user, request.POST.get("reason", ""), request.POST.get("note", ""))
        except drafts.DraftError as error:
            messages.error(request, str(error))
            return redirect("send", topic=topic)
        note_request(request, "sent", topic, reason=sent.reason)
        if sent.state == State.APPROVED:
            messages.success(request, "Ready to publish: nobody has to approve questions.")
            return redirect("publish")
        messages.success(request, "Sent for approval.")
        return redirect("review" if sent.is_new else "answer", **({} if sent.is_new else {"topic": topic}))
    problems = content.check(change.as_topic())
    context = {
        "change": change,
        "rows": comparing.rows(change),
        "blocking": drafts.blocking(change),
        "warnings": [problem for problem in problems if problem.severity == "warning"],
        "stale": drafts.is_stale(change),
    }
    return render(request, "answers/send.html", context)


@require_GET
def compare(request: HttpRequest, topic: str) -> HttpResponse:
    """Shows word by word what a draft changes."""
    change = _open_or_404(topic)
    context = {"change": change, "rows": comparing.rows(change), "stale": drafts.is_stale(change)}
    return render(request, "answers/compare.html", context)


@require_POST
@requires(Action.PROPOSE)
def drop(request: HttpRequest, topic: str) -> HttpResponse:
    """Puts a draft away."""
    change = _open_or_404(topic)
    try:
        drafts.drop(change)
    except drafts.DraftError as error:
        messages.error(request, str(error))
    else:
        note_request(request, "dropped", topic, reason=change.reason)
        messages.success(request, "The draft is put away. The live answer is as it was.")
    return redirect("answers" if change.is_new else "answer", **({} if change.is_new else {"topic": topic}))


@require_POST
@requires(Action.PROPOSE)
def bring_up_to_date(request: HttpRequest, topic: str) -> HttpResponse:
    """Starts a draft anew from the answer that is live by now."""
    drafts.rebase(_open_or_404(topic))
    messages.success(request, "The draft now starts from the live answer. Read it again before you send it.")
    return redirect("edit", topic=topic)


@require_POST
@requires(Action.PROPOSE)
def ask_for_signature(request: HttpRequest, topic: str) -> HttpResponse:
    """Asks for a signature under the words that are live, as they are."""
    live = content.topic_or_404(topic)
    change = open_change(topic)
    if change is None:
        change = drafts.start(live, request.user)
        drafts.send(change, request.user, "To be approved as it is")
        note_request(request, "sent", topic, reason="To be approved as it is")
    if request.user.may(Action.APPROVE, change.tier):
        return redirect("review_one", pk=change.pk)
    messages.success(request, "Sent for approval as it is.")
    return redirect("answer", topic=topic)


def _open_or_404(topic: str) -> Change:
    change = open_change(topic)
    if change is None:
        raise Http404("There is no draft of this answer.")
    return change


def _form(topic: str, data: Any = None, **named: Any) -> AnswerForm:
    return AnswerForm(data, library=content.library(), topic=topic, **named)


def _language(request: HttpRequest) -> str:
    asked = str(request.GET.get("language") or DEFAULT_LANGUAGE)
    return asked if asked in LANGUAGES else DEFAULT_LANGUAGE


def _revision(request: HttpRequest) -> int:
    given = request.POST.get("revision", "")
    # No number: the draft did not exist when the page was opened.
    return int(given) if given.isdigit() else 1


def _shown(
    request: HttpRequest,
    topic: str,
    change: Optional[Change],
    values: Mapping[str, Any],
    form: AnswerForm,
    language: str,
) -> Dict[str, Any]:
    live = content.library().topics.get(topic)
    group = change.group if change else live.group if live else ""
    draft = content.as_topic(topic, group, values, live)
    return {
        "id": topic,
        "live": live,
        "change": change,
        "form": form,
        "language": language,
        "main_fields": ("title", "question", "answer", "short", "reason"),
        "languages": dict.fromkeys([*values.get("answer", {}), *LANGUAGES]),
        "preview": preview(draft, language),
        "problems": content.check(draft),
        "other_editor": change.editor if change and change.is_edited_by_other(request.user) else None,
        "stale": bool(change and drafts.is_stale(change)),
        "page": request.POST.get("page") or secrets.token_urlsafe(12),
    }

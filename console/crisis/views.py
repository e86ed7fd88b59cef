"""The screens of crisis texts: all of them with the contacts, one as visitors get it, approving it."""

from __future__ import annotations

from typing import Any, Dict, List

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from console.answers import content
from console.answers.drafts import DraftError
from console.audit.models import note_request
from console.crisis import approving
from console.crisis.contacts import contacts
from console.crisis.texts import CrisisText, all_texts, as_visitors_get_it
from console.people.access import check
from console.people.roles import Action


@require_GET
def crisis_texts(request: HttpRequest) -> HttpResponse:
    """Lists the texts by language with their approvals, and the contacts of one country."""
    texts, problems = all_texts()
    by_language: Dict[str, List[CrisisText]] = {}
    for text in texts:
        by_language.setdefault(text.language, []).append(text)
    country = request.GET.get("country") or content.facts().get("country", "")
    context = {
        "by_language": by_language,
        "problems": problems,
        "approved": sum(text.file.is_approved for text in texts),
        "all": len(texts),
        "contacts": contacts(country),
    }
    return render(request, "crisis/texts.html", context)


@require_GET
def crisis_text(request: HttpRequest, language: str, name: str) -> HttpResponse:
    """Shows the texts of one file, and how replies made of them read."""
    text, texts = _found(language, name)
    waiting = [one for one in texts if approving.obstacle(one, request.user) is None and one.place != text.place]
    context: Dict[str, Any] = {
        "text": text,
        "replies": as_visitors_get_it(text),
        "obstacle": approving.obstacle(text, request.user),
        "ticks": approving.TICKS,
        "next": waiting[0] if waiting else None,
    }
    return render(request, "crisis/text.html", context)


@require_POST
def approve(request: HttpRequest, language: str, name: str) -> HttpResponse:
    """Puts this clinician's approval under the texts of one file."""
    check(request, Action.APPROVE, "safety")
    text, _ = _found(language, name)
    ticks = request.POST.getlist("ticks")
    try:
        left = approving.sign(text, request.user, seen=request.POST.get("seen", ""), ticks=ticks)
    except DraftError as error:
        messages.error(request, str(error))
    else:
        note_request(request, "crisis_approved", text.place, ticks=ticks, sha256=text.sha256)
        done = "Approved. One more clinician has to approve it." if left else "Approved by two clinicians."
        messages.success(request, done)
    return redirect("crisis_text", language=language, name=name)


def _found(language: str, name: str) -> tuple[CrisisText, List[CrisisText]]:
    texts, _ = all_texts()
    for text in texts:
        if (text.language, text.name) == (language, name):
            return text, texts
    raise Http404("There are no such texts.")

"""Changing the clinic's facts: type, look at what changes, confirm."""

from __future__ import annotations

from typing import Any, Dict, List

import yaml
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from console.answers import content
from console.facts.forms import LABELS, FactsForm
from console.people.access import requires
from console.people.roles import Action
from console.publishing import history, starting
from console.publishing.models import Progress
from ketaguide.content.facts import CLINIC_FACTS, fill
from ketaguide.content.model import Topic, Wording


@require_http_methods(["GET", "POST"])
@requires(Action.CHANGE_FACTS)
def facts(request: HttpRequest) -> HttpResponse:
    """Shows the facts; a first post shows what would change, a second one makes it live."""
    history.notice()
    before = _present()
    form = FactsForm(request.POST or None, initial=before)
    context: Dict[str, Any] = {"form": form, "uses": _uses(), "labels": LABELS}
    if request.method == "POST" and form.is_valid():
        after = form.values()
        changed = {name: value for name, value in after.items() if value != before.get(name, "")}
        if not changed:
            messages.info(request, "Nothing was changed.")
            return redirect("facts")
        if request.POST.get("confirmed"):
            return _publish(request, changed)
        context |= {"changed": [_row(name, before, after) for name in changed], "values": after}
        return render(request, "facts/confirm.html", context)
    return render(request, "facts/facts.html", context, status=422 if form.errors else 200)


def _publish(request: HttpRequest, changed: Dict[str, str]) -> HttpResponse:
    done = starting.publish_facts(changed, request.user)
    if done.progress == Progress.LIVE:
        messages.success(request, f"Clinic facts: {done.message}")
        return redirect("facts")
    messages.error(request, done.message)
    return redirect("progress", pk=done.pk)


def _present() -> Dict[str, str]:
    found = yaml.safe_load(content.file_text(history.FACTS_FILE) or "") or {}
    return {name: str(found.get(name) or "") for name in (*CLINIC_FACTS, "country")}


def _uses() -> Dict[str, List[Topic]]:
    topics = content.library().topics.values()
    return {name: [topic for topic in topics if _names(topic, name)] for name in CLINIC_FACTS}


def _names(wording: Wording, fact: str) -> bool:
    return any("{" + fact + "}" in text for _, _, text in wording.texts)


def _row(name: str, before: Dict[str, str], after: Dict[str, str]) -> Dict[str, Any]:
    using = _uses().get(name, [])
    example = next((line for topic in using[:1] for line in topic.answer["en"].splitlines() if "{" + name in line), "")
    filled = fill(example, {**content.facts(), **{key: value for key, value in after.items() if key in CLINIC_FACTS}})
    return {
        "name": name,
        "label": LABELS[name],
        "old": before.get(name, ""),
        "new": after[name],
        "uses": using,
        "example": filled,
    }

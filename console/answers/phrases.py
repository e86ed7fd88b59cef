"""The questions that people ask: adding, taking out, trying one against the assistant as it is now."""

from __future__ import annotations

from typing import Any, Dict

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from console.answers import content, drafts
from console.answers.forms import lines_of
from console.answers.models import open_change
from console.assistant import client
from console.audit.models import note_request
from console.people.access import requires
from console.people.roles import Action
from ketaguide.content.lint.across_topics import collisions

MAX_CHARACTERS = 300


@require_http_methods(["GET", "POST"])
@requires(Action.PROPOSE)
def phrases(request: HttpRequest, topic: str) -> HttpResponse:
    """Shows the questions that lead to an answer; a post saves them in the draft."""
    live, change = content.library().topics.get(topic), open_change(topic)
    if live is None and change is None:
        raise Http404("There is no such answer.")
    before = list(change.values["examples"] if change else content.entries(live)["examples"])  # type: ignore[arg-type]
    if request.method == "POST":
        kept = [one for one in before if one not in request.POST.getlist("remove")]
        added = [one[:MAX_CHARACTERS] for one in lines_of(request.POST.get("add", ""))]
        examples = kept + [one for one in added if one not in kept]
        return _save(request, topic, before, examples)
    live_examples = set(live.examples) if live else set()
    context = {
        "id": topic,
        "live": live,
        "change": change,
        "new": [one for one in before if one not in live_examples],
        "old": [one for one in before if one in live_examples],
        "gone": [one for one in (live.examples if live else ()) if one not in before],
        "suggested": request.GET.get("add", "")[:MAX_CHARACTERS],
    }
    return render(request, "answers/phrases.html", context)


def _save(request: HttpRequest, topic: str, before: Any, examples: Any) -> HttpResponse:
    if examples == before:
        messages.info(request, "Nothing was changed.")
        return redirect("phrases", topic=topic)
    live = content.library().topics.get(topic)
    change = open_change(topic) or drafts.start(live, request.user)  # type: ignore[arg-type]
    try:
        reason = change.reason or "Questions that people ask"
        saved = drafts.save(change, {"examples": examples}, request.user, change.revision, reason)
        note_request(request, "saved", topic, revision=saved.revision)
        if request.POST.get("then") == "send" and saved.only_phrases:
            drafts.send(saved, request.user, saved.reason)
            note_request(request, "sent", topic, reason=saved.reason)
            messages.success(
                request, "Ready to publish. Publishing takes a few minutes: the assistant has to learn it."
            )
            return redirect("publish")
    except drafts.DraftError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Saved in the draft. The assistant learns it when the draft is published.")
    return redirect("phrases", topic=topic)


@require_GET
@requires(Action.PROPOSE)
def try_phrase(request: HttpRequest, topic: str) -> HttpResponse:
    """Tells where a question leads now, and whether another answer has the same one."""
    text = " ".join(str(request.GET.get("add") or "").splitlines()[-1:])[:MAX_CHARACTERS].strip()
    context: Dict[str, Any] = {"text": text, "topic": topic}
    if text:
        try:
            context["understood"] = client.understand(text)
        except (client.AssistantUnreachableError, client.AssistantRefusedError) as error:
            context["error"] = str(error)
        everything = content.library()
        probe = content.as_topic(topic, "", {**dict.fromkeys(content.FIELDS, ""), "evidence": [], "examples": [text]})
        context["twins"] = [(other, twin) for _, twin, other, _ in collisions(probe, everything)]
    return render(request, "answers/_try.html", context)

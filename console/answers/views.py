"""Finding an answer, and one answer's own page."""

from __future__ import annotations

from typing import Any, Dict, List

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from console.answers import content, tiers
from console.answers.models import OPEN_STATES, Change, open_change
from console.answers.preview import preview
from console.people.roles import Action
from console.publishing import history
from console.screens.templatetags.words import GROUPS
from ketaguide.content.approvals import is_approved, valid_approvals, version
from ketaguide.content.lint.across_topics import plain
from ketaguide.content.model import Topic
from ketaguide.content.readability import grade

STATES = {
    "signed": "Approved",
    "unsigned": "Not approved yet",
    "draft": "With a draft",
    "withdrawn": "Withdrawn",
    "overdue": "Check overdue",
}


@require_GET
def answers(request: HttpRequest) -> HttpResponse:
    """Lists the answers, found by any word or question in them."""
    history.notice()
    drafts = {change.topic: change for change in Change.objects.filter(state__in=OPEN_STATES)}
    everything = content.library().topics
    wanted = {name: request.GET.get(name, "").strip() for name in ("q", "tier", "state", "group")}
    rows = [_row(topic, drafts) for topic in everything.values()]
    rows += [_new_row(change) for id_, change in drafts.items() if id_ not in everything]
    shown = [row for row in rows if _fits(row, wanted)]
    context = {
        "rows": sorted(shown, key=lambda row: (row["group"], row["title"].casefold())),
        "count": len(shown),
        "all": len(rows),
        "wanted": wanted,
        "tiers": tiers.NAMES,
        "states": STATES,
        "groups": GROUPS,
    }
    return render(request, "answers/_rows.html" if request.htmx else "answers/answers.html", context)


@require_GET
def answer(request: HttpRequest, topic: str) -> HttpResponse:
    """Shows one answer as visitors get it, its state, and what may be done."""
    history.notice()
    live = content.topic_or_404(topic)
    shown = {
        "topic": live,
        "change": open_change(topic),
        "languages": [_language(live, code) for code in live.answer],
        "problems": content.check(live),
        "may_withdraw": request.user.may(Action.WITHDRAW, live.risk) and not live.withdrawn,
        "may_approve": request.user.may(Action.APPROVE, live.risk),
        "newest": history.of(topic)[:3],
    }
    return render(request, "answers/answer.html", shown)


def _language(topic: Topic, code: str) -> Dict[str, Any]:
    return {
        "code": code,
        "approved": is_approved(topic, code),
        "signed_by": valid_approvals(topic, code),
        "version": version(topic, code),
        "preview": preview(topic, code),
    }


def _row(topic: Topic, drafts: Dict[str, Change]) -> Dict[str, Any]:
    change = drafts.get(topic.id)
    words = [topic.id, topic.title, topic.question, *topic.answer.values(), *topic.short.values(), *topic.examples]
    overdue = topic.review_by < timezone.localdate().isoformat()
    signed = all(is_approved(topic, language) for language in topic.answer)
    states = {"signed": signed, "unsigned": not signed, "draft": bool(change), "overdue": overdue}
    return {
        "id": topic.id,
        "title": topic.title,
        "question": topic.question,
        "group": topic.group,
        "tier": topic.risk,
        "grade": grade(topic.answer["en"]),
        "review_by": topic.review_by,
        "change": change,
        "words": plain(" ".join(words)),
        "states": {**states, "withdrawn": bool(topic.withdrawn)},
        "languages": list(topic.answer),
    }


def _new_row(change: Change) -> Dict[str, Any]:
    return {
        "id": change.topic,
        "title": str(change),
        "question": change.values.get("question", ""),
        "group": change.group,
        "tier": change.values.get("risk"),
        "grade": None,
        "review_by": "",
        "change": change,
        "words": plain(str(change.values)),
        "states": {"draft": True, "signed": False, "unsigned": True, "overdue": False, "withdrawn": False},
        "languages": list(change.values.get("answer", {})),
        "new": True,
    }


def _fits(row: Dict[str, Any], wanted: Dict[str, str]) -> bool:
    terms: List[str] = plain(wanted["q"]).split()
    return (
        all(term in row["words"] for term in terms)
        and wanted["tier"] in ("", row["tier"])
        and wanted["group"] in ("", row["group"])
        and (not wanted["state"] or row["states"].get(wanted["state"], False))
    )

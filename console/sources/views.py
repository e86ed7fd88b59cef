"""The screen of the sources."""

from __future__ import annotations

from typing import Any, Dict, List

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from console.answers import content
from ketaguide.content.lint.across_topics import plain
from ketaguide.content.model import Source, Topic

# From here on somebody should look whether there is a newer edition.
OLD_YEARS = 3
ORDERS = {"oldest": "Oldest first", "used": "Most used first", "title": "By title"}
KINDS = {"label": "Label of a medicine", "review": "Review of studies"}


@require_GET
def sources(request: HttpRequest) -> HttpResponse:
    """Lists the publications with the answers that use them."""
    wanted = {"q": request.GET.get("q", "").strip(), "order": request.GET.get("order", "oldest")}
    rows = [_row(source) for source in content.library().sources.values()]
    shown = [row for row in rows if all(word in row["words"] for word in plain(wanted["q"]).split())]
    context = {
        "rows": _ordered(shown, wanted["order"]),
        "all": len(rows),
        "old": sum(row["is_old"] for row in rows),
        "old_years": OLD_YEARS,
        "wanted": wanted,
        "orders": ORDERS,
    }
    return render(request, "sources/_rows.html" if request.htmx else "sources/sources.html", context)


def _row(source: Source) -> Dict[str, Any]:
    using = [topic for topic in content.library().topics.values() if _uses(topic, source.id)]
    age = timezone.localdate().year - source.year
    return {
        "source": source,
        "kind": KINDS.get(source.kind, source.kind.replace("_", " ").capitalize()),
        "topics": sorted(using, key=lambda topic: topic.title.casefold()),
        "age": age,
        "is_old": age > OLD_YEARS,
        "words": plain(f"{source.title} {source.publisher} {source.kind} {source.year}"),
    }


def _uses(topic: Topic, source: str) -> bool:
    return source in topic.sources or any(source in fact.sources for fact in topic.evidence)


def _ordered(rows: List[Dict[str, Any]], order: str) -> List[Dict[str, Any]]:
    if order == "used":
        return sorted(rows, key=lambda row: -len(row["topics"]))
    if order == "title":
        return sorted(rows, key=lambda row: row["source"].title.casefold())
    return sorted(rows, key=lambda row: row["source"].year)

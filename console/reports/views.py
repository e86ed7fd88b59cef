"""The screen of the reports, and the same numbers as a file."""

from __future__ import annotations

import csv
from typing import Any, Dict, List, Optional

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from console.audit.models import note_request
from console.conversations import ratings
from console.conversations.messages import DAYS, lately
from console.conversations.store import RecordUnreadableError
from console.people.access import requires
from console.people.roles import Action
from console.publishing.models import Version
from console.reports.charts import bars, columns
from console.reports.figures import Figures, figures, rows
from console.screens.templatetags.words import danger_name, topic_title

PERIODS = (7, DAYS)
SHOWN = 15
RATED_DAYS = 365


@require_GET
@requires(Action.SEE_REPORTS)
def reports(request: HttpRequest) -> HttpResponse:
    """Shows the reports of the last 7 or 30 days; ratings of a year."""
    days = _days(request)
    found, unreadable = _figures(days)
    rated = helpfulness()
    context: Dict[str, Any] = {"days": days, "periods": PERIODS, "unreadable": unreadable, "rated": rated}
    if found:
        context |= {
            "figures": found,
            "topics": found.topics[:SHOWN],
            "topics_chart": bars([(topic_title(id_), count, str(count)) for id_, count in found.topics[:SHOWN]]),
            "days_chart": columns([(f"{one.day:%-d %b}", one.answered, one.unanswered) for one in found.days]),
            "danger_chart": bars([(danger_name(kind), count, str(count)) for kind, count in found.danger]),
        }
    context["rated_chart"] = bars(
        [(f"{topic_title(one['topic'])}, {one['since']}", one["share"], f"{one['share']:.0%}") for one in rated[:SHOWN]]
    )
    return render(request, "reports/reports.html", context)


@require_GET
@requires(Action.SEE_REPORTS)
def export(request: HttpRequest) -> HttpResponse:
    """Returns the numbers as a table for a spreadsheet."""
    days = _days(request)
    found, unreadable = _figures(days)
    if found is None:
        return HttpResponse(unreadable, status=503, content_type="text/plain; charset=utf-8")
    note_request(request, "reports_exported", days=days)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"reports-{days}-days-{timezone.localdate().isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.DictWriter(response, ("what", "item", "count"))
    writer.writeheader()
    writer.writerows(rows(found))
    for one in helpfulness():
        for what in ("helpful", "unhelpful"):
            writer.writerow({"what": what, "item": f"{one['topic']} {one['version']}".strip(), "count": one[what]})
    return response


def helpfulness() -> List[Dict[str, Any]]:
    """Returns for each version of each answer how many found it helpful, and since when it was live."""
    since: Dict[str, str] = {}
    for version in Version.objects.order_by("id").only("versions", "at"):
        for stamp in version.versions.values():
            since.setdefault(stamp, f"{timezone.localtime(version.at):%-d %b %Y}")
    return [
        {
            "topic": one.topic,
            "version": one.version,
            "since": f"live from {since[one.version]}" if one.version in since else "version not known",
            "helpful": one.helpful,
            "unhelpful": one.unhelpful,
            "share": one.share,
        }
        for one in ratings.by_version(RATED_DAYS)
    ]


def _days(request: HttpRequest) -> int:
    asked = request.GET.get("days", "")
    return int(asked) if asked in {str(days) for days in PERIODS} else DAYS


def _figures(days: int) -> tuple[Optional[Figures], str]:
    try:
        return figures(lately(days), days), ""
    except RecordUnreadableError as error:
        return None, str(error)

"""Reading the log, and taking it away as a file."""

from __future__ import annotations

import csv

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from console.audit.models import AuditEntry, as_row, broken_links, note_request
from console.people.access import requires
from console.people.roles import Action

PER_PAGE = 50
# What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@require_GET
@requires(Action.SEE_LOG)
def log(request: HttpRequest) -> HttpResponse:
    """Shows who did what, newest first, and whether the log is whole."""
    item = request.GET.get("item", "").strip()
    entries = AuditEntry.objects.filter(item=item) if item else AuditEntry.objects.all()
    page = Paginator(entries, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "audit/log.html", {"page": page, "item": item, "broken": list(broken_links())[:5]})


@require_GET
@requires(Action.SEE_LOG)
def export(request: HttpRequest) -> HttpResponse:
    """Returns the whole log as a table for a spreadsheet."""
    note_request(request, "log_exported")
    day = timezone.localdate().isoformat()
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="console-log-{day}.csv"'
    columns = ("at", "who", "role", "what", "item", "detail", "address", "hash")
    writer = csv.writer(response)
    writer.writerow(columns)
    for entry in AuditEntry.objects.order_by("id").iterator():
        row = as_row(entry)
        writer.writerow([_safe(str(row[name])) for name in columns])
    return response


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell

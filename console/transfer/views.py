"""The screens of import and export."""

from __future__ import annotations

from collections import Counter
from typing import Any, Callable, Dict, Tuple

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from console.answers import content
from console.answers.drafts import DraftError
from console.audit.models import note_request
from console.people.access import requires
from console.people.roles import Action
from console.publishing import history
from console.transfer import exporting
from console.transfer.forms import MappingForm, UploadForm
from console.transfer.importing import carry_out
from console.transfer.models import Upload
from console.transfer.planning import plan
from console.transfer.tables import TableError, read_table

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Name in the address: how it is made, its type, its file's name.
EXPORTS: Dict[str, Tuple[Callable[[], Any], str, str]] = {
    "answers.xlsx": (exporting.answers_excel, EXCEL, "answers-{day}.xlsx"),
    "answers.csv": (exporting.answers_csv, "text/csv; charset=utf-8", "answers-{day}.csv"),
    "audit.zip": (exporting.audit_archive, "application/zip", "audit-{day}.zip"),
}


@require_GET
@requires(Action.EXPORT)
def transfer(request: HttpRequest) -> HttpResponse:
    """Shows what can be taken away and, to those who may, what can be handed in."""
    return render(request, "transfer/transfer.html", {"form": UploadForm()})


@require_GET
@requires(Action.EXPORT)
def export(request: HttpRequest, name: str) -> HttpResponse:
    """Returns a file to take away."""
    if name not in EXPORTS:
        raise Http404("There is no such file.")
    history.notice()
    make, type_, file = EXPORTS[name]
    # Before it is made: the log inside it says who took it.
    note_request(request, "exported", name)
    response = HttpResponse(make(), content_type=type_)
    day = timezone.localdate().isoformat()
    response["Content-Disposition"] = f'attachment; filename="{file.format(day=day)}"'
    return response


@require_GET
@requires(Action.EXPORT)
def printable(request: HttpRequest) -> HttpResponse:
    """Shows all answers with their approvals on one page, to be printed and signed."""
    note_request(request, "exported", "printed page")
    signed: Dict[str, list] = {}
    for row in exporting.approvals():
        signed.setdefault(row["answer"], []).append(row)
    topics = sorted(content.library().topics.values(), key=lambda one: (one.group, one.title.casefold()))
    shown = {"rows": [(topic, signed[topic.id]) for topic in topics], "day": timezone.localdate()}
    return render(request, "transfer/printable.html", shown)


@require_POST
@requires(Action.IMPORT)
def upload(request: HttpRequest) -> HttpResponse:
    """Takes a table in; nothing is changed by that."""
    Upload.forget_old()
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            table = read_table(file.name, file)
        except TableError as error:
            form.add_error("file", str(error))
        else:
            taken = Upload.objects.create(name=file.name[:120], columns=table.columns, rows=table.rows, by=request.user)
            return redirect("import_columns", pk=taken.pk)
    return render(request, "transfer/transfer.html", {"form": form})


@require_http_methods(["GET", "POST"])
@requires(Action.IMPORT)
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks what the columns are."""
    table = _own(request, pk)
    form = MappingForm(request.POST or None, table)
    if request.method == "POST" and form.is_valid():
        table.mapping, table.language = form.mapping(), form.cleaned_data["all_in"]
        table.save(update_fields=["mapping", "language"])
        return redirect("import_look", pk=pk)
    return render(request, "transfer/columns.html", {"form": form, "upload": table, "first": table.rows[:3]})


@require_http_methods(["GET", "POST"])
@requires(Action.IMPORT)
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows what would happen, and nothing more; a post makes the drafts."""
    table = _own(request, pk)
    if not table.mapping:
        return redirect("import_columns", pk=pk)
    planned = plan(table)
    if request.method == "POST":
        return _carry_out(request, table, planned)
    counts = Counter(entry.outcome for entry in planned)
    shown = {"planned": planned, "upload": table, "counts": counts, "drafts": counts["new"] + counts["changed"]}
    return render(request, "transfer/look.html", shown)


def _carry_out(request: HttpRequest, table: Upload, planned: Any) -> HttpResponse:
    try:
        changes = carry_out(planned, request.user, table.name)
    except DraftError as error:
        messages.error(request, f"Nothing was imported. {error}")
        return redirect("import_look", pk=table.pk)
    note_request(request, "imported", table.name, answers=", ".join(change.topic for change in changes))
    table.delete()
    messages.success(request, f"{len(changes)} drafts are made. Nothing is live: look through them and send them.")
    return redirect("/answers?state=draft")


def _own(request: HttpRequest, pk: int) -> Upload:
    found: Upload = get_object_or_404(Upload, pk=pk, by=request.user)
    return found

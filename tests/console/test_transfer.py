"""Import and export: what leaves is whole, what comes in is looked at first and becomes drafts, or nothing does."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from typing import Any, Dict, List, Sequence

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from console.answers import drafts
from console.answers.models import Change, ChangeSet, State
from console.publishing.models import Version
from console.review.models import Signature
from console.transfer import tables
from console.transfer.models import Upload
from tests.console.conftest import Clinic, SignIn, SpokenContent
from tests.console.test_words_lane import approve, written_and_sent

HEADS = ("Name of the answer", "Answer", "Kind")
NEW = ("Name of the answer", "Title on buttons", "Question", "Answer", "Subject", "Questions people ask")


def csv_file(*rows: Sequence[str], heads: Sequence[str] = HEADS) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([heads, *rows])
    return out.getvalue().encode()


def excel_file(*rows: Sequence[Any], heads: Sequence[str] = HEADS) -> bytes:
    book = openpyxl.Workbook()
    for row in (heads, *rows):
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def hand_in(browser: Client, data: bytes, name: str = "table.csv") -> Any:
    return browser.post("/import-export/upload", {"file": SimpleUploadedFile(name, data)})


def looked_at(browser: Client, data: bytes, name: str = "table.csv", **columns: str) -> str:
    """Hands a table in with its columns as guessed, changed by `columns`, and returns the address of the look."""
    page = browser.get(hand_in(browser, data, name)["Location"])
    form = page.context["form"]
    chosen = {field: form.fields[field].initial for field in form.fields}
    answer = browser.post(page.request["PATH_INFO"], {**chosen, **columns})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


@pytest.fixture
def mona(sign_in: SignIn, assistant_voice: SpokenContent) -> Client:
    """The manager."""
    return sign_in("mona")


@pytest.mark.parametrize(("make", "name"), [(csv_file, "table.csv"), (excel_file, "table.xlsx")])
def test_a_table_becomes_drafts_after_a_look(mona: Client, clinic: Clinic, make: Any, name: str) -> None:
    before = {path: path.read_bytes() for path in (clinic.path / "data").rglob("*.yml")}
    data = make(("driving", "Wait a day.", "Medical"), ("alcohol", "No drink\nfor a day.", ""), ("nausea", "", ""))
    look = looked_at(mona, data, name)
    page = mona.get(look).content.decode()
    assert "2 answers would change, 0 would be new, 1 stay as they are, 0 cannot be taken" in page
    assert "Wait" in page
    assert not Change.objects.exists()

    mona.post(look)
    changes = {change.topic: change for change in Change.objects.all()}
    assert set(changes) == {"driving", "alcohol"}
    assert changes["driving"].values["answer"]["en"] == "Wait a day."
    assert changes["alcohol"].values["answer"]["en"] == "No drink\nfor a day."
    assert changes["alcohol"].values["short"] == {"en": "Wait until the next day with alcohol."}
    assert {change.state for change in changes.values()} == {State.DRAFT}
    assert ChangeSet.objects.get().changes.count() == 2
    assert {path: path.read_bytes() for path in before} == before
    assert not Upload.objects.exists()


def test_who_imports_does_not_approve(mona: Client, sign_in: SignIn) -> None:
    mona.post(looked_at(mona, csv_file(("driving", "Wait a day.", "Practical"))))
    change = Change.objects.get()
    assert [person.username for person in change.contributors.all()] == ["mona"]
    mona.post("/answers/driving/send", {"reason": "import"})
    approve(mona, change)
    assert not Signature.objects.exists()


def test_columns_with_other_names_are_chosen_by_hand(mona: Client) -> None:
    data = csv_file(("About driving", "Wait a day."), heads=("Überschrift", "Spalte B"))
    look = looked_at(mona, data, title="0", answer="1")
    mona.post(look)
    assert Change.objects.get().values["answer"]["en"] == "Wait a day."


def test_a_new_answer_and_its_questions(mona: Client) -> None:
    row = ("pets", "Pets", "Can I bring my dog?", "No pets, please.", "Practical matters", "dog; cat ;dog")
    mona.post(looked_at(mona, csv_file(row, heads=NEW)))
    change = Change.objects.get()
    assert (change.topic, change.group, change.is_new) == ("pets", "practical", True)
    assert change.values["examples"] == ["dog", "cat"]


def test_questions_are_added_and_none_is_taken_out(mona: Client, clinic: Clinic) -> None:
    heads = ("Name of the answer", "Questions people ask")
    mona.post(looked_at(mona, csv_file(("driving", "a new question\ndriving question apple"), heads=heads)))
    examples = Change.objects.get().values["examples"]
    assert len(examples) == 26
    assert examples[-1] == "a new question"


def test_another_language_by_column(mona: Client) -> None:
    heads = ("Name of the answer", "Language", "Answer")
    mona.post(looked_at(mona, csv_file(("driving", "Spanish", "Espere un día."), heads=heads)))
    answer = Change.objects.get().values["answer"]
    assert answer["es"] == "Espere un día."
    assert answer["en"].startswith("Wait until")


@pytest.mark.parametrize(
    ("heads", "row", "said"),
    [
        (HEADS, ("driving", "x" * 4001, ""), "more than 4000 characters"),
        (HEADS, ("driving", "Wait.", "Dangerous"), "“Dangerous” is not known"),
        (("id", "lang", "answer"), ("driving", "Klingon", "Wait."), "“Klingon” is not known"),
        (("id", "answer", "group"), ("driving", "Wait.", "session"), "cannot be moved"),
        (("id", "answer"), ("no such answer!", "Wait."), "is no name for an answer"),
        (("id", "answer"), ("../../etc/passwd", "Wait."), "is no name for an answer"),
        (("id", "answer"), ("pets", "Wait."), "It is new and lacks: title on buttons, question, subject"),
        (("title", "answer"), ("", "Wait."), "neither name nor title"),
    ],
    ids=["long", "kind", "language", "moved", "name", "path", "incomplete", "nameless"],
)
def test_what_cannot_be_taken_is_said_and_left_out(
    mona: Client, heads: Sequence[str], row: Sequence[str], said: str
) -> None:
    look = looked_at(mona, csv_file(row, heads=heads))
    page = mona.get(look).content.decode()
    assert said in page.replace("&#x27;", "'")
    assert "Row 2" in page or "It is new" in page or "is no name" in page
    mona.post(look)
    assert not Change.objects.exists()


def test_an_answer_with_a_draft_is_left_alone(mona: Client, sign_in: SignIn) -> None:
    change = written_and_sent(sign_in("nora"))
    look = looked_at(mona, csv_file(("driving", "Mine.", ""), ("alcohol", "Wait.", "")))
    assert "There is a draft of it already by Nora Nurse" in mona.get(look).content.decode()
    mona.post(look)
    change.refresh_from_db()
    assert change.state == State.IN_REVIEW
    assert {one.topic for one in Change.objects.all()} == {"driving", "alcohol"}


def test_if_one_draft_fails_none_is_made(mona: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    look = looked_at(mona, csv_file(("driving", "Wait.", ""), ("alcohol", "Wait.", "")))
    save, saved = drafts.save, []

    def fail_at_the_second(change: Change, *rest: Any, **named: Any) -> Change:
        saved.append(change.topic)
        if len(saved) == 2:
            raise drafts.DraftError("Somebody was faster.")
        return save(change, *rest, **named)

    monkeypatch.setattr(drafts, "save", fail_at_the_second)
    page = mona.post(look, follow=True).content.decode()
    assert "Nothing was imported. Somebody was faster." in page
    assert len(saved) == 2
    assert not Change.objects.exists()
    assert Upload.objects.exists()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.xlsx", b"PK\x03\x04 broken", "no Excel file"),
        ("a.csv", b"", "empty"),
        ("a.csv", b"only,heads\n", "nothing in this table"),
        ("a.pdf", b"%PDF-1.7\x00\x01\x02", "is no table"),
        ("a.csv", b"x" * (tables.MAX_BYTES + 1), "larger than"),
        ("a.csv", b"id,answer\n" + b"a,b\n" * (tables.MAX_ROWS + 1), "At most"),
        ("a.csv", b"id,answer\ndriving," + b"x" * (tables.MAX_CELL + 1), "Row 2"),
    ],
    ids=["broken", "empty", "heads only", "pdf", "large", "many rows", "long cell"],
)
def test_what_is_no_table_is_refused(mona: Client, name: str, data: bytes, said: str) -> None:
    page = hand_in(mona, data, name)
    assert page.status_code == 200
    assert said in page.content.decode()
    assert not Upload.objects.exists()


def test_a_small_file_that_unpacks_to_a_huge_one_is_refused(mona: Client) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * (tables.MAX_UNPACKED + 1))
    assert "too large when it is unpacked" in hand_in(mona, out.getvalue(), "a.xlsx").content.decode()


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("id;answer\ndriving;Größe", "utf-8-sig"),
        ("id\tanswer\ndriving\tGröße", "cp1252"),
        ("id,answer\ndriving,Größe", "utf-16"),
    ],
)
def test_files_of_every_spreadsheet_can_be_read(mona: Client, text: str, encoding: str) -> None:
    mona.post(looked_at(mona, text.encode(encoding)))
    assert Change.objects.get().values["answer"]["en"] == "Größe"


@pytest.mark.parametrize("columns", [{"id": ""}, {"answer": "", "risk": ""}, {"answer": "0"}])
def test_columns_that_tell_nothing_are_refused(mona: Client, columns: Dict[str, str]) -> None:
    page = mona.get(hand_in(mona, csv_file(("driving", "Wait.", "")))["Location"])
    form = page.context["form"]
    chosen = {field: form.fields[field].initial for field in form.fields}
    assert mona.post(page.request["PATH_INFO"], {**chosen, **columns}).status_code == 200


def test_a_table_is_its_owners(mona: Client, sign_in: SignIn) -> None:
    address = hand_in(mona, csv_file(("driving", "Wait.", "")))["Location"]
    assert sign_in("nora").get(address).status_code == 403
    other = sign_in("carla")
    assert other.post(address.replace("columns", "look")).status_code == 403


@pytest.mark.parametrize("name", ["answers.xlsx", "answers.csv"])
def test_what_was_taken_away_comes_back_unchanged(mona: Client, name: str) -> None:
    look = looked_at(mona, mona.get(f"/import-export/take/{name}").content, name)
    assert (
        "0 answers would change, 0 would be new, 3 stay as they are, 0 cannot be taken"
        in mona.get(look).content.decode()
    )


@pytest.mark.parametrize("name", ["answers.xlsx", "answers.csv"])
def test_no_cell_is_a_formula_and_none_is_changed_by_that(mona: Client, clinic: Clinic, name: str) -> None:
    formula = '=HYPERLINK("http://x.example";"y")'
    clinic.content.change(answer={"en": formula})
    data = mona.get(f"/import-export/take/{name}").content
    if name.endswith("csv"):
        assert formula in data.decode().replace('""', '"')
        assert '"=HYPERLINK' not in data.decode()
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(data))["Answers"]
        cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == formula]
        assert [cell.data_type for cell in cells] == ["s"]
    assert "3 stay as they are" in mona.get(looked_at(mona, data, name)).content.decode()


def _archive(browser: Client) -> Dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(browser.get("/import-export/take/audit.zip").content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _table(data: bytes) -> List[Dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode())))


def test_the_audit_holds_words_approvals_versions_and_the_log(
    clinic: Clinic, sign_in: SignIn, assistant_voice: SpokenContent
) -> None:
    change = written_and_sent(sign_in("nora"))
    approve(sign_in("carla"), change)
    nora = sign_in("nora")
    nora.post("/publish/now", {"changes": change.pk})
    files = _archive(nora)
    assert files["answers/topics/after/driving.yml"] == clinic.file().read_bytes()
    signed = {row["answer"]: row for row in _table(files["approvals.csv"])}
    assert (signed["driving"]["by"], signed["driving"]["counts"]) == ("Dr Carla Clinic", "yes")
    assert (signed["alcohol"]["by"], signed["alcohol"]["approved"]) == ("", "no")
    assert "It is true" in _table(files["signatures.csv"])[0]["confirmed"]
    assert len(_table(files["versions.csv"])) == Version.objects.count() > 0
    log = _table(files["log.csv"])
    assert {"sent", "approved", "change", "exported"} <= {row["what"] for row in log}
    assert "is whole" in files["README.txt"].decode()
    for line in files["SHA256SUMS"].decode().splitlines():
        sum_, name = line.split("  ")
        assert hashlib.sha256(files[name]).hexdigest() == sum_


def test_a_signature_under_older_words_does_not_count_in_the_audit(mona: Client, clinic: Clinic) -> None:
    approval = {"language": "en", "by": "Dr A", "role": "physician", "on": "2026-01-01", "sha256": "0" * 64}
    clinic.content.change(approvals=[approval])
    signed = {row["answer"]: row for row in _table(_archive(mona)["approvals.csv"])}
    assert signed["driving"]["counts"] == "no: the words changed since"
    assert signed["driving"]["approved"] == "no"
    assert "the words changed since" in mona.get("/import-export/printable").content.decode()


def test_no_secret_and_no_visitor_leaves_with_an_audit(mona: Client) -> None:
    files = _archive(mona)
    assert not any(name.endswith((".key", ".db")) for name in files)
    assert b"pbkdf2" not in b"".join(files.values())

"""What leaves the console: answers as a table, and everything an auditor asks for in one file."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import Any, Dict, Iterable, Iterator, List, Sequence, Tuple

from django.conf import settings
from django.utils import timezone

from console.answers import content
from console.answers.comparing import NAMES as ENTRY_NAMES
from console.answers.models import OPEN_STATES, Change
from console.answers.tiers import NAMES as TIERS
from console.audit.models import AuditEntry, as_row, broken_links
from console.publishing.models import Version
from console.review.approving import TICKS
from console.review.models import Signature
from console.screens.templatetags.words import GROUPS
from console.transfer.mapping import NAMES
from console.transfer.tables import as_csv, as_excel
from ketaguide.content.approvals import SIGNATURES_NEEDED, is_approved, valid_approvals, version
from ketaguide.content.model import Approval, Topic
from ketaguide.content.signatures import is_genuine

Sheet = Tuple[Sequence[str], List[List[Any]]]
STATE_COLUMNS = ("Approved", "Approved by", "Version", "Last checked", "Next check", "Withdrawn")
_UNSIGNED = dict.fromkeys(("by", "role", "on", "signed", "signature", "counts"), "")
README = """\
What the clinic's assistant says, and who approved it, as of {day}.

answers/        the files that the assistant speaks from, byte for byte
answers.csv     the same as a table, one line per answer and language
approvals.csv   every signature in the files, and whether it is under the present words
signatures.csv  every approval that was given in the console, with what was confirmed
versions.csv    every state that a file had while it was live; its whole text is in versions/
log.csv         who did what, when and from where; each line carries the hash of the one before
drafts.csv      what is being changed right now
SHA256SUMS      the SHA-256 of each file here; check it with: sha256sum -c SHA256SUMS

The log is {log}.
"""


def answers_sheet() -> Sheet:
    """Returns one row per answer and language, under heads that an import recognises."""
    columns = [*NAMES.values(), *STATE_COLUMNS]
    topics = sorted(content.library().topics.values(), key=lambda topic: (topic.group, topic.title.casefold()))
    return columns, [_answer(topic, language) for topic in topics for language in topic.answer]


def _answer(topic: Topic, language: str) -> List[Any]:
    texts = [form.get(language, "") for form in (topic.answer, topic.short, topic.simpler, topic.more)]
    state = [
        "yes" if is_approved(topic, language) else "no",
        "; ".join(f"{one.by}, {one.role}, {one.on}" for one in valid_approvals(topic, language)),
        version(topic, language),
        topic.checked_on,
        topic.review_by,
        f"{topic.withdrawn.on}: {topic.withdrawn.why}" if topic.withdrawn else "",
    ]
    examples = "\n".join(topic.examples)
    kinds = [GROUPS.get(topic.group, topic.group), TIERS[topic.risk]]
    return [topic.id, topic.title, topic.question, language, *texts, examples, *kinds, *state]


def answers_excel() -> bytes:
    """Returns the answers and their sources as an Excel file."""
    sources = [
        [one.id, one.title, one.publisher, one.year, one.url, one.kind] for one in content.library().sources.values()
    ]
    heads = ("Source", "Title", "Publisher", "Year", "Address", "Kind")
    return as_excel({"Answers": answers_sheet(), "Sources": (heads, sources)})


def answers_csv() -> str:
    """Returns the answers as a CSV file."""
    return as_csv(*answers_sheet())


def audit_archive() -> bytes:
    """Returns a ZIP file with answers, approvals, versions, drafts and the whole log, each with its hash."""
    files = dict(_audit_files())
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files.items())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {**files, "SHA256SUMS": sums.encode()}.items():
            archive.writestr(name, data)
    return out.getvalue()


def _audit_files() -> Iterator[Tuple[str, bytes]]:
    log = "whole" if not any(broken_links()) else "NOT whole: somebody changed it behind the console"
    yield "README.txt", README.format(day=timezone.localdate().isoformat(), log=log).encode()
    folder = settings.DATA_FOLDER
    for path in sorted(folder.rglob("*.yml")):
        name = path.relative_to(folder).as_posix()
        if not name.startswith(("nlu/", "rules/")):
            yield f"answers/{name}", path.read_bytes()
    yield "answers.csv", answers_csv().encode()
    yield "approvals.csv", _table(approvals())
    yield "signatures.csv", _table(_signatures())
    yield "drafts.csv", _table(_drafts())
    yield "versions.csv", _table(_versions())
    for one in Version.objects.order_by("id").iterator():
        yield f"versions/{one.pk:06}-{one.item}.yml", one.text.encode()
    yield "log.csv", _table(as_row(entry) for entry in AuditEntry.objects.order_by("id").iterator())


def approvals() -> List[Dict[str, Any]]:
    """Returns every answer in every language with its signatures; one row even where there is none."""
    found: List[Dict[str, Any]] = []
    for topic in sorted(content.library().topics.values(), key=lambda one: one.id):
        for language in topic.answer:
            signed = [one for one in topic.approvals if one.language == language]
            common = {
                "answer": topic.id,
                "language": language,
                "kind": TIERS[topic.risk],
                "needed": SIGNATURES_NEEDED[topic.risk],
                "approved": "yes" if is_approved(topic, language) else "no",
                "words": content.hashes(topic)[language],
            }
            found += [{**common, **_signature(topic, one)} for one in signed] or [{**common, **_UNSIGNED}]
    return found


def _signature(topic: Topic, one: Approval) -> Dict[str, Any]:
    if one in valid_approvals(topic, one.language):
        counts = "yes"
    elif is_genuine(one):
        counts = "no: the words changed since"
    else:
        counts = "no: not signed with the clinic's key"
    signature = {"signed": one.sha256, "signature": one.signature}
    return {"by": one.by, "role": one.role, "on": one.on, **signature, "counts": counts}


def _signatures() -> Iterator[Dict[str, Any]]:
    words = dict(TICKS)
    for one in Signature.objects.select_related("person", "change").order_by("at"):
        yield {
            "at": one.at.isoformat(),
            "answer": one.change.topic,
            "by": one.person.name,
            "role": one.person.signature,
            "confirmed": " ".join(words.get(key, key) for key in one.ticks),
            "own text": "yes" if one.own_text else "no",
            "reason": one.reason,
            "next check": one.next_check.isoformat(),
            "draft": one.fingerprint,
        }


def _drafts() -> Iterator[Dict[str, Any]]:
    for one in Change.objects.filter(state__in=OPEN_STATES).prefetch_related("contributors"):
        yield {
            "answer": one.topic,
            "state": one.get_state_display(),
            "written by": ", ".join(person.name for person in one.contributors.all()),
            "reason": one.reason,
            "saved at": one.saved_at.isoformat(),
            "changes": ", ".join(ENTRY_NAMES.get(name, name) for name in one.differences),
        }


def _versions() -> Iterator[Dict[str, Any]]:
    for one in Version.objects.order_by("id").iterator():
        yield {
            "number": one.pk,
            "answer": one.item,
            "at": one.at.isoformat(),
            "how": one.get_kind_display(),
            "by": one.by,
            "approved by": ", ".join(one.approved_by),
            "reason": one.reason,
            "versions": json.dumps(one.versions),
            "sha256": one.sha256,
        }


def _table(rows: Iterable[Dict[str, Any]]) -> bytes:
    listed = list(rows)
    columns = list(listed[0]) if listed else ["nothing"]
    return as_csv(columns, [[row[column] for column in columns] for row in listed]).encode()

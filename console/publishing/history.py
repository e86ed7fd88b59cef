"""Every state that a content file had, also those that somebody made with an editor outside of the console."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Dict, Iterable, List, Optional, Set

from django.conf import settings
from django.utils import timezone

from console.answers import content
from console.audit.models import note
from console.publishing import files
from console.publishing.locks import files_lock
from console.publishing.models import UNFINISHED, Publish, Version
from ketaguide.content.approvals import is_approved
from ketaguide.content.model import Topic
from ketaguide.content.problems import ContentError

FACTS = "facts"
FACTS_FILE = "clinic.yml"


def record(publish: Publish) -> None:
    """Adds the new state of every file of a publish."""
    about = {"by": publish.by.name, "approved_by": publish.approved_by, "reason": publish.reason}
    for file, states in publish.files.items():
        add(file, states["new"] or "", publish.kind, **about)


def add(file: str, text: str, kind: str, **about: Any) -> None:
    """Adds one state of a file, if it is one whose history is kept."""
    item = _item(file)
    if item:
        versions = _versions(file, text)
        Version.objects.create(
            item=item, file=file, text=text, sha256=_sha256(text), versions=versions, kind=kind, **about
        )


def notice() -> List[Version]:
    """Adds the states that files got outside of the console; returns those added."""
    with files_lock(wait=False) as had:
        return _notice() if had else []


def _notice() -> List[Version]:
    latest = dict(Version.objects.order_by("id").values_list("file", "sha256"))
    first = not latest
    busy: Set[str] = {file for publish in Publish.objects.filter(progress__in=UNFINISHED) for file in publish.files}
    found: List[Version] = []
    for file in _files_now():
        text = content.file_text(file) or ""
        if file in busy or latest.get(file) == _sha256(text):
            continue
        kind = Version.AS_FOUND if first else Version.BY_HAND
        found.append(
            Version(
                item=_item(file) or "",
                file=file,
                text=text,
                sha256=_sha256(text),
                versions=_versions(file, text),
                kind=kind,
            )
        )
    Version.objects.bulk_create(found)
    for version in [] if first else found:
        note("by_hand", version.item, who="somebody with an editor", file=version.file)
    return [] if first else found


def of(item: str) -> List[Version]:
    """Returns all states of an answer, newest first."""
    return list(Version.objects.filter(item=item))


def topic_of(version: Version) -> Optional[Topic]:
    """Returns the answer as it was, or None if that file could not be used."""
    try:
        return files.topic_in(version.file, version.text)
    except ContentError:
        return None


def why_not_restorable(version: Version, live: Topic) -> Optional[str]:
    """Returns why this version cannot be put back as it is, or None."""
    topic = topic_of(version)
    if topic is None:
        return "That file could not be used."
    if content.hashes(topic) == content.hashes(live):
        if live.withdrawn:
            return "These are the words that were withdrawn. Open the answer to show it again."
        return "These are the words that are live now."
    if not all(is_approved(topic, language) for language in topic.answer):
        return "That version carries no valid approval. Start a draft from it and send it for approval."
    if topic.review_by < timezone.localdate().isoformat():
        return "That version's check is overdue. Start a draft from it and send it for approval."
    return None


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _files_now() -> Iterable[str]:
    folder: Path = settings.DATA_FOLDER
    yield from sorted(path.relative_to(folder).as_posix() for path in (folder / "topics").glob("*/*.yml"))
    yield FACTS_FILE


def _item(file: str) -> Optional[str]:
    if file == FACTS_FILE:
        return FACTS
    return Path(file).stem if file.startswith("topics/") else None


def _versions(file: str, text: str) -> Dict[str, str]:
    if not file.startswith("topics/") or not text:
        return {}
    try:
        return files.versions(files.topic_in(file, text))
    except ContentError:
        return {}

"""Turns what a person wants to be live into a publish: which files become what, and by which lane."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Sequence

import yaml
from django.db import transaction
from django.utils import timezone

from console.answers import content
from console.answers.drafts import DraftError, blocking, is_stale
from console.answers.models import Change, State
from console.publishing import files, history
from console.publishing.models import Kind, Lane, Publish, Version
from console.publishing.words import publish_words
from console.review.approving import missing, signatures
from console.review.signing import obstacle, signed
from ketaguide.content.approvals import valid_approvals
from ketaguide.content.edit import with_entries
from ketaguide.content.model import Approval, Topic

TOPIC_IDS_FILE = "topic_ids.yml"


def publish_changes(changes: Sequence[Change], person: Any) -> Publish:
    """Publishes approved drafts as one: at once where only words changed, else in the queue of the other lane.

    Raises:
        DraftError: if one of them is not approved as it is now, or is behind the live answer.
    """
    with transaction.atomic():
        locked = list(Change.objects.select_for_update().filter(pk__in=[change.pk for change in changes]))
        for change in locked:
            _check_ready(change)
        texts: Dict[str, Dict[str, Optional[str]]] = {}
        for change in locked:
            texts.update(_files_of(change, texts))
        publish: Publish = Publish.objects.create(
            kind=Kind.CHANGE,
            lane=Lane.PHRASES if any(change.phrases_changed for change in locked) else Lane.WORDS,
            items=[change.topic for change in locked],
            files=texts,
            by=person,
            approved_by=sorted({signature.person.name for change in locked for signature in signatures(change)}),
            reason="; ".join(dict.fromkeys(change.reason for change in locked if change.reason)),
        )
        publish.changes.set(locked)
        Change.objects.filter(pk__in=[change.pk for change in locked]).update(state=State.PUBLISHING)
    return publish_words(publish) if publish.lane == Lane.WORDS else publish


def _check_ready(change: Change) -> None:
    if change.state != State.APPROVED or (not change.only_phrases and missing(change)):
        raise DraftError(f"“{change}” is not approved as it is now.")
    if is_stale(change):
        raise DraftError(f"The live answer “{change}” changed since this draft was started. Bring it up to date first.")
    why_not = None if change.only_phrases else obstacle()
    if why_not:
        raise DraftError(why_not)
    stopping = blocking(change)
    if stopping:
        raise DraftError(f"A check stands against “{change}”: {stopping[0].message}.")


def _files_of(change: Change, so_far: Dict[str, Any]) -> Dict[str, Dict[str, Optional[str]]]:
    file = content.topic_file(change.group, change.topic)
    entries: Dict[str, Any] = {} if change.is_new else dict(change.differences)
    if change.is_new:
        entries = {"id": change.topic, **{name: value for name, value in change.values.items() if value != {}}}
    if not change.only_phrases:
        # A draft that was approved as a whole is shown again, if its answer was withdrawn.
        entries |= {"approvals": _approvals(change), "withdrawn": None, **_dates(change)}
    texts = {file: files.change_of(file, entries)}
    if change.is_new:
        texts[TOPIC_IDS_FILE] = _with_topic_id(change, so_far.get(TOPIC_IDS_FILE))
    return texts


def _dates(change: Change) -> Dict[str, str]:
    days = [signature.next_check for signature in signatures(change)]
    return {"checked_on": timezone.localdate().isoformat(), "review_by": min(days).isoformat()}


def _approvals(change: Change) -> List[Dict[str, str]]:
    topic = change.as_topic()
    given = [
        signed(
            Approval(
                language=language,
                by=signature.person.name,
                role=signature.person.signature,
                on=timezone.localtime(signature.at).date().isoformat(),
                sha256=hash_,
            )
        )
        for signature in signatures(change)
        for language, hash_ in content.hashes(topic).items()
    ]
    renewed = {(approval.language, approval.by) for approval in given}
    valid = [approval for language in topic.answer for approval in valid_approvals(topic, language)]
    kept = [approval for approval in valid if (approval.language, approval.by) not in renewed]
    return [approval.entry for approval in (*kept, *given)]


def _with_topic_id(change: Change, earlier: Optional[Dict[str, Optional[str]]]) -> Dict[str, Optional[str]]:
    old = content.file_text(TOPIC_IDS_FILE) or ""
    text = (earlier or {}).get("new") or old
    ids = yaml.safe_load(text)
    group = {**(ids.get(change.group) or {}), change.topic: str(change.values["question"])}
    return {"old": old, "new": with_entries(text, {change.group: group})}


def withdraw(topic: Topic, person: Any, why: str) -> Publish:
    """Takes an answer out of the conversation at once.

    Raises:
        DraftError: if it is withdrawn already, or no reason is given.
    """
    if topic.withdrawn:
        raise DraftError("This answer is withdrawn already.")
    if not why.strip():
        raise DraftError("Say in a few words why.")
    mark = {"by": person.name, "on": timezone.localdate().isoformat(), "why": why.strip()}
    return _at_once(topic, {"withdrawn": mark}, Kind.WITHDRAW, person, why)


def put_back(topic: Topic, person: Any, why: str) -> Publish:
    """Shows a withdrawn answer again, with the words that it had.

    Raises:
        DraftError: if it is not withdrawn.
    """
    if not topic.withdrawn:
        raise DraftError("This answer is not withdrawn.")
    return _at_once(topic, {"withdrawn": None}, Kind.PUT_BACK, person, why)


def restore_version(topic: Topic, version: Version, person: Any, why: str) -> Publish:
    """Makes an earlier approved version live again; the questions that people ask stay as they are.

    Raises:
        DraftError: if that version was not approved, or is overdue.
    """
    why_not = history.why_not_restorable(version, topic)
    earlier = history.topic_of(version)
    if why_not or earlier is None:
        raise DraftError(why_not or "That file could not be used.")
    learnt = ("title", "question", "examples")
    entries = {name: value for name, value in content.entries(earlier).items() if name not in learnt}
    entries["approvals"] = [approval.entry for approval in earlier.approvals]
    return _at_once(topic, {**entries, "withdrawn": None}, Kind.RESTORE, person, why)


def _at_once(topic: Topic, entries: Dict[str, Any], kind: Any, person: Any, why: str) -> Publish:
    file = content.topic_file(topic.group, topic.id)
    publish: Publish = Publish.objects.create(
        kind=kind,
        lane=Lane.WORDS,
        items=[topic.id],
        files={file: files.change_of(file, entries)},
        by=person,
        reason=why.strip(),
    )
    return publish_words(publish)


def publish_facts(values: Dict[str, str], person: Any) -> Publish:
    """Makes the clinic's facts live."""
    publish: Publish = Publish.objects.create(
        kind=Kind.FACTS,
        lane=Lane.WORDS,
        files={history.FACTS_FILE: files.change_of(history.FACTS_FILE, values)},
        by=person,
        reason="Clinic facts",
    )
    return publish_words(publish)

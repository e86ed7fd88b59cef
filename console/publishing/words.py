"""The lane for words: saved, confirmed by the running assistant, live at the next message, or all as before."""

from __future__ import annotations

import logging
from typing import Any

from django.db import transaction

from console.answers.models import State
from console.assistant.client import AssistantUnreachableError
from console.audit.models import note
from console.publishing import files, history
from console.publishing.confirming import contradiction
from console.publishing.locks import files_lock
from console.publishing.models import Progress, Publish, Step
from ketaguide.content.problems import ContentError

logger = logging.getLogger(__name__)

CHANGED_MEANWHILE = "Nothing was changed: somebody else changed the answer in the meantime. Look at it again."
DOWN = "The assistant does not answer, so everything is as before. Ask whoever runs it to start it, then publish again."
DOWN_BUT_KEPT = "Saved. The assistant does not run; when it starts, it will no longer give this answer."


def publish_words(publish: Publish) -> Publish:
    """Makes a publish live, or leaves everything as it was; the publish tells which and why."""
    with files_lock():
        publish.reach(Step.CHECK)
        problem = _problem(publish)
        if problem:
            return stop(publish, problem)
        try:
            publish.reach(Step.SAVE)
            files.write(publish.files, "new")
            publish.reach(Step.CONFIRM)
            return confirm_or_restore(publish)
        except OSError as error:
            logger.error("An answer could not be saved (%s).", type(error).__name__)
            return restore(publish, f"Everything is as before: the file could not be written ({error.strerror}).")


def confirm_or_restore(publish: Publish) -> Publish:
    """Asks the assistant, then settles the publish one way or the other. The caller holds the files' lock."""
    try:
        found = contradiction(publish)
    except AssistantUnreachableError:
        if publish.stays_when_unconfirmed:
            publish.end(Progress.WAITING, DOWN_BUT_KEPT)
            return publish
        return restore(publish, DOWN)
    if found:
        return restore(publish, f"Everything is as before, because {found}.")
    return go_live(publish)


def go_live(publish: Publish) -> Publish:
    """Writes down that a publish is live."""
    with transaction.atomic():
        history.record(publish)
        publish.changes.update(state=State.LIVE)
        publish.end(Progress.LIVE, "Live. The assistant has confirmed it.")
        note(publish.kind, str(publish), person=publish.by, outcome="live", reason=publish.reason)
    return publish


def restore(publish: Publish, message: str) -> Publish:
    """Brings the files back to what they were."""
    if files.strangers(publish.files):
        message = f"{message} One of the files was changed by hand in the meantime and was left as it is."
    else:
        files.write(publish.files, "old")
    return ended(publish, Progress.RESTORED, message)


def stop(publish: Publish, message: str) -> Publish:
    """Ends a publish that has changed nothing."""
    return ended(publish, Progress.STOPPED, message)


def ended(publish: Publish, progress: Any, message: str) -> Publish:
    with transaction.atomic():
        publish.changes.filter(state=State.PUBLISHING).update(state=State.APPROVED)
        publish.end(progress, message)
        note(publish.kind, str(publish), person=publish.by, outcome=progress.value, message=message)
    return publish


def _problem(publish: Publish) -> str:
    if not files.are(publish.files, "old"):
        return CHANGED_MEANWHILE
    try:
        for file, states in publish.files.items():
            if file.startswith("topics/") and states["new"]:
                files.topic_in(file, states["new"])
    except ContentError as error:
        return f"Nothing was changed: {error.problems[0].message}. {error.problems[0].remedy}."
    return ""

"""After a sudden end of the console, the trainer or the assistant: settles every publish one way or the other."""

from __future__ import annotations

from console.answers.models import Change, State
from console.assistant.client import AssistantUnreachableError
from console.publishing import files, learning, phrases, words
from console.publishing.confirming import contradiction
from console.publishing.locks import files_lock
from console.publishing.models import Lane, Progress, Publish, Step

CUT_OFF = "The console was stopped before anything was changed. Visitors get the answer as before. Publish again."
HANDING_OVER = (Step.SAVE, Step.SWAP, Step.CONFIRM)


def settle_after_start() -> None:
    """Settles what was under way when the console ended. To be called before anything else is published."""
    with files_lock():
        for publish in Publish.objects.filter(progress=Progress.RUNNING).order_by("id"):
            _settle(publish)
    # A draft that was taken for publishing, but whose publish was never written down.
    for change in Change.objects.filter(state=State.PUBLISHING):
        if not change.publishes.filter(progress__in=(Progress.QUEUED, Progress.RUNNING, Progress.WAITING)).exists():
            Change.objects.filter(pk=change.pk).update(state=State.APPROVED)
    unfinished = Publish.objects.filter(progress__in=(Progress.QUEUED, Progress.RUNNING, Progress.WAITING))
    learning.discard_all_but(list(unfinished.values_list("pk", flat=True)))


def _settle(publish: Publish) -> None:
    if publish.step not in HANDING_OVER:
        _before_anything_changed(publish)
    elif files.strangers(publish.files):
        words.restore(publish, "The console was stopped in between.")
    elif publish.lane == Lane.PHRASES:
        _forward_or_back(publish)
    elif publish.step == Step.SAVE and files.are(publish.files, "old"):
        words.stop(publish, CUT_OFF)
    else:
        # Words were being saved: finish that, then let the assistant decide.
        files.write(publish.files, "new")
        _confirm_or_wait(publish)


def _before_anything_changed(publish: Publish) -> None:
    if publish.lane == Lane.PHRASES:
        publish.step = Step.QUEUE
        publish.save(update_fields=["step"])
        publish.end(Progress.QUEUED, "The console was stopped in between; learning starts again.")
    else:
        words.stop(publish, CUT_OFF)


def _forward_or_back(publish: Publish) -> None:
    if (learning.stage_folder(publish.pk) / learning.MODEL).exists():
        phrases.hand_over(publish)
    else:
        phrases.undo(publish, "The console was stopped in between, so everything is as before.")


def settle_waiting() -> None:
    """Asks the assistant about what is saved but was not heard yet."""
    waiting = Publish.objects.filter(progress=Progress.WAITING).order_by("id")
    if not waiting.exists():
        return
    with files_lock(wait=False) as had:
        for publish in waiting if had else ():
            _confirm_or_wait(publish)


def _confirm_or_wait(publish: Publish) -> None:
    try:
        found = contradiction(publish)
    except AssistantUnreachableError:
        publish.step = Step.CONFIRM
        publish.save(update_fields=["step"])
        publish.end(Progress.WAITING, "Saved. The assistant does not run; what it says is confirmed when it is back.")
        return
    if found and not publish.stays_when_unconfirmed:
        words.restore(publish, f"Everything is as before, because {found}.")
    elif not found:
        words.go_live(publish)

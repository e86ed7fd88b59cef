"""What was or is being made live, and every version that ever was."""

from __future__ import annotations

from typing import Any, Dict, List

from django.conf import settings
from django.db import models
from django.dispatch import Signal
from django.utils import timezone

from console.answers import content
from console.answers.models import Change

# Sent when a publish reaches a step, after the step is written down and before its work is done.
step_reached = Signal()


class Kind(models.TextChoices):
    """What is made live."""

    CHANGE = "change", "Changed answer"
    WITHDRAW = "withdraw", "Withdrawn"
    PUT_BACK = "put_back", "Put back"
    RESTORE = "restore", "Earlier version restored"
    FACTS = "facts", "Clinic facts"


class Lane(models.TextChoices):
    """How it gets there."""

    WORDS = "words", "At once"
    PHRASES = "phrases", "After learning"


class Progress(models.TextChoices):
    """How far it is, or how it ended."""

    QUEUED = "queued", "Waiting its turn"
    RUNNING = "running", "Under way"
    WAITING = "waiting", "Saved; waiting for the assistant to run"
    LIVE = "live", "Live"
    REFUSED = "refused", "Refused: the assistant would understand less"
    RESTORED = "restored", "Not live: everything is as before"
    STOPPED = "stopped", "Not live: nothing was changed"


class Step(models.TextChoices):
    """What is being done."""

    QUEUE = "queue", "Waiting its turn"
    CHECK = "check", "Checking"
    LEARN = "learn", "Learning the questions"
    TEST = "test", "Testing that nothing got worse"
    SAVE = "save", "Saving"
    SWAP = "swap", "Handing it to the assistant"
    CONFIRM = "confirm", "Asking the assistant what it says now"
    DONE = "done", "Done"


STEPS: Dict[Any, List[Any]] = {
    Lane.WORDS: [Step.CHECK, Step.SAVE, Step.CONFIRM, Step.DONE],
    Lane.PHRASES: [Step.CHECK, Step.LEARN, Step.TEST, Step.SAVE, Step.SWAP, Step.CONFIRM, Step.DONE],
}
UNFINISHED = (Progress.QUEUED, Progress.RUNNING, Progress.WAITING)


class Publish(models.Model):
    """One act of making something live, with all that is needed to finish it or to undo it.

    Attributes:
        items: Ids of the answers it is about; empty for the clinic's facts.
        files: File below the content folder to its whole text before and after; None where there is no file.
        report: What the test of the new model found, and what learning has said so far.
        message: How it ended, for people.
    """

    kind = models.CharField(max_length=20, choices=Kind.choices)
    lane = models.CharField(max_length=20, choices=Lane.choices)
    progress = models.CharField(max_length=20, choices=Progress.choices, default=Progress.QUEUED, db_index=True)
    step = models.CharField(max_length=20, choices=Step.choices, default=Step.QUEUE)
    items = models.JSONField(default=list)
    files = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    changes = models.ManyToManyField(Change, related_name="publishes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_by = models.JSONField(default=list)
    reason = models.TextField(blank=True)
    message = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        """Returns what it is about, for people."""
        return ", ".join(self.items) or "Clinic facts"

    @property
    def titles(self) -> str:
        """What it is about, by the titles of the answers."""
        topics = content.library().topics
        return ", ".join(topics[id_].title if id_ in topics else id_ for id_ in self.items) or "Clinic facts"

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will happen."""
        return self.progress not in UNFINISHED

    @property
    def stays_when_unconfirmed(self) -> bool:
        """Whether it stays written while the assistant is down: taking an answer back must never be undone."""
        return self.kind == Kind.WITHDRAW

    def steps(self) -> List[Dict[str, Any]]:
        """Returns each step with its words and whether it is done, under way or to come."""
        order = STEPS[self.lane]
        now = order.index(self.step) if self.step in order else -1
        ended = self.progress == Progress.LIVE
        return [
            {"words": step.label, "state": "done" if ended or i < now else "now" if i == now else "to come"}
            for i, step in enumerate(order)
        ]

    def reach(self, step: Any) -> None:
        """Writes down that a step begins."""
        self.step, self.progress = step, Progress.RUNNING
        self.save(update_fields=["step", "progress"])
        step_reached.send(Publish, publish=self, step=step)

    def end(self, progress: Any, message: str) -> None:
        """Writes down how it ended, or what it is waiting for."""
        self.progress, self.message = progress, message
        if self.is_finished:
            self.finished_at = timezone.now()
            if progress == Progress.LIVE:
                self.step = Step.DONE
        self.save(update_fields=["progress", "message", "finished_at", "step"])


class Version(models.Model):
    """One state that a content file had while it was live.

    Attributes:
        item: The answer's id, or "facts".
        file: The file below the content folder.
        text: The whole file; empty where the file was taken away.
        sha256: Of the text.
        versions: Language to the content version that messages of this state carry.
        kind: How it came about.
    """

    AS_FOUND, BY_HAND, SIGNED = "as_found", "by_hand", "signed"
    KINDS = (
        *Kind.choices,
        (AS_FOUND, "As it was when the console was set up"),
        (BY_HAND, "Changed by hand, outside of the console"),
        (SIGNED, "Its approvals signed with the clinic's key"),
    )

    item = models.CharField(max_length=80, db_index=True)
    file = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64)
    versions = models.JSONField(default=dict)
    kind = models.CharField(max_length=20, choices=KINDS)
    by = models.CharField(max_length=120, blank=True)
    approved_by = models.JSONField(default=list)
    reason = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

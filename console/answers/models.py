"""Drafts: what somebody wants to change about an answer, on its way to being live."""

from __future__ import annotations

import datetime
import hashlib
import json
from typing import Any, Dict, Optional

from django.conf import settings
from django.db import models
from django.utils import timezone

from console.answers import content
from console.answers.tiers import stricter
from ketaguide.content.model import Risk, Topic

SEEN_EDITING = datetime.timedelta(minutes=2)


class State(models.TextChoices):
    """Where a draft is on its way."""

    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "Waiting for approval"
    CHANGES_ASKED = "changes_asked", "Changes asked for"
    APPROVED = "approved", "Approved, not live yet"
    PUBLISHING = "publishing", "Being published"
    LIVE = "live", "Live"
    DROPPED = "dropped", "Dropped"


OPEN_STATES = (State.DRAFT, State.IN_REVIEW, State.CHANGES_ASKED, State.APPROVED, State.PUBLISHING)


class ChangeSet(models.Model):
    """Drafts that belong together and are approved and published as one."""

    name = models.CharField(max_length=120)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        """Returns the set's name."""
        return str(self.name)


class Change(models.Model):
    """A draft of one answer.

    Attributes:
        topic: The answer's id; its file may not exist yet.
        group: The group that the answer is in.
        base: The entries of the live answer that the draft started from; empty for a new answer.
        values: The entries as the draft wants them.
        revision: Counts saves: a save over a newer one is refused.
        reason: Why, in the writer's words; needed before it is sent.
        contributors: Everybody who changed the draft; none of them approves it.
        editor: Who saved last, and `page`, the opened page it was saved from.
    """

    topic = models.CharField(max_length=80)
    group = models.CharField(max_length=40)
    base = models.JSONField(default=dict)
    values = models.JSONField(default=dict)
    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT, db_index=True)
    revision = models.PositiveIntegerField(default=1)
    reason = models.TextField(blank=True)
    note_to_reviewer = models.TextField(blank=True)
    review_note = models.TextField(blank=True)
    due = models.DateField(null=True, blank=True)
    change_set = models.ForeignKey(ChangeSet, null=True, blank=True, on_delete=models.SET_NULL, related_name="changes")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    contributors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    page = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(auto_now=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["topic"], condition=models.Q(state__in=OPEN_STATES), name="one_open_draft_per_answer"
            )
        ]
        ordering = ["-saved_at"]

    def __str__(self) -> str:
        """Returns the answer's title as the draft has it."""
        return str(self.values.get("title") or self.topic)

    def as_topic(self) -> Topic:
        """Returns the answer as the draft would make it."""
        return content.as_topic(self.topic, self.group, self.values, content.library().topics.get(self.topic))

    @property
    def fingerprint(self) -> str:
        """A hash of everything in the draft: a signature counts for exactly this."""
        text = json.dumps([self.topic, self.group, self.values], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8")).hexdigest()

    @property
    def is_new(self) -> bool:
        """Whether the answer does not exist yet."""
        return not self.base

    @property
    def differences(self) -> Dict[str, Any]:
        """The entries that the draft changes, with their new values."""
        return {name: value for name, value in self.values.items() if self.base.get(name) != value}

    @property
    def phrases_changed(self) -> bool:
        """Whether the assistant has to learn again: what people ask changed."""
        return bool({"examples", "question", "title"} & set(self.differences))

    @property
    def only_phrases(self) -> bool:
        """Whether nothing but the questions that people ask changed."""
        return bool(self.differences) and set(self.differences) == {"examples"}

    @property
    def signs_live_text(self) -> bool:
        """Whether this asks for a signature under the words that are live, unchanged."""
        return not self.is_new and not self.differences

    @property
    def tier(self) -> Risk:
        """The stricter of the tiers before and after: lowering a tier is decided in the old one."""
        new: Risk = self.values["risk"]
        old: Optional[Risk] = self.base.get("risk")
        return stricter(old, new) if old else new

    @property
    def is_open(self) -> bool:
        """Whether the draft is still on its way."""
        return self.state in OPEN_STATES

    def is_edited_by_other(self, person: Any) -> bool:
        """Tells whether somebody else has typed here in the last minutes."""
        return bool(self.editor_id and self.editor_id != person.pk and self.saved_at > timezone.now() - SEEN_EDITING)


def open_change(topic: str) -> Optional[Change]:
    """Returns the draft of this answer that is on its way, or None."""
    found: Optional[Change] = Change.objects.filter(topic=topic, state__in=OPEN_STATES).first()
    return found

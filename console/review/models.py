"""Signatures under drafts."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from console.answers.models import Change


class Signature(models.Model):
    """One person's approval of exactly one state of a draft.

    Attributes:
        fingerprint: The state of the draft that was signed; for any other state this counts for nothing.
        ticks: What the person confirmed, by question.
        own_text: Whether the person had written it (allowed in a clinic with one clinician, after a wait).
        reason: Needed where it is the person's own text.
        next_check: The day by which the answer is to be checked again.
    """

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="signatures")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    fingerprint = models.CharField(max_length=64)
    ticks = models.JSONField(default=list)
    own_text = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    next_check = models.DateField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["change", "person", "fingerprint"], name="one_signature_per_person")
        ]
        ordering = ["at"]


class Comment(models.Model):
    """What somebody said about a draft."""

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="comments")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at"]

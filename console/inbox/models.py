"""What staff decided about questions. The questions themselves are never copied from the assistant's record."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from console.answers.models import Change


class Kind(models.TextChoices):
    """What became of a question."""

    ADDED = "added", "Added to an answer"
    NEW_ANSWER = "new_answer", "A new answer is being written"
    FOR_A_PERSON = "for_a_person", "Belongs to a person"
    IGNORED = "ignored", "Ignored for good"


class Decision(models.Model):
    """One decision, found again by a fingerprint of the question's words.

    Attributes:
        fingerprint: SHA-256 (hex) of the normalised words, so that no visitor's words are kept.
        change: The draft that the question was added to, or that of the new answer.
    """

    fingerprint = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    change = models.ForeignKey(Change, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

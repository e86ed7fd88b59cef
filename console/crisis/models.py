"""Approvals of crisis texts on their way: one clinician has signed, a second one has to."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class CrisisSignature(models.Model):
    """One clinician's approval of exactly the texts of one file.

    Attributes:
        place: Language and name of the file, such as "en/suicide".
        sha256: The hash of its texts; for any other texts this counts for nothing.
        ticks: What the person confirmed.
    """

    place = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ticks = models.JSONField(default=list)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "sha256", "person"], name="one_crisis_signature_per_person")
        ]
        ordering = ["at"]

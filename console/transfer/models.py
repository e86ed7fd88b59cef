"""A table that somebody handed in, kept between its upload and the drafts that it becomes."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone

KEPT = datetime.timedelta(days=1)


class Upload(models.Model):
    """One table.

    Attributes:
        columns: Heads of its columns.
        rows: Its cells as text, row by row.
        mapping: Field to the number of the column that fills it.
        language: The language of the texts, where no column says it.
    """

    name = models.CharField(max_length=120)
    columns = models.JSONField(default=list)
    rows = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    language = models.CharField(max_length=5, default="en")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    @classmethod
    def forget_old(cls) -> None:
        """Deletes tables that nobody went on with."""
        cls.objects.filter(at__lt=timezone.now() - KEPT).delete()

"""The app of approvals."""

from __future__ import annotations

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """Signatures under drafts."""

    name = "console.review"
    label = "review"

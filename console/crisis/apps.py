"""The app of crisis texts."""

from __future__ import annotations

from django.apps import AppConfig


class CrisisConfig(AppConfig):
    """Approvals of crisis texts."""

    name = "console.crisis"
    label = "crisis"

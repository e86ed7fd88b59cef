"""The app of publishing."""

from __future__ import annotations

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    """Publishing and history."""

    name = "console.publishing"
    label = "publishing"

"""The app of the shared screens."""

from __future__ import annotations

from django.apps import AppConfig


class ScreensConfig(AppConfig):
    """Shared parts of the screens."""

    name = "console.screens"
    label = "screens"

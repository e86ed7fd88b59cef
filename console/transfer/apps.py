"""The app of import and export."""

from __future__ import annotations

from django.apps import AppConfig


class TransferConfig(AppConfig):
    """Import and export."""

    name = "console.transfer"
    label = "transfer"

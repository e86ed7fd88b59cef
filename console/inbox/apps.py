"""The app of unanswered questions."""

from __future__ import annotations

from django.apps import AppConfig


class InboxConfig(AppConfig):
    """Unanswered questions."""

    name = "console.inbox"
    label = "inbox"

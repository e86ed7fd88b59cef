"""The app of answers and their drafts."""

from __future__ import annotations

from django.apps import AppConfig


class AnswersConfig(AppConfig):
    """Answers and drafts."""

    name = "console.answers"
    label = "answers"

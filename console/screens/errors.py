"""What is shown when something is not there, not allowed or broken: what happened, and what to do."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def not_allowed(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """Returns the page for what a role does not include."""
    words = str(exception or "") or "Your role does not include this. Ask the manager of the console."
    return _page(request, 403, "This is not yours to do", words)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """Returns the page for what is not there."""
    return _page(request, 404, "There is nothing here", "It may have been renamed. Look for it under Answers.")


def broken(request: HttpRequest) -> HttpResponse:
    """Returns the page for a fault of the console."""
    words = "The console made a mistake. What visitors get is not affected. Try again; if it stays, tell your operator."
    return _page(request, 500, "Something went wrong", words)


def expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Returns the page for a form that was open for too long or came from somewhere else."""
    words = "This page was open for too long, or was sent from somewhere else. Go back, reload it and try again."
    return _page(request, 403, "Please try again", words)


def _page(request: HttpRequest, status: int, title: str, words: str) -> HttpResponse:
    return render(request, "error.html", {"title": title, "words": words}, status=status)

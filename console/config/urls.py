"""Every address of the console. Each room lists its own."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def health(_: HttpRequest) -> HttpResponse:
    """Tells a watcher that the console runs."""
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("health", health, name="health"),
    path("", include("console.screens.urls")),
    path("", include("console.people.urls")),
    path("", include("console.answers.urls")),
    path("", include("console.review.urls")),
    path("", include("console.publishing.urls")),
    path("", include("console.facts.urls")),
    path("", include("console.sources.urls")),
    path("", include("console.crisis.urls")),
    path("", include("console.inbox.urls")),
    path("", include("console.test_chat.urls")),
    path("", include("console.reports.urls")),
    path("", include("console.transfer.urls")),
    path("", include("console.audit.urls")),
]
handler403 = "console.screens.errors.not_allowed"
handler404 = "console.screens.errors.not_found"
handler500 = "console.screens.errors.broken"

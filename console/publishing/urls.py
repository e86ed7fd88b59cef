"""Addresses of publishing and history."""

from __future__ import annotations

from django.urls import path

from console.publishing import views

urlpatterns = [
    path("publish", views.publish, name="publish"),
    path("publish/now", views.publish_now, name="publish_now"),
    path("publish/<int:pk>", views.progress, name="progress"),
    path("answers/<slug:topic>/withdraw", views.withdraw, name="withdraw"),
    path("answers/<slug:topic>/put-back", views.put_back, name="put_back"),
    path("answers/<slug:topic>/history", views.topic_history, name="history"),
    path("answers/<slug:topic>/history/<int:pk>", views.version, name="version"),
    path("answers/<slug:topic>/history/<int:pk>/restore", views.restore, name="restore"),
    path("answers/<slug:topic>/history/<int:pk>/draft", views.draft_from, name="draft_from"),
]

"""Addresses of crisis texts."""

from __future__ import annotations

from django.urls import path

from console.crisis import views

urlpatterns = [
    path("crisis-texts", views.crisis_texts, name="crisis_texts"),
    path("crisis-texts/<slug:language>/<slug:name>", views.crisis_text, name="crisis_text"),
    path("crisis-texts/<slug:language>/<slug:name>/approve", views.approve, name="approve_crisis_text"),
]

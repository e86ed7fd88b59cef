"""Addresses of the log."""

from __future__ import annotations

from django.urls import path

from console.audit import views

urlpatterns = [
    path("log", views.log, name="log"),
    path("log/export", views.export, name="log_export"),
]

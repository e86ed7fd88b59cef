"""Addresses of the reports."""

from __future__ import annotations

from django.urls import path

from console.reports import views

urlpatterns = [
    path("reports", views.reports, name="reports"),
    path("reports/export", views.export, name="reports_export"),
]

"""Addresses of the first page."""

from __future__ import annotations

from django.urls import path

from console.screens import today

urlpatterns = [path("", today.today, name="today")]

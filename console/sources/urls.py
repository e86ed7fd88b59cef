"""The address of the sources."""

from __future__ import annotations

from django.urls import path

from console.sources import views

urlpatterns = [path("sources", views.sources, name="sources")]

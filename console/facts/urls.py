"""The address of the clinic's facts."""

from __future__ import annotations

from django.urls import path

from console.facts import views

urlpatterns = [path("facts", views.facts, name="facts")]

"""Addresses of the test chat."""

from __future__ import annotations

from django.urls import path

from console.test_chat import views

urlpatterns = [
    path("test-chat", views.test_chat, name="test_chat"),
    path("test-chat/save", views.save_question, name="save_question"),
    path("test-chat/remove", views.remove_question, name="remove_question"),
]

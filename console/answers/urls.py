"""Addresses of answers and drafts."""

from __future__ import annotations

from django.urls import path

from console.answers import adding, editing, phrases, views

urlpatterns = [
    path("answers", views.answers, name="answers"),
    path("answers/new", adding.new_answer, name="new_answer"),
    path("answers/<slug:topic>", views.answer, name="answer"),
    path("answers/<slug:topic>/edit", editing.edit, name="edit"),
    path("answers/<slug:topic>/send", editing.send, name="send"),
    path("answers/<slug:topic>/compare", editing.compare, name="compare"),
    path("answers/<slug:topic>/drop", editing.drop, name="drop"),
    path("answers/<slug:topic>/up-to-date", editing.bring_up_to_date, name="bring_up_to_date"),
    path("answers/<slug:topic>/sign", editing.ask_for_signature, name="ask_for_signature"),
    path("answers/<slug:topic>/phrases", phrases.phrases, name="phrases"),
    path("answers/<slug:topic>/phrases/try", phrases.try_phrase, name="try_phrase"),
]

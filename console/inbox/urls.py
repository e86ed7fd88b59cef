"""Addresses of unanswered questions."""

from __future__ import annotations

from django.urls import path

from console.inbox import views

urlpatterns = [
    path("unanswered", views.inbox, name="inbox"),
    path("unanswered/lately", views.lately_asked, name="lately_asked"),
    path("unanswered/decided/<int:pk>/take-back", views.take_back, name="take_back"),
    path("unanswered/<str:key>", views.question, name="question"),
    path("unanswered/<str:key>/add", views.add, name="question_add"),
    path("unanswered/<str:key>/new-answer", views.new_answer, name="question_new_answer"),
    path("unanswered/<str:key>/put-aside", views.put_aside, name="question_put_aside"),
]

"""Addresses of reviewing."""

from __future__ import annotations

from django.urls import path

from console.review import views

urlpatterns = [
    path("review", views.review, name="review"),
    path("review/set", views.make_set, name="make_set"),
    path("review/<int:pk>", views.review_one, name="review_one"),
    path("review/<int:pk>/approve", views.approve, name="approve"),
    path("review/<int:pk>/ask", views.ask_for_changes, name="ask_for_changes"),
    path("review/<int:pk>/comment", views.comment, name="comment"),
]

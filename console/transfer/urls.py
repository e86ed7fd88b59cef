"""Addresses of import and export."""

from __future__ import annotations

from django.urls import path

from console.transfer import views

urlpatterns = [
    path("import-export", views.transfer, name="transfer"),
    path("import-export/take/<str:name>", views.export, name="export"),
    path("import-export/printable", views.printable, name="printable"),
    path("import-export/upload", views.upload, name="import_upload"),
    path("import-export/<int:pk>/columns", views.columns, name="import_columns"),
    path("import-export/<int:pk>/look", views.look, name="import_look"),
]

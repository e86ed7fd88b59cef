"""Addresses of accounts."""

from __future__ import annotations

from django.urls import path

from console.people import accounts, signing_in

urlpatterns = [
    path("sign-in", signing_in.sign_in, name="sign_in"),
    path("sign-in/code", signing_in.sign_in_code, name="sign_in_code"),
    path("sign-out", signing_in.sign_out, name="sign_out"),
    path("set-password/<str:key>/<str:token>", accounts.set_password, name="set_password"),
    path("account", accounts.account, name="account"),
    path("account/code", accounts.code_setup, name="code_setup"),
    path("account/code/remove", accounts.code_remove, name="code_remove"),
    path("people", accounts.people, name="people"),
    path("people/new", accounts.edit_person, name="person_new"),
    path("people/settings", accounts.clinic_settings, name="clinic_settings"),
    path("people/<int:pk>", accounts.edit_person, name="person"),
    path("people/<int:pk>/link", accounts.person_link, name="person_link"),
]

"""Signing in and out: password, then a code for those who set one up."""

from __future__ import annotations

import time
from typing import Optional

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from console.audit.models import note, note_request
from console.people import codes, lockout
from console.people.access import address_of
from console.people.forms import CodeForm, SignInForm
from console.people.models import Person

# The person who gave the right password and still owes a code, and since when.
HALF_IN = "half_signed_in"
CODE_SECONDS = 300
LOCKED = "Too many failed attempts. Wait 15 minutes, then try again."
WRONG = "The sign-in name or the password is not right."


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Shows the sign-in page, and lets in who knows the password."""
    if request.user.is_authenticated:
        return redirect("today")
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        username, address = form.cleaned_data["username"], address_of(request)
        if lockout.is_locked(username, address):
            form.add_error(None, LOCKED)
            return render(request, "people/sign_in.html", {"form": form}, status=429)
        person = authenticate(request, username=username, password=form.cleaned_data["password"])
        if person is None:
            lockout.note_failure(username, address)
            note("sign_in_failed", username[:80], who="somebody", address=address)
            form.add_error(None, WRONG)
        elif person.totp_secret:
            request.session[HALF_IN] = [person.pk, int(time.time()), _next(request)]
            return redirect("sign_in_code")
        else:
            return _let_in(request, person, _next(request))
    return render(request, "people/sign_in.html", {"form": form})


@require_http_methods(["GET", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """Asks for the code of an authenticator app."""
    person, target = _half_in(request)
    if person is None:
        return redirect("sign_in")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if lockout.is_locked(person.username, address_of(request)):
            form.add_error(None, LOCKED)
        elif codes.accept(person, form.cleaned_data["code"]):
            return _let_in(request, person, target)
        else:
            lockout.note_failure(person.username, address_of(request))
            note("sign_in_failed", person.username, who="somebody", address=address_of(request), part="code")
            form.add_error("code", "This code is not right, or was used already. Wait for the next one.")
    return render(request, "people/sign_in_code.html", {"form": form})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session."""
    note_request(request, "signed_out")
    logout(request)
    messages.info(request, "You are signed out.")
    return redirect("sign_in")


def _half_in(request: HttpRequest) -> tuple[Optional[Person], str]:
    pk, since, target = request.session.get(HALF_IN) or (None, 0, "")
    if pk is None or time.time() - since > CODE_SECONDS:
        return None, ""
    return Person.objects.filter(pk=pk, is_active=True).exclude(totp_secret="").first(), target


def _let_in(request: HttpRequest, person: Person, target: str) -> HttpResponse:
    lockout.forget(person.username, address_of(request))
    request.session.pop(HALF_IN, None)
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    note_request(request, "signed_in")
    return redirect(target or "today")


def _next(request: HttpRequest) -> str:
    target = str(request.GET.get("next") or "")
    allowed = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if allowed and target.startswith("/") else ""

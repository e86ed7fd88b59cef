"""Accounts: the manager's list, and what everybody does with their own."""

from __future__ import annotations

from typing import Optional

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.tokens import default_token_generator
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from console.audit.models import note_request
from console.people import codes
from console.people.access import requires
from console.people.forms import CodeForm, NewPasswordForm, PersonForm, SettingForm
from console.people.models import ClinicSetting, Person
from console.people.roles import Action

PENDING_SECRET = "pending_code_secret"  # noqa: S105 - a session key's name


@require_GET
@requires(Action.MANAGE_PEOPLE)
def people(request: HttpRequest) -> HttpResponse:
    """Lists the accounts."""
    shown = {"people": Person.objects.all(), "settings_form": SettingForm(instance=ClinicSetting.current())}
    return render(request, "people/people.html", shown)


@require_http_methods(["GET", "POST"])
@requires(Action.MANAGE_PEOPLE)
def edit_person(request: HttpRequest, pk: Optional[int] = None) -> HttpResponse:
    """Adds or changes an account; a new one gets its password from its owner, through a link for one use."""
    person = get_object_or_404(Person, pk=pk) if pk else Person()
    form = PersonForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        new = person.pk is None
        saved = form.save(commit=False)
        if new:
            saved.set_unusable_password()
        saved.save()
        if not saved.is_active:
            _end_sessions(saved)
        detail = {name: str(form.cleaned_data[name]) for name in form.changed_data}
        note_request(request, "account_added" if new else "account_changed", saved.username, **detail)
        messages.success(request, f"{saved.name} is saved.")
        return redirect("person_link", pk=saved.pk) if new else redirect("people")
    return render(request, "people/person.html", {"form": form, "person": person if pk else None})


@require_http_methods(["GET", "POST"])
@requires(Action.MANAGE_PEOPLE)
def person_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Makes a link with which one person sets a password; it works once and for three days."""
    person = get_object_or_404(Person, pk=pk, is_active=True)
    key, token = urlsafe_base64_encode(str(person.pk).encode()), default_token_generator.make_token(person)
    link = request.build_absolute_uri(reverse("set_password", args=[key, token]))
    note_request(request, "password_link_made", person.username)
    return render(request, "people/link.html", {"person": person, "link": link})


@require_http_methods(["GET", "POST"])
def set_password(request: HttpRequest, key: str, token: str) -> HttpResponse:
    """Lets the owner of a link set the password, and signs in."""
    person = _owner(key)
    if person is None or not default_token_generator.check_token(person, token):
        return render(request, "people/link_used.html", status=404)
    form = NewPasswordForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        person.set_password(form.cleaned_data["password"])
        person.totp_secret = ""
        person.save()
        login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
        note_request(request, "password_set", person.username)
        messages.success(request, "Your password is set. Welcome.")
        return redirect("today")
    return render(request, "people/set_password.html", {"form": form, "person": person})


@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Shows one's own account and changes its password."""
    form = NewPasswordForm(request.POST or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        if request.user.check_password(request.POST.get("current", "")):
            request.user.set_password(form.cleaned_data["password"])
            request.user.save()
            update_session_auth_hash(request, request.user)
            note_request(request, "password_changed", request.user.username)
            messages.success(request, "Your password is changed. Other devices were signed out.")
            return redirect("account")
        form.add_error(None, "Your present password is not right.")
    return render(request, "people/account.html", {"form": form})


@require_http_methods(["GET", "POST"])
def code_setup(request: HttpRequest) -> HttpResponse:
    """Sets up an authenticator app; it counts once a code of it was right."""
    secret = request.session.setdefault(PENDING_SECRET, codes.new_secret())
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        step = codes.fitting_step(secret, form.cleaned_data["code"])
        if step is not None:
            Person.objects.filter(pk=request.user.pk).update(totp_secret=secret, totp_used=step)
            request.session.pop(PENDING_SECRET, None)
            note_request(request, "code_set_up", request.user.username)
            messages.success(request, "From now on signing in asks for a code of your app.")
            return redirect("account")
        form.add_error("code", "This code is not right. Check that your phone's clock is right, and try the next one.")
    shown = {"form": form, "secret": secret, "picture": codes.picture(request.user, secret)}
    return render(request, "people/code_setup.html", shown)


@require_POST
def code_remove(request: HttpRequest) -> HttpResponse:
    """Removes the authenticator app, for those who give their password."""
    if request.user.check_password(request.POST.get("current", "")):
        Person.objects.filter(pk=request.user.pk).update(totp_secret="")
        note_request(request, "code_removed", request.user.username)
        messages.success(request, "Signing in no longer asks for a code.")
    else:
        messages.error(request, "Your password is not right; nothing was changed.")
    return redirect("account")


@require_POST
@requires(Action.CHANGE_SETTINGS)
def clinic_settings(request: HttpRequest) -> HttpResponse:
    """Changes what a manager decides for the clinic."""
    form = SettingForm(request.POST, instance=ClinicSetting.current())
    if form.is_valid():
        form.save()
        note_request(request, "settings_changed", **{name: str(form.cleaned_data[name]) for name in form.changed_data})
        messages.success(request, "The settings are saved.")
    return redirect("people")


def _owner(key: str) -> Optional[Person]:
    try:
        return Person.objects.filter(pk=int(urlsafe_base64_decode(key)), is_active=True).first()
    except (ValueError, OverflowError):
        return None


def _end_sessions(person: Person) -> None:
    for session in Session.objects.filter(expire_date__gt=timezone.now()):
        if session.get_decoded().get("_auth_user_id") == str(person.pk):
            session.delete()

"""Getting in, staying in and being put out; what browsers are told; what the log keeps."""

from __future__ import annotations

import re
import stat
import time
from typing import Any, Dict

import pyotp
import pytest
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils.http import urlsafe_base64_encode

from console.answers.models import Change
from console.audit.models import AuditEntry, broken_links, note
from console.people import lockout
from console.people.idle import LAST_ACTIVE
from console.people.models import OWN_TEXT_WAIT, ClinicSetting, Person
from console.people.roles import Role
from ketaguide.shared_secret import shared_secret
from tests.console.conftest import PASSWORD, Clinic, SignIn
from tests.console.test_words_lane import approve, written_and_sent


def browser() -> Client:
    return Client(SERVER_NAME="localhost", enforce_csrf_checks=True)


def try_in(password: str, username: str = "nora", **headers: Any) -> Any:
    return Client(SERVER_NAME="localhost").post("/sign-in", {"username": username, "password": password}, **headers)


def test_a_wrong_password_lets_nobody_in(people: Dict[str, Person]) -> None:
    assert try_in("not this one at all").status_code == 200
    assert AuditEntry.objects.filter(what="sign_in_failed").exists()


def test_after_five_failures_the_right_password_has_to_wait(people: Dict[str, Person]) -> None:
    for _ in range(lockout.FAILURES_PER_NAME):
        try_in("wrong")
    assert try_in(PASSWORD).status_code == 429
    assert try_in(PASSWORD, "nils").status_code == 302


def test_guessing_many_names_from_one_address_is_stopped(people: Dict[str, Person]) -> None:
    for i in range(lockout.FAILURES_PER_ADDRESS):
        try_in("wrong", f"name{i}")
    assert try_in(PASSWORD).status_code == 429
    assert try_in(PASSWORD, REMOTE_ADDR="10.0.0.9").status_code == 302


def test_a_form_from_another_site_is_refused(people: Dict[str, Person]) -> None:
    assert browser().post("/sign-in", {"username": "nora", "password": PASSWORD}).status_code == 403


def test_a_signed_in_form_without_its_token_is_refused(clinic: Clinic, people: Dict[str, Person]) -> None:
    inside = browser()
    inside.force_login(people["nora"])
    before = clinic.file().read_text()
    assert inside.post("/answers/driving/withdraw", {"why": "x"}).status_code == 403
    assert clinic.file().read_text() == before


@pytest.mark.parametrize("path", ["/sign-in", "/", "/answers", "/answers/driving/edit", "/nothing-here"])
def test_pages_run_nothing_that_is_not_the_consoles_own(sign_in: SignIn, path: str) -> None:
    page = sign_in("nora").get(path)
    policy = page["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert page["X-Frame-Options"] == "DENY"
    assert page["Cache-Control"] == "no-store"
    text = page.content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=|(?:src|href)=\"(?:https?:)?//", text)


def test_cookies_are_strict_and_out_of_reach_of_scripts(people: Dict[str, Person]) -> None:
    cookie = try_in(PASSWORD).cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["samesite"] == "Strict"
    assert cookie["httponly"]


def test_idle_people_are_signed_out(sign_in: SignIn) -> None:
    nora = sign_in("nora")
    session = nora.session
    session[LAST_ACTIVE] = int(time.time()) - settings.IDLE_MINUTES * 60 - 5
    session.save()
    assert nora.get("/answers").status_code == 302
    assert nora.get("/answers").status_code == 302


def test_a_page_that_refreshes_itself_keeps_nobody_signed_in(sign_in: SignIn) -> None:
    nora = sign_in("nora")
    session = nora.session
    session[LAST_ACTIVE] = before = int(time.time()) - 60
    session.save()
    nora.get("/publish?by_itself=1")
    assert nora.session[LAST_ACTIVE] == before
    nora.get("/publish")
    assert nora.session[LAST_ACTIVE] > before


def test_a_code_is_asked_for_and_counts_once(people: Dict[str, Person]) -> None:
    secret = pyotp.random_base32()
    Person.objects.filter(username="nora").update(totp_secret=secret)
    code = pyotp.TOTP(secret).now()
    first = Client(SERVER_NAME="localhost")
    assert first.post("/sign-in", {"username": "nora", "password": PASSWORD})["Location"] == "/sign-in/code"
    assert first.get("/answers").status_code == 302
    assert first.post("/sign-in/code", {"code": code})["Location"] == "/"
    assert first.get("/answers").status_code == 200
    second = Client(SERVER_NAME="localhost")
    second.post("/sign-in", {"username": "nora", "password": PASSWORD})
    second.post("/sign-in/code", {"code": code})
    assert second.get("/answers").status_code == 302


def test_a_password_link_works_once(people: Dict[str, Person]) -> None:
    nora = people["nora"]
    link = f"/set-password/{urlsafe_base64_encode(str(nora.pk).encode())}/{default_token_generator.make_token(nora)}"
    words = {"password": "four new walking shoes", "again": "four new walking shoes"}
    assert Client(SERVER_NAME="localhost").post(link, words).status_code == 302
    assert Client(SERVER_NAME="localhost").post(link, words).status_code == 404
    assert try_in(words["password"]).status_code == 302


def test_somebody_who_left_is_out_at_once(sign_in: SignIn) -> None:
    nora, mona = sign_in("nora"), sign_in("mona")
    person = Person.objects.get(username="nora")
    mona.post(f"/people/{person.pk}", {"name": person.name, "username": "nora", "role": "nurse"})
    assert nora.get("/answers").status_code == 302
    assert try_in(PASSWORD).status_code == 200


def test_the_last_manager_stays(sign_in: SignIn) -> None:
    manager = sign_in("mona")
    mona = Person.objects.get(username="mona")
    manager.post(f"/people/{mona.pk}", {"name": mona.name, "username": "mona", "role": "nurse", "is_active": "on"})
    mona.refresh_from_db()
    assert mona.role == Role.MANAGER.value


def test_the_first_account_has_no_default_password(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CONSOLE_PASSWORD", raising=False)
    with pytest.raises(CommandError):
        call_command("account", username="ada", name="Ada")
    monkeypatch.setenv("CONSOLE_PASSWORD", "short")
    with pytest.raises(CommandError):
        call_command("account", username="ada", name="Ada")
    assert not Person.objects.exists()
    monkeypatch.setenv("CONSOLE_PASSWORD", PASSWORD)
    call_command("account", username="ada", name="Ada")
    assert Person.objects.get().role == Role.MANAGER.value


def test_a_secret_is_made_once_and_only_its_owner_reads_it(clinic: Clinic) -> None:
    path = clinic.path / "var" / "some.key"
    assert shared_secret(path) == shared_secret(path)
    assert len(shared_secret(path)) > 30
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_log_can_only_be_added_to(clinic: Clinic) -> None:
    entry = note("saved", "driving", who="Nora")
    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        entry.delete()
    for statement in ("UPDATE audit_auditentry SET who = 'x'", "DELETE FROM audit_auditentry"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert AuditEntry.objects.get().who == "Nora"


def test_a_log_that_was_changed_behind_the_console_says_so(clinic: Clinic) -> None:
    for i in range(3):
        note("saved", f"answer{i}", who="Nora")
    assert not list(broken_links())
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER audit_no_UPDATE")
        cursor.execute("UPDATE audit_auditentry SET who = 'Nobody' WHERE item = 'answer1'")
    assert [entry.item for entry in broken_links()] == ["answer1"]


def test_deeds_are_in_the_log_without_anybodys_words(clinic: Clinic, sign_in: SignIn) -> None:
    change = written_and_sent(sign_in("nora"))
    approve(sign_in("carla"), change)
    assert {"signed_in", "saved", "sent", "approved"} <= set(AuditEntry.objects.values_list("what", flat=True))
    assert AuditEntry.objects.get(what="approved").who == "Dr Carla Clinic"


def test_the_only_clinician_may_sign_own_words_after_a_day_with_a_reason(clinic: Clinic, sign_in: SignIn) -> None:
    Person.objects.filter(username="chris").update(is_active=False)
    carla = sign_in("carla")
    change = written_and_sent(carla)
    approve(carla, change, reason="no other clinician here")
    assert not change.signatures.exists()
    ClinicSetting.objects.update_or_create(pk=1, defaults={"single_clinician": True})
    approve(carla, change, reason="no other clinician here")
    assert not change.signatures.exists()
    Change.objects.update(sent_at=change.sent_at - OWN_TEXT_WAIT)
    approve(carla, change, reason="")
    assert not change.signatures.exists()
    approve(carla, change, reason="no other clinician here")
    assert change.signatures.get().own_text

"""Crisis texts: read by everybody, approved by two clinicians under exactly the texts that are in the file."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, List

import pytest
from django.test import Client

from console.audit.models import AuditEntry
from console.crisis import approving
from console.crisis.models import CrisisSignature
from console.crisis.texts import all_texts
from console.people.models import ClinicSetting
from ketaguide.safety.reply_files import load_replies
from tests.console.conftest import Clinic, SignIn, SpokenContent
from tests.running import PROJECT

PAGE = "/crisis-texts/en/suicide"


@pytest.fixture(autouse=True)
def _real_texts(clinic: Clinic, assistant_voice: SpokenContent) -> None:
    target = clinic.path / "data" / "crisis"
    shutil.rmtree(target)
    shutil.copytree(PROJECT / "data" / "crisis", target)


def file_of(clinic: Clinic, place: str = "en/suicide") -> Path:
    return clinic.path / "data" / "crisis" / "replies" / f"{place}.yml"


def words_of(file: str) -> str:
    """Returns what stands between the dates and the approvals."""
    return file.split("review_by:")[1].partition("\n")[2].split("approvals:")[0]


def approve(browser: Client, page: str = PAGE, **changed: Any) -> Any:
    """Posts an approval of the texts as they are on the page."""
    seen = browser.get(page).context["text"].sha256
    return browser.post(f"{page}/approve", {"seen": seen, "ticks": [key for key, _ in approving.TICKS], **changed})


def is_approved(clinic: Clinic, language: str = "en", name: str = "suicide") -> bool:
    return load_replies(clinic.path / "data" / "crisis").get(language, name).is_approved


def test_everybody_reads_them_with_the_contacts_of_the_country(sign_in: SignIn) -> None:
    frida = sign_in("frida")
    page = frida.get("/crisis-texts").content.decode()
    assert "988" in page
    assert "0 of 36 are approved" in page
    assert "Samaritans" in frida.get("/crisis-texts?country=GB").content.decode()
    for text in all_texts()[0]:
        shown = frida.get(f"/crisis-texts/{text.language}/{text.name}")
        assert shown.status_code == 200
        assert "not yet approved by a clinician" in shown.content.decode().lower()
    assert "911" in frida.get(PAGE).content.decode()


@pytest.mark.parametrize("path", ["/crisis-texts/en/nothing", "/crisis-texts/xx/suicide", "/crisis-texts/en/contacts"])
def test_what_is_no_text_is_not_there(sign_in: SignIn, path: str) -> None:
    assert sign_in("frida").get(path).status_code == 404


def without_dates(text: str) -> List[str]:
    """Returns the lines of a crisis text before its approvals, but for the days of the check and the next one."""
    lines = text.split("approvals:")[0].splitlines()
    return [line for line in lines if not line.startswith(("checked_on:", "review_by:"))]


def test_two_clinicians_approve(clinic: Clinic, sign_in: SignIn) -> None:
    before = file_of(clinic).read_text()
    approve(sign_in("carla"))
    assert not is_approved(clinic)
    assert file_of(clinic).read_text() == before
    approve(sign_in("chris"))
    assert is_approved(clinic)
    texts = load_replies(clinic.path / "data" / "crisis").get("en", "suicide")
    assert [one.by for one in texts.wording.approvals] == ["Dr Carla Clinic", "Dr Chris Clinic"]
    assert without_dates(file_of(clinic).read_text()) == without_dates(before)
    assert AuditEntry.objects.filter(what="crisis_approved").count() == 2


def test_texts_for_all_languages_at_once_are_approved_too(clinic: Clinic, sign_in: SignIn) -> None:
    for who in ("carla", "chris"):
        approve(sign_in(who), "/crisis-texts/all/emergency_languages")
    assert is_approved(clinic, "", "emergency_languages")


def test_one_clinician_does_not_count_twice_even_where_there_is_only_one(clinic: Clinic, sign_in: SignIn) -> None:
    ClinicSetting.current()
    ClinicSetting.objects.update(single_clinician=True)
    carla = sign_in("carla")
    approve(carla)
    approve(carla)
    assert CrisisSignature.objects.count() == 1
    assert not is_approved(clinic)


@pytest.mark.parametrize("who", ["frida", "nora", "mona"])
def test_nobody_else_approves(clinic: Clinic, sign_in: SignIn, who: str) -> None:
    assert approve(sign_in(who)).status_code == 403
    assert not CrisisSignature.objects.exists()


def test_an_approval_is_for_what_was_on_the_screen_with_all_points_confirmed(sign_in: SignIn) -> None:
    carla = sign_in("carla")
    approve(carla, seen="0" * 64)
    approve(carla, ticks=["kind"])
    assert not CrisisSignature.objects.exists()


def test_changed_texts_need_both_again(clinic: Clinic, sign_in: SignIn) -> None:
    approve(sign_in("carla"))
    file_of(clinic).write_text(file_of(clinic).read_text().replace("You deserve help.", "You deserve care."))
    approve(sign_in("chris"))
    assert not is_approved(clinic)
    approve(sign_in("carla"))
    assert is_approved(clinic)


def test_texts_that_fail_a_safety_check_are_not_approved(clinic: Clinic, sign_in: SignIn) -> None:
    file_of(clinic).write_text(file_of(clinic).read_text().replace("Call {emergency} now.", "Call 911 now."))
    carla = sign_in("carla")
    approve(carla)
    assert not CrisisSignature.objects.exists()
    assert "safety checks do not pass" in carla.get(PAGE).content.decode()


def test_a_damaged_file_is_told_and_the_others_are_shown(clinic: Clinic, sign_in: SignIn) -> None:
    file_of(clinic).write_text("id: [broken")
    page = sign_in("frida").get("/crisis-texts").content.decode()
    assert "en/suicide.yml cannot be used" in page
    assert "0 of 35 are approved" in page


def test_the_first_page_tells_clinicians_only(sign_in: SignIn) -> None:
    assert "36 crisis texts" in sign_in("carla").get("/").content.decode()
    assert "crisis texts are" not in sign_in("nora").get("/").content.decode()

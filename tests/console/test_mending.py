"""A press under a check: the server puts the right words into the draft, and nothing else, without any script."""

from __future__ import annotations

import re
from typing import List

from django.test import Client

from console.answers.models import Change
from console.audit.models import AuditEntry
from ketaguide.content.words import load_words
from tests.console.conftest import Clinic, SignIn
from tests.console.test_words_lane import form

EDIT = "/answers/driving/edit"
WRONG = "Rest untill the next day.\n\nWe utilize a spray. Call 202 555 0199."


def offers(browser: Client, name: str = "fix") -> List[str]:
    """Returns what the buttons under the checks would send."""
    page = browser.get(EDIT).content.decode()
    return re.findall(rf'<button form="writing" name="{name}" value="(\w+)"', page)


def test_each_press_mends_what_it_names(clinic: Clinic, sign_in: SignIn) -> None:
    nora = sign_in("nora")
    clinic.content.change(risk="logistics")
    nora.post(EDIT, form(answer=WRONG, risk="logistics", short="Rest untill then."))
    while offers(nora):
        change = Change.objects.get()
        texts = {name: change.values[name]["en"] for name in ("answer", "short")}
        sent = form(**texts, risk="logistics", revision=change.revision, fix=offers(nora)[0])
        assert nora.post(EDIT, sent)["Location"] == f"{EDIT}?language=en#checks"
    change.refresh_from_db()
    assert change.values["answer"]["en"] == "Rest until the next day.\n\nWe use a spray. Call {clinic_phone}."
    assert change.values["short"]["en"] == "Rest until then."


def test_what_was_typed_since_the_checks_is_kept(sign_in: SignIn) -> None:
    nora = sign_in("nora")
    nora.post(EDIT, form(answer="Rest untill the next day."))
    sent = form(answer="Rest untill the next day. Drink water.", revision=1 + 1, fix=offers(nora)[0])
    nora.post(EDIT, sent)
    assert Change.objects.get().values["answer"]["en"] == "Rest until the next day. Drink water."


def test_a_press_that_no_check_offers_changes_nothing_but_saves(sign_in: SignIn) -> None:
    nora = sign_in("nora")
    nora.post(EDIT, form(answer="Rest untill the next day."))
    for made_up in ("0" * 16, "driving"):
        nora.post(EDIT, form(answer="Rest untill then.", revision=Change.objects.get().revision, fix=made_up))
        assert Change.objects.get().values["answer"]["en"] == "Rest untill then."


def test_a_live_answer_can_be_mended_with_one_press(clinic: Clinic, sign_in: SignIn) -> None:
    clinic.content.change(answer={"en": "Rest untill the next day. Call {clinic_phone}."})
    nora = sign_in("nora")
    nora.post(EDIT, form(answer="Rest untill the next day. Call {clinic_phone}.", fix=offers(nora)[0]))
    change = Change.objects.get()
    assert change.values["answer"]["en"].startswith("Rest until the")
    assert "untill" in clinic.file().read_text()


def test_a_word_is_kept_as_right(clinic: Clinic, sign_in: SignIn) -> None:
    nora = sign_in("nora")
    words = clinic.path / "data" / "words.yml"
    words.write_text("# ours\nknown:\n  en:\n    - zofran\n")
    nora.post(EDIT, form(answer="Ask about Xqzzvw first."))
    (key,) = offers(nora, "keep")
    nora.post(EDIT, form(answer="Ask about Xqzzvw first.", revision=Change.objects.get().revision, keep=key))
    assert offers(nora, "keep") == []
    assert load_words(clinic.path / "data").known["en"] == {"zofran", "xqzzvw"}
    assert words.read_text().startswith("# ours")
    assert AuditEntry.objects.filter(what="word_kept").count() == 1


def test_no_word_can_be_kept_that_the_draft_does_not_hold(clinic: Clinic, sign_in: SignIn) -> None:
    before = (clinic.path / "data" / "words.yml").read_bytes()
    nora = sign_in("nora")
    nora.post(EDIT, form(keep="0" * 16))
    nora.post(EDIT, form(keep="anything"))
    assert (clinic.path / "data" / "words.yml").read_bytes() == before


def test_other_screens_show_the_checks_without_buttons(clinic: Clinic, sign_in: SignIn) -> None:
    clinic.content.change(answer={"en": "Rest untill the next day. Call {clinic_phone}."})
    page = sign_in("nora").get("/answers/driving").content.decode()
    assert "untill" in page
    assert 'name="fix"' not in page

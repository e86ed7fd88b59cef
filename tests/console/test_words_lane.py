"""From a soft word to being live: edit, send, approve, publish, withdraw, restore."""

from __future__ import annotations

from typing import Any, Dict

import pytest
import yaml
from django.test import Client

from console.answers.models import Change, State
from console.publishing.models import Progress, Publish, Version
from console.review import approving
from ketaguide.content.approvals import is_approved
from ketaguide.content.load import read_topic
from tests.console.conftest import Clinic, SignIn, SpokenContent

NEW_WORDS = "Rest until the next day with driving.\n\nCall {clinic_phone}."


def form(topic: str = "driving", **changed: Any) -> Dict[str, Any]:
    """Returns what the editor posts for an answer of the tiny clinic."""
    others = [id_ for id_ in ("driving", "alcohol", "nausea") if id_ != topic]
    typed = {
        "title": f"About {topic}",
        "question": f"What about {topic} after a session?",
        "answer": NEW_WORDS,
        "short": f"Wait until the next day with {topic}.",
        "sources": ["label"],
        "related": others,
        "risk": "clinical",
        "reason": "softer words",
    }
    return {**typed, **changed}


def approve(browser: Client, change: Change, **changed: Any) -> Any:
    """Posts an approval with everything ticked."""
    change.refresh_from_db()
    ticks = [key for key, _ in approving.TICKS]
    data = {"seen": change.fingerprint, "ticks": ticks, "check_by": "2099-01-01", **changed}
    return browser.post(f"/review/{change.pk}/approve", data)


def written_and_sent(browser: Client, **changed: Any) -> Change:
    """Returns a draft that somebody wrote and sent."""
    browser.post("/answers/driving/edit", form(**changed))
    browser.post("/answers/driving/send", {"reason": "softer words"})
    change = Change.objects.latest("pk")
    assert change.state == State.IN_REVIEW
    return change


@pytest.fixture
def live(clinic: Clinic, sign_in: SignIn, assistant_voice: SpokenContent) -> Publish:
    """New words of `driving`, written by a nurse, approved by a clinician, live."""
    change = written_and_sent(sign_in("nora"))
    approve(sign_in("carla"), change)
    sign_in("nora").post("/publish/now", {"changes": change.pk})
    return Publish.objects.latest("pk")


def test_new_words_are_live_signed_and_the_rest_of_the_file_is_untouched(clinic: Clinic, live: Publish) -> None:
    assert live.progress == Progress.LIVE, live.message
    topic = read_topic(clinic.file())
    assert topic.answer["en"] == NEW_WORDS
    assert is_approved(topic, "en")
    assert topic.approvals[0].by == "Dr Carla Clinic"
    assert topic.review_by == "2099-01-01"
    assert Change.objects.get().state == State.LIVE


def test_a_draft_changes_nothing_for_visitors(clinic: Clinic, sign_in: SignIn) -> None:
    before = clinic.file().read_text()
    written_and_sent(sign_in("nora"))
    assert clinic.file().read_text() == before


def test_nobody_approves_own_words(sign_in: SignIn) -> None:
    carla = sign_in("carla")
    change = written_and_sent(carla)
    approve(carla, change)
    change.refresh_from_db()
    assert change.state == State.IN_REVIEW
    approve(sign_in("chris"), change)
    change.refresh_from_db()
    assert change.state == State.APPROVED


def test_who_touched_a_draft_last_does_not_hide_who_wrote_it(sign_in: SignIn) -> None:
    carla = sign_in("carla")
    carla.post("/answers/driving/edit", form())
    revision = Change.objects.get().revision
    more = {"answer": NEW_WORDS + " Rest well.", "revision": revision}
    sign_in("nora").post("/answers/driving/edit", form(**more))
    sign_in("nora").post("/answers/driving/send", {"reason": "softer"})
    approve(carla, Change.objects.get())
    assert Change.objects.get().state == State.IN_REVIEW


def test_an_edit_after_approval_needs_approval_again(sign_in: SignIn) -> None:
    change = written_and_sent(sign_in("nora"))
    approve(sign_in("carla"), change)
    change.refresh_from_db()
    sign_in("nora").post("/answers/driving/edit", form(answer=NEW_WORDS + " Rest well.", revision=change.revision))
    change.refresh_from_db()
    assert change.state == State.DRAFT
    assert approving.missing(change) == 1


def test_an_approval_counts_for_what_was_on_the_screen(sign_in: SignIn) -> None:
    change = written_and_sent(sign_in("nora"))
    approve(sign_in("carla"), change, seen="something else")
    change.refresh_from_db()
    assert change.state == State.IN_REVIEW


@pytest.mark.parametrize("left_out", [key for key, _ in approving.TICKS])
def test_all_four_points_have_to_be_confirmed(sign_in: SignIn, left_out: str) -> None:
    change = written_and_sent(sign_in("nora"))
    approve(sign_in("carla"), change, ticks=[key for key, _ in approving.TICKS if key != left_out])
    change.refresh_from_db()
    assert change.state == State.IN_REVIEW


def test_a_safety_answer_needs_two_clinicians_even_if_the_draft_lowers_its_kind(
    clinic: Clinic, sign_in: SignIn
) -> None:
    clinic.content.change(risk="safety")
    change = written_and_sent(sign_in("nora"), risk="logistics")
    approve(sign_in("nils"), change)
    approve(sign_in("carla"), change)
    approve(sign_in("carla"), change)
    change.refresh_from_db()
    assert change.state == State.IN_REVIEW
    approve(sign_in("chris"), change)
    change.refresh_from_db()
    assert change.state == State.APPROVED


def test_a_draft_against_a_check_cannot_be_sent(sign_in: SignIn) -> None:
    nora = sign_in("nora")
    nora.post("/answers/driving/edit", form(answer="Ketamine is guaranteed to cure you. Take 50 mg."))
    nora.post("/answers/driving/send", {"reason": "better"})
    assert Change.objects.get().state == State.DRAFT


def test_the_second_writer_does_not_overwrite_the_first(sign_in: SignIn) -> None:
    sign_in("nora").post("/answers/driving/edit", form())
    page = sign_in("nils").post("/answers/driving/edit", form(answer="Mine.", revision=""))
    assert Change.objects.get().values["answer"]["en"] == NEW_WORDS
    assert "Nora Nurse has changed this draft" in page.content.decode()
    assert "Mine." in page.content.decode()


def test_if_the_assistant_says_otherwise_everything_is_as_before(
    clinic: Clinic, sign_in: SignIn, assistant_voice: SpokenContent
) -> None:
    before = clinic.file().read_text()
    change = written_and_sent(sign_in("nora"))
    approve(sign_in("carla"), change)
    assistant_voice.deaf = True
    sign_in("nora").post("/publish/now", {"changes": change.pk})
    assert Publish.objects.get().progress == Progress.RESTORED
    assert clinic.file().read_text() == before
    change.refresh_from_db()
    assert change.state == State.APPROVED


def test_if_the_assistant_is_down_everything_is_as_before(
    clinic: Clinic, sign_in: SignIn, assistant_voice: SpokenContent
) -> None:
    before = clinic.file().read_text()
    change = written_and_sent(sign_in("nora"))
    approve(sign_in("carla"), change)
    assistant_voice.running = False
    sign_in("nora").post("/publish/now", {"changes": change.pk})
    assert Publish.objects.get().progress == Progress.RESTORED
    assert clinic.file().read_text() == before


def test_a_file_changed_by_hand_is_noticed_and_never_overwritten(
    clinic: Clinic, sign_in: SignIn, assistant_voice: SpokenContent
) -> None:
    nora = sign_in("nora")
    nora.get("/answers")
    change = written_and_sent(nora)
    approve(sign_in("carla"), change)
    clinic.content.change(answer={"en": "Changed with an editor."})
    assert "Changed by hand" in nora.get("/answers/driving/history").content.decode()
    nora.post("/publish/now", {"changes": change.pk})
    assert read_topic(clinic.file()).answer["en"] == "Changed with an editor."
    assert Version.objects.filter(kind=Version.BY_HAND, item="driving").count() == 1


def test_withdrawing_and_putting_back(clinic: Clinic, sign_in: SignIn, assistant_voice: SpokenContent) -> None:
    before = clinic.file().read_text()
    sign_in("frida").post("/answers/driving/withdraw", {"why": "a patient was confused"})
    assert Publish.objects.latest("pk").progress == Progress.LIVE
    withdrawn = read_topic(clinic.file()).withdrawn
    assert withdrawn is not None
    assert withdrawn.by == "Frida Front"
    sign_in("nora").post("/answers/driving/put-back", {"why": "it is right"})
    assert yaml.safe_load(clinic.file().read_text()) == yaml.safe_load(before)


def test_withdrawing_stays_while_the_assistant_is_down_and_is_confirmed_later(
    clinic: Clinic, sign_in: SignIn, assistant_voice: SpokenContent
) -> None:
    frida = sign_in("frida")
    assistant_voice.running = False
    frida.post("/answers/driving/withdraw", {"why": "wrong"})
    assert Publish.objects.get().progress == Progress.WAITING
    assert read_topic(clinic.file()).withdrawn
    assistant_voice.running = True
    frida.get("/publish")
    assert Publish.objects.get().progress == Progress.LIVE


def test_an_approved_version_can_be_put_back(clinic: Clinic, sign_in: SignIn, live: Publish) -> None:
    nora = sign_in("nora")
    nora.post("/answers/driving/edit", form(answer="Other words altogether.\n\nCall {clinic_phone}."))
    nora.post("/answers/driving/send", {"reason": "another try"})
    change = Change.objects.latest("pk")
    approve(sign_in("chris"), change)
    nora.post("/publish/now", {"changes": change.pk})
    assert read_topic(clinic.file()).answer["en"].startswith("Other words")
    earlier = Version.objects.filter(item="driving", kind="change").earliest("pk")
    nora.post(f"/answers/driving/history/{earlier.pk}/restore")
    topic = read_topic(clinic.file())
    assert topic.answer["en"] == NEW_WORDS
    assert is_approved(topic, "en")


def test_a_version_that_nobody_approved_cannot_be_put_back(clinic: Clinic, sign_in: SignIn, live: Publish) -> None:
    first = Version.objects.filter(item="driving").earliest("pk")
    sign_in("nora").post(f"/answers/driving/history/{first.pk}/restore")
    assert read_topic(clinic.file()).answer["en"] == NEW_WORDS


def test_live_words_can_be_signed_as_they_are(clinic: Clinic, sign_in: SignIn, assistant_voice: SpokenContent) -> None:
    words = read_topic(clinic.file()).answer
    carla = sign_in("carla")
    carla.post("/answers/driving/sign")
    change = Change.objects.get()
    approve(carla, change)
    carla.post("/publish/now", {"changes": change.pk})
    topic = read_topic(clinic.file())
    assert topic.answer == words
    assert is_approved(topic, "en")


def test_a_fact_is_live_after_one_confirmation(clinic: Clinic, sign_in: SignIn, assistant_voice: SpokenContent) -> None:
    frida = sign_in("frida")
    facts = {"clinic_name": "Hill Clinic", "clinic_phone": "202 555 0199", "country": "US"}
    assert "Is this right?" in frida.post("/facts", facts).content.decode()
    frida.post("/facts", {**facts, "confirmed": "1"})
    assert yaml.safe_load((clinic.path / "data" / "clinic.yml").read_text())["clinic_phone"] == "202 555 0199"


def test_a_phone_number_with_a_missing_digit_is_refused(clinic: Clinic, sign_in: SignIn) -> None:
    before = (clinic.path / "data" / "clinic.yml").read_text()
    page = sign_in("frida").post("/facts", {"clinic_phone": "5550", "country": "US", "confirmed": "1"})
    assert page.status_code == 422
    assert (clinic.path / "data" / "clinic.yml").read_text() == before

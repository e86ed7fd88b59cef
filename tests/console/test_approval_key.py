"""The clinic's key: made by a command, put under every approval, and asked for wherever an approval counts."""

from __future__ import annotations

import io
import re
import stat

import pytest
from django.core.management import CommandError, call_command

from console.answers.models import Change, State
from console.publishing.models import Publish, Version
from console.review import signing
from ketaguide.content.approvals import is_approved, may_be_spoken, text_hash
from ketaguide.content.load import read_topic
from ketaguide.content.signatures import PUBLIC_KEY_VARIABLE
from tests.console.conftest import Clinic, SignIn, SpokenContent
from tests.console.test_words_lane import approve, written_and_sent


def command(*options: str) -> str:
    """Returns what the command tells."""
    told = io.StringIO()
    call_command("approval_key", *options, stdout=told)
    return told.getvalue()


@pytest.fixture
def _configured(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    public = re.search(rf"{PUBLIC_KEY_VARIABLE}=(\S+)", command())
    assert public
    monkeypatch.setenv(PUBLIC_KEY_VARIABLE, public[1])
    monkeypatch.setenv("REQUIRE_APPROVAL", "true")


def publish(sign_in: SignIn) -> Publish:
    """Takes new words of `driving` through approval to a publish, and returns the last publish there was."""
    change = written_and_sent(sign_in("nora"))
    approve(sign_in("carla"), change)
    sign_in("nora").post("/publish/now", {"changes": change.pk})
    return Publish.objects.latest("pk")


def test_the_key_is_made_once_and_only_its_user_reads_it(clinic: Clinic) -> None:
    first = command()
    assert stat.S_IMODE(signing.key_file().stat().st_mode) == 0o600
    kept = signing.key_file().read_bytes()
    assert command() == first
    assert signing.key_file().read_bytes() == kept
    assert "PRIVATE" not in first


def test_a_damaged_key_is_never_written_over(clinic: Clinic) -> None:
    signing.key_file().write_text("half a key")
    with pytest.raises(CommandError, match="never written over"):
        command()
    assert signing.key_file().read_text() == "half a key"


@pytest.mark.usefixtures("_configured")
def test_what_the_console_publishes_counts(clinic: Clinic, sign_in: SignIn, assistant_voice: SpokenContent) -> None:
    assert publish(sign_in).progress == "live"
    topic = read_topic(clinic.file())
    assert topic.approvals[0].signature
    assert may_be_spoken(topic)


@pytest.mark.usefixtures("_configured")
def test_an_approval_written_by_hand_is_not_served_and_is_told(clinic: Clinic, sign_in: SignIn) -> None:
    words = read_topic(clinic.content.change(risk="logistics"))
    made_up = {"language": "en", "by": "Dr Carla Clinic", "role": "physician", "on": "2026-11-22"}
    clinic.content.change(risk="logistics", approvals=[{**made_up, "sha256": text_hash(words, "en")}])
    assert not may_be_spoken(read_topic(clinic.file()))
    page = sign_in("frida").get("/answers/driving").content.decode()
    assert "is not signed with the clinic" in page
    assert "Not yet approved" in page


@pytest.mark.usefixtures("_configured")
def test_without_the_right_key_nothing_is_published(
    clinic: Clinic, sign_in: SignIn, assistant_voice: SpokenContent
) -> None:
    before = clinic.file().read_text()
    signing.key_file().unlink()
    for _ in ("no key", "another key"):
        assert not Publish.objects.exists()
        change = Change.objects.filter(state=State.APPROVED).first() or written_and_sent(sign_in("nora"))
        approve(sign_in("carla"), change)
        nora = sign_in("nora")
        page = nora.post("/publish/now", {"changes": change.pk}, follow=True).content.decode()
        assert "cannot go live" in page
        assert "cannot go live" in nora.get("/").content.decode()
        assert clinic.file().read_text() == before
        command()


def test_what_was_published_before_the_key_is_signed_and_nothing_else(
    clinic: Clinic, sign_in: SignIn, assistant_voice: SpokenContent, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert publish(sign_in).progress == "live"
    made_up = {"language": "en", "by": "Dr Carla Clinic", "role": "physician", "on": "2026-11-22"}
    words = read_topic(clinic.file("alcohol"))
    clinic.content.change("alcohol", approvals=[{**made_up, "sha256": text_hash(words, "en")}])
    public = re.search(rf"{PUBLIC_KEY_VARIABLE}=(\S+)", command())
    assert public
    monkeypatch.setenv(PUBLIC_KEY_VARIABLE, public[1])
    assert not is_approved(read_topic(clinic.file()), "en")
    assert command("--sign-published").startswith("Signed: 1. Left as they are: 1.")
    assert is_approved(read_topic(clinic.file()), "en")
    assert not is_approved(read_topic(clinic.file("alcohol")), "en")
    sign_in("nora").get("/")
    assert Version.objects.filter(item="driving").first().kind == Version.SIGNED
    assert command("--sign-published").startswith("Signed: 0. Left as they are: 1.")

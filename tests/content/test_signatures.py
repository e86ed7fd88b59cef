"""With a public key configured an approval counts only if that key signed it, field by field."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ketaguide.content.approvals import is_approved, may_be_spoken, text_hash
from ketaguide.content.lint import lint
from ketaguide.content.load import read_topic
from ketaguide.content.model import Approval, Wording
from ketaguide.content.signatures import PUBLIC_KEY_VARIABLE, public_key_of, sign
from tests.content.conftest import TODAY, ContentFolder

WORDS = Wording("driving", {"en": "Wait."}, "clinical")
KEY = Ed25519PrivateKey.generate()


def approval(wording: Wording, by: str = "Dr A") -> Approval:
    return Approval("en", by, "physician", "2026-11-22", text_hash(wording, "en"))


def with_signature(one: Approval, key: Ed25519PrivateKey = KEY) -> Approval:
    return replace(one, signature=sign(one, key))


@pytest.fixture
def _configured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PUBLIC_KEY_VARIABLE, public_key_of(KEY))
    monkeypatch.setenv("REQUIRE_APPROVAL", "true")


@pytest.mark.usefixtures("_configured")
def test_a_signed_approval_counts() -> None:
    assert may_be_spoken(replace(WORDS, approvals=(with_signature(approval(WORDS)),)))


FORGED = {
    "no signature": approval(WORDS),
    "another key": with_signature(approval(WORDS), Ed25519PrivateKey.generate()),
    "another name": replace(with_signature(approval(WORDS)), by="Dr B"),
    "another day": replace(with_signature(approval(WORDS)), on="2026-11-23"),
    "another role": replace(with_signature(approval(WORDS)), role="professor"),
    "of other words": replace(
        with_signature(approval(replace(WORDS, answer={"en": "Go."}))), sha256=text_hash(WORDS, "en")
    ),
    "no base64": replace(approval(WORDS), signature="Dr A signed this"),
    "too short": replace(approval(WORDS), signature=base64.b64encode(b"short").decode()),
}


@pytest.mark.usefixtures("_configured")
@pytest.mark.parametrize("one", FORGED.values(), ids=FORGED.keys())
def test_a_forged_approval_does_not_count(one: Approval) -> None:
    assert not may_be_spoken(replace(WORDS, approvals=(one,)))


@pytest.mark.usefixtures("_configured")
def test_one_signature_does_not_make_two_people() -> None:
    safety = replace(WORDS, risk="safety")
    first = with_signature(approval(safety))
    assert not is_approved(replace(safety, approvals=(first, replace(first, by="Dr B"))), "en")
    second = with_signature(approval(safety, "Dr B"))
    assert is_approved(replace(safety, approvals=(first, second)), "en")


@pytest.mark.parametrize("key", ["nonsense", "AAAA", base64.b64encode(b"x" * 31).decode()])
def test_with_a_key_that_is_none_nothing_counts(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv(PUBLIC_KEY_VARIABLE, key)
    assert not is_approved(replace(WORDS, approvals=(with_signature(approval(WORDS)),)), "en")


def test_without_a_key_the_hash_alone_counts() -> None:
    assert is_approved(replace(WORDS, approvals=(approval(WORDS),)), "en")


@pytest.mark.usefixtures("_configured")
def test_the_check_names_who_is_said_to_have_approved(folder: ContentFolder) -> None:
    made_up = approval(read_topic(folder.change()))
    folder.change(approvals=[made_up.entry])
    (problem,) = lint(folder.path, TODAY)
    assert "Dr A" in problem.message
    folder.change(approvals=[with_signature(made_up).entry])
    assert lint(folder.path, TODAY) == []

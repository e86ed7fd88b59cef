"""The generator of answers always returns words, and never an unapproved answer where approval is required."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Dict

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from ketaguide.content.approvals import may_be_spoken, text_hash
from ketaguide.content.load import read_topic
from ketaguide.content.model import Approval
from ketaguide.content.signatures import PUBLIC_KEY_VARIABLE, public_key_of, sign
from ketaguide.serving.live_answers import LAST_RESORT, LiveAnswers
from tests.content.conftest import ContentFolder, folder, reply

__all__ = ["folder"]


def generator(folder: str = "data", state: str = "var") -> LiveAnswers:
    return LiveAnswers(EndpointConfig(type="x", content_dir=folder, state_dir=state), Domain.empty())


async def say(answers: LiveAnswers, response: str, **options: Any) -> Dict[str, Any]:
    return await answers.generate(response, DialogueStateTracker("someone", []), "rest", **options)


async def test_an_answer_has_words_buttons_and_stamp() -> None:
    message = await say(generator(), "utter_driving")
    assert message["text"]
    assert message["utter_action"] == "utter_driving"
    assert {"topic", "content_version", "language", "approved", "sources", "short"} <= set(message)


@pytest.mark.parametrize("response", ["utter_unknown", "utter_", "", "action_listen"])
async def test_an_unknown_response_still_gets_words(response: str) -> None:
    assert (await say(generator(), response))["text"] == LAST_RESORT


async def test_without_any_content_it_still_speaks(tmp_path: Path) -> None:
    assert (await say(generator(str(tmp_path)), "utter_driving"))["text"] == LAST_RESORT


async def test_content_that_fails_while_speaking_still_gets_words(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = generator()

    def fail() -> None:
        raise RuntimeError

    monkeypatch.setattr(answers.content, "library", fail)
    assert (await say(answers, "utter_driving"))["text"] == LAST_RESORT


async def test_what_rasa_puts_into_responses_does_not_change_the_words() -> None:
    answers = generator()
    answers.responses = {"utter_driving": [{"text": "stub"}]}
    assert (await say(answers, "utter_driving"))["text"] != "stub"


async def test_unapproved_answers_are_held_back_where_approval_is_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUIRE_APPROVAL", "true")
    message = await say(generator(), "utter_driving")
    assert message["topic"] == "not_approved"
    assert message["utter_action"] == "utter_driving"
    assert "not yet been approved" not in (await say(generator(), "utter_greet"))["text"]


async def test_an_approval_that_somebody_wrote_into_the_file_is_not_served(
    folder: ContentFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = Ed25519PrivateKey.generate()
    monkeypatch.setenv("REQUIRE_APPROVAL", "true")
    folder.write("replies/not_approved.yml", {**reply(), "id": "not_approved", "buttons": []})
    hash_ = text_hash(read_topic(folder.change()), "en")
    approval = Approval("en", "Dr A", "physician", "2026-11-22", hash_)
    folder.change(approvals=[approval.entry])
    answers = generator(str(folder.path), str(tmp_path))
    assert (await say(answers, "utter_driving"))["approved"] is True
    monkeypatch.setenv(PUBLIC_KEY_VARIABLE, public_key_of(key))
    assert (await say(answers, "utter_driving"))["topic"] == "not_approved"
    folder.change(approvals=[replace(approval, signature=sign(approval, key)).entry])
    assert (await say(answers, "utter_driving"))["approved"] is True


def test_where_approval_is_required_no_second_suggestion_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUIRE_APPROVAL", "true")
    assert not may_be_spoken(generator().content.library().topics["eligibility"])


async def test_the_suggestion_speaks_the_words_for_its_reason() -> None:
    message = await say(generator(), "utter_suggest_provider", suggestion="suggest_provider_medicine")
    assert message["topic"] == "suggest_provider_medicine"
    assert message["utter_action"] == "utter_suggest_provider"

"""What the running assistant says of questions that staff look at: what they mean, and whether they speak of danger."""

from __future__ import annotations

import os
from typing import Iterator

import numpy as np
import pytest
from django.test import override_settings

from console.assistant import client
from tests.running import RunningAssistant


@pytest.fixture
def link(assistant: RunningAssistant) -> Iterator[None]:
    """The console beside the assistant."""
    key = assistant.folder / "var" / "console_link.key"
    with override_settings(ASSISTANT_URL=f"http://127.0.0.1:{assistant.port}", ASSISTANT_SECRET_FILE=key):
        yield


def test_questions_of_one_meaning_are_alike(link: None) -> None:
    texts = ["can I bring my dog", "am I allowed to take my dog along", "how much does it cost"]
    vectors = np.array([reading.vector for reading in client.read(texts)])
    likeness = vectors @ vectors.T
    assert np.allclose(likeness.diagonal(), 1, atol=0.01)
    assert likeness[0, 1] > likeness[0, 2]


def test_danger_is_heard_and_its_words_are_in_no_log(link: None, assistant: RunningAssistant) -> None:
    words = "i want to kill myself in the old lighthouse"
    assert [reading.danger for reading in client.read(["is there music", words])] == [None, "suicide"]
    assert "lighthouse" not in assistant.log_text()


def test_one_question_is_read_for_its_answer_and_for_danger(link: None) -> None:
    assert client.understand("is there music").crisis is None
    assert client.understand("i want to kill myself").crisis == "suicide"


def test_more_than_one_request_can_carry(link: None) -> None:
    assert len(client.read([f"question {i}" for i in range(client.READ_AT_ONCE + 1)])) == client.READ_AT_ONCE + 1


def test_a_stranger_reads_nothing(link: None, assistant: RunningAssistant) -> None:
    other = assistant.folder / "var" / "another.key"
    with override_settings(ASSISTANT_SECRET_FILE=other), pytest.raises(client.AssistantRefusedError):
        client.read(["anything"])
    os.unlink(other)

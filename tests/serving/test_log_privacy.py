"""No log, at any level, holds what a visitor wrote."""

from __future__ import annotations

import io
import json
import logging
import warnings
from typing import Iterator

import pytest
import structlog
from rasa.utils.endpoints import ClientResponseError

from ketaguide.serving import log_privacy

MARK = "zebra-quartz I feel “odd” today"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    log_privacy.install()
    log_privacy.remember(MARK)
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


FORMS = {
    "whole": MARK,
    "inside a sentence": f"could not handle '{MARK}' because",
    "escaped as JSON": json.dumps({"x": MARK}),
    "escaped as Python": repr([MARK]),
    "in lower case": MARK.lower(),
}


@pytest.mark.parametrize("line", FORMS.values(), ids=FORMS.keys())
def test_a_logged_text_is_replaced(log: io.StringIO, line: str) -> None:
    logging.getLogger("rasa.anything").debug(line)
    assert "quartz" not in log.getvalue()
    assert log_privacy.REDACTED in log.getvalue()


def test_a_traceback_is_covered(log: io.StringIO) -> None:
    try:
        raise ValueError(MARK)
    except ValueError:
        logging.getLogger("rasa").exception("failed")
    assert "ValueError" in log.getvalue()
    assert "quartz" not in log.getvalue()


def test_a_failing_action_server_cannot_print_the_conversation(log: io.StringIO) -> None:
    body = json.dumps({"request_body": "an older quartz message"})
    try:
        raise ClientResponseError(500, "error", body)
    except ClientResponseError:
        logging.getLogger("rasa").exception("action failed")
    assert "status 500" in log.getvalue()
    assert "quartz" not in log.getvalue()


def test_one_long_message_does_not_push_the_others_out(log: io.StringIO) -> None:
    log_privacy.remember("\n".join(f"a line of words number {number}" for number in range(1000)))
    logging.getLogger("rasa").info(MARK)
    assert "quartz" not in log.getvalue()


def test_a_short_text_is_replaced_as_a_whole_word_only(log: io.StringIO) -> None:
    log_privacy.remember("kms")
    logging.getLogger("rasa").info("he wrote kms; pkmsx stays")
    assert "wrote kms" not in log.getvalue()
    assert "pkmsx" in log.getvalue()


def test_a_warning_is_covered(log: io.StringIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        log_privacy.install()
        warnings.warn(f"'{MARK}' is not an intent", UserWarning, stacklevel=1)
    assert "quartz" not in log.getvalue()


def test_structured_entries_lose_the_fields_that_hold_words(
    log: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    structlog.get_logger("rasa").error("rest.message.received.failure", text=MARK, other="kept")
    written = log.getvalue() + "".join(capsys.readouterr())
    assert "quartz" not in written

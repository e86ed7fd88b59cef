"""Whatever is sent to the public routes, nobody sees a server error, and every refusal carries help."""

from __future__ import annotations

from typing import Any

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ketaguide.channels.web.messages import render
from ketaguide.safety.shared import shared_detector
from ketaguide.safety.verdict import CRISIS_KINDS
from tests.running import PROJECT, RunningAssistant

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
BODY = st.fixed_dictionaries(
    {}, optional={key: JSON for key in ("message", "session", "id", "language", "region", "page", "topic", "helpful")}
)
RAW = st.binary(max_size=200) | st.sampled_from([b"", b"[" * 5000, b'{"message": "\\ud800"}', b"{" * 9, b"x" * 70_000])
ROUTES = st.sampled_from(["webhook", "feedback", "erase", "settings", "widget.js", "widget.x", "", "../rest/webhook"])
FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "Origin": st.sampled_from(["null", "https://evil.example", "x"]),
        "X-Forwarded-For": st.just("1.2.3.4, x"),
    },
)


def assert_orderly(response: httpx.Response) -> None:
    assert response.status_code < 500 or response.status_code == 503, response.status_code
    assert "Traceback" not in response.text
    assert "Rasa" not in response.text
    if response.status_code in {400, 403, 413, 429, 503} and "json" in response.headers.get("content-type", ""):
        assert response.json()["text"]
        assert response.json()["contacts"]


@FUZZ
@given(
    route=ROUTES, body=BODY, headers=HEADERS, method=st.sampled_from(["POST", "POST", "POST", "GET", "PUT", "DELETE"])
)
def test_any_json(assistant: RunningAssistant, route: str, body: Any, headers: dict[str, str], method: str) -> None:
    url = f"http://127.0.0.1:{assistant.port}/webhooks/web/{route}"
    assert_orderly(httpx.request(method, url, json=body, headers=headers, timeout=30))


@FUZZ
@given(route=st.sampled_from(["webhook", "feedback", "erase"]), raw=RAW)
def test_any_bytes(assistant: RunningAssistant, route: str, raw: bytes) -> None:
    url = f"http://127.0.0.1:{assistant.port}/webhooks/web/{route}"
    assert_orderly(httpx.post(url, content=raw, timeout=30))


def test_it_still_answers_afterwards(assistant: RunningAssistant) -> None:
    assert assistant.say("after-fuzz", "is it safe to drive home after?")
    assert assistant.operations("/ready")[0] == 200


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=400), earlier=st.lists(st.text(max_size=100), max_size=3))
def test_the_detector_reads_any_text_the_same_way_twice(text: str, earlier: list[str]) -> None:
    detector = shared_detector(PROJECT / "data" / "crisis" / "rules")
    verdict = detector.read(text, earlier=earlier)
    assert verdict == detector.read(text, earlier=earlier)
    assert verdict.kind in {*CRISIS_KINDS, "distress", "none"}


@settings(max_examples=150, deadline=None)
@given(message=st.dictionaries(st.sampled_from(["text", "topic", "crisis", "utter_action"]), st.text(max_size=60)))
def test_the_renderer_takes_any_words(message: dict[str, str]) -> None:
    rendered = render(message, ["555 0100"])
    assert rendered is None or rendered["text"] == message["text"].strip()

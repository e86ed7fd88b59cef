"""What operators see of a running assistant: alive, ready, metrics, logs."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Dict

import httpx
import pytest

from tests.running import RunningAssistant


def metric(assistant: RunningAssistant, name: str, **labels: str) -> float:
    """Returns the sum of a metric over all series with these labels."""
    lines = [line for line in assistant.operations("/metrics")[1].splitlines() if re.match(rf"{name}[ {{]", line)]
    wanted = [f'{key}="{value}"' for key, value in labels.items()]
    return sum(float(line.rpartition(" ")[2]) for line in lines if all(label in line for label in wanted))


def checks(assistant: RunningAssistant) -> Dict[str, str]:
    words: Dict[str, str] = json.loads(assistant.operations("/ready")[1])["checks"]
    return words


def test_a_healthy_assistant_is_alive_and_ready(assistant: RunningAssistant) -> None:
    assert assistant.operations("/live") == (200, '{"alive": true}')
    status, body = assistant.operations("/ready")
    assert status == 200, body
    assert set(checks(assistant).values()) == {"ok"}
    assert {"model", "content", "safety_rules", "crisis_reply", "storage", "database"} <= set(checks(assistant))


def test_messages_and_crises_are_counted(assistant: RunningAssistant) -> None:
    answers = metric(assistant, "ketaguide_messages_total", channel="rest", outcome="answer")
    crises = metric(assistant, "ketaguide_crisis_replies_total", kind="suicide")
    waited = metric(assistant, "ketaguide_answer_seconds_count")
    assistant.say("metrics", "is it safe to drive home after?")
    assistant.say("metrics", "I want to kill myself")
    assert metric(assistant, "ketaguide_messages_total", channel="rest", outcome="answer") == answers + 1
    assert metric(assistant, "ketaguide_crisis_replies_total", kind="suicide") == crises + 1
    assert metric(assistant, "ketaguide_answer_seconds_count") == waited + 2
    assert metric(assistant, "ketaguide_check", check="model") == 1


@pytest.mark.parametrize(
    "path",
    [
        "/metrics",
        "/ready",
        "/live",
        "/status",
        "/model",
        "/version",
        "/domain",
        "/model/parse",
        "/conversations/x/tracker",
    ],
)
def test_the_public_port_has_none_of_it(assistant: RunningAssistant, path: str) -> None:
    for method in ("GET", "POST", "PUT", "DELETE"):
        assert httpx.request(method, f"http://127.0.0.1:{assistant.port}{path}").status_code in {404, 405}


def test_the_log_tells_of_messages_without_their_words(assistant: RunningAssistant) -> None:
    assistant.say("log-line", "is it safe to drive home, zebra quartz?")
    log = assistant.log_text()
    assert re.search(r"message channel=rest outcome=\w+ ms=\d+", log)
    assert "quartz" not in log
    assert "log-line" not in log


def test_without_model_and_rules_it_is_alive_but_not_ready(tmp_path: Path) -> None:
    broken = RunningAssistant(tmp_path / "project")
    shutil.rmtree(broken.folder / "data" / "crisis")
    (broken.folder / "data" / "topics" / "session" / "driving.yml").write_text("no topic: at all")
    try:
        broken.start(actions=False, model=tmp_path / "nothing.tar.gz", LOG_FORMAT="json")
        broken.say("one", "hello")
        assert broken.operations("/live")[0] == 200
        assert broken.operations("/ready")[0] == 503
        found = checks(broken)
        assert (found["model"], found["safety_rules"], found["content_files"]) == ("failed", "failed", "degraded")
        assert found["crisis_reply"] == "ok"
        assert metric(broken, "ketaguide_rescues_total") == 1
        entries = [json.loads(line) for line in broken.log_text().splitlines() if line.startswith("{")]
        assert {"time", "level", "logger", "message"} <= set(entries[0])
    finally:
        broken.stop()

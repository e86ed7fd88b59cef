"""The web channel does what its description says, whatever is sent to it."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any, Iterator

import pytest
import yaml

from benchmarks.soak import lift_limits
from ketaguide.channels.web import WebInput
from ketaguide.channels.web.options import Options
from tests.running import PROJECT, RunningAssistant

DESCRIPTION = PROJECT / "docs" / "openapi.yml"
PROGRAM = PROJECT / ".venv-tools" / "bin" / "schemathesis"
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
    "response_headers_conformance"
)
# About half a minute.
EXAMPLES = 40


@pytest.fixture(scope="module")
def unlimited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAssistant]:
    """An assistant that lets one address send any number of messages."""
    running = RunningAssistant(tmp_path_factory.mktemp("unlimited") / "project")
    lift_limits(running.folder / "credentials.yml")
    yield running.start(actions=False)
    running.stop()


def fuzz(running: RunningAssistant, description: Path, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    assert PROGRAM.exists(), "The checking tools are missing; `make test` installs them (tools/setup_tools.sh)."
    url = f"http://127.0.0.1:{running.port}/webhooks/web"
    command = [str(PROGRAM), "run", str(description), "--url", url, "--checks", CHECKS, "--no-color"]
    command += ["--generation-deterministic", "--max-examples", str(EXAMPLES), "--max-failures", "3", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def test_every_route_keeps_to_its_description(unlimited: RunningAssistant, tmp_path: Path) -> None:
    done = fuzz(unlimited, DESCRIPTION, tmp_path)
    assert done.returncode == 0, done.stdout[-6000:]
    assert unlimited.say("after", "is it safe to drive home after?")
    assert unlimited.operations("/ready")[0] == 200


def test_the_check_can_fail(unlimited: RunningAssistant, tmp_path: Path) -> None:
    described: Any = yaml.safe_load(DESCRIPTION.read_text())
    described["components"]["schemas"]["Refusal"]["required"].append("apology")
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(yaml.safe_dump(described))
    assert fuzz(unlimited, wrong, tmp_path, "--phases", "coverage").returncode == 1


def test_every_route_is_described(tmp_path: Path) -> None:
    options = {"secret_file": str(tmp_path / "secret"), "feedback_file": str(tmp_path / "feedback"), "demo": False}
    blueprint = WebInput(Options.read(options)).blueprint(None)  # type: ignore[arg-type]
    described = yaml.safe_load(DESCRIPTION.read_text())["paths"]
    # The widget is the one file below this pattern.
    routes = {("/widget.js" if "widget" in r.uri else r.uri): set(r.methods or ()) for r in blueprint._future_routes}
    assert {path: {method.upper() for method in ways} for path, ways in described.items()} == routes

"""Fixtures that many rooms share."""

from __future__ import annotations

from typing import Iterator

import pytest

from tests.running import RunningAssistant


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAssistant]:
    """The assistant with its action server, as `make run` starts them. Tests leave its files as they found them."""
    running = RunningAssistant(tmp_path_factory.mktemp("assistant") / "project").start()
    yield running
    running.stop()

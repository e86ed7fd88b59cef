"""A new model file is taken up once, when it is complete, and never at the price of the model in use."""

from __future__ import annotations

from pathlib import Path
from typing import Any, List

import pytest

from ketaguide.serving.model_watch import ModelWatch


class LoadingAgent:
    """Remembers what it loads; refuses what is no model."""

    def __init__(self) -> None:
        self.loaded: List[str] = []

    def load_model(self, file: Path) -> None:
        content = file.read_text()
        if content == "broken":
            raise ValueError(content)
        self.loaded.append(content)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "assistant.tar.gz"
    path.write_text("first")
    return path


async def look(watch: ModelWatch, times: int = 3) -> None:
    for _ in range(times):
        await watch.look()


async def test_a_new_model_is_loaded_once(file: Path) -> None:
    agent: Any = LoadingAgent()
    watch = ModelWatch(agent, file)
    await look(watch)
    assert agent.loaded == []
    file.write_text("second")
    await look(watch)
    assert agent.loaded == ["second"]


async def test_a_file_that_is_still_written_is_left_alone(file: Path) -> None:
    agent: Any = LoadingAgent()
    watch = ModelWatch(agent, file)
    for part in range(4):
        file.write_text("x" * (part + 10))
        await watch.look()
    assert agent.loaded == []
    await watch.look()
    assert agent.loaded == ["x" * 13]


async def test_a_broken_or_missing_model_changes_nothing(file: Path) -> None:
    agent: Any = LoadingAgent()
    watch = ModelWatch(agent, file)
    file.write_text("broken")
    await look(watch)
    file.unlink()
    await look(watch)
    assert agent.loaded == []
    file.write_text("good")
    await look(watch)
    assert agent.loaded == ["good"]

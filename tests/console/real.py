"""A clinic with the real assistant beside its console: the project's own answers, model and server."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path
from typing import Any, Dict, List

from console.assistant import client
from tests.running import MODEL, RunningAssistant


class RealClinic(RunningAssistant):
    """The assistant of a copy of the project, which has its model where the console puts new ones."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        (folder / "models").mkdir()
        self.model = folder / "models" / MODEL.name
        shutil.copy(MODEL, self.model)
        shutil.copy(MODEL.with_name("trained_on.txt"), folder / "models")

    @property
    def path(self) -> Path:
        """The clinic's folder."""
        return self.folder

    @property
    def address(self) -> str:
        """Where the assistant listens."""
        return f"http://127.0.0.1:{self.port}"

    def go(self) -> RealClinic:
        """Starts the assistant without its action server."""
        self.start(actions=False, model=self.model)
        return self

    def file(self, topic: str = "driving") -> Path:
        """Returns an answer's file."""
        return next((self.folder / "data" / "topics").glob(f"*/{topic}.yml"))

    def spoken(self, text: str) -> Dict[str, Any]:
        """Returns the first message that a new visitor gets."""
        self._visitors: List[str] = [*getattr(self, "_visitors", []), text]
        return self.say(f"visitor-{len(self._visitors)}", text)[0]

    def version(self, topic: str = "driving") -> str:
        """Returns the content version that the running assistant stamps on an answer."""
        return str(client.ask(f"/{topic}", "test")[0]["content_version"])

    @property
    def is_running(self) -> bool:
        """Whether the assistant's process lives."""
        return self._server is not None and self._server.poll() is None

    def kill(self) -> None:
        """Ends the assistant without giving it time for anything."""
        assert self._server is not None
        os.killpg(self._server.pid, signal.SIGKILL)
        self._server.wait()

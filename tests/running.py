"""A real assistant for tests: the trained model, served from a copy of the project that a test may damage."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

PROJECT = Path(__file__).resolve().parent.parent
MODEL = PROJECT / "models" / "assistant.tar.gz"
START_SECONDS = 120
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}


def free_port() -> int:
    """Returns a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class RunningAssistant:
    """The assistant and, if wanted, its action server, as processes of their own."""

    def __init__(self, folder: Path) -> None:
        """Copies what a server reads into `folder`; the code itself is linked."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("config.yml", "domain.yml", "endpoints.yml", "credentials.yml"):
            shutil.copy(PROJECT / name, folder / name)
        shutil.copytree(PROJECT / "data", folder / "data")
        for name in ("ketaguide", "actions"):
            (folder / name).symlink_to(PROJECT / name)
        (folder / "var").mkdir()
        self.port, self.actions_port, self.operations_port = free_port(), free_port(), free_port()
        self.log = folder / "server.log"
        self._server: Optional[subprocess.Popen[bytes]] = None
        self._actions: Optional[subprocess.Popen[bytes]] = None

    def start(self, *, actions: bool = True, model: Path = MODEL, **environment: str) -> RunningAssistant:
        """Starts the processes and waits until they answer."""
        if actions:
            command = ["rasa_sdk", "--actions", "actions", "--port", str(self.actions_port)]
            self._actions = self._process(command, environment)
        serving = ["ketaguide.serving", "--model", str(model), "--port", str(self.port)]
        serving += ["--actions-port", str(self.actions_port), "--operations-port", str(self.operations_port)]
        self._server = self._process(serving, environment)
        self._wait(f"http://127.0.0.1:{self.port}/")
        if actions:
            self._wait(f"http://127.0.0.1:{self.actions_port}/health")
        return self

    @property
    def pid(self) -> int:
        """The number of the assistant's process."""
        assert self._server is not None
        return self._server.pid

    def _process(self, command: List[str], environment: Dict[str, str]) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", *command],
                cwd=self.folder,
                env={**os.environ, **QUIET, **environment},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _wait(self, url: str) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(url, timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        self.stop()
        raise AssertionError("The assistant did not start:\n" + self.log_text()[-3000:])

    def operations(self, path: str) -> Tuple[int, str]:
        """Returns status and body of one of the operators' pages."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.operations_port}{path}", timeout=20) as response:
                return int(response.status), response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def say(self, sender: str, text: Any, seconds: float = 30) -> List[Dict[str, Any]]:
        """Returns what the assistant replies to one message over REST."""
        body = json.dumps({"sender": sender, "message": text}).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/webhooks/rest/webhook", body, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=seconds) as response:
            replies: List[Dict[str, Any]] = json.loads(response.read())
        return replies

    def uttered(self, sender: str, wait: float = 5) -> List[str]:
        """Returns the responses of a conversation as its record has them, oldest first."""
        return [str(event["metadata"].get("utter_action")) for event in self.events(sender, "bot", wait)]

    def events(self, sender: str, type_: str, wait: float = 5) -> List[Dict[str, Any]]:
        """Returns the stored events of one type; waits a little for the record to be written."""
        until = time.monotonic() + wait
        while True:
            rows = self._rows(sender, type_)
            if rows or time.monotonic() > until:
                return [json.loads(data) for (data,) in rows]
            time.sleep(0.1)

    def _rows(self, sender: str, type_: str) -> List[Any]:
        with sqlite3.connect(self.folder / "var" / "conversations.db") as database:
            query = "SELECT data FROM events WHERE sender_id = ? AND type_name = ? ORDER BY id"
            return database.execute(query, (sender, type_)).fetchall()

    def log_text(self) -> str:
        """Returns all that the processes wrote."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def freeze_actions(self) -> None:
        """Lets the action server take connections and never answer."""
        assert self._actions is not None
        os.killpg(self._actions.pid, signal.SIGSTOP)

    def stop_actions(self) -> None:
        """Ends the action server."""
        _end(self._actions)
        self._actions = None

    def signal(self, number: signal.Signals) -> None:
        """Sends a signal to the assistant, not to its action server."""
        if self._server is not None and self._server.poll() is None:
            os.killpg(self._server.pid, number)

    def kill(self) -> None:
        """Ends the assistant as a power cut would; `start` brings it back."""
        self.signal(signal.SIGKILL)
        if self._server is not None:
            self._server.wait(10)

    def stop(self) -> None:
        """Ends both processes."""
        _end(self._server)
        _end(self._actions)
        self._server = self._actions = None


def _end(process: Optional[subprocess.Popen[bytes]]) -> None:
    if process is not None and process.poll() is None:
        os.killpg(process.pid, signal.SIGCONT)
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(5)

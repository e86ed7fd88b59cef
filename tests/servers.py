"""Real PostgreSQL and Redis servers for tests, on free ports of this machine, that a test may stop, freeze or kill."""

from __future__ import annotations

import contextlib
import glob
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import Callable, List, Optional

import psycopg2
import redis

from tests.running import free_port

START_SECONDS = 30
ADVICE = "is missing; `make test` installs it, or run tools/setup_servers.sh"


class Server:
    """A program with a data folder and a port, both kept over restarts."""

    def __init__(self) -> None:
        """Makes the folder; nothing runs yet."""
        self.folder = Path(tempfile.mkdtemp(prefix="ketaguide-test-"))
        self.port = free_port()
        self._process: Optional[subprocess.Popen[bytes]] = None

    def start(self) -> None:
        """Starts the server, or starts it again, and waits until it answers."""
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command(), cwd=self.folder, stdout=log, stderr=log, start_new_session=True
            )
        _wait_for(self._answers, lambda: (self.folder / "log").read_text(errors="replace")[-2000:])

    def signal(self, number: signal.Signals) -> None:
        """Sends a signal to the server and all its children: SIGSTOP freezes it, SIGCONT lets it go on."""
        if self._process is not None and self._process.poll() is None:
            # One by one: PostgreSQL's children have process groups of their own.
            for pid in [self._process.pid, *_children(self._process.pid)]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)

    def kill(self) -> None:
        """Ends it as a power cut would."""
        self.signal(signal.SIGKILL)
        if self._process is not None:
            self._process.wait(10)

    def remove(self) -> None:
        """Ends it and deletes its data."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def url(self) -> str:
        """The address as DATABASE_URL or REDIS_URL takes it."""
        raise NotImplementedError

    def _command(self) -> List[str]:
        raise NotImplementedError

    def _answers(self) -> bool:
        raise NotImplementedError


class PostgresServer(Server):
    """PostgreSQL with one database and no password."""

    def __init__(self) -> None:
        """Makes an empty database cluster."""
        super().__init__()
        self._data = self.folder / "data"
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        subprocess.run(
            [*_as_postgres(), _postgres_program("initdb"), "-D", str(self._data), "-U", "ketaguide", "-A", "trust"],
            check=True,
            capture_output=True,
            cwd=self.folder,
        )

    @property
    def url(self) -> str:
        """The address as DATABASE_URL takes it."""
        return f"postgresql://ketaguide@127.0.0.1:{self.port}/postgres"

    def _command(self) -> List[str]:
        # A killed server leaves it behind, with the number of a process that may by now be another one.
        (self._data / "postmaster.pid").unlink(missing_ok=True)
        settings = ("listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off")
        options = [part for setting in settings for part in ("-c", setting)]
        return [*_as_postgres(), _postgres_program("postgres"), "-D", str(self._data), "-p", str(self.port), *options]

    def _answers(self) -> bool:
        try:
            psycopg2.connect(self.url, connect_timeout=1).close()
        except psycopg2.OperationalError:
            return False
        return True


class RedisServer(Server):
    """Redis that writes nothing to its disk."""

    @property
    def url(self) -> str:
        """The address as REDIS_URL takes it."""
        return f"redis://127.0.0.1:{self.port}/0"

    def client(self) -> redis.Redis:
        """Returns a connection that sees every key."""
        return redis.Redis.from_url(self.url)

    def _command(self) -> List[str]:
        program = shutil.which("redis-server")
        assert program, f"redis-server {ADVICE}"
        return [program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]

    def _answers(self) -> bool:
        try:
            return bool(self.client().ping())
        except redis.RedisError:
            return False


def _children(parent: int) -> List[int]:
    found = []
    for path in glob.glob("/proc/[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(Path(path).read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(path.split("/")[2]))
    return found


def _as_postgres() -> List[str]:
    # PostgreSQL refuses to run as root.
    if os.getuid() != 0:
        return []
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]


def _postgres_program(name: str) -> str:
    # Debian keeps PostgreSQL's programs out of the PATH.
    found = [*sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"), reverse=True), shutil.which(name)]
    program = next((path for path in found if path), None)
    assert program, f"PostgreSQL's {name} {ADVICE}"
    return program


def _wait_for(answers: Callable[[], bool], log: Callable[[], str]) -> None:
    until = time.monotonic() + START_SECONDS
    while not answers():
        assert time.monotonic() < until, "A server for the tests did not start:\n" + log()
        time.sleep(0.05)


class SlowLine:
    """A line to a server on this machine that holds back each of its answers for a while."""

    def __init__(self, port: int) -> None:
        """Takes the server's port; nothing is held back yet."""
        self.delay = 0.0
        self._to = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._take, daemon=True).start()

    def close(self) -> None:
        """Takes no further connections."""
        self._listener.close()

    def _take(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                here, _ = self._listener.accept()
                there = socket.create_connection(("127.0.0.1", self._to))
                threading.Thread(target=self._pass, args=(here, there, False), daemon=True).start()
                threading.Thread(target=self._pass, args=(there, here, True), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, is_answer: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if is_answer:
                    time.sleep(self.delay)
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

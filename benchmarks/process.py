"""Starts, measures and ends other programs: what they cost, and how busy the rest of the machine was (Linux)."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Dict, Iterable, Iterator, List, Mapping, Optional, Sequence

PROJECT = Path(__file__).resolve().parent.parent
MIB = 2**20
STOP_SECONDS = 20
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
# Settings of whoever starts the benchmark must not reach one of the two bots.
_FOREIGN = ("RASA_", "SANIC_", "ASSISTANT_", "ACTION", "REQUIRE_", "LOG_LEVEL", "PORT", "HOST", "TF_", "PYTHONPATH")
_COMMON = {
    "RASA_TELEMETRY_ENABLED": "false",
    "HF_HUB_OFFLINE": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONWARNINGS": "ignore",
}


class CommandError(Exception):
    """A command failed; the message has the end of what it wrote."""


@dataclass(frozen=True)
class Spent:
    """What a finished command cost: seconds of wall clock and of CPU, the latter with all its children."""

    wall: float
    cpu: float


def python(*arguments: str) -> List[str]:
    """Returns a command for the interpreter that runs this benchmark."""
    return [sys.executable, "-W", "ignore", *arguments]


def environment(scratch: Path, **more: str) -> Dict[str, str]:
    """Returns the one environment for every measured program; what they leave behind lies below `scratch`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
    temporary = scratch / "tmp"
    temporary.mkdir(exist_ok=True)
    return {**kept, **_COMMON, "TMPDIR": str(temporary), **more}


def run(command: Sequence[str], folder: Path, env: Mapping[str, str], log: Path) -> Spent:
    """Runs a command to its end.

    Raises:
        CommandError: if it fails.
    """
    started = time.perf_counter()
    process = start(command, folder, env, log)
    try:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    finally:
        stop([process])
    if process.returncode != 0:
        raise CommandError(f"`{' '.join(command)}` ended with {process.returncode}:\n{tail(log)}")
    return Spent(time.perf_counter() - started, usage.ru_utime + usage.ru_stime)


def start(command: Sequence[str], folder: Path, env: Mapping[str, str], log: Path) -> subprocess.Popen[bytes]:
    """Starts a command in a process group of its own, so that all of it can be ended."""
    with log.open("ab") as output:
        return subprocess.Popen(
            command, cwd=folder, env=dict(env), stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )


def stop(processes: Iterable[subprocess.Popen[bytes]]) -> None:
    """Ends programs and all that they started."""
    running = [process for process in processes if process.returncode is None]
    for process in running:
        _signal(process, signal.SIGTERM)
    for process in running:
        _await_exit(process)
        # A child may outlive its parent, which is collected only now: until then nobody else gets its group's number.
        _signal(process, signal.SIGKILL)
        process.wait()


def _await_exit(process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + STOP_SECONDS
    while time.monotonic() < until and not has_ended(process):
        time.sleep(0.05)


def has_ended(process: subprocess.Popen[bytes]) -> bool:
    """Tells whether a program has ended, without collecting it."""
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def tail(log: Path, lines: int = 25) -> str:
    """Returns the end of a log."""
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


@contextmanager
def ended_like_interrupted() -> Iterator[None]:
    """Makes SIGTERM clean up as Ctrl-C does."""

    def leave(number: int, frame: Optional[FrameType]) -> None:
        sys.exit(128 + number)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def free_port() -> int:
    """Returns a port on which nothing listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def memory_mib(root: int) -> float:
    """Returns the resident memory of a process and all its descendants."""
    return sum(_resident(pid) for pid in _tree(root)) / MIB


def cpu_seconds(root: int) -> float:
    """Returns the CPU time that a process and all its living descendants have used."""
    return sum(_cpu(pid) for pid in _tree(root))


def _tree(root: int) -> List[int]:
    children: Dict[int, List[int]] = {}
    for pid in (int(name) for name in os.listdir("/proc") if name.isdigit()):
        fields = _stat(pid)
        if fields:
            children.setdefault(int(fields[1]), []).append(pid)
    found = [root]
    for pid in found:
        found.extend(children.get(pid, []))
    return found


def _stat(pid: int) -> List[str]:
    # The fields from the third on: the second is a name that may have spaces in it.
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _cpu(pid: int) -> float:
    fields = _stat(pid)
    return (int(fields[11]) + int(fields[12])) / _TICKS if fields else 0.0


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except OSError:
        return 0


def machine_cpu_seconds() -> float:
    """Returns the CPU time that the whole machine has spent working since it was started."""
    user, nice, system, _idle, _wait, irq, soft_irq, steal = Path("/proc/stat").read_text().split()[1:9]
    return sum(map(int, (user, nice, system, irq, soft_irq, steal))) / _TICKS

"""One file with everything an installation would miss: conversations, crisis states, keys, the content's state."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
import time
from pathlib import Path
from typing import Iterator, List

from sqlalchemy.engine.url import URL

from ketaguide.serving.stores.database import database_url

POSTGRES_DUMP = "postgresql.dump"
# Files of SQLite that belong to a database, and marks of running processes.
_LEFT_OUT = ("-wal", "-shm", "-journal", ".lock")


class BackupError(Exception):
    """A backup could not be made or used; the message says what to do."""


def make(state: Path, content: Path, target: Path) -> Path:
    """Writes `ketaguide-<time>.tar.gz` into the folder `target` and returns it; the assistant may go on running.

    It holds the folders `var` and `data`, each SQLite file as it was at one moment, and PostgreSQL's conversations
    where DATABASE_URL names one.

    Raises:
        BackupError: if something could not be read; then no file is left.
    """
    target.mkdir(parents=True, exist_ok=True)
    file = target / f"ketaguide-{time.strftime('%Y%m%d-%H%M%S')}.tar.gz"
    unfinished = file.with_suffix(".unfinished")
    try:
        with tempfile.TemporaryDirectory(dir=target) as scratch:
            _collect(state, content, Path(scratch), target)
            # It holds conversations and keys: for its owner only.
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
                with tarfile.open(fileobj=opened, mode="w:gz") as archive:
                    for folder in sorted(Path(scratch).iterdir()):
                        archive.add(folder, folder.name)
                opened.flush()
                os.fsync(opened.fileno())
        unfinished.rename(file)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"The backup was not made: {error}. Is there room in {target}?") from None
    finally:
        unfinished.unlink(missing_ok=True)
    return file


def restore(file: Path, state: Path, content: Path) -> List[Path]:
    """Puts a backup in place; what was there before is set aside in folders that are returned.

    Raises:
        BackupError: if the file is no backup; then nothing is changed.
    """
    if not tarfile.is_tarfile(file):
        raise BackupError(f"{file} is no backup. Backups are named ketaguide-<time>.tar.gz.")
    set_aside = []
    with tempfile.TemporaryDirectory(dir=state.parent) as scratch:
        with tarfile.open(file) as archive:
            archive.extractall(scratch, filter="data")
        found = Path(scratch)
        if not (found / "var").is_dir() or not (found / "data").is_dir():
            raise BackupError(f"{file} holds no folders var and data; it was not made by this command.")
        _restore_postgres(found / "var" / POSTGRES_DUMP)
        for ours, theirs in ((state, found / "var"), (content, found / "data")):
            if ours.exists():
                aside = ours.with_name(f"{ours.name}-before-{time.strftime('%Y%m%d-%H%M%S')}")
                ours.rename(aside)
                set_aside.append(aside)
            shutil.move(str(theirs), str(ours))
    return set_aside


def drop_older(target: Path, keep: int) -> List[Path]:
    """Deletes all but the newest backups in a folder; returns those that went."""
    old = sorted(target.glob("ketaguide-*.tar.gz"))[:-keep] if keep > 0 else []
    for file in old:
        file.unlink()
    return old


def _collect(state: Path, content: Path, scratch: Path, target: Path) -> None:
    (scratch / "var").mkdir()
    for path in _files(state, target):
        copy = scratch / "var" / path.relative_to(state)
        copy.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix in {".db", ".sqlite3"}:
            _copy_database(path, copy)
        else:
            shutil.copy2(path, copy)
    shutil.copytree(content, scratch / "data")
    url = database_url()
    if url.get_backend_name() == "postgresql":
        _postgres("pg_dump", url, "--format=custom", f"--file={scratch / 'var' / POSTGRES_DUMP}")


def _files(state: Path, target: Path) -> Iterator[Path]:
    for path in sorted(state.rglob("*")):
        if path.is_file() and target not in path.parents and not path.name.endswith(_LEFT_OUT):
            yield path


def _copy_database(source: Path, copy: Path) -> None:
    ours, theirs = sqlite3.connect(f"file:{source}?mode=ro", uri=True), sqlite3.connect(copy)
    with contextlib.closing(ours), contextlib.closing(theirs):
        ours.backup(theirs)
        verdict = theirs.execute("PRAGMA integrity_check").fetchone()[0]
    if verdict != "ok":
        raise BackupError(f"{source} is damaged: {verdict}. Restore the last good backup.")


def _restore_postgres(dump: Path) -> None:
    url = database_url()
    if dump.exists() and url.get_backend_name() == "postgresql":
        _postgres("pg_restore", url, "--clean", "--if-exists", "--no-owner", "--single-transaction", str(dump))


def _postgres(program: str, url: URL, *options: str) -> None:
    # The password goes by the environment: a command line can be read by every user of the machine.
    environment = {**os.environ, "PGPASSWORD": str(url.password or "")}
    address = ["--host", url.host or "", "--port", str(url.port or 5432), "--username", url.username or ""]
    try:
        done = subprocess.run(
            [program, *address, f"--dbname={url.database}", *options], env=environment, capture_output=True, text=True
        )
    except FileNotFoundError:
        raise BackupError(f"{program} is missing. Install the PostgreSQL client, such as postgresql-client.") from None
    if done.returncode != 0:
        raise BackupError(f"{program} failed: {done.stderr.strip().splitlines()[-1:]}")

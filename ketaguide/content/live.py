"""Content that is read from its files at the moment of speaking.

An edit is live at the next message. A file that cannot be used keeps its last good words, and the log says so.
"""

from __future__ import annotations

import functools
import logging
import os
import threading
import time
from pathlib import Path
from typing import Callable, Dict, Generic, List, Mapping, Optional, Tuple, TypeVar

from ketaguide.content.facts import facts_anywhere, load_facts
from ketaguide.content.glossary import GLOSSARY_FILE, load_glossary
from ketaguide.content.leads import LEADS_FILE, load_leads
from ketaguide.content.load import TOPIC_IDS_FILE, Library, load_groups, load_sources, read_reply, read_topic
from ketaguide.content.model import Reply, Source, Term, Topic
from ketaguide.content.problems import ContentError
from ketaguide.content.words import WORDS_FILE, Words, load_words

logger = logging.getLogger(__name__)

FACT_FILES = ("clinic.yml", "find_provider.yml", "crisis/support_resources.yml")

# For parts of one turn that need not look at the files once more, as the words that are spoken do.
SAME_TURN_SECONDS = 0.05

T = TypeVar("T")
# Nanoseconds of the last change, size, inode: an editor that saves by renaming changes the inode.
Stamp = Tuple[int, int, int]


class LiveContent:
    """The topics, replies, sources and facts below one folder, as fresh as the files."""

    def __init__(self, data_folder: Path) -> None:
        self._topics = _LiveFolder(data_folder / "topics", depth=1, read=read_topic)
        self._replies = _LiveFolder(data_folder / "replies", depth=0, read=read_reply)
        self._sources: _LiveFile[Mapping[str, Source]] = _LiveFile(
            [data_folder / "sources.yml"], lambda: load_sources(data_folder), {}
        )
        self._groups: _LiveFile[Mapping[str, Tuple[str, ...]]] = _LiveFile(
            [data_folder / TOPIC_IDS_FILE], lambda: load_groups(data_folder), {}
        )
        self._facts: _LiveFile[Mapping[str, str]] = _LiveFile(
            [data_folder / name for name in FACT_FILES],
            lambda: load_facts(data_folder),
            facts_anywhere(),
        )
        self._glossary: _LiveFile[Mapping[str, Term]] = _LiveFile(
            [data_folder / GLOSSARY_FILE], lambda: load_glossary(data_folder), {}
        )
        self._leads: _LiveFile[Mapping[str, Tuple[str, ...]]] = _LiveFile(
            [data_folder / LEADS_FILE], lambda: load_leads(data_folder), {}
        )
        self._words: _LiveFile[Words] = _LiveFile([data_folder / WORDS_FILE], lambda: load_words(data_folder), Words())
        self._lock = threading.Lock()
        self._library: Optional[Library] = None
        self._looked_at = 0.0

    def library(self, max_age: float = 0.0) -> Library:
        """Returns all content, re-reading only the files that changed (about 0.4 ms when none did). Never raises.

        Args:
            max_age: How many seconds ago the last look at the files may have been.
        """
        return self.library_since(time.monotonic() - max_age)

    def library_since(self, moment: float) -> Library:
        """Returns all content as a look at the files at this moment (`time.monotonic`) or later found it."""
        with self._lock:
            now = time.monotonic()
            if self._library is None or self._looked_at < moment:
                topics: Mapping[str, Topic] = self._topics.refresh()
                replies: Mapping[str, Reply] = self._replies.refresh()
                self._library = Library(topics, replies, self._sources.refresh(), self._groups.refresh())
                self._looked_at = now
            return self._library

    def facts(self) -> Mapping[str, str]:
        """Returns the clinic's facts by name. Never raises."""
        with self._lock:
            return self._facts.refresh()

    def glossary(self) -> Mapping[str, Term]:
        """Returns the terms that can be explained. Never raises."""
        with self._lock:
            return self._glossary.refresh()

    def leads(self) -> Mapping[str, Tuple[str, ...]]:
        """Returns the warm sentences by feeling. Never raises."""
        with self._lock:
            return self._leads.refresh()

    def words(self) -> Words:
        """Returns the clinic's own words, for who writes. Never raises."""
        with self._lock:
            return self._words.refresh()

    def broken_files(self) -> List[str]:
        """Returns the files whose present state cannot be used."""
        with self._lock:
            spoken = (
                self._topics,
                self._replies,
                self._sources,
                self._groups,
                self._facts,
                self._glossary,
                self._leads,
            )
            return [file for part in (*spoken, self._words) for file in part.broken]


@functools.cache
def shared_content(data_folder: Path) -> LiveContent:
    """Returns the one live content of a folder in this process."""
    return LiveContent(data_folder)


class _LiveFolder(Generic[T]):
    """One parsed object per file, keyed by the file's name without its ending."""

    def __init__(self, folder: Path, depth: int, read: Callable[[Path], T]) -> None:
        self._folder = folder
        self._depth = depth
        self._read = read
        self._stamps: Dict[str, Stamp] = {}
        self._entries: Dict[str, T] = {}
        self.broken: Dict[str, str] = {}

    def refresh(self) -> Mapping[str, T]:
        present = dict(_scan(str(self._folder), self._depth))
        if present != self._stamps:
            changed = [path for path, stamp in present.items() if self._stamps.get(path) != stamp]
            for path in changed:
                self._take(path)
            for path in self._stamps.keys() - present.keys():
                logger.error("The answer file %s is gone; its last good words stay in use.", Path(path).name)
            self._stamps = present
            self._entries = dict(self._entries)
        return self._entries

    def _take(self, path: str) -> None:
        try:
            # A new dictionary each time: readers of the old one keep a consistent view.
            self._entries = {**self._entries, Path(path).stem: self._read(Path(path))}
            self.broken.pop(path, None)
        except Exception as error:  # whatever is wrong with one file, the others must be spoken
            self.broken[path] = _reason(error)
            logger.error("An answer file cannot be used; its last good words stay in use. %s", _reason(error))


class _LiveFile(Generic[T]):
    """One value made from a few files."""

    def __init__(self, paths: List[Path], read: Callable[[], T], empty: T) -> None:
        self._paths = paths
        self._read = read
        self._value = empty
        self._stamps: Optional[List[Optional[Stamp]]] = None
        self.broken: Dict[str, str] = {}

    def refresh(self) -> T:
        stamps = [_stamp_of(path) for path in self._paths]
        if stamps != self._stamps:
            self._stamps = stamps
            try:
                self._value = self._read()
                self.broken = {}
            except Exception as error:  # as above
                self.broken = {str(self._paths[0]): _reason(error)}
                logger.error(
                    "%s cannot be used; its last good state stays in use. %s", self._paths[0].name, _reason(error)
                )
        return self._value


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, ContentError) else type(error).__name__


def _stamp_of(path: Path) -> Optional[Stamp]:
    try:
        return _stamp(path.stat())
    except OSError:
        return None


def _stamp(status: os.stat_result) -> Stamp:
    return status.st_mtime_ns, status.st_size, status.st_ino


def _scan(folder: str, depth: int) -> List[Tuple[str, Stamp]]:
    found: List[Tuple[str, Stamp]] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if depth and entry.is_dir():
                    found += _scan(entry.path, depth - 1)
                elif not depth and entry.name.endswith(".yml"):
                    found.append((entry.path, _stamp(entry.stat())))
    except OSError:
        # A folder that cannot be read looks empty: every answer keeps its last good words.
        return found
    return found

"""What is wrong with a content file, in words that clinic staff can act on."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Iterable, Literal, Optional, Tuple

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Fix:
    """Words that may be put in place of others, wherever they stand in the texts of one language."""

    language: str
    old: str
    new: str

    @property
    def key(self) -> str:
        """Names the fix in a form."""
        return _key(self.language, self.old, self.new)

    def applied(self, text: str) -> str:
        """Returns the text mended. The old words are no part of a longer word or of a longer run of marks."""
        first, last = (r"\w" if end.isalnum() else re.escape(end) for end in (self.old[0], self.old[-1]))
        return re.sub(rf"(?<!{first}){re.escape(self.old)}(?!{last})", lambda _: self.new, text)


@dataclass(frozen=True)
class UnknownWord:
    """A word that no dictionary of its language has."""

    language: str
    word: str

    @property
    def key(self) -> str:
        """Names the word in a form."""
        return _key(self.language, self.word)


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8")).hexdigest()[:16]


@dataclass(frozen=True, order=True)
class Problem:
    """One finding in one file.

    Attributes:
        file: The file, relative to the content folder where possible.
        id: The answer's id, or "-" where the file has none.
        message: What is wrong.
        remedy: What to do about it.
        severity: "error" stops publishing, "warning" asks for a second look.
        fixes: Words that would mend it, the likeliest first; a person chooses.
        unknown: The word that no dictionary has, if that is what was found.
    """

    file: str
    id: str
    message: str
    remedy: str
    severity: Severity = "error"
    fixes: Tuple[Fix, ...] = field(default=(), compare=False)
    unknown: Optional[UnknownWord] = field(default=None, compare=False)

    def __str__(self) -> str:
        return f"{self.file} ({self.id}): {self.message} → {self.remedy}"


class ContentError(Exception):
    """Content cannot be used; carries every problem found, not just the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def relative(path: Path, folder: Path) -> str:
    """Returns `path` as seen from `folder`, or its bare name when it lies elsewhere."""
    try:
        return path.relative_to(folder).as_posix()
    except ValueError:
        return path.name

"""What is wrong with a content file, in words that clinic staff can act on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Iterable, Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, order=True)
class Problem:
    """One finding in one file.

    Attributes:
        file: The file, relative to the content folder where possible.
        id: The answer's id, or "-" where the file has none.
        message: What is wrong.
        remedy: What to do about it.
        severity: "error" stops publishing, "warning" asks for a second look.
    """

    file: str
    id: str
    message: str
    remedy: str
    severity: Severity = "error"

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

"""Reading YAML with the fast loader, never with code execution, and with errors people can act on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from ketaguide.content.problems import ContentError, Problem

# The C loader is 17 times faster; both are the safe variant.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path) -> Any:
    """Returns the parsed file.

    Raises:
        ContentError: if the file cannot be read or is not well-formed YAML.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError([_unreadable(path, error)]) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        # ValueError: a date that no calendar has.
        raise ContentError([_malformed(path, error)]) from error


def _unreadable(path: Path, error: Exception) -> Problem:
    reason = type(error).__name__
    return Problem(path.name, path.stem, f"the file cannot be read ({reason})", "save it as UTF-8 text")


def _malformed(path: Path, error: Exception) -> Problem:
    mark = getattr(error, "problem_mark", None)
    place = f"near line {mark.line + 1}" if mark else "somewhere in the file"
    return Problem(
        path.name,
        path.stem,
        f"the file is not well formed {place}",
        "compare that line with another answer's file: indentation, quotes and colons matter",
    )

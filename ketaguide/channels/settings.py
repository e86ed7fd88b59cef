"""What a channel needs to start: options from `credentials.yml`, secrets from the environment alone."""

from __future__ import annotations

import os
from dataclasses import MISSING, Field, field, fields
from typing import Any, Dict, List, Mapping, Optional, Type, TypeVar
from urllib.parse import urlsplit

from rasa.shared.exceptions import RasaException

GUIDE = "docs/channels.md"
# Signatures cover it, so it must stay as it is written.
EXACT = "webhook_url"
_VARIABLE, _WHAT = "variable", "what"

S = TypeVar("S")


def secret(variable: str, what: str) -> Any:
    """Declares a field that is read from an environment variable; `what` says in words what it holds."""
    return field(metadata={_VARIABLE: variable, _WHAT: what})


def needed(what: str) -> Any:
    """Declares an option that has no default; `what` says in words what to write."""
    return field(metadata={_WHAT: what})


def read(kind: Type[S], channel: str, credentials: Optional[Mapping[str, Any]]) -> S:
    """Returns the settings of a channel that `credentials.yml` switches on.

    Raises:
        RasaException: naming every variable and option that is missing, and every one that does not belong there.
    """
    if credentials is not None and not isinstance(credentials, Mapping):
        raise RasaException(f"The channel {channel} in credentials.yml: write options as `name: value`, or nothing.")
    given = {name: _bare(name, value) for name, value in (credentials or {}).items() if value is not None}
    known = list(fields(kind))  # type: ignore[arg-type]
    problems = _misplaced(known, given)
    values: Dict[str, Any] = {}
    for entry in known:
        value = os.environ.get(entry.metadata[_VARIABLE], "").strip() if _is_secret(entry) else given.get(entry.name)
        if value:
            values[entry.name] = value
        elif entry.default is MISSING:
            problems.append(_missing(entry))
    problems += [f"{name} must be an https address" for name, value in values.items() if _is_unsafe(name, value)]
    if problems:
        listed = "".join(f"\n  - {problem}" for problem in problems)
        raise RasaException(
            f"The channel {channel} is switched on in credentials.yml but cannot start:{listed}\n"
            f"{GUIDE} says where to find each. Without them, forged messages could not be told from real ones."
        )
    return kind(**values)


def _is_secret(entry: Field[Any]) -> bool:
    return _VARIABLE in entry.metadata


def _missing(entry: Field[Any]) -> str:
    if _is_secret(entry):
        return f"set the environment variable {entry.metadata[_VARIABLE]} ({entry.metadata[_WHAT]})"
    return f"write {entry.name}: in credentials.yml ({entry.metadata.get(_WHAT, '')})"


def _misplaced(known: List[Field[Any]], given: Mapping[str, Any]) -> List[str]:
    by_name = {entry.name: entry for entry in known}
    problems = []
    for name in given:
        entry = by_name.get(name)
        if entry is None:
            problems.append(f"there is no option {name}; take it out of credentials.yml")
        elif _is_secret(entry):
            variable = entry.metadata[_VARIABLE]
            problems.append(f"{name} is a secret: take it out of credentials.yml and set {variable} instead")
    return problems


def _bare(name: Any, value: Any) -> Any:
    """Returns an address without the slash at its end, to which paths are added."""
    return value.rstrip("/") if _is_address(name) and name != EXACT and isinstance(value, str) else value


def _is_address(name: Any) -> bool:
    return str(name).endswith("_url")


def _is_unsafe(name: str, value: Any) -> bool:
    if not _is_address(name):
        return False
    try:
        parts = urlsplit(str(value))
        _ = parts.port
    except ValueError:
        return True
    is_here = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")
    return not parts.hostname or not (parts.scheme == "https" or is_here)

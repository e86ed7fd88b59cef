"""Changes single entries of a content file and leaves every other byte as it was: order, comments, quotes.

Files stay readable in a plain editor, and a reader finds either the old file or the new one, never half of one.
"""

from __future__ import annotations

import io
import os
import tempfile
from pathlib import Path
from typing import Any, List, Mapping, Optional

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

NO_WRAPPING = 1_000_000


def with_entries(text: str, entries: Mapping[str, Any]) -> str:
    """Returns the file's text with these top-level entries set; None takes an entry out.

    Raises:
        ValueError: if the text holds no entries, or the result would not be read back as meant.
    """
    writer = _writer()
    document = writer.load(text)
    # A file of comments alone keeps them above its first entry.
    above = text if document is None else ""
    document = CommentedMap() if document is None else document
    if not isinstance(document, CommentedMap):
        raise ValueError("The file holds no entries.")
    for key, value in entries.items():
        if value is None:
            document.pop(key, None)
        elif _plain(document.get(key)) != value:
            document[key] = _merged(document.get(key), value)
    written = io.StringIO()
    writer.dump(document, written)
    result = above + written.getvalue()
    _check(result, entries)
    return result


def write_whole(path: Path, text: Optional[str]) -> None:
    """Replaces a file by this text in one step, on disk when it returns; None removes the file."""
    if text is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as opened:
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _writer() -> Any:
    writer: Any = YAML()
    writer.preserve_quotes = True
    writer.width = NO_WRAPPING
    writer.indent(mapping=2, sequence=4, offset=2)
    return writer


def _merged(old: Any, new: Any) -> Any:
    """Returns the new value in the old one's style, keeping what did not change inside it."""
    if isinstance(new, Mapping):
        merged = old if isinstance(old, CommentedMap) else CommentedMap()
        for key in [key for key in merged if key not in new]:
            del merged[key]
        for key, value in new.items():
            if key not in merged or _plain(merged[key]) != value:
                merged[_key(key)] = _merged(merged.get(key), value)
        return merged
    if isinstance(new, (list, tuple)):
        return _merged_list(old, list(new))
    if isinstance(new, str):
        return _text(old, new)
    return new


def _merged_list(old: Any, new: List[Any]) -> CommentedSeq:
    merged = old if isinstance(old, CommentedSeq) else CommentedSeq()
    kept = {repr(_plain(item)): item for item in merged}
    merged[:] = [kept.get(repr(item)) or _merged(None, item) for item in new]
    if any(isinstance(item, Mapping) for item in new):
        # An empty list stands in brackets; entries with lines of their own would be crammed into them.
        merged.fa.set_block_style()
    return merged


def _key(name: str) -> str:
    # Unquoted, the key `on` would be read as yes.
    return name if yaml.safe_load(name) == name else DoubleQuotedScalarString(name)


def _text(old: Any, new: str) -> str:
    if "\n" in new or isinstance(old, LiteralScalarString):
        return LiteralScalarString(new)
    # Always quoted: unquoted, `no`, `5` or `a: b` would not be read as text.
    return DoubleQuotedScalarString(new)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, str) else value


def _check(text: str, entries: Mapping[str, Any]) -> None:
    read = yaml.safe_load(text)
    wrong = [key for key, value in entries.items() if _plain(read.get(key)) != _plain(value)]
    if wrong:
        raise ValueError(f"These entries would not be read back as they were written: {', '.join(wrong)}.")

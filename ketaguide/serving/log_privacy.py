"""Keeps visitors' words out of every log, at every level, whoever writes it.

Rasa logs what visitors wrote in many places: on failures, in warnings and all over its debug output. Every word that
leaves through Python's logging or warnings passes here, and what a visitor wrote lately is replaced.
"""

from __future__ import annotations

import json
import logging
import re
import threading
from collections import deque
from typing import Any, Deque, Dict, List, MutableMapping, Tuple

import structlog
from rasa.utils.endpoints import ClientResponseError

REDACTED = "[visitor text]"
# Messages in flight and just handled; older ones are no longer on their way into a log.
KEPT_MESSAGES = 300
# A long message has this many lines recognised one by one, beside the whole.
KEPT_LINES = 20
# Shorter texts ("kms") are replaced as whole words only: they would be found inside other words.
MIN_CHARACTERS = 5
TRUNCATED_AT = 60
BAD_REQUEST = 400
# What Rasa's structured log entries call the visitor's words.
PRIVATE_KEYS = frozenset(
    {"text", "user_text", "parse_data_text", "message", "user_message", "rasa_events", "entities", "json_message"}
)
# It writes a line a message, of names and numbers only: searching it would cost more than writing it.
WORDLESS = frozenset({"ketaguide.serving.metrics"})

_messages: Deque[Tuple[str, ...]] = deque(maxlen=KEPT_MESSAGES)
_lock = threading.Lock()
_format_any = logging.Handler.format


def remember(text: str) -> None:
    """Notes a visitor's text, so that it is recognised in anything logged from now on."""
    forms = tuple(sorted((form for form in _forms(text) if form.strip(" ?!.,/")), key=len, reverse=True))
    with _lock:
        if forms and forms not in _messages:
            _messages.append(forms)


def redact(line: str) -> str:
    """Returns the line without any visitor's recent words."""
    with _lock:
        messages = list(_messages)
    for form in (form for forms in messages for form in forms):
        if form in line:
            line = _replace(line, form)
    return line


def _replace(line: str, form: str) -> str:
    if len(form) >= MIN_CHARACTERS:
        return line.replace(form, REDACTED)
    return re.sub(rf"(?<!\w){re.escape(form)}(?!\w)", REDACTED, line)


def _forms(text: str) -> List[str]:
    """Returns the ways in which a text shows up in a log: whole, escaped, in lower case, cut, line by line."""
    stripped = text.strip()
    forms = [text, stripped, stripped.lstrip("/").strip(), *stripped.splitlines()[:KEPT_LINES]]
    forms += [json.dumps(form)[1:-1] for form in list(forms)] + [repr(form)[1:-1] for form in list(forms)]
    forms += [form[:TRUNCATED_AT] for form in forms if len(form) > TRUNCATED_AT]
    forms += [form.lower() for form in forms]
    return list(dict.fromkeys(forms))


def install() -> None:
    """Puts the filter under every logging handler, structlog and warnings of this process."""
    logging.Handler.format = _format_redacted  # type: ignore[method-assign, assignment]
    logging.captureWarnings(True)
    _put_before_structlog()
    ClientResponseError.__init__ = _status_only  # type: ignore[method-assign]


def _status_only(error: ClientResponseError, status: int, message: str, text: str) -> None:
    # An action server that fails sends back the whole conversation, and Rasa prints it.
    Exception.__init__(error, f"status {status}")
    error.status, error.message, error.text = status, "", text if status == BAD_REQUEST else "{}"


def _format_redacted(handler: logging.Handler, record: logging.LogRecord) -> str:
    line = _format_any(handler, record)
    return line if record.name in WORDLESS else redact(line)


def _put_before_structlog() -> None:
    processors = list(structlog.get_config()["processors"])
    if _drop_private_keys not in processors:
        structlog.configure(processors=[_drop_private_keys, *processors[:-1], _redact_rendered(processors[-1])])


def _drop_private_keys(_: Any, __: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: REDACTED if key in PRIVATE_KEYS else value for key, value in entry.items()}


def _redact_rendered(renderer: Any) -> Any:
    def rendered(logger: Any, name: str, entry: Dict[str, Any]) -> Any:
        line = renderer(logger, name, entry)
        return redact(line) if isinstance(line, str) else line

    return rendered

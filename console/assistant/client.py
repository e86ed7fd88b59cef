"""Questions to the running assistant, over HTTP on this machine, with the shared secret."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from django.conf import settings

from ketaguide.shared_secret import shared_secret

SECONDS = 10.0
LOAD_SECONDS = 60.0
READ_AT_ONCE = 50
# A proxy of the environment is not for addresses on this machine.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class AssistantUnreachableError(Exception):
    """The assistant does not run, or does not answer in time."""


class AssistantRefusedError(Exception):
    """The assistant runs and says no; the message tells why."""


@dataclass(frozen=True)
class Understood:
    """How the model reads one question.

    Attributes:
        topic: The best topic's id, or the name of small talk or of not understanding.
        confidence: 0 to 1.
        ranking: The best topics with their confidence, best first.
        crisis: The kind of danger that the rules see in the words, or None.
    """

    topic: str
    confidence: float
    ranking: List[Dict[str, Any]]
    crisis: Optional[str]

    @property
    def runner_up(self) -> Optional[Dict[str, Any]]:
        """The second best."""
        others = [one for one in self.ranking if one["topic"] != self.topic]
        return others[0] if others else None


@dataclass(frozen=True)
class Reading:
    """What a text means, for comparing texts.

    Attributes:
        danger: The kind of danger or distress that the rules see in it, or None.
        vector: The sentence vector, of length 1; the product of two is their likeness.
    """

    danger: Optional[str]
    vector: Tuple[float, ...]


def state() -> Mapping[str, Any]:
    """Returns what the assistant runs with: `ready`, `model`, `topics`, `facts`, `broken`."""
    found: Mapping[str, Any] = _call("state")
    return found


def is_running() -> bool:
    """Tells whether the assistant answers."""
    try:
        state()
    except (AssistantUnreachableError, AssistantRefusedError):
        return False
    return True


def ask(text: str, sender: str) -> List[Dict[str, Any]]:
    """Returns the messages that the assistant says to `text`, with the stamps of what they are."""
    messages: List[Dict[str, Any]] = _call("ask", {"text": text, "sender": sender})["messages"]
    return messages


def understand(text: str) -> Understood:
    """Returns how the model in use reads `text`.

    Raises:
        AssistantRefusedError: if it has no model yet.
    """
    found = _call("understand", {"text": text})
    if not found["ready"]:
        raise AssistantRefusedError("The assistant has not learned any questions yet.")
    return Understood(found["topic"], found["confidence"], found["ranking"], found["crisis"])


def read(texts: Sequence[str]) -> List[Reading]:
    """Returns what each text means to the assistant, and whether it hears danger in it.

    Raises:
        AssistantRefusedError: if it has no model yet.
    """
    readings: List[Reading] = []
    for start in range(0, len(texts), READ_AT_ONCE):
        found = _call("read", {"texts": list(texts[start : start + READ_AT_ONCE])})
        readings += [Reading(one["crisis"], tuple(one["vector"])) for one in found["readings"]]
    return readings


def load_model(file: Path) -> str:
    """Makes the assistant use the model in `file` and returns the model's id."""
    return str(_call("model", {"file": str(file)}, LOAD_SECONDS)["model"])


def _call(path: str, body: Optional[Mapping[str, Any]] = None, seconds: float = SECONDS) -> Any:
    headers = {"X-Console-Secret": shared_secret(settings.ASSISTANT_SECRET_FILE), "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode("utf-8")
    request = urllib.request.Request(f"{settings.ASSISTANT_URL}/internal/console/{path}", data, headers)  # noqa: S310
    try:
        with _opener.open(request, timeout=seconds) as response:
            return json.loads(response.read())
    except urllib.error.HTTPError as error:
        raise AssistantRefusedError(_reason(error)) from error
    except (OSError, ValueError) as error:
        raise AssistantUnreachableError("The assistant does not answer.") from error


def _reason(error: urllib.error.HTTPError) -> str:
    if error.code == 404:
        return "The assistant does not know this console. Start both from the same folder."
    try:
        return str(json.loads(error.read())["error"])
    except (ValueError, KeyError, OSError):
        return "The assistant could not do this."

"""One answer as every messaging channel gets it, whatever the channel can show."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Dict, List, Mapping, Optional, Tuple

from ketaguide.safety.contact_lines import Contact

_CONTACT_FIELDS = frozenset(field.name for field in fields(Contact))


@dataclass(frozen=True)
class Source:
    """A publication under an answer."""

    title: str
    publisher: str
    year: str
    url: str


@dataclass(frozen=True)
class Choice:
    """A quick reply: what it shows, and the message that choosing it sends."""

    title: str
    payload: str


@dataclass(frozen=True)
class Link:
    """A web page offered beside the text."""

    title: str
    url: str


@dataclass(frozen=True)
class Answer:
    """What the assistant says once.

    Attributes:
        text: The words; complete without anything below.
        short: The text-message form, or "".
        sources: The publications cited.
        choices: Quick replies, in order.
        links: Web pages, in order.
        contacts: Whom a crisis reply names; the text names them too.
        crisis: The kind of danger that it answers, or "".
        response: Its name, such as `utter_driving`.
        approved: Whether a clinician signed it; None where nobody has to.
        checked_on: Date of the last check against the sources, or "".
    """

    text: str
    short: str = ""
    sources: Tuple[Source, ...] = ()
    choices: Tuple[Choice, ...] = ()
    links: Tuple[Link, ...] = ()
    contacts: Tuple[Contact, ...] = ()
    crisis: str = ""
    response: str = ""
    approved: Optional[bool] = None
    checked_on: str = ""

    @property
    def is_urgent(self) -> bool:
        """Tells whether it must arrive before everything else, in one piece."""
        return bool(self.crisis)

    @classmethod
    def from_message(cls, message: Mapping[str, Any]) -> Optional[Answer]:
        """Returns the answer in a message of the assistant; None where there is nothing to show."""
        choices, links = _buttons(message.get("buttons") or message.get("quick_replies") or [])
        for key in ("image", "attachment"):
            if _is_web(message.get(key)):
                links.append(Link(key.capitalize(), str(message[key])))
        text = str(message.get("text") or "").strip()
        if not text and not choices and not links:
            return None
        return cls(
            text=text,
            short=str(message.get("short") or "").strip(),
            sources=tuple(_source(entry) for entry in message.get("sources") or []),
            choices=tuple(choices),
            links=tuple(links),
            contacts=tuple(_contact(entry) for entry in message.get("contacts") or []),
            crisis=str(message.get("crisis") or ""),
            response=str(message.get("utter_action") or ""),
            approved=message.get("approved"),
            checked_on=str(message.get("checked_on") or ""),
        )


def _buttons(entries: List[Mapping[str, Any]]) -> Tuple[List[Choice], List[Link]]:
    choices, links = [], []
    for entry in entries:
        title = str(entry.get("title") or "").strip()
        if _is_web(entry.get("url")):
            links.append(Link(title or str(entry["url"]), str(entry["url"])))
        elif title:
            # A button without a payload says its title, as Rasa's own channels have it.
            choices.append(Choice(title, str(entry.get("payload") or title)))
    return choices, links


def _is_web(address: Any) -> bool:
    return isinstance(address, str) and address.startswith("https://")


def _source(entry: Mapping[str, Any]) -> Source:
    return Source(*(str(entry.get(key) or "") for key in ("title", "publisher", "year", "url")))


def _contact(entry: Mapping[str, Any]) -> Contact:
    known: Dict[str, str] = {key: str(value) for key, value in entry.items() if key in _CONTACT_FIELDS}
    return Contact(**{"id": "", "name": "", **known})

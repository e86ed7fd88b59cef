"""Support resources by country: what the resource file holds, and which contacts fit a kind of danger."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ketaguide.content.yaml_files import read_yaml
from ketaguide.safety.resource_check import UNCONFIRMED, raise_if_unsound
from ketaguide.safety.verdict import ABUSE, DISTRESS, HARM_TO_OTHERS, OVERDOSE, SUICIDE

RESOURCES_FILE = "support_resources.yml"
WITHHELD_FILE = "withheld_contacts.yml"
ALWAYS_OPEN = "24/7"
MOST_CONTACTS = 2

_POLICE_KINDS = frozenset({ABUSE, HARM_TO_OTHERS})
_WRITTEN_WAYS = ("text", "whatsapp")
_WAYS = ("call", *_WRITTEN_WAYS, "chat_url")
# The word in the languages that service names come in.
_NAMES_SUICIDE = re.compile(r"suicid|suicíd|zelfmoord|själv-?mord|selvmord|selbstmord|itsemurha", re.I)


@dataclass(frozen=True)
class Service:
    """One helpline or directory.

    Attributes:
        id: Stable key.
        name: As the service calls itself.
        short_name: Used where a reply must not bring up suicide; may be empty.
        categories: The kinds it serves.
        ways: `call`, `text`, `whatsapp`, `chat_url`, also with a language (`call_es`); empty text means
            that there is none, or that it must not be shown.
        hours: "24/7" or local hours; empty where they must not be relied on.
        languages: Codes of the languages its staff speak.
        audience: Whom it serves; empty for anyone.
        free: Whether the resource file says that it costs nothing.
    """

    id: str
    name: str
    short_name: str = ""
    categories: tuple[str, ...] = ()
    ways: Mapping[str, str] = field(default_factory=dict)
    hours: str = ""
    languages: tuple[str, ...] = ()
    audience: str = ""
    free: bool = False

    @property
    def is_always_open(self) -> bool:
        """Whether it may stand alone."""
        return self.hours == ALWAYS_OPEN

    @property
    def is_written(self) -> bool:
        """Whether people can text it instead of calling."""
        return any(self.ways.get(way) for way in _WRITTEN_WAYS)

    def way(self, name: str, language: str) -> str:
        """Return one way to reach it, in the visitor's language where there is such a way, or ""."""
        by_language = f"{name}_{language}"
        return self.ways[by_language] if by_language in self.ways else self.ways.get(name, "")

    def spoken_name(self, *, quiet: bool) -> str:
        """Return the name for a reply; "" where it would bring up suicide and must not."""
        if not quiet:
            return self.name
        name = self.short_name or self.name
        return "" if _NAMES_SUICIDE.search(name) else name


@dataclass(frozen=True)
class Resources:
    """The resource file, reduced to what may be shown.

    Attributes:
        services: Country code to its services in order of priority, without unconfirmed ones.
        emergency: Country code to its emergency numbers (`general`, `ambulance`, `police`, `alternative`).
        fallback: Services for an unknown country.
        emergency_text: What to call where the country is unknown.
        checked_on: Day of the last check.
        max_age_days: After how many days the check is too old.
    """

    services: Mapping[str, tuple[Service, ...]]
    emergency: Mapping[str, Mapping[str, str]]
    fallback: tuple[Service, ...]
    emergency_text: str
    checked_on: datetime.date
    max_age_days: int

    @property
    def countries(self) -> tuple[str, ...]:
        """Every country whose emergency number is known."""
        return tuple(self.emergency)

    def too_old(self, today: datetime.date) -> bool:
        """Say whether somebody has to check the contacts again before they may be shipped."""
        return (today - self.checked_on).days > self.max_age_days

    def emergency_number(self, country: str, kind: str) -> str:
        """Return the number to call in danger, or "" for an unknown country."""
        numbers = self.emergency.get(country, {})
        branch = "police" if kind in _POLICE_KINDS else "ambulance"
        number = numbers.get(branch) or numbers.get("general") or next(iter(numbers.values()), "")
        other = numbers.get("alternative")
        return f"{number} / {other}" if other and number == numbers.get("general") else number

    def ambulance_number(self, country: str) -> str:
        """Return the number for a hurt body, whatever the kind."""
        return self.emergency_number(country, OVERDOSE)

    def poison_line(self, country: str) -> Service | None:
        """Return the country's poison centre, or None."""
        return next((s for s in self.services.get(country, ()) if _is_poison_line(s)), None)

    def pick(self, country: str, kind: str, language: str, *, quiet: bool = False) -> tuple[Service, ...]:
        """Return the one or two services to name, the first one first.

        Args:
            country: Two-letter code; unknown or "" gives the fallback.
            kind: What the visitor's message was about.
            language: Services that speak it come first.
            quiet: Whether the reply must not bring up suicide.
        """
        home = _sorted_for(language, [s for s in self.services.get(country, ()) if s.spoken_name(quiet=quiet)])
        chosen = _choose(home, kind)
        if not any(service.is_always_open for service in chosen):
            chosen = [*chosen[: MOST_CONTACTS - 1], *self._anywhere(kind)]
        return tuple(chosen[:MOST_CONTACTS])

    def pick_one(self, country: str, kind: str, language: str, *, quiet: bool = False) -> Service:
        """Return the one service to name where there is room for a single line; it is open around the clock."""
        picked = self.pick(country, kind, language, quiet=quiet)
        return next((service for service in picked if service.is_always_open), picked[0])

    def service(self, id_: str) -> Service | None:
        """Return the service with an id, or None."""
        everywhere = (*self.fallback, *(s for services in self.services.values() for s in services))
        return next((s for s in everywhere if s.id == id_), None)

    def _anywhere(self, kind: str) -> list[Service]:
        return [s for s in self.fallback if kind in s.categories] or list(self.fallback[:1])


def _sorted_for(language: str, services: Sequence[Service]) -> list[Service]:
    return sorted(services, key=lambda service: language not in service.languages)


def _choose(home: Sequence[Service], kind: str) -> list[Service]:
    fit = [service for service in home if kind in service.categories]
    for_all = [service for service in fit if not service.audience]
    support = [s for s in home if not s.audience and {SUICIDE, DISTRESS}.intersection(s.categories)]
    if kind == ABUSE:
        chosen = [*for_all, *(s for s in fit if s.audience)][:MOST_CONTACTS]
        return chosen if len(chosen) > 1 or for_all else chosen + support
    if kind == OVERDOSE:
        return [*(s for s in fit if _is_poison_line(s)), *support]
    return _pair(for_all or support) or fit[:MOST_CONTACTS]


def _is_poison_line(service: Service) -> bool:
    """Say whether a service is a poison centre; crisis lines that also take overdose calls are not one."""
    return service.categories == (OVERDOSE,)


def _pair(services: Sequence[Service]) -> list[Service]:
    """Return the first service and the next one, or one to text where the first takes calls only."""
    if len(services) < MOST_CONTACTS or services[0].is_written:
        return list(services[:MOST_CONTACTS])
    second = next((service for service in services[1:] if service.is_written), services[1])
    return [services[0], second]


def load_resources(crisis_folder: Path) -> Resources:
    """Return the resources in a folder.

    Args:
        crisis_folder: Holds `support_resources.yml` and `withheld_contacts.yml`.

    Raises:
        ContentError: listing everything that is wrong in either file.
    """
    raw = read_yaml(crisis_folder / RESOURCES_FILE)
    withheld = read_yaml(crisis_folder / WITHHELD_FILE) or {}
    raise_if_unsound(raw, withheld, RESOURCES_FILE, WITHHELD_FILE)
    services = {code: _services(entry["services"], withheld) for code, entry in raw["countries"].items()}
    return Resources(
        services=MappingProxyType(services),
        emergency=MappingProxyType(_emergency_numbers(raw)),
        fallback=_services(raw["fallback"]["services"], withheld),
        emergency_text=raw["fallback"]["emergency_text"],
        checked_on=datetime.date.fromisoformat(raw["checked_on"]),
        max_age_days=raw["max_age_days"],
    )


def _emergency_numbers(raw: Mapping[str, Any]) -> dict[str, Mapping[str, str]]:
    numbers: dict[str, Mapping[str, str]] = {code: dict(entry["emergency"]) for code, entry in raw["countries"].items()}
    for code, entry in raw["emergency_only"].items():
        numbers[code] = {name: number for name, number in entry.items() if name not in ("name", "note")}
    return numbers


def _services(entries: Sequence[Mapping[str, Any]], withheld: Mapping[str, Any]) -> tuple[Service, ...]:
    shown = (entry for entry in entries if entry["checked"] != UNCONFIRMED)
    services = (_service(entry, frozenset(withheld.get(entry["id"]) or ())) for entry in shown)
    return tuple(service for service in services if any(service.ways.values()))


def _service(entry: Mapping[str, Any], withheld: frozenset[str]) -> Service:
    ways = {
        key: "" if key in withheld else value
        for key, value in entry.items()
        if key.removesuffix("_es") in _WAYS and value
    }
    return Service(
        id=entry["id"],
        name=entry["name"],
        short_name=entry.get("short_name", ""),
        categories=tuple(entry["categories"]),
        ways=MappingProxyType(ways),
        hours="" if "hours" in withheld else entry["hours"],
        languages=tuple(entry["languages"]),
        audience=entry.get("audience", ""),
        free=bool(re.search(r"\bfree\b", entry.get("note", ""), re.I)),
    )

"""Checks the shape of the resource file, and reports every problem at once."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ketaguide.content.problems import ContentError, Problem
from ketaguide.safety.verdict import KINDS

UNCONFIRMED = "unconfirmed"
_CHECKS = ("official", "secondary", UNCONFIRMED)
_CONTACT_FIELDS = ("call", "text", "whatsapp", "chat_url", "call_es", "text_es", "chat_url_es")
_NUMBER = re.compile(r"[\d ]+")


def raise_if_unsound(raw: Any, withheld: Any, file: str, withheld_file: str) -> None:
    """Raise a ContentError with all problems of the resource file and of the list of withheld fields."""
    problems = [*_check_whole(raw, file)]
    if not problems:
        problems = [*_check_entries(raw, file), *_check_withheld(raw, withheld, withheld_file)]
    if problems:
        raise ContentError(problems)


def _check_whole(raw: Any, file: str) -> Iterator[Problem]:
    if not isinstance(raw, dict):
        yield Problem(file, "-", "it holds no resources", "restore it from the last version")
        return
    for key in ("fallback", "countries", "emergency_only"):
        if not isinstance(raw.get(key), dict):
            yield Problem(file, "-", f"{key!r} is missing", "restore it from the last version")
    if not _is_date(raw.get("checked_on")):
        yield Problem(file, "-", "'checked_on' is not a date", 'write it as `checked_on: "2026-11-22"`')
    if not isinstance(raw.get("max_age_days"), int):
        yield Problem(file, "-", "'max_age_days' is not a number", "write `max_age_days: 180`")


def _is_date(value: Any) -> bool:
    try:
        datetime.date.fromisoformat(value)
    except (TypeError, ValueError):
        return False
    return True


def _check_entries(raw: Mapping[str, Any], file: str) -> Iterator[Problem]:
    for code in (*raw["countries"], *raw["emergency_only"]):
        if not isinstance(code, str) or not re.fullmatch("[A-Z]{2}", code):
            yield Problem(file, str(code), "a country is not two capital letters", 'put it in quotes: "NO"')
    fallback = raw["fallback"]
    if not isinstance(fallback.get("emergency_text"), str):
        yield Problem(file, "fallback", "'emergency_text' is missing", "say what to call in an unknown country")
    seen: set[str] = set()
    yield from _check_services("fallback", fallback, file, seen)
    for code, country in raw["countries"].items():
        yield from _check_services(str(code), country, file, seen)
        yield from _check_numbers(str(code), country.get("emergency"), file)
    for code, country in raw["emergency_only"].items():
        numbers = {name: number for name, number in country.items() if name not in ("name", "note")}
        yield from _check_numbers(str(code), numbers, file)


def _check_numbers(code: str, numbers: Any, file: str) -> Iterator[Problem]:
    sound = isinstance(numbers, dict) and numbers
    if not sound or not all(isinstance(n, str) and _NUMBER.fullmatch(n) for n in numbers.values()):
        yield Problem(file, code, "an emergency number is missing or not text", 'write it in quotes: {general: "112"}')


def _check_services(code: str, country: Mapping[str, Any], file: str, seen: set[str]) -> Iterator[Problem]:
    services = country.get("services")
    if not isinstance(services, list):
        yield Problem(file, code, "'services' is no list", "start each service with `- id:`")
        return
    for service in services:
        if not isinstance(service, dict) or not isinstance(service.get("id"), str):
            yield Problem(file, code, "a service has no id", "give it a stable key such as us_988")
            continue
        if service["id"] in seen:
            yield Problem(file, service["id"], "two services share this id", "choose another id")
        seen.add(service["id"])
        yield from _check_service(service, file)


def _check_service(service: Mapping[str, Any], file: str) -> Iterator[Problem]:
    id_ = service["id"]
    for key in ("name", "hours", "source_url"):
        if not isinstance(service.get(key), str) or not service[key].strip():
            yield Problem(file, id_, f"{key!r} is missing or not text", f'write `{key}: "…"`')
    for key in _CONTACT_FIELDS:
        if not isinstance(service.get(key, ""), (str, type(None))):
            yield Problem(file, id_, f"{key!r} is not read as text", f'put it in quotes: {key}: "{service[key]}"')
    if not any(service.get(key) for key in _CONTACT_FIELDS):
        yield Problem(file, id_, "there is no way to reach it", "give call, text, whatsapp or chat_url")
    if not _are_texts(service.get("categories")) or not set(service["categories"]) <= set(KINDS):
        yield Problem(file, id_, "the categories are not kinds of crisis", f"use: {', '.join(KINDS[:-1])}")
    if not _are_texts(service.get("languages")):
        yield Problem(file, id_, "'languages' is no list of codes", "write for instance `languages: [en, es]`")
    if service.get("checked") not in _CHECKS:
        yield Problem(file, id_, "'checked' has an unknown value", f"use one of: {', '.join(_CHECKS)}")


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, str) for item in value)


def _check_withheld(raw: Mapping[str, Any], withheld: Any, file: str) -> Iterator[Problem]:
    if not isinstance(withheld, dict) or not all(isinstance(fields, list) for fields in withheld.values()):
        yield Problem(file, "-", "it is not a list of fields by service", "write for instance `us_988: [text]`")
        return
    places = (raw["fallback"], *raw["countries"].values())
    listed = (service for place in places for service in place.get("services") or ())
    services = {service["id"]: service for service in listed if isinstance(service, dict) and "id" in service}
    for id_ in withheld:
        if id_ not in services:
            yield Problem(file, str(id_), "there is no such service", "correct the id or remove the line")
    for id_, service in services.items():
        if "not re-read" in service.get("note", "") and id_ not in withheld:
            yield Problem(file, id_, "its note says that a part was not re-read", "name the part here, or confirm it")

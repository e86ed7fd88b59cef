"""The clinic's own facts, and how they are put into an answer's words.

A sentence that uses a fact which the clinic left empty is left out, so an answer reads well with or without it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Dict, List, Mapping

from ketaguide.content.problems import ContentError, Problem
from ketaguide.content.yaml_files import read_yaml

CLINIC_FACTS = (
    "clinic_name",
    "clinic_phone",
    "clinic_hours",
    "clinic_address",
    "clinic_email",
    "booking_url",
    "after_hours_phone",
)
COUNTRY_FACTS = ("emergency_number", "crisis_line")
# Worked out while speaking: see `find_provider` below and `serving.live_answers`.
COMPUTED_FACTS = ("approval_note", "find_provider")
# With one of these a visitor can reach the clinic, and needs no other way to a provider.
CONTACT_FACTS = ("clinic_phone", "clinic_email", "booking_url")
PLACEHOLDERS = frozenset(CLINIC_FACTS + COUNTRY_FACTS + COMPUTED_FACTS)

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_SENTENCE_END = re.compile(r"(?<=[.?!])[ \t]+")

# Said where the clinic named no country.
_ANYWHERE = {
    "emergency_number": "your local emergency number",
    "crisis_line": "a helpline in your country (find one at findahelpline.com; in the US call or text 988)",
}


def unknown_placeholders(text: str) -> List[str]:
    """Returns what stands in braces but is no known fact, and "{" or "}" for a brace without its twin."""
    unknown = [name for name in _PLACEHOLDER.findall(text) if name not in PLACEHOLDERS]
    rest = _PLACEHOLDER.sub("", text)
    return unknown + [brace for brace in "{}" if brace in rest]


def fill(text: str, facts: Mapping[str, str]) -> str:
    """Returns `text` with facts filled in and sentences with an empty fact left out. Never leaves a brace."""
    lines = [_fill_line(line, facts) for line in text.splitlines()]
    kept = [line for line, original in zip(lines, text.splitlines()) if line or not original.strip()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _fill_line(line: str, facts: Mapping[str, str]) -> str:
    sentences = [_fill_sentence(sentence, facts) for sentence in _SENTENCE_END.split(line)]
    return " ".join(sentence for sentence in sentences if sentence)


def _fill_sentence(sentence: str, facts: Mapping[str, str]) -> str:
    if any(not facts.get(name) for name in _PLACEHOLDER.findall(sentence)):
        return ""
    return _PLACEHOLDER.sub(lambda match: facts[match.group(1)], sentence)


def facts_anywhere() -> Dict[str, str]:
    """Returns what is said while nothing is known of the clinic: no clinic facts, and numbers in words."""
    return {**dict.fromkeys((*CLINIC_FACTS, *COMPUTED_FACTS, "country"), ""), **_ANYWHERE}


def load_facts(data_folder: Path) -> Dict[str, str]:
    """Returns every fact by name; empty text where the clinic gave none.

    Args:
        data_folder: Holds `clinic.yml` and `crisis/support_resources.yml`.

    Raises:
        ContentError: if `clinic.yml` is malformed, has unknown keys or values that are not text.
    """
    clinic = read_yaml(data_folder / "clinic.yml") or {}
    problems = _check_clinic(clinic)
    if problems:
        raise ContentError(problems)
    facts = {name: str(clinic.get(name) or "").strip() for name in CLINIC_FACTS}
    facts["country"] = str(clinic.get("country") or "").strip().upper()
    if facts["clinic_phone"] or facts["clinic_email"]:
        facts["clinic_name"] = facts["clinic_name"] or "the clinic"
    facts["find_provider"] = (
        "" if any(facts[name] for name in CONTACT_FACTS) else _ways_to_a_provider(data_folder, facts)
    )
    return {**facts, **_country_facts(facts["country"], data_folder / "crisis" / "support_resources.yml")}


def _ways_to_a_provider(data_folder: Path, facts: Mapping[str, str]) -> str:
    ways = read_yaml(data_folder / "find_provider.yml")
    if not isinstance(ways, dict):
        remedy = "write one `US: text` per country, and `other: text`"
        raise ContentError([Problem("find_provider.yml", "-", "it is not a list of countries", remedy)])
    return str(ways.get(facts["country"]) or ways.get("other") or "").strip()


def _check_clinic(clinic: Any) -> List[Problem]:
    if not isinstance(clinic, dict):
        return [Problem("clinic.yml", "-", "it is not a list of facts", "write one `name: value` per line")]
    problems = []
    for name, value in clinic.items():
        if name not in CLINIC_FACTS + ("country",):
            known = ", ".join(CLINIC_FACTS + ("country",))
            problems.append(Problem("clinic.yml", str(name), "unknown fact", f"use one of: {known}"))
        elif value is not None and not isinstance(value, str):
            problems.append(
                Problem("clinic.yml", name, "the value is not read as text", f'put it in quotes: {name}: "{value}"')
            )
        elif value and re.search(r"[{}<>\n]", value):
            problems.append(
                Problem("clinic.yml", name, "braces, angle brackets or line breaks", "write plain text in one line")
            )
    return problems


def _country_facts(country: str, resources_file: Path) -> Dict[str, str]:
    facts = dict(_ANYWHERE)
    resources = read_yaml(resources_file)
    if not isinstance(resources, dict) or not {"countries", "emergency_only"} <= set(resources):
        remedy = "put back its `countries:` and `emergency_only:`"
        raise ContentError([Problem(resources_file.name, "-", "the support resources are not complete", remedy)])
    entry = resources["countries"].get(country) or {}
    numbers = entry.get("emergency") or resources["emergency_only"].get(country) or {}
    number = numbers.get("general") or numbers.get("ambulance")
    if number:
        facts["emergency_number"] = str(number)
    line = next((_line_words(service) for service in entry.get("services", []) if _fits_all(service)), None)
    if line:
        facts["crisis_line"] = line
    return facts


def _fits_all(service: Mapping[str, Any]) -> bool:
    return (
        "suicide" in service.get("categories", [])
        and service.get("checked") != "unconfirmed"
        and service.get("hours") == "24/7"
        and not service.get("audience")
        and bool(service.get("call"))
    )


def _line_words(service: Mapping[str, Any]) -> str:
    name = service.get("short_name") or service["name"]
    call, text = str(service["call"]), service.get("text")
    how = f"call or text {call}" if text == call else f"call {call}"
    return f"{name if name.startswith('the ') else 'the ' + name if name[0].isdigit() else name} ({how})"

"""The helplines and emergency numbers that replies name, by country, and how old their check is."""

from __future__ import annotations

from typing import Any, Dict, List

from django.utils import timezone

from console.crisis.texts import crisis_folder
from ketaguide.content.problems import ContentError
from ketaguide.safety.resources import Resources, Service, load_resources

WAYS = {"call": "call", "text": "text", "whatsapp": "WhatsApp", "chat_url": "chat"}


def contacts(country: str) -> Dict[str, Any]:
    """Returns what replies to visitors of a country may name; of an unknown country what stands in for it."""
    try:
        resources = load_resources(crisis_folder())
    except ContentError as error:
        return {"unreadable": str(error)}
    known = country if country in resources.countries else ""
    return {
        "country": known,
        "countries": sorted(resources.countries),
        "numbers": _numbers(resources, known),
        "services": [_row(service) for service in resources.services.get(known, ())],
        "anywhere": [_row(service) for service in resources.fallback],
        "checked_on": resources.checked_on,
        "too_old": resources.too_old(timezone.localdate()),
        "max_age_days": resources.max_age_days,
    }


def _numbers(resources: Resources, country: str) -> List[str]:
    if not country:
        return [resources.emergency_text]
    return [f"{name.capitalize()}: {number}" for name, number in resources.emergency[country].items()]


def _row(service: Service) -> Dict[str, Any]:
    ways = [f"{words} {service.ways[way]}" for way, words in WAYS.items() if service.ways.get(way)]
    return {"service": service, "ways": ways}

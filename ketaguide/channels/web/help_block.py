"""What every refusal carries: the emergency line and contacts. Works when nothing else does."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional

from ketaguide.content.problems import ContentError
from ketaguide.safety.contact_lines import Contact
from ketaguide.safety.detector import CrisisDetector
from ketaguide.safety.last_resort import emergency_line, last_resort_text
from ketaguide.safety.resources import Resources, Service, load_resources
from ketaguide.safety.verdict import DISTRESS

logger = logging.getLogger(__name__)

_ANYWHERE = {"id": "intl_findahelpline", "name": "Find A Helpline", "chat_url": "https://findahelpline.com"}


class HelpBlock:
    """Words and contacts for a request that is not passed on to the assistant."""

    def __init__(self, crisis_folder: Path, detector: Callable[[], CrisisDetector]) -> None:
        """Takes the folder with the support resources, and what gives the detector to read refused messages with."""
        self._detector = detector
        self._resources = _resources(crisis_folder)

    @property
    def countries(self) -> frozenset[str]:
        """Countries whose emergency number is known."""
        return frozenset(self._resources.countries if self._resources else ())

    def block(self, text: str, country: str, language: str) -> Dict[str, Any]:
        """Returns `{"text", "contacts"}`, and `crisis` where the refused text tells of danger. Never raises."""
        try:
            kind = self._kind(text)
        except Exception as error:  # help must be shown whatever is broken
            logger.error("A refused message could not be read for danger (%s).", type(error).__name__)
            kind = ""
        words = last_resort_text(kind, language) if kind else emergency_line(language)
        block: Dict[str, Any] = {"text": words, "contacts": self.contacts(country, kind or DISTRESS, language)}
        return {**block, "crisis": kind} if kind else block

    def contacts(self, country: str, kind: str, language: str) -> List[Dict[str, str]]:
        """Returns contacts as data, the emergency number first."""
        if not self._resources:
            return [_ANYWHERE]
        services = self._resources.pick(country, kind, language, quiet=kind == DISTRESS)
        number = self._resources.emergency_number(country, kind)
        emergency = [Contact(id="emergency", name="", call=number).as_dict()] if number else []
        return emergency + [_as_data(service, language, quiet=kind == DISTRESS) for service in services]

    def _kind(self, text: str) -> str:
        if not text.strip():
            return ""
        verdict = self._detector().read(text)
        return verdict.kind if verdict.is_crisis else ""


def _as_data(service: Service, language: str, *, quiet: bool) -> Dict[str, str]:
    ways = {way: service.way(way, language) for way in ("call", "text", "whatsapp", "chat_url")}
    return Contact(id=service.id, name=service.spoken_name(quiet=quiet), hours=service.hours, **ways).as_dict()


def _resources(crisis_folder: Path) -> Optional[Resources]:
    try:
        return load_resources(crisis_folder)
    except ContentError as error:
        logger.error("The support resources cannot be used; refusals name a directory of helplines only. %s", error)
        return None

"""Contacts as lines of plain text, and as data for channels that make them into links."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ketaguide.safety.resources import Resources, Service

EMERGENCY_ID = "emergency"

_KEYWORD = re.compile(r"(?P<word>\S+) to (?P<number>.+)")
_DIALABLE = re.compile(r"[*#+]?[(]?\d[\d\s()*-]*")


@dataclass(frozen=True)
class Contact:
    """One contact of a reply, for channels that can show more than text.

    Attributes:
        id: Key in the resource file, or "emergency".
        name: What to show; never a name that the reply's text avoids.
        call: Number as shown; "" where there is none.
        text: Number, or keyword and number, to text; "" where there is none.
        whatsapp: Number on WhatsApp; "" where there is none.
        chat_url: Web address; "" where there is none.
        hours: "24/7" or local hours.
        audience: Whom it serves; "" for anyone.
    """

    id: str
    name: str
    call: str = ""
    text: str = ""
    whatsapp: str = ""
    chat_url: str = ""
    hours: str = ""
    audience: str = ""

    @property
    def tel(self) -> str:
        """The first number in `call` as a `tel:` link takes it, or ""."""
        return _dialable(self.call)

    @property
    def sms(self) -> str:
        """The number in `text` as an `sms:` link takes it, or ""."""
        keyword = _KEYWORD.fullmatch(self.text)
        return _dialable(keyword["number"] if keyword else self.text)

    def as_dict(self) -> dict[str, str]:
        """Return the contact as plain JSON."""
        ways = {"call": self.call, "text": self.text, "whatsapp": self.whatsapp, "chat_url": self.chat_url}
        rest = {"tel": self.tel, "sms": self.sms, "hours": self.hours, "audience": self.audience}
        return {key: value for key, value in {"id": self.id, "name": self.name, **ways, **rest}.items() if value}


def _dialable(shown: str) -> str:
    found = _DIALABLE.search(shown)
    return re.sub(r"[\s()-]", "", found.group()) if found else ""


@dataclass(frozen=True)
class ContactPhrases:
    """How one language writes contacts; the fields are those of its `contacts.yml`."""

    language: str
    phrases: Mapping[str, str]
    translations: Mapping[str, str]
    languages: Mapping[str, str]

    def _say(self, words: str) -> str:
        return self.translations.get(words, words)

    def line(self, service: Service, *, quiet: bool) -> str:
        """Return one line such as "call or text 988 (988 Suicide & Crisis Lifeline), 24/7"."""
        words = ", ".join(filter(None, [self._say(service.spoken_name(quiet=quiet)), self._audience(service)]))
        ways = self.ways(service)
        named = f"{ways}: {words}" if ways.endswith(")") else f"{ways} ({words})"
        return f"{named}, {self.hours(service)}"

    def ways(self, service: Service) -> str:
        """Return how to reach a service, without its name: "call or text 988"."""
        parts = [self._by_phone(service), self._by_text(service), self._by_whatsapp(service)]
        if not service.is_written:
            parts.append(self._online(service))
        return self.phrases["or"].join(filter(None, parts))

    def _number(self, service: Service, way: str) -> str:
        return self._say(service.way(way, self.language))

    def _same_number(self, service: Service) -> bool:
        return bool(self._number(service, "call")) and self._number(service, "call") == self._number(service, "text")

    def _by_phone(self, service: Service) -> str:
        number = self._number(service, "call")
        pattern = "call_or_text" if self._same_number(service) else "call"
        return self.phrases[pattern].format(number=number) if number else ""

    def _by_text(self, service: Service) -> str:
        number = self._number(service, "text")
        if not number or self._same_number(service):
            return ""
        keyword = _KEYWORD.fullmatch(number)
        if keyword:
            return self.phrases["text_word"].format(**keyword.groupdict())
        return self.phrases["text"].format(number=number)

    def _by_whatsapp(self, service: Service) -> str:
        number = self._number(service, "whatsapp")
        return self.phrases["whatsapp"].format(number=number) if number else ""

    def _online(self, service: Service) -> str:
        url = self._number(service, "chat_url")
        return self.phrases["online"].format(url=url) if url else ""

    def _audience(self, service: Service) -> str:
        return self.phrases["for"].format(audience=self._say(service.audience)) if service.audience else ""

    def hours(self, service: Service) -> str:
        """Return when a service is open."""
        return self._say(service.hours) if service.hours else self.phrases["hours_unknown"]

    def contact(self, service: Service, *, quiet: bool) -> Contact:
        """Return a service as data, with the same words and numbers as its line."""
        return Contact(
            id=service.id,
            name=self._say(service.spoken_name(quiet=quiet)),
            call=self._number(service, "call"),
            text=self._number(service, "text"),
            whatsapp=self._number(service, "whatsapp"),
            chat_url=self._number(service, "chat_url"),
            hours=self.hours(service),
            audience=self._say(service.audience),
        )

    def spoken_languages(self, service: Service) -> str:
        """Return the names of the languages that a service lists."""
        return ", ".join(self.languages.get(code, code) for code in service.languages)

    def emergency_anywhere(self, resources: Resources, *, examples: bool) -> str:
        """Return what stands for the emergency number in an unknown country."""
        words = self.phrases["emergency_anywhere"]
        if examples and self.phrases["emergency_examples"]:
            words = f"{words} {self.phrases['emergency_examples']}"
        numbers = {code: resources.emergency[code]["general"] for code in ("US", "GB", "ES", "AU", "NZ")}
        return words.format(**numbers)

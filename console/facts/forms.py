"""The form of the clinic's facts. A wrong phone number sends frightened people nowhere, so each fact is checked."""

from __future__ import annotations

import re
from typing import Any, Dict

import phonenumbers
from django import forms

from ketaguide.content.facts import CLINIC_FACTS

_NOT_PLAIN = re.compile(r"[{}<>\n\r]")
LABELS = {
    "clinic_name": "Name of the clinic",
    "clinic_phone": "Phone",
    "clinic_hours": "Opening hours",
    "clinic_address": "Address",
    "clinic_email": "E-mail",
    "booking_url": "Web address for booking",
    "after_hours_phone": "Phone outside of opening hours",
    "country": "Country",
}


class FactsForm(forms.Form):
    """Every fact may be empty: a sentence that needs it is left out then."""

    clinic_name = forms.CharField(label=LABELS["clinic_name"], required=False, max_length=120)
    clinic_phone = forms.CharField(label=LABELS["clinic_phone"], required=False, max_length=40)
    clinic_hours = forms.CharField(
        label=LABELS["clinic_hours"], required=False, max_length=160, help_text="Such as: Monday to Friday, 9 to 5"
    )
    clinic_address = forms.CharField(label=LABELS["clinic_address"], required=False, max_length=200)
    clinic_email = forms.EmailField(label=LABELS["clinic_email"], required=False)
    booking_url = forms.URLField(
        label=LABELS["booking_url"], required=False, assume_scheme="https", help_text="Begins with https://"
    )
    after_hours_phone = forms.CharField(label=LABELS["after_hours_phone"], required=False, max_length=40)
    country = forms.CharField(
        label=LABELS["country"],
        required=False,
        max_length=2,
        help_text="Two letters, such as US or GB. Decides the emergency number and the helplines.",
    )

    def clean(self) -> Dict[str, Any]:
        """Returns the facts if each is of its kind."""
        data: Dict[str, Any] = super().clean() or {}
        for name, value in data.items():
            if _NOT_PLAIN.search(str(value)):
                self.add_error(name, "Write plain words in one line, without braces or angle brackets.")
        country = str(data.get("country") or "").strip().upper()
        data["country"] = country
        if country and country not in phonenumbers.SUPPORTED_REGIONS:
            self.add_error("country", "This is not the two-letter code of a country.")
        for name in ("clinic_phone", "after_hours_phone"):
            if data.get(name) and not _is_phone(data[name], country):
                self.add_error(name, "This does not look like a phone number of that country. Check the digits.")
        if data.get("booking_url") and not data["booking_url"].startswith("https://"):
            self.add_error("booking_url", "Use an address that begins with https://, so that nobody can read along.")
        return data

    def values(self) -> Dict[str, str]:
        """Returns the facts in the order of their file."""
        return {name: str(self.cleaned_data.get(name) or "").strip() for name in (*CLINIC_FACTS, "country")}


def _is_phone(text: str, country: str) -> bool:
    try:
        return bool(phonenumbers.is_possible_number(phonenumbers.parse(text, country or None)))
    except phonenumbers.NumberParseException:
        return False

"""What the built widget holds: its budget, the contacts of the resource file, nothing from elsewhere."""

from __future__ import annotations

import dataclasses
import gzip
import importlib
import json
from pathlib import Path

import pytest

from ketaguide.safety.resources import load_resources

# By name: `tools` is a folder of scripts, which the type checker must not see as a package too.
build_widget = importlib.import_module("tools.build_widget")
WIDGET = Path("web/dist/widget.js")
MOST_BYTES = 12 * 1024


def test_the_widget_is_up_to_date_and_within_its_budget() -> None:
    assert build_widget.main() == 0
    assert len(gzip.compress(WIDGET.read_bytes(), 9)) <= MOST_BYTES


def test_the_widget_carries_every_country_and_no_unconfirmed_contact() -> None:
    resources = load_resources(build_widget.CRISIS)
    carried = build_widget.CONTACTS.read_text(encoding="utf-8")
    assert carried == build_widget.contact_lines(resources)
    numbers = {}
    for line in carried.splitlines()[1:]:
        countries, number, *_ = line.split("|")
        numbers.update(dict.fromkeys(countries.split(), number))
    kind = build_widget.BAR_KIND
    assert numbers == {country: resources.emergency_number(country, kind) for country in resources.countries}
    assert "Poison" not in carried


def test_a_line_that_must_not_be_shown_in_spanish_is_not() -> None:
    lines = build_widget.contact_lines(load_resources(build_widget.CRISIS)).splitlines()
    us = next(line for line in lines if line.startswith("US|"))
    name, _, text, _, *spanish = us.split("|")[3].split("~")
    assert (name, text) == ("Crisis Text Line", "HOME to 741741")
    assert spanish == ["", "", "www.crisistextline.org"]


def test_a_contact_that_would_break_the_format_stops_the_build() -> None:
    resources = load_resources(build_widget.CRISIS)
    odd = dataclasses.replace(resources.fallback[0], name="Help | Line")
    with pytest.raises(ValueError, match=odd.id):
        build_widget.contact_lines(dataclasses.replace(resources, fallback=(odd,)))


def test_the_widget_needs_nothing_from_elsewhere() -> None:
    script = WIDGET.read_text(encoding="utf-8")
    for forbidden in ("innerHTML", "insertAdjacentHTML", "document.write", "eval(", "document.cookie", "localStorage"):
        assert forbidden not in script
    lock = json.loads(Path("web/package-lock.json").read_text())
    assert all("resolved" not in package for package in lock["packages"].values())

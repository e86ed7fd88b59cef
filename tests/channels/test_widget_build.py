"""What the built widget holds: its budget, the contacts of the resource file, nothing from elsewhere."""

from __future__ import annotations

import gzip
import importlib
import json
from pathlib import Path

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
    carried = json.loads(build_widget.CONTACTS.read_text(encoding="utf-8"))
    assert carried == build_widget.contacts_by_region(resources)
    only = {code: number for number, codes in carried["only"].items() for code in codes.split()}
    for country in resources.countries:
        number = carried[country][0] if country in carried else only[country]
        assert number == resources.ambulance_number(country)
    assert "Poison" not in json.dumps(carried)


def test_a_line_that_must_not_be_shown_in_spanish_is_not() -> None:
    text_line = build_widget.contacts_by_region(load_resources(build_widget.CRISIS))["US"][2]
    assert text_line[0] == "Crisis Text Line"
    assert text_line[-1] == {"text": "", "chat_url": "https://www.crisistextline.org"}


def test_the_widget_needs_nothing_from_elsewhere() -> None:
    script = WIDGET.read_text(encoding="utf-8")
    for forbidden in ("innerHTML", "insertAdjacentHTML", "document.write", "eval(", "document.cookie", "localStorage"):
        assert forbidden not in script
    lock = json.loads(Path("web/package-lock.json").read_text())
    assert all("resolved" not in package for package in lock["packages"].values())

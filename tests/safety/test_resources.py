"""The contacts: how the file is checked, and which of them a reply names."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from ketaguide.content.problems import ContentError
from ketaguide.safety.contact_lines import Contact
from ketaguide.safety.resources import RESOURCES_FILE, WITHHELD_FILE, Resources, load_resources
from ketaguide.safety.verdict import ABUSE, DISTRESS, HARM_TO_OTHERS, KINDS, OVERDOSE, SUICIDE

CRISIS = Path(__file__).parents[2] / "data" / "crisis"


@pytest.fixture(scope="module")
def resources() -> Resources:
    return load_resources(CRISIS)


@pytest.fixture(scope="module")
def raw() -> Any:
    return yaml.safe_load((CRISIS / RESOURCES_FILE).read_text(encoding="utf-8"))


def test_unconfirmed_services_are_never_picked(resources: Resources, raw: Any) -> None:
    unconfirmed = {s["id"] for c in raw["countries"].values() for s in c["services"] if s["checked"] == "unconfirmed"}
    assert unconfirmed
    for country in (*resources.countries, ""):
        for kind in KINDS:
            assert not unconfirmed & {service.id for service in resources.pick(country, kind, "en")}


def test_one_or_two_contacts_and_one_always_open_everywhere(resources: Resources) -> None:
    for country in (*resources.countries, ""):
        for kind in KINDS:
            for quiet in (False, True):
                picked = resources.pick(country, kind, "en", quiet=quiet)
                assert 1 <= len(picked) <= 2, (country, kind)
                assert any(service.is_always_open for service in picked), (country, kind)
                assert all(service.spoken_name(quiet=quiet) for service in picked), (country, kind)


@pytest.mark.parametrize(
    ("country", "kind", "language", "quiet", "expected"),
    [
        pytest.param("US", SUICIDE, "en", False, ["us_988", "us_crisis_text_line"], id="in the order of the file"),
        pytest.param("GB", SUICIDE, "en", False, ["gb_nhs111", "gb_shout"], id="one of them by text"),
        pytest.param("IT", SUICIDE, "en", False, ["it_telefono_amico", "intl_findahelpline"], id="never alone if shut"),
        pytest.param("ES", ABUSE, "en", True, ["es_016", "es_024"], id="a line for women, then one for all"),
        pytest.param("IE", ABUSE, "en", True, ["ie_samaritans", "ie_text50808"], id="no line of the kind: distress"),
        pytest.param("NL", DISTRESS, "en", True, ["intl_findahelpline", "intl_befrienders"], id="quiet: no such name"),
        pytest.param("US", OVERDOSE, "en", False, ["us_poison", "us_988"], id="the poison line first"),
        pytest.param("HK", SUICIDE, "zh", False, ["hk_samaritans", "hk_sbhk"], id="both speak the language"),
        pytest.param("SG", DISTRESS, "zh", True, ["sg_mindline", "sg_sos"], id="the visitor's language first"),
        pytest.param("PL", SUICIDE, "pl", False, ["intl_findahelpline", "intl_befrienders"], id="number only"),
        pytest.param("", SUICIDE, "en", False, ["intl_findahelpline", "intl_befrienders"], id="unknown country"),
    ],
)
def test_pick(resources: Resources, country: str, kind: str, language: str, quiet: bool, expected: list[str]) -> None:
    assert [service.id for service in resources.pick(country, kind, language, quiet=quiet)] == expected


@pytest.mark.parametrize(
    ("country", "kind", "number"),
    [
        ("US", SUICIDE, "911"),
        ("FR", ABUSE, "17"),
        ("FR", OVERDOSE, "15"),
        ("JP", HARM_TO_OTHERS, "110"),
        ("JP", SUICIDE, "119"),
        ("AR", ABUSE, "911"),
        ("IE", SUICIDE, "112 / 999"),
        ("PL", SUICIDE, "112"),
        ("XX", SUICIDE, ""),
    ],
)
def test_emergency_number(resources: Resources, country: str, kind: str, number: str) -> None:
    assert resources.emergency_number(country, kind) == number


def test_withheld_field_is_not_replaced_by_another_language(resources: Resources) -> None:
    line = resources.service("us_crisis_text_line")
    assert line is not None
    assert line.way("text", "en") == "HOME to 741741"
    assert line.way("text", "es") == ""


def test_age(resources: Resources) -> None:
    day = resources.checked_on + datetime.timedelta(days=resources.max_age_days)
    assert not resources.too_old(day)
    assert resources.too_old(day + datetime.timedelta(days=1))


@pytest.mark.parametrize(
    ("call", "text", "tel", "sms"),
    [
        ("988, then press 1", "HOME to 741741", "988", "741741"),
        ("*4141 (from a mobile phone)", "838255", "*4141", "838255"),
        ("0917 899 8727 or (02) 8989 8727", "", "09178998727", ""),
        ("1-800-222-1222", "", "18002221222", ""),
    ],
)
def test_numbers_for_links(call: str, text: str, tel: str, sms: str) -> None:
    contact = Contact("x", "X", call=call, text=text)
    assert (contact.tel, contact.sms) == (tel, sms)


def _service(raw: Any) -> Any:
    return raw["countries"]["US"]["services"][0]


BROKEN: dict[str, Callable[[Any], Any]] = {
    "no date": lambda raw: raw.update(checked_on="soon"),
    "no age": lambda raw: raw.pop("max_age_days"),
    "no fallback": lambda raw: raw.pop("fallback"),
    "number not text": lambda raw: raw["countries"]["US"]["emergency"].update(general=911),
    "no emergency number": lambda raw: raw["countries"]["US"].update(emergency={}),
    "country read as a boolean": lambda raw: raw["countries"].update({False: raw["countries"].pop("NO")}),
    "call not text": lambda raw: _service(raw).update(call=988),
    "unknown category": lambda raw: _service(raw).update(categories=["sadness"]),
    "unknown check": lambda raw: _service(raw).update(checked="yes"),
    "no way to reach it": lambda raw: [_service(raw).pop(k) for k in list(_service(raw)) if k.startswith(("c", "t"))],
    "same id twice": lambda raw: raw["countries"]["CA"]["services"][0].update(id="us_988"),
    "no id": lambda raw: _service(raw).pop("id"),
    "no source": lambda raw: _service(raw).pop("source_url"),
    "no languages": lambda raw: _service(raw).update(languages=[]),
    "note without decision": lambda raw: _service(raw).update(note="Number not re-read in this check."),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_files_are_rejected(tmp_path: Path, raw: Any, name: str) -> None:
    broken = copy.deepcopy(raw)
    BROKEN[name](broken)
    (tmp_path / RESOURCES_FILE).write_text(yaml.safe_dump(broken, allow_unicode=True), encoding="utf-8")
    (tmp_path / WITHHELD_FILE).write_text((CRISIS / WITHHELD_FILE).read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(ContentError):
        load_resources(tmp_path)


def test_all_problems_are_reported_at_once(tmp_path: Path, raw: Any) -> None:
    broken = copy.deepcopy(raw)
    BROKEN["call not text"](broken)
    BROKEN["unknown check"](broken)
    (tmp_path / RESOURCES_FILE).write_text(yaml.safe_dump(broken, allow_unicode=True), encoding="utf-8")
    (tmp_path / WITHHELD_FILE).write_text("us_nobody: [text]", encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_resources(tmp_path)
    assert len(caught.value.problems) >= 3

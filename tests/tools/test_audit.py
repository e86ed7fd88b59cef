"""The audit of packages: what is unexplained or unchecked fails it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tools.audit import explanations, problems_of

PROJECT = Path(__file__).resolve().parents[2]
LISTED = {"CVE-1": "known"}
CLEAN = {"name": "clean", "version": "1", "vulns": []}


def advisory(id_: str, *aliases: str) -> dict[str, object]:
    return {"id": id_, "aliases": list(aliases), "fix_versions": ["2"]}


def test_what_is_explained_passes_by_any_of_its_names() -> None:
    known = {"name": "known", "version": "1", "vulns": [advisory("GHSA-1", "CVE-1")]}
    assert problems_of([CLEAN, known], LISTED, "lock") == []


def test_an_advisory_that_nobody_explained_fails() -> None:
    new = {"name": "known", "version": "1", "vulns": [advisory("CVE-2")]}
    (problem,) = problems_of([CLEAN, new], LISTED, "lock")
    assert "CVE-2" in problem
    assert "fixed in 2" in problem


def test_an_explanation_holds_for_its_package_only() -> None:
    assert problems_of([{"name": "other", "version": "1", "vulns": [advisory("CVE-1")]}], LISTED, "lock")


def test_a_package_that_was_not_checked_fails() -> None:
    (problem,) = problems_of([CLEAN, {"name": "x", "skip_reason": "no network"}], LISTED, "lock")
    assert "could not be checked" in problem


def test_an_entry_without_a_reason_is_refused() -> None:
    with pytest.raises(ValueError, match="reason"):
        explanations([{"package": "x", "ids": ["CVE-1"], "reason": " "}])


def test_the_list_names_packages_that_are_locked() -> None:
    entries = yaml.safe_load((PROJECT / "tools" / "advisories.yml").read_text())
    locked = set(re.findall(r"^([a-z0-9-]+)==", (PROJECT / "requirements.lock").read_text(), re.M))
    assert {entry["package"] for entry in entries} <= locked

"""The sources: which answers use each, and which are old."""

from __future__ import annotations

import datetime

from tests.console.conftest import Clinic, SignIn

SOURCE = {"publisher": "Maker", "url": "https://example.org/l", "kind": "label"}


def test_each_source_names_the_answers_that_use_it(clinic: Clinic, sign_in: SignIn) -> None:
    year = datetime.date.today().year
    sources = {
        "label": {**SOURCE, "title": "Newest label", "year": year},
        "old_trial": {**SOURCE, "title": "Old trial", "year": year - 9, "kind": "trial"},
        "nobody": {**SOURCE, "title": "Nobody cites it", "year": year - 3},
    }
    clinic.content.write("sources.yml", sources)
    evidence = [{"fact": "38 in 100 felt dizzy.", "sources": ["old_trial"], "verified": True}]
    clinic.content.change(evidence=evidence)
    rows = sign_in("frida").get("/sources").context["rows"]
    found = {row["source"].id: ([topic.id for topic in row["topics"]], row["is_old"]) for row in rows}
    assert found["old_trial"] == (["driving"], True)
    assert found["nobody"] == ([], False)
    assert sorted(found["label"][0]) == ["alcohol", "driving", "nausea"]
    assert [row["source"].id for row in rows] == ["old_trial", "nobody", "label"]


def test_sources_are_found_by_word_and_put_in_order(sign_in: SignIn) -> None:
    frida = sign_in("frida")
    assert [row["source"].id for row in frida.get("/sources?q=LABEL").context["rows"]] == ["label"]
    assert frida.get("/sources?q=nothing").context["rows"] == []
    for order in ("used", "title", "made up"):
        assert frida.get(f"/sources?order={order}").status_code == 200

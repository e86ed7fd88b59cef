"""A tiny made-up content folder: three sound topics, one reply, two sources."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any, Dict

import pytest
import yaml

TODAY = datetime.date(2026, 11, 22)
IDS = ("driving", "alcohol", "nausea")
GROUP = "after"


def topic(id_: str) -> Dict[str, Any]:
    """Returns the entries of a topic that breaks no rule."""
    return {
        "id": id_,
        "title": f"About {id_}",
        "question": f"What about {id_} after a session?",
        "risk": "clinical",
        "suggest_provider": False,
        "checked_on": "2026-11-22",
        "review_by": "2027-11-22",
        "sources": ["label"],
        "related": [other for other in IDS if other != id_],
        "answer": {
            "en": f"Wait until the next day with {id_}. About 38 in 100 people feel dizzy.\n\nCall {{clinic_phone}}."
        },
        "short": {"en": f"Wait until the next day with {id_}."},
        "simpler": {"en": "Wait for a day."},
        "evidence": [{"fact": "38 in 100 felt dizzy.", "sources": ["label"], "verified": True}],
        "examples": [f"{id_} question {word}" for word in WORDS],
        "approvals": [],
    }


WORDS = (
    "apple bridge candle desert eagle forest garden hammer island jacket kettle lemon mirror needle orange pillow "
    "quartz rabbit saddle tunnel umbrella violin walnut yellow zebra"
).split()


def reply() -> Dict[str, Any]:
    """Returns the entries of a fixed reply that breaks no rule."""
    return {
        "id": "greet",
        "risk": "fact",
        "checked_on": "2026-11-22",
        "review_by": "2027-11-22",
        "answer": {"en": "Hello. {approval_note} Ask me."},
        "buttons": [{"title": "Driving", "target": "topic:driving"}],
        "approvals": [],
    }


class ContentFolder:
    """A content folder whose files a test changes before it looks."""

    def __init__(self, path: Path) -> None:
        self.path = path
        for id_ in IDS:
            self.write(f"topics/{GROUP}/{id_}.yml", topic(id_))
        self.write("replies/greet.yml", reply())
        source = {"title": "Label", "publisher": "Maker", "year": 2026, "url": "https://example.org/l", "kind": "label"}
        self.write("sources.yml", {"label": source})
        self.write("topic_ids.yml", {GROUP: {id_: "what it is about" for id_ in IDS}})
        self.write("clinic.yml", {"clinic_name": "Hill Clinic", "clinic_phone": "555 0100", "country": "US"})
        plainer = {"utilize": "use", "an additional": "another", "assessment": "check"}
        self.write("words.yml", {"known": {"en": ["ketamine", "esketamine", "spravato"]}, "plainer": {"en": plainer}})
        self.write("find_provider.yml", {"US": "Ask your doctor.", "other": "Ask a doctor."})
        lifeline = {
            "id": "us_988",
            "name": "988 Suicide & Crisis Lifeline",
            "short_name": "988 Lifeline",
            "categories": ["suicide"],
            "call": "988",
            "text": "988",
            "hours": "24/7",
            "checked": "official",
        }
        countries = {"US": {"emergency": {"general": "911"}, "services": [lifeline]}}
        self.write(
            "crisis/support_resources.yml", {"countries": countries, "emergency_only": {"PL": {"general": "112"}}}
        )

    def write(self, name: str, entries: Any) -> Path:
        """Writes one file, entries in the order given."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = entries if isinstance(entries, str) else yaml.safe_dump(entries, sort_keys=False, allow_unicode=True)
        path.write_text(text, encoding="utf-8")
        return path

    def change(self, id_: str = "driving", **entries: Any) -> Path:
        """Rewrites one topic with some entries changed; an entry of ... is left out."""
        changed = {**topic(id_), **entries}
        kept = {key: value for key, value in changed.items() if value is not ...}
        return self.write(f"topics/{GROUP}/{id_}.yml", kept)

    def change_reply(self, **entries: Any) -> Path:
        """Rewrites the greeting with some entries changed."""
        return self.write("replies/greet.yml", {**reply(), **entries})


@pytest.fixture
def folder(tmp_path: Path) -> ContentFolder:
    """A content folder that breaks no rule."""
    return ContentFolder(tmp_path / "data")

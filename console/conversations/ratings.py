""" "Helpful" and "not helpful": counts by day, answer and version. No words, no conversation."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from dataclasses import dataclass
from typing import Dict, Iterator, List, Tuple

from django.conf import settings

FILE = "feedback.jsonl"
UNKNOWN_VERSION = ""
FEWEST = 2


@dataclass(frozen=True)
class Rating:
    """One tap.

    Attributes:
        day: ISO date.
        version: The content version that was rated, or "" if it was not noted.
    """

    day: str
    topic: str
    helpful: bool
    version: str


@dataclass(frozen=True)
class Helpfulness:
    """How many visitors found one version of an answer helpful."""

    topic: str
    version: str
    helpful: int
    unhelpful: int
    last: str

    @property
    def count(self) -> int:
        """How many rated it."""
        return self.helpful + self.unhelpful

    @property
    def share(self) -> float:
        """Helpful ones of all, 0 to 1."""
        return self.helpful / self.count


def ratings(days: int) -> Iterator[Rating]:
    """Yields the ratings of the last days; a damaged line is passed over."""
    since = (datetime.datetime.now(datetime.timezone.utc).date() - datetime.timedelta(days=days)).isoformat()
    try:
        lines = (settings.STATE_FOLDER / FILE).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return
    for line in lines:
        try:
            entry = json.loads(line)
            found = Rating(
                str(entry["day"]), str(entry["topic"]), bool(entry["helpful"]), str(entry.get("version") or "")
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
        if found.day >= since:
            yield found


def by_version(days: int) -> List[Helpfulness]:
    """Returns how helpful each version of each answer was, answers by name, their newest version first."""
    counted: Dict[Tuple[str, str], Counter] = {}
    last: Dict[Tuple[str, str], str] = {}
    for rating in ratings(days):
        key = (rating.topic, rating.version)
        counted.setdefault(key, Counter())[rating.helpful] += 1
        last[key] = max(last.get(key, ""), rating.day)
    found = [Helpfulness(*key, counts[True], counts[False], last[key]) for key, counts in counted.items()]
    newest_first = sorted(found, key=lambda one: one.last, reverse=True)
    return sorted(newest_first, key=lambda one: one.topic)


def unhelpful(days: int) -> List[Helpfulness]:
    """Returns the answers that more visitors found unhelpful than helpful, the worst first."""
    counted: Dict[str, Counter] = {}
    for rating in ratings(days):
        counted.setdefault(rating.topic, Counter())[rating.helpful] += 1
    found = [Helpfulness(topic, "", counts[True], counts[False], "") for topic, counts in counted.items()]
    bad = [one for one in found if one.unhelpful >= FEWEST and one.unhelpful > one.helpful]
    return sorted(bad, key=lambda one: one.helpful - one.unhelpful)

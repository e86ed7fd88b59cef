"""Decides what to offer when it is not clear which answer a message asks for."""

from __future__ import annotations

from typing import Any, Container, List, Mapping, Sequence

MAX_OPTIONS = 3
# Below this a candidate is no better than a guess among all answers.
MIN_CONFIDENCE = 0.04
# A best guess of "not our subject" with a lead like this is believed.
OUT_OF_SCOPE_LEAD = 1.5
OUT_OF_SCOPE = "out_of_scope"


def options(ranking: Sequence[Mapping[str, Any]], topics: Container[str]) -> List[str]:
    """Returns up to three topic ids worth offering, best first; none means "not our subject".

    Args:
        ranking: Entries with `name` and `confidence`, best first, as the classifier made them.
        topics: The ids that can be offered.
    """
    candidates = [entry for entry in ranking if entry.get("name") in topics and _confidence(entry) >= MIN_CONFIDENCE]
    if not candidates:
        return []
    outside = max((_confidence(entry) for entry in ranking if entry.get("name") == OUT_OF_SCOPE), default=0.0)
    if outside > OUT_OF_SCOPE_LEAD * _confidence(candidates[0]):
        return []
    return [str(entry["name"]) for entry in candidates[:MAX_OPTIONS]]


def _confidence(entry: Mapping[str, Any]) -> float:
    return float(entry.get("confidence") or 0.0)

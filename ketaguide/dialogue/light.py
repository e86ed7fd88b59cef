"""Reads a message in the light of the answer before it: which of all answers does it ask for now?

Each answer gets the score that the classifier gave it, plus what speaks for it as a continuation: it is the answer
before, it lies near it, or it tells about the aspect that was asked about. How much each of these counts depends on how
clearly the message points back, so that a clear new question keeps its own answer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Dict, List, Mapping, Sequence, Tuple

from ketaguide.content.model import ASPECTS, Topic
from ketaguide.dialogue.cues import Cues

STANDALONE = "standalone"
COST, INSURANCE = "cost", "insurance"
EXPECTED_WORDS = 4
PULLS = ("other", "same", "related", "near")

# Learnt by `tools/fit_follow_ups.py` from the conversations in tests/conversations/tuned*.yml.
WEIGHTS: Mapping[str, float] = {
    "score": 1.07,
    "score*open": -0.37,
    "other*always": -2.32,
    "other*open": -0.44,
    "other*points_back": -0.55,
    "other*goes_on": -0.21,
    "other*fragment": -0.26,
    "other*short": -0.28,
    "same*always": 5.06,
    "same*open": 0.74,
    "same*points_back": 0.63,
    "same*goes_on": 0.06,
    "same*fragment": 0.58,
    "same*short": 0.27,
    "related*always": 1.56,
    "related*open": -1.43,
    "related*points_back": 1.24,
    "related*goes_on": 1.67,
    "related*fragment": 0.52,
    "related*short": 0.30,
    "near*always": 3.34,
    "near*open": -0.57,
    "near*points_back": 1.12,
    "near*goes_on": 0.45,
    "near*fragment": 0.85,
    "near*short": 0.63,
    "aspect": 3.12,
}


@dataclass(frozen=True)
class Heard:
    """What the models made of one message.

    Attributes:
        scores: Intent to score; the differences are log odds.
        signs: Move, aspect or "standalone" to its share; they sum to one.
        cues: What in the wording points back.
    """

    scores: Mapping[str, float]
    signs: Mapping[str, float]
    cues: Cues

    @property
    def open(self) -> float:
        """How little the message stands for itself, 0 to 1."""
        return 1.0 - self.signs.get(STANDALONE, 1.0)


@dataclass(frozen=True)
class Subject:
    """A topic answered earlier in the conversation, and how much it still counts (0 to 1)."""

    topic: Topic
    weight: float
    nearness: Mapping[str, float]


def target(subject: Topic, aspect: str) -> str:
    """Returns the id of the answer that tells about an aspect of a subject: by its file, else its own."""
    if aspect == COST and subject.id != INSURANCE:
        return subject.aspects.get(aspect, COST)
    return subject.aspects.get(aspect, subject.id)


def features(heard: Heard, subjects: Sequence[Subject], topics: Mapping[str, Topic]) -> Dict[str, Dict[str, float]]:
    """Returns for each intent what speaks for it, by name of the evidence."""
    strength = _strengths(heard)
    found: Dict[str, Dict[str, float]] = {}
    for intent, score in heard.scores.items():
        row = {"score": score, "score*open": score * heard.open}
        if intent not in topics:
            row.update({f"other*{name}": value for name, value in strength.items()})
        found[intent] = row
    for subject in subjects:
        _add_subject(found, subject, heard, strength)
    return found


def _strengths(heard: Heard) -> Dict[str, float]:
    cues = heard.cues
    return {
        # The longer a message is, the more it says itself.
        "always": min(1.0, EXPECTED_WORDS / max(1, cues.words)),
        "open": heard.open,
        "points_back": float(cues.points_back),
        "goes_on": float(cues.goes_on),
        "fragment": float(cues.fragment),
        "short": float(cues.short),
    }


def _add_subject(
    found: Dict[str, Dict[str, float]], subject: Subject, heard: Heard, strength: Mapping[str, float]
) -> None:
    here = 1.0 - _elsewhere(subject.topic, heard)
    _add(found.get(subject.topic.id), "same", subject.weight * here, strength)
    for id_ in subject.topic.related:
        _add(found.get(id_), "related", subject.weight, strength)
    for intent, row in found.items():
        _add(row, "near", subject.weight * subject.nearness.get(intent, 0.0), strength)
    for aspect in ASPECTS:
        row_ = found.get(target(subject.topic, aspect))
        if row_ is not None:
            row_["aspect"] = row_.get("aspect", 0.0) + subject.weight * heard.signs.get(aspect, 0.0)


def _elsewhere(topic: Topic, heard: Heard) -> float:
    """Returns how far a message asks about aspects that other answers tell about."""
    return sum(heard.signs.get(name, 0.0) for name in ASPECTS if target(topic, name) != topic.id)


def _add(row: Dict[str, float] | None, name: str, amount: float, strength: Mapping[str, float]) -> None:
    if row is None:
        return
    for kind, value in strength.items():
        key = f"{name}*{kind}"
        row[key] = row.get(key, 0.0) + amount * value


def scores_in_light(
    heard: Heard, subjects: Sequence[Subject], topics: Mapping[str, Topic], weights: Mapping[str, float] = WEIGHTS
) -> Dict[str, float]:
    """Returns the scores of all intents with the conversation counted in: `features` times `weights`, summed early."""
    strength = _strengths(heard)
    pull = {kind: sum(weights.get(f"{kind}*{name}", 0.0) * value for name, value in strength.items()) for kind in PULLS}
    own = weights.get("score", 0.0) + weights.get("score*open", 0.0) * heard.open
    scores = {
        intent: own * score + (0.0 if intent in topics else pull["other"]) for intent, score in heard.scores.items()
    }
    for subject in subjects:
        near = pull["near"] * subject.weight
        for intent in scores:
            scores[intent] += near * subject.nearness.get(intent, 0.0)
        for id_, amount in _direct_pull(subject, heard, pull, weights):
            if id_ in scores:
                scores[id_] += subject.weight * amount
    return scores


def _direct_pull(
    subject: Subject, heard: Heard, pull: Mapping[str, float], weights: Mapping[str, float]
) -> List[Tuple[str, float]]:
    found = [(subject.topic.id, pull["same"] * (1.0 - _elsewhere(subject.topic, heard)))]
    found += [(id_, pull["related"]) for id_ in subject.topic.related]
    aspect = weights.get("aspect", 0.0)
    found += [(target(subject.topic, name), aspect * heard.signs.get(name, 0.0)) for name in ASPECTS]
    return found


def best_share(scores: Mapping[str, float]) -> Tuple[str, float]:
    """Returns the intent with the best score, and its share of one; no intent and zero for no scores."""
    if not scores:
        return "", 0.0
    best = max(scores, key=lambda intent: scores[intent])
    return best, 1.0 / sum(math.exp(score - scores[best]) for score in scores.values())


def shares(scores: Mapping[str, float]) -> Dict[str, float]:
    """Returns scores as shares of one."""
    highest = max(scores.values())
    weights = {intent: math.exp(score - highest) for intent, score in scores.items()}
    total = sum(weights.values())
    return {intent: weight / total for intent, weight in weights.items()}


def best_aspect(heard: Heard) -> Tuple[str, float]:
    """Returns the aspect that the message most likely asks about, and its share."""
    return max(((aspect, heard.signs.get(aspect, 0.0)) for aspect in ASPECTS), key=lambda pair: pair[1])

"""Questions that mean the same, together."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import Dict, List, NamedTuple, Optional, Sequence, Tuple

import numpy as np
from rapidfuzz import fuzz, process

from console.assistant import client
from console.inbox.unanswered import Question
from ketaguide.content.lint.across_topics import plain

# Likeness in meaning (cosine), and of letters (percent), from which two questions are shown as one.
SAME_MEANING = 0.65
SAME_LETTERS = 82.0


class _Known(NamedTuple):
    danger: Optional[str]
    vector: np.ndarray


_known: Dict[str, _Known] = {}


@dataclass(frozen=True)
class Cluster:
    """Questions that mean the same, the most frequent first."""

    questions: Tuple[Question, ...]

    @property
    def key(self) -> str:
        """Names the cluster in addresses: the most frequent question's fingerprint."""
        return self.questions[0].fingerprint

    @property
    def text(self) -> str:
        """The most frequent wording."""
        return self.questions[0].text

    @property
    def count(self) -> int:
        """How often any of them was asked."""
        return sum(question.count for question in self.questions)

    @property
    def last(self) -> float:
        """When one was asked last, in seconds since 1970."""
        return max(question.last for question in self.questions)

    @property
    def reasons(self) -> List[str]:
        """Why they are here."""
        return list(dict.fromkeys(reason for question in self.questions for reason in question.reasons))

    @property
    def closest(self) -> Tuple[Tuple[str, float], ...]:
        """The answers that come closest, with the best confidence that any question had."""
        best: Dict[str, float] = {}
        for question in self.questions:
            for id_, confidence in question.closest:
                best[id_] = max(best.get(id_, 0.0), confidence)
        return tuple(sorted(best.items(), key=lambda one: -one[1])[:3])


def clusters(questions: Sequence[Question]) -> List[Cluster]:
    """Returns the questions in clusters, the most asked first.

    The assistant says what each means, and reads it for danger once more; while it is away, letters decide.
    """
    read = _read(questions)
    safe = [question for question in questions if question.text not in read or not read[question.text].danger]
    ordered = sorted(safe, key=lambda question: (-question.count, -question.last))
    together = _together(_alike(ordered, read))
    found = [Cluster(tuple(ordered[index] for index in group)) for group in together]
    return sorted(found, key=lambda cluster: (-cluster.count, -cluster.last))


def _read(questions: Sequence[Question]) -> Dict[str, _Known]:
    """Returns what the assistant says of each text; nothing of texts that it could not be asked about."""
    global _known
    known = {question.text: _known[question.text] for question in questions if question.text in _known}
    unread = [question.text for question in questions if question.text not in known]
    with contextlib.suppress(client.AssistantUnreachableError, client.AssistantRefusedError):
        for text, reading in zip(unread, client.read(unread)):
            known[text] = _Known(reading.danger, np.array(reading.vector, dtype=np.float32))
    # What is gone from the record is gone from memory.
    _known = known
    return known


def _alike(questions: Sequence[Question], read: Dict[str, _Known]) -> np.ndarray:
    """Returns which question is like which, shape (questions, questions), bool."""
    words = [plain(question.text) for question in questions]
    alike: np.ndarray = process.cdist(words, words, scorer=fuzz.token_sort_ratio) >= SAME_LETTERS
    known = [index for index, question in enumerate(questions) if question.text in read]
    if known:
        vectors = np.array([read[questions[index].text].vector for index in known])
        alike[np.ix_(known, known)] |= vectors @ vectors.T >= SAME_MEANING
    return alike


def _together(alike: np.ndarray) -> List[List[int]]:
    """Returns groups of indices: each takes in what is like its first, which is the most frequent of them."""
    groups: List[List[int]] = []
    free = np.ones(len(alike), dtype=bool)
    for index in range(len(alike)):
        if free[index]:
            members = [int(other) for other in np.flatnonzero(alike[index] & free)]
            free[members] = False
            groups.append([index, *(other for other in members if other != index)])
    return groups

"""Rules that need to see all topics at once: ids, sources, titles, colliding questions."""

from __future__ import annotations

import re
from typing import Dict, Iterator, List, Mapping, Tuple

from rapidfuzz import fuzz, process

from ketaguide.content.load import Library
from ketaguide.content.model import Topic
from ketaguide.content.problems import Problem, Severity

# From here up two questions differ by a letter or two: a person would call them the same question.
COLLISION_SCORE = 96.0


def check_ids(owed: Mapping[str, str], files: Mapping[str, str], library: Library) -> Iterator[Problem]:
    """Yields owed answers without a file, and files in the wrong group."""
    for id_, group in owed.items():
        if id_ not in files:
            yield Problem(f"topics/{group}/{id_}.yml", id_, "this answer is owed but has no file", "write it")
        elif id_ in library.topics and library.topics[id_].group != group:
            yield Problem(files[id_], id_, "the file lies in the wrong folder", f"move it to topics/{group}/")
    for id_, file in files.items():
        if id_ not in owed:
            remedy = "add it to topic_ids.yml with what it is about, or remove the file"
            yield Problem(file, id_, "this answer is not in the list of topics", remedy)


def check_sources(library: Library) -> Iterator[Problem]:
    """Yields sources that answers cite but nobody listed, and listed ones that nobody cites."""
    used = set()
    for topic in library.topics.values():
        for source in {*topic.sources, *(s for fact in topic.evidence for s in fact.sources)}:
            used.add(source)
            if source not in library.sources:
                file = f"topics/{topic.group}/{topic.id}.yml"
                yield Problem(
                    file, topic.id, f"the source {source!r} is not in sources.yml", "add it there, or correct the id"
                )
    for source in library.sources:
        if source not in used:
            yield Problem("sources.yml", source, "no answer cites this publication", "remove it")


def check_titles(library: Library) -> Iterator[Problem]:
    """Yields topics whose button reads like another's."""
    by_title: Dict[str, Topic] = {}
    for topic in library.topics.values():
        other = by_title.setdefault(topic.title.casefold(), topic)
        if other is not topic:
            message = f"the title {topic.title!r} is also that of {other.id}"
            yield Problem(f"topics/{topic.group}/{topic.id}.yml", topic.id, message, "choose another one")


def check_example_collisions(library: Library) -> Iterator[Problem]:
    """Yields questions that stand twice, within a topic or under two topics."""
    seen: Dict[str, Tuple[Topic, str]] = {}
    for topic in library.topics.values():
        file = f"topics/{topic.group}/{topic.id}.yml"
        for example in topic.examples:
            first, _ = seen.setdefault(plain(example), (topic, example))
            if seen[plain(example)][1] is not example:
                message = f"“{example}” is also an example of {first.id}"
                yield Problem(file, topic.id, message, "keep it only where the answer fits best")
    yield from _near_collisions(list(seen.items()))


def _near_collisions(entries: List[Tuple[str, Tuple[Topic, str]]]) -> Iterator[Problem]:
    texts = [text for text, _ in entries]
    scores = process.cdist(texts, texts, scorer=fuzz.ratio, score_cutoff=COLLISION_SCORE)
    for row, column in zip(*scores.nonzero()):
        (topic, example), (other, twin) = entries[row][1], entries[column][1]
        if row < column and topic.id != other.id:
            message = f"“{example}” is nearly “{twin}” of {other.id}"
            file = f"topics/{topic.group}/{topic.id}.yml"
            yield Problem(file, topic.id, message, "keep it only where the answer fits best", severity="warning")


def check_topic(topic: Topic, library: Library) -> Iterator[Problem]:
    """Yields what is wrong with one topic beside the others: its sources, its title, its questions."""
    file = f"topics/{topic.group}/{topic.id}.yml"
    for source in {*topic.sources, *(s for fact in topic.evidence for s in fact.sources)} - set(library.sources):
        yield Problem(file, topic.id, f"the source {source!r} is not in sources.yml", "add it there, or correct the id")
    for other in library.topics.values():
        if other.id != topic.id and other.title.casefold() == topic.title.casefold():
            message = f"the title {topic.title!r} is also that of {other.id}"
            yield Problem(file, topic.id, message, "choose another one")
    for example, twin, other, same in collisions(topic, library):
        likeness = "also" if same else "nearly"
        message = f"“{example}” is {likeness} a question of “{other.title}”" + ("" if same else f": “{twin}”")
        severity: Severity = "error" if same else "warning"
        yield Problem(file, topic.id, message, "keep it only where the answer fits best", severity)


def collisions(topic: Topic, library: Library) -> Iterator[Tuple[str, str, Topic, bool]]:
    """Yields each question of the topic that another has too: (question, its twin, the other topic, whether equal)."""
    others = [(other, twin) for other in library.topics.values() if other.id != topic.id for twin in other.examples]
    ours = [plain(example) for example in topic.examples]
    theirs = [plain(twin) for _, twin in others]
    if not ours or not theirs:
        return
    scores = process.cdist(ours, theirs, scorer=fuzz.ratio, score_cutoff=COLLISION_SCORE)
    for row, column in zip(*scores.nonzero()):
        other, twin = others[column]
        yield topic.examples[row], twin, other, ours[row] == theirs[column]


def plain(text: str) -> str:
    """Returns the text in lower case, with letters, digits and single spaces only."""
    return " ".join(re.sub(r"[^\w\s]", "", text.casefold()).split())

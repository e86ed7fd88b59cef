"""Runs every rule over every file."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Iterator, List

from ketaguide.content.facts import load_facts
from ketaguide.content.lint import (
    across_topics,
    approval_rules,
    reply_rules,
    talk_rules,
    topic_rules,
    wording_rules,
    writing_rules,
)
from ketaguide.content.load import Library, load_what_works, topic_files
from ketaguide.content.model import Reply, Topic, Wording
from ketaguide.content.problems import ContentError, Problem, relative
from ketaguide.content.words import Words, load_words


def lint(data_folder: Path, today: datetime.date) -> List[Problem]:
    """Returns every problem of all content below `data_folder`, sorted by file.

    Args:
        data_folder: Holds `topics/`, `replies/`, `sources.yml`, `clinic.yml` and `topic_ids.yml`.
        today: Review dates are judged against it.
    """
    library, problems = load_what_works(data_folder)
    words, country = Words(), ""
    try:
        words = load_words(data_folder)
    except ContentError as error:
        problems += error.problems
    try:
        country = load_facts(data_folder)["country"]
    except ContentError as error:
        problems += error.problems
    owed = {id_: group for group, ids in library.groups.items() for id_ in ids}
    files = {path.stem: relative(path, data_folder) for path in topic_files(data_folder)}
    problems += across_topics.check_ids(owed, files, library)
    problems += across_topics.check_sources(library)
    problems += across_topics.check_titles(library)
    problems += across_topics.check_example_collisions(library)
    problems += talk_rules.check(data_folder, library)
    for topic in library.topics.values():
        problems += _check_topic(topic, library, today, words, country)
    for reply in library.replies.values():
        problems += _check_reply(reply, library, today)
        problems += approval_rules.check(reply, f"replies/{reply.id}.yml")
        problems += writing_rules.check(reply, f"replies/{reply.id}.yml", words, country)
    return sorted(set(problems))


def lint_topic(topic: Topic, library: Library, today: datetime.date, words: Words, country: str) -> List[Problem]:
    """Returns the problems of one topic as it would stand among the others, such as a draft.

    Args:
        topic: The answer.
        library: All others.
        today: Review dates are judged against it.
        words: The clinic's own words.
        country: Two letters, or "" where the clinic named none.
    """
    problems = {*_check_topic(topic, library, today, words, country), *across_topics.check_topic(topic, library)}
    return sorted(problems)


def _check_topic(topic: Topic, library: Library, today: datetime.date, words: Words, country: str) -> Iterator[Problem]:
    file = f"topics/{topic.group}/{topic.id}.yml"
    yield from wording_rules.check(topic, file)
    yield from writing_rules.check(topic, file, words, country)
    yield from approval_rules.check(topic, file)
    yield from topic_rules.check(topic, file, library, today)


def _check_reply(reply: Reply, library: Library, today: datetime.date) -> Iterator[Problem]:
    file = f"replies/{reply.id}.yml"
    wording: Wording = reply
    yield from wording_rules.check(wording, file)
    yield from reply_rules.check(reply, file, library, today)

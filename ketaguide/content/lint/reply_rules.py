"""Rules for one fixed reply: its buttons and its dates."""

from __future__ import annotations

import datetime
from typing import Iterator

from ketaguide.content.lint.topic_rules import MAX_TITLE_CHARACTERS, check_dates
from ketaguide.content.load import Library
from ketaguide.content.model import Reply
from ketaguide.content.problems import Problem


def check(reply: Reply, file: str, library: Library, today: datetime.date) -> Iterator[Problem]:
    """Yields what is wrong with one fixed reply apart from its words."""
    groups = {topic.group for topic in library.topics.values()}
    known = {"topic": set(library.topics), "reply": set(library.replies), "group": groups}
    for button in reply.buttons:
        if len(button.title) > MAX_TITLE_CHARACTERS:
            message = f"the button {button.title!r} has {len(button.title)} characters"
            yield Problem(file, reply.id, message, f"shorten it to {MAX_TITLE_CHARACTERS}")
        kind, _, target = button.target.partition(":")
        if target not in known.get(kind, set()):
            remedy = "write topic:<id>, group:<name> or reply:<id> of something that exists"
            yield Problem(
                file, reply.id, f"the button {button.title!r} leads to {button.target!r}, which is nothing", remedy
            )
    yield from check_dates(reply.id, file, reply.checked_on, reply.review_by, today)

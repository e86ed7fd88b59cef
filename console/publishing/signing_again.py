"""Signs approvals from before the clinic had a key, if this console made them itself."""

from __future__ import annotations

from typing import Dict, Set, Tuple

import yaml

from console.answers import content
from console.publishing import files, history
from console.publishing.locks import files_lock
from console.publishing.models import Progress, Publish, Version
from console.review.signing import signed
from ketaguide.content.model import Approval
from ketaguide.content.signatures import is_genuine

Known = Dict[str, Set[Approval]]


def sign_what_was_published() -> Tuple[int, int]:
    """Signs the approvals in the answers' files that a publish of this console wrote.

    Returns:
        How many were signed, and how many carry no signature still.
    """
    known, done, left = _published(), 0, 0
    history.notice()
    with files_lock():
        for topic in content.library().topics.values():
            file = content.topic_file(topic.group, topic.id)
            now = [one if one.signature or one not in known.get(file, ()) else signed(one) for one in topic.approvals]
            left += sum(not one.signature or not is_genuine(one) for one in now)
            changed = sum(new != old for new, old in zip(now, topic.approvals))
            if changed:
                states = files.change_of(file, {"approvals": [one.entry for one in now]})
                files.write({file: states}, "new")
                history.add(file, states["new"] or "", Version.SIGNED)
                done += changed
    return done, left


def _published() -> Known:
    known: Known = {}
    for publish in Publish.objects.filter(progress=Progress.LIVE, changes__isnull=False).distinct():
        for file, states in publish.files.items():
            if file.startswith("topics/") and states["new"]:
                entries = yaml.safe_load(states["new"]).get("approvals") or []
                known.setdefault(file, set()).update(Approval(**entry) for entry in entries)
    return known

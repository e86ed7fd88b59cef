"""Rules for the approvals under one answer: an approval that somebody made up is told."""

from __future__ import annotations

from typing import Iterator

from ketaguide.content.approvals import text_hash
from ketaguide.content.model import Wording
from ketaguide.content.problems import Problem
from ketaguide.content.signatures import is_genuine


def check(wording: Wording, file: str) -> Iterator[Problem]:
    """Yields approvals of the present words that the configured key did not sign: they do not count."""
    for approval in wording.approvals:
        if approval.sha256 == text_hash(wording, approval.language) and not is_genuine(approval):
            message = f"the approval by {approval.by} ({approval.language}) is not signed with the clinic's key"
            remedy = "approve the answer again in the console; if nobody approved it, find out who changed the file"
            yield Problem(file, wording.id, message, remedy)

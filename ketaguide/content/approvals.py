"""What a clinician's approval means: a signature under the exact words.

An approval names the hash of what was signed. A changed comma changes the hash, so the signature no longer counts.
"""

from __future__ import annotations

import hashlib
import json
import os
from typing import Dict, List

from ketaguide.content.model import Approval, Risk, Wording
from ketaguide.content.signatures import is_genuine

SIGNATURES_NEEDED: Dict[Risk, int] = {"fact": 1, "logistics": 1, "clinical": 1, "safety": 2}
VERSION_LENGTH = 12
REQUIRE_APPROVAL_VARIABLE = "REQUIRE_APPROVAL"


def text_hash(wording: Wording, language: str) -> str:
    """Returns the SHA-256 (hex) of all that an approval in this language covers.

    Covered: id, language, all templates (facts unfilled), risk tier and sources.
    """
    covered = {
        "id": wording.id,
        "language": language,
        "answer": wording.answer.get(language, ""),
        "short": wording.short.get(language, ""),
        "simpler": wording.simpler.get(language, ""),
        "more": wording.more.get(language, ""),
        "risk": wording.risk,
        "sources": sorted(wording.sources),
    }
    canonical = json.dumps(covered, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def version(wording: Wording, language: str) -> str:
    """Returns the short content version that is stamped on every message."""
    return text_hash(wording, language)[:VERSION_LENGTH]


def approval_required() -> bool:
    """Tells whether only approved answers may be spoken, as the environment says."""
    return os.environ.get(REQUIRE_APPROVAL_VARIABLE, "").strip().lower() in {"1", "true", "yes"}


def may_be_spoken(wording: Wording, language: str = "en") -> bool:
    """Tells whether visitors may get these words as they are."""
    return wording.withdrawn is None and (not approval_required() or is_approved(wording, language))


def is_approved(wording: Wording, language: str) -> bool:
    """Tells whether enough different people signed exactly these words."""
    signers = {approval.by.strip().casefold() for approval in valid_approvals(wording, language)}
    return len(signers) >= SIGNATURES_NEEDED[wording.risk]


def valid_approvals(wording: Wording, language: str) -> List[Approval]:
    """Returns the approvals that count for the words in this language as they are now."""
    current = text_hash(wording, language)
    return [
        approval
        for approval in wording.approvals
        if approval.language == language and approval.sha256 == current and approval.by.strip() and is_genuine(approval)
    ]


def left_behind(wording: Wording, source: str = "en") -> List[str]:
    """Returns the languages that were approved before the words they translate, which changed since."""
    days = {code: max((one.on for one in valid_approvals(wording, code)), default="") for code in wording.answer}
    original = days.get(source, "")
    return [code for code, day in days.items() if code != source and day and (not original or day < original)]

"""What a clinician's approval means: a signature under the exact words.

An approval names the hash of what was signed. A changed comma changes the hash, so the signature no longer counts.
"""

from __future__ import annotations

import hashlib
import json
import os
from typing import Dict, List

from ketaguide.content.model import Risk, Wording

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
    current = text_hash(wording, language)
    signers = {
        approval.by.strip().casefold()
        for approval in wording.approvals
        if approval.language == language and approval.sha256 == current and approval.by.strip()
    }
    return len(signers) >= SIGNATURES_NEEDED[wording.risk]


def left_behind(wording: Wording, source: str = "en") -> List[str]:
    """Returns the languages that were approved before the words they translate, which changed since."""
    days: Dict[str, str] = {}
    for language in wording.answer:
        current = text_hash(wording, language)
        on = [one.on for one in wording.approvals if one.language == language and one.sha256 == current]
        days[language] = max(on, default="")
    original = days.get(source, "")
    return [code for code, day in days.items() if code != source and day and (not original or day < original)]

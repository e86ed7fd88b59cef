"""What reading a message yields: a kind of danger, and never a word of the message itself."""

from __future__ import annotations

from dataclasses import dataclass

OVERDOSE = "overdose"
MEDICAL_EMERGENCY = "medical_emergency"
SUICIDE = "suicide"
HARM_TO_OTHERS = "harm_to_others"
ABUSE = "abuse"
SELF_HARM = "self_harm"
THIRD_PARTY = "third_party"
DISTRESS = "distress"
NONE = "none"

# In order of precedence: the body comes first, because minutes count.
KINDS = (
    OVERDOSE,
    MEDICAL_EMERGENCY,
    SUICIDE,
    HARM_TO_OTHERS,
    ABUSE,
    SELF_HARM,
    THIRD_PARTY,
    DISTRESS,
    NONE,
)
CRISIS_KINDS = KINDS[:7]
BODY_KINDS = KINDS[:2]

SELF = "self"
OTHER = "other"

NOW = "now"
SOON = "soon"
NO_URGENCY = "none"

SOURCE_RULES = "rules"
SOURCE_CORE = "core"
SOURCE_SIMILARITY = "similarity"
DOUBTFUL = "doubtful"


@dataclass(frozen=True)
class Verdict:
    """The result of reading one message.

    Attributes:
        kind: The kind that decides the reply, one of `KINDS`.
        also: At most two further crisis kinds, in order of precedence.
        subject: Who is in danger: `self` or `other`.
        urgency: `now`, `soon` or `none`.
        language: Two-letter code of the language the message was read in.
        rule_ids: The rules behind the verdict, sorted; never words of the message.
        source: `rules`; `core` where only the plain core list could be used; `similarity` where the likeness to other
            messages decided.
        ruleset_version: Short hash of the rule files that decided.
        beneath: What stands where danger that was heard is dropped again: `distress` or `none`.
    """

    kind: str = NONE
    also: tuple[str, ...] = ()
    subject: str = SELF
    urgency: str = NO_URGENCY
    language: str = "en"
    rule_ids: tuple[str, ...] = ()
    source: str = SOURCE_RULES
    ruleset_version: str = ""
    beneath: str = NONE

    @property
    def is_doubtful(self) -> bool:
        """Whether only a weak likeness speaks for it; a question that is surely understood outweighs that."""
        return self.rule_ids == (f"likeness.{self.kind}.{DOUBTFUL}",)

    def dropped(self) -> Verdict:
        """Return the verdict that there is no danger after all; distress that was heard beneath it stays."""
        return Verdict(
            kind=self.beneath,
            rule_ids=() if self.beneath == NONE else (f"likeness.{self.beneath}",),
            language=self.language,
            source=self.source,
            ruleset_version=self.ruleset_version,
        )

    @property
    def is_crisis(self) -> bool:
        """Whether the kind calls for a crisis reply (every kind but distress and none)."""
        return self.kind in CRISIS_KINDS


@dataclass(frozen=True, order=True)
class Hit:
    """A rule that counts: what it says and about whom."""

    kind: str
    rule_id: str
    subject: str = SELF
    urgency: str = SOON
    language: str = "en"


def precedence(kind: str) -> int:
    """Return the rank of a kind; the smaller one wins."""
    return KINDS.index(kind)

"""The shapes of content: a topic, a fixed reply, a source, an approval."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Dict, Literal, Mapping, Optional, Tuple

Risk = Literal["fact", "logistics", "clinical", "safety"]
RISKS: Tuple[Risk, ...] = ("fact", "logistics", "clinical", "safety")

UTTER_PREFIX = "utter_"

# What a visitor may want done with the answer before.
MOVES: Tuple[str, ...] = ("more", "simpler", "repeat", "sources", "correction", "affirm", "deny")
# What a visitor may ask about a subject without naming it again: "how long?", "is that dangerous?".
ASPECTS: Tuple[str, ...] = (
    "duration",
    "onset",
    "frequency",
    "cost",
    "safety",
    "likelihood",
    "reason",
    "handling",
    "feeling",
    "evidence",
    "suitability",
    "people",
)


@dataclass(frozen=True)
class Source:
    """A publication that answers cite."""

    id: str
    title: str
    publisher: str
    year: int
    url: str
    kind: str


@dataclass(frozen=True)
class Evidence:
    """A fact that an answer uses, and whether it was matched to the text of its sources."""

    fact: str
    sources: Tuple[str, ...]
    verified: bool


@dataclass(frozen=True)
class Approval:
    """A person's approval of the exact text whose hash it names.

    Attributes:
        signature: Base64 of the Ed25519 signature under all the others, where the clinic has a key; else "".
    """

    language: str
    by: str
    role: str
    on: str
    sha256: str
    signature: str = ""

    @property
    def entry(self) -> Dict[str, str]:
        """What stands in the file."""
        return {name: value for name, value in self.__dict__.items() if name != "signature" or value}


@dataclass(frozen=True)
class Withdrawal:
    """Who took an answer out of the conversation, when and why; it stays out until somebody puts it back."""

    by: str
    on: str
    why: str


@dataclass(frozen=True)
class Wording:
    """The words of one answer in every language, with what an approval covers.

    Attributes:
        id: The answer's key: its response is `utter_<id>`.
        answer: Language code to full text; placeholders such as `{clinic_phone}` unfilled.
        short: Language code to the text-message form; may be empty.
        risk: The tier that decides who must approve.
        sources: Ids of the publications cited.
        approvals: Signatures, newest last; those whose hash does not match do not count.
        simpler: Language code to a plainer version, for who asks for it; may be empty.
        more: Language code to a part that goes deeper, for who asks for more; may be empty.
        withdrawn: Set while nobody may get these words.
    """

    id: str
    answer: Mapping[str, str]
    risk: Risk
    short: Mapping[str, str] = field(default_factory=dict)
    sources: Tuple[str, ...] = ()
    approvals: Tuple[Approval, ...] = ()
    simpler: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, str] = field(default_factory=dict)
    withdrawn: Optional[Withdrawal] = None

    @property
    def response(self) -> str:
        """The name under which Rasa utters this answer."""
        return UTTER_PREFIX + self.id

    @property
    def texts(self) -> Tuple[Tuple[str, str, str], ...]:
        """All words of this answer as (form, language, text)."""
        forms = (("answer", self.answer), ("short", self.short), ("simpler", self.simpler), ("more", self.more))
        return tuple((form, language, text) for form, texts in forms for language, text in texts.items())


@dataclass(frozen=True)
class Topic(Wording):
    """One answer that the assistant owes its visitors, and how they ask for it.

    Attributes:
        aspects: Aspect of this subject, such as "duration", to the id of the answer that tells about it.
    """

    group: str = ""
    title: str = ""
    question: str = ""
    examples: Tuple[str, ...] = ()
    related: Tuple[str, ...] = ()
    aspects: Mapping[str, str] = field(default_factory=dict)
    suggest_provider: bool = False
    evidence: Tuple[Evidence, ...] = ()
    checked_on: str = ""
    review_by: str = ""


@dataclass(frozen=True)
class Button:
    """A quick reply under a fixed reply: `topic:<id>`, `group:<id>` or `reply:<id>`."""

    title: str
    target: str


@dataclass(frozen=True)
class Reply(Wording):
    """A fixed reply that answers no topic: greeting, help, privacy and the like."""

    buttons: Tuple[Button, ...] = ()
    checked_on: str = ""
    review_by: str = ""


@dataclass(frozen=True)
class Term(Wording):
    """A term of the glossary: what it is called, and the answer that tells more about it."""

    names: Tuple[str, ...] = ()
    topic: str = ""

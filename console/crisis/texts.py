"""The crisis texts as their files are now, and the replies that visitors get of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Iterator, List, Tuple

from django.conf import settings

from console.answers import content
from console.crisis.models import CrisisSignature
from ketaguide.content.approvals import SIGNATURES_NEEDED, text_hash
from ketaguide.content.problems import Problem
from ketaguide.safety.replies import CrisisReplies, Setting
from ketaguide.safety.reply_files import CORE_KINDS, LANGUAGES_FILE, REPLIES_FOLDER, ReplyFile, load_what_works
from ketaguide.safety.verdict import CRISIS_KINDS, DISTRESS, NOW, OTHER, SELF, SOON, SUICIDE, Verdict

# How the folder of the texts for all languages at once is called in addresses.
ALL_LANGUAGES = "all"
# (what it is for, how urgent, who is in danger)
VARIANTS = (
    ("In danger right now", NOW, SELF),
    ("Perhaps in danger", SOON, SELF),
    ("Somebody else is in danger", NOW, OTHER),
)


@dataclass(frozen=True)
class CrisisText:
    """One file of texts with what is known of its approval.

    Attributes:
        language: Two letters, or "all".
        name: A kind of danger, or what else the file is for.
        file: The texts.
        sha256: What an approval has to name.
        signatures: Approvals in the console that count for these texts.
    """

    language: str
    name: str
    file: ReplyFile
    sha256: str
    signatures: Tuple[CrisisSignature, ...]

    @property
    def place(self) -> str:
        """Names the file."""
        return f"{self.language}/{self.name}"

    @property
    def missing(self) -> int:
        """How many more clinicians have to approve it."""
        return 0 if self.file.is_approved else max(0, SIGNATURES_NEEDED["safety"] - len(self.signatures))


def crisis_folder() -> Path:
    """Returns the folder of everything about danger."""
    folder: Path = settings.DATA_FOLDER / "crisis"
    return folder


def file_of(text: CrisisText) -> str:
    """Returns a text's file, relative to the content folder."""
    folder = "" if text.language == ALL_LANGUAGES else f"{text.language}/"
    return f"crisis/{REPLIES_FOLDER}/{folder}{text.name}.yml"


def all_texts() -> Tuple[List[CrisisText], List[Problem]]:
    """Returns every text, in the order of the folder, and what could not be read."""
    files, problems = load_what_works(crisis_folder())
    signatures = list(CrisisSignature.objects.select_related("person"))
    texts = []
    for (language, name), file in files.files.items():
        language = language or ALL_LANGUAGES
        hash_ = text_hash(file.wording, file.language)
        place = f"{language}/{name}"
        given = tuple(one for one in signatures if (one.place, one.sha256) == (place, hash_))
        texts.append(CrisisText(language, name, file, hash_, given))
    return texts, problems


def unapproved_count() -> int:
    """Returns how many files are not approved by two clinicians."""
    return sum(not text.file.is_approved for text in all_texts()[0])


def as_visitors_get_it(text: CrisisText) -> Iterator[Tuple[str, str]]:
    """Yields what the text is for and how it reads with the contacts of the clinic's country."""
    replies = CrisisReplies.from_folder(crisis_folder())
    country, name, language = content.facts().get("country", ""), text.name, text.language
    if name in (*CRISIS_KINDS, DISTRESS):
        for what, urgency, subject in VARIANTS:
            verdict = Verdict(kind=name, urgency=urgency, subject=subject, language=language)
            yield what, replies.crisis_reply(verdict, country=country, language=language).text
    elif name == "core":
        for kind in CORE_KINDS:
            verdict = Verdict(kind=kind, urgency=NOW, language=language)
            yield kind, replies.crisis_reply(verdict, country=country, language=language).text
    elif name == LANGUAGES_FILE:
        yield "In every language", replies.emergency_languages(country).text
    elif name == "hold":
        verdict = Verdict(kind=SUICIDE, urgency=NOW, language=language)
        yield "Held back", replies.hold_reply(verdict, Setting(country=country, language=language, hold=True)).text

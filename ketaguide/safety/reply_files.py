"""Reads the fixed crisis texts, checks their shape, and keeps what an approval covers."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ketaguide.content.approvals import is_approved, version
from ketaguide.content.model import Approval, Wording
from ketaguide.content.problems import ContentError, Problem, relative
from ketaguide.content.yaml_files import read_yaml
from ketaguide.safety.contact_lines import ContactPhrases
from ketaguide.safety.verdict import ABUSE, CRISIS_KINDS, DISTRESS, HARM_TO_OTHERS, MEDICAL_EMERGENCY, OVERDOSE, SUICIDE

REPLIES_FOLDER = "replies"
FULL_LANGUAGES = ("en", "es")
CORE_LANGUAGES = ("fr", "pt", "de", "it", "nl", "pl", "ar", "hi", "zh", "vi", "tl", "ru")
CORE_KINDS = (OVERDOSE, MEDICAL_EMERGENCY, SUICIDE, HARM_TO_OTHERS, ABUSE)
REPLY_KINDS = (*CRISIS_KINDS, DISTRESS)
LEAST_WORDINGS = 3
LANGUAGES_FILE = "emergency_languages"

FOLLOWUPS = (
    "default pleading safe door_yes lifted refusal fear misunderstood misunderstood_hold kidding kidding_hold thanks "
    "thanks_hold about_bot about_people about_cost_free about_cost_unknown about_hours about_languages about_privacy "
    "care"
).split()
HOLDS = ("hold",)
COMMON = ("automated", "doors", "hold_door", "question", "answers", "hold_contact")
PHRASES = (
    "call text text_word call_or_text whatsapp online or for hours_unknown emergency_anywhere emergency_examples"
).split()
_KIND_TEXTS = ("openings", "steps", "now", "soon", "also")
_OPTIONAL_TEXTS = (
    "openings_other steps_other now_other soon_other clinic no_clinic poison poison_hours no_poison on_purpose unknown"
).split()
_META = ("id", "risk", "checked_on", "review_by", "approvals")
_EXTRA_TEXTS: Mapping[str, Sequence[str]] = {
    MEDICAL_EMERGENCY: ("clinic", "no_clinic"),
    SUICIDE: ("unknown",),
    OVERDOSE: ("poison", "poison_hours", "no_poison", "on_purpose"),
}
PLACEHOLDERS = frozenset(
    "opening emergency ambulance contacts contact also clinic poison on_purpose step automated door question "
    "after_hours go_on unknown hours languages talk".split()
)
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")

Texts = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class ReplyFile:
    """The texts of one file.

    Attributes:
        wording: What an approval covers: all texts of the file in one string.
        language: Language of the texts.
        texts: Name to wordings; most names have one.
        checked_on: Day of the last check.
        review_by: Day of the next one.
    """

    wording: Wording
    language: str
    texts: Texts
    checked_on: str = ""
    review_by: str = ""

    def text(self, name: str, turn: int = 0) -> str:
        """Return a text by name, in the wording that is due at the given repeat; "" if there is none."""
        wordings = self.texts.get(name, ())
        return wordings[turn % len(wordings)] if wordings else ""

    @property
    def version(self) -> str:
        """Short hash of the texts, stamped on every reply made of them."""
        return version(self.wording, self.language)

    @property
    def is_approved(self) -> bool:
        """Whether two clinicians signed exactly these texts."""
        return is_approved(self.wording, self.language)


@dataclass(frozen=True)
class ReplyFiles:
    """Every crisis text that could be read.

    Attributes:
        files: (language, file name without ending) to its texts.
        phrases: Language to how it writes contacts; "" for the languages that have only core texts.
    """

    files: Mapping[tuple[str, str], ReplyFile] = field(default_factory=dict)
    phrases: Mapping[str, ContactPhrases] = field(default_factory=dict)

    def get(self, language: str, name: str) -> ReplyFile:
        """Return one file.

        Raises:
            KeyError: if it is missing or was unsound.
        """
        return self.files[language, name]

    def contact_phrases(self, language: str) -> ContactPhrases:
        """Return how a language writes contacts."""
        return self.phrases[language if language in self.phrases else ""]


def load_replies(crisis_folder: Path) -> ReplyFiles:
    """Return all crisis texts.

    Args:
        crisis_folder: Holds `replies/`.

    Raises:
        ContentError: listing every problem of shape in every file.
    """
    files, problems = load_what_works(crisis_folder)
    if problems:
        raise ContentError(problems)
    return files


def load_what_works(crisis_folder: Path) -> tuple[ReplyFiles, list[Problem]]:
    """Return the texts of the sound files, and the problems of the others beside them."""
    folder = crisis_folder / REPLIES_FOLDER
    files: dict[tuple[str, str], ReplyFile] = {}
    phrases: dict[str, ContactPhrases] = {}
    problems: list[Problem] = []
    for language, name in expected_files():
        path = folder / language / f"{name}.yml"
        try:
            if name == "contacts":
                phrases[language] = _read_phrases(path, language)
            else:
                files[language, name] = _read_file(path, language)
        except ContentError as error:
            place = f"crisis/{relative(path, crisis_folder)}"
            problems += [Problem(place, p.id, p.message, p.remedy, p.severity) for p in error.problems]
    return ReplyFiles(MappingProxyType(files), MappingProxyType(phrases)), problems


def expected_files() -> list[tuple[str, str]]:
    """Return (language, file name) of every file that must exist."""
    full = [
        (lang, name) for lang in FULL_LANGUAGES for name in (*REPLY_KINDS, "common", "followup", "hold", "contacts")
    ]
    return [
        *full,
        *((language, "core") for language in (*CORE_LANGUAGES, "en")),
        ("", "contacts"),
        ("", LANGUAGES_FILE),
    ]


def _read_phrases(path: Path, language: str) -> ContactPhrases:
    raw = read_yaml(path)
    sound = isinstance(raw, dict) and all(isinstance(raw.get(name), str) for name in PHRASES)
    if not sound or not all(isinstance(raw.get(name), dict) for name in ("languages", "translations")):
        remedy = f"give a text for each of: {', '.join(PHRASES)}; and `languages` and `translations`"
        raise ContentError([Problem(path.name, path.stem, "the contact phrases are not complete", remedy)])
    texts = {name: raw[name] for name in PHRASES}
    return ContactPhrases(language, texts, MappingProxyType(raw["translations"]), MappingProxyType(raw["languages"]))


def _read_file(path: Path, language: str) -> ReplyFile:
    raw = read_yaml(path)
    if not isinstance(raw, dict):
        raise ContentError([Problem(path.name, path.stem, "the file holds no texts", "copy another reply's file")])
    check = _Check(path, raw)
    texts = check.texts()
    approvals = check.approvals()
    check.meta()
    if check.problems:
        raise ContentError(check.problems)
    covered = json.dumps(texts, ensure_ascii=False, sort_keys=True, indent=0)
    return ReplyFile(
        wording=Wording(id=raw["id"], answer={language: covered}, risk="safety", approvals=approvals),
        language=language,
        texts=MappingProxyType(texts),
        checked_on=str(raw["checked_on"]),
        review_by=str(raw["review_by"]),
    )


class _Check:
    """Takes the texts out of one parsed file and collects what is wrong with it."""

    def __init__(self, path: Path, raw: Mapping[str, Any]) -> None:
        self.path = path
        self.raw = raw
        self.problems: list[Problem] = []

    def add(self, message: str, remedy: str) -> None:
        """Note one problem."""
        self.problems.append(Problem(self.path.name, self.path.stem, message, remedy))

    def texts(self) -> dict[str, list[str]]:
        """Return every text by name."""
        needed, optional, raw = self._names()
        for name in raw:
            if name not in (*needed, *optional, *_META):
                self.add(f"unknown entry {name!r}", f"use only: {', '.join((*needed, *optional))}")
        for name in needed:
            if name not in raw:
                self.add(f"{name!r} is missing", f"add a line `{name}: …`")
        return {name: self._wordings(name, raw[name]) for name in (*needed, *optional) if name in raw}

    def _names(self) -> tuple[Sequence[str], Sequence[str], Mapping[str, Any]]:
        """Return the names that a file needs, those it may have, and where they stand."""
        name = self.path.stem
        if name == "common":
            return COMMON, (), self.raw
        if name in ("followup", "hold", "core", LANGUAGES_FILE):
            inner = self.raw.get("texts")
            needed = {"followup": FOLLOWUPS, "hold": HOLDS, "core": CORE_KINDS}.get(name, ("lines",))
            return needed, (), inner if isinstance(inner, dict) else {}
        return (*_KIND_TEXTS, *_EXTRA_TEXTS.get(name, ())), _OPTIONAL_TEXTS, self.raw

    def _wordings(self, name: str, value: Any) -> list[str]:
        wordings = value if isinstance(value, list) else [value]
        if not wordings or not all(isinstance(text, str) and text.strip() for text in wordings):
            self.add(f"{name!r} is empty or not read as text", f'put it in quotes: {name}: "…"')
            return []
        if name.startswith(("openings", "steps", "doors")) and len(set(wordings)) < LEAST_WORDINGS:
            self.add(f"{name!r} has fewer than {LEAST_WORDINGS} different wordings", "write one more for repeats")
        for text in wordings:
            self._placeholders(name, text)
        return [text.strip() for text in wordings]

    def _placeholders(self, name: str, text: str) -> None:
        unknown = [found for found in _PLACEHOLDER.findall(text) if found not in PLACEHOLDERS]
        rest = _PLACEHOLDER.sub("", text)
        for found in (*unknown, *(brace for brace in "{}" if brace in rest)):
            self.add(f"{found!r} in {name!r} is not a placeholder", f"use: {', '.join(sorted(PLACEHOLDERS))}")

    def approvals(self) -> tuple[Approval, ...]:
        """Return the signatures."""
        try:
            entries = self.raw.get("approvals") or []
            return tuple(Approval(**{key: str(value) for key, value in entry.items()}) for entry in entries)
        except (TypeError, AttributeError):
            self.add("'approvals' is incomplete", "leave it as `approvals: []`; approving writes this entry")
            return ()

    def meta(self) -> None:
        """Check what stands round the texts."""
        if not isinstance(self.raw.get("id"), str):
            self.add("'id' is missing", "write `id: crisis_<kind>`")
        if self.raw.get("risk") != "safety":
            self.add("the risk is not `safety`", "write `risk: safety`: two clinicians must approve")
        for key in ("checked_on", "review_by"):
            try:
                datetime.date.fromisoformat(str(self.raw.get(key)))
            except ValueError:
                self.add(f"{key!r} is not a date", f'write it as `{key}: "2026-11-22"`')

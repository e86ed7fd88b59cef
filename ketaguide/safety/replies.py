"""Makes the crisis replies out of fixed texts and the contacts that fit.

Nothing here is generated: every word comes from `data/crisis/replies/`, every number from the resource file. Where
those cannot be read, `last_resort` speaks.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from ketaguide.content.problems import ContentError, Problem
from ketaguide.safety.contact_lines import EMERGENCY_ID, Contact, ContactPhrases
from ketaguide.safety.last_resort import last_resort_text
from ketaguide.safety.reply_files import (
    CORE_KINDS,
    CORE_LANGUAGES,
    FULL_LANGUAGES,
    LANGUAGES_FILE,
    ReplyFile,
    ReplyFiles,
    load_what_works,
)
from ketaguide.safety.resources import Resources, Service, load_resources
from ketaguide.safety.verdict import (
    ABUSE,
    DISTRESS,
    HARM_TO_OTHERS,
    MEDICAL_EMERGENCY,
    NONE,
    NOW,
    OTHER,
    OVERDOSE,
    SELF,
    SELF_HARM,
    SOON,
    SUICIDE,
    THIRD_PARTY,
    Verdict,
)

SAFETY_QUESTION = "safety"
OPEN_DOOR = "door"
NOTHING = ""

FOLLOWUP = "utter_crisis_followup"
HOLD = "utter_crisis_hold"
EMERGENCY_LANGUAGES = "utter_emergency_languages"
ENGLISH_BELOW = "\n\nEnglish: "
SUPPORT_DISTRESS = "utter_support_distress"

_EMERGENCY_KINDS = frozenset({OVERDOSE, MEDICAL_EMERGENCY})
_ASKING_KINDS = frozenset({SUICIDE, SELF_HARM, HARM_TO_OTHERS})
# Kinds whose reply must not bring up suicide, not even by the name of a helpline.
_QUIET_KINDS = frozenset({DISTRESS, ABUSE, MEDICAL_EMERGENCY})
# Another person's danger to themselves is answered as worry about that person.
_TEXTS_FOR_OTHER = {SUICIDE: THIRD_PARTY, SELF_HARM: THIRD_PARTY}
_MOST_ALSO = 2
MAX_WORDS = 130
_EXAMPLES = re.compile(r"\((?:911|112) [^)]*\)")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
# A line that begins so may be left out of a reply that grows too long, the lowest number first.
_DROPPABLE = re.compile(r"~(\d) ")

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Button:
    """A quick reply; its payload is plain text, so that typing the title does the same."""

    title: str
    payload: str


@dataclass(frozen=True)
class CrisisReply:
    """One reply, complete as plain text.

    Attributes:
        response: Name that the tracker knows it by, such as `utter_crisis_suicide`.
        text: What the visitor reads.
        contacts: The contacts named in the text, the emergency number first where it is one.
        buttons: Quick replies to the question that the text ends in.
        asks: What a short answer would answer: `SAFETY_QUESTION`, `OPEN_DOOR` or `NOTHING`.
        holds: Whether ordinary answers are held back after it.
        kind: The kind that it answers.
        language: Language of the text.
        country: Country of the contacts; "" if unknown.
        version: Short hash of the texts it was made of; "" for the last resort.
        approved: Whether two clinicians signed those texts.
    """

    response: str
    text: str
    contacts: tuple[Contact, ...] = ()
    buttons: tuple[Button, ...] = ()
    asks: str = NOTHING
    holds: bool = False
    kind: str = NONE
    language: str = "en"
    country: str = ""
    version: str = ""
    approved: bool = False


@dataclass(frozen=True)
class Setting:
    """What a reply depends on besides its kind.

    Attributes:
        country: Two-letter code; "" if unknown.
        language: Language to answer in.
        count: How many crisis replies this conversation has had; decides the wording.
        asked: What the last bot turn asked.
        hold: Whether ordinary answers are being held back.
    """

    country: str = ""
    language: str = "en"
    count: int = 0
    asked: str = NOTHING
    hold: bool = False


def response_name(kind: str) -> str:
    """Return the response that answers a kind."""
    return SUPPORT_DISTRESS if kind == DISTRESS else f"utter_crisis_{kind}"


def begins_hold(verdict: Verdict) -> bool:
    """Say whether ordinary answers are held back after this verdict."""
    kinds = {verdict.kind, *verdict.also}
    return verdict.is_crisis and (verdict.urgency == NOW or bool(kinds & _EMERGENCY_KINDS))


class CrisisReplies:
    """Every crisis reply, for all countries and languages. Its methods never raise."""

    def __init__(self, files: ReplyFiles, resources: Resources | None, after_hours: str = "") -> None:
        """Keep what the replies are made of.

        Args:
            files: The texts that could be read.
            resources: The contacts; None if they could not be read, then only `last_resort` speaks.
            after_hours: The clinic's own after-hours number, where it has one.
        """
        self._files = files
        self._resources = resources
        self._after_hours = after_hours

    @classmethod
    def from_folder(cls, crisis_folder: Path, after_hours: str = "") -> CrisisReplies:
        """Return the replies of a folder, with whatever of it can be read."""
        return cls.with_problems(crisis_folder, after_hours)[0]

    @classmethod
    def with_problems(cls, crisis_folder: Path, after_hours: str = "") -> tuple[CrisisReplies, list[Problem]]:
        """Return the replies, and what stands against being ready: each problem costs some reply its full text."""
        files, problems = load_what_works(crisis_folder)
        resources = None
        try:
            resources = load_resources(crisis_folder)
        except ContentError as error:
            problems += error.problems
        return cls(files, resources, after_hours), problems

    def crisis_reply(
        self,
        verdict: Verdict,
        *,
        country: str = "",
        language: str = "en",
        count: int = 0,
        asked: str = NOTHING,
        hold: bool = False,
        alone: bool = True,
    ) -> CrisisReply:
        """Return the reply to a verdict of any kind but `none`.

        Args:
            verdict: What the message was read as.
            country: Two-letter code; "" if unknown.
            language: Language the visitor writes in.
            count: How many crisis replies went before; decides the wording.
            asked: What the last bot turn asked; the safety question is not put twice in a row.
            hold: Whether ordinary answers are being held back already.
            alone: Whether no ordinary answer follows; matters for `distress` only.
        """
        setting = Setting(country, language, count, asked, hold)
        holds = hold or begins_hold(verdict)

        def make() -> CrisisReply:
            if language in CORE_LANGUAGES and verdict.kind in CORE_KINDS:
                return self._core(verdict, setting, holds)
            return self._full(verdict, setting, holds, alone)

        return self._safely(make, response_name(verdict.kind), verdict.kind, setting, holds)

    def urgent(self, verdict: Verdict, setting: Setting) -> CrisisReply:
        """Return the urgent form of a reply, after "yes" to the safety question."""
        now = replace(verdict, urgency=NOW)
        reply = self.crisis_reply(
            now, country=setting.country, language=setting.language, count=setting.count, hold=True
        )
        return replace(reply, response=FOLLOWUP)

    def followup(self, name: str, verdict: Verdict, setting: Setting) -> CrisisReply:
        """Return a reply inside an open crisis.

        Args:
            name: One of the names in `reply_files.FOLLOWUPS`.
            verdict: Kind and subject of the open crisis.
            setting: Country, language, wording, and whether a hold is on.
        """
        return self._short_reply("followup", name, verdict, setting, FOLLOWUP)

    def hold_reply(self, verdict: Verdict, setting: Setting) -> CrisisReply:
        """Return the reply that holds an ordinary answer back."""
        return self._short_reply("hold", "hold", verdict, replace(setting, hold=True), HOLD)

    def emergency_languages(self, country: str = "") -> CrisisReply:
        """Return the line for a message in a language that cannot be read."""
        setting = Setting(country)
        return self._safely(lambda: self._languages(setting), EMERGENCY_LANGUAGES, NONE, setting, holds=False)

    def _safely(
        self, make: Callable[[], CrisisReply], response: str, kind: str, setting: Setting, holds: bool
    ) -> CrisisReply:
        try:
            return make()
        except Exception as error:
            # Only the error's type: its text might hold words of a file, never of a visitor, but nobody needs them.
            _log.error("A crisis reply fell back to its last resort: %s", type(error).__name__)
            text = last_resort_text(kind, setting.language, holds=holds)
            language = setting.language if setting.language == "es" else "en"
            return CrisisReply(response, text, holds=holds, kind=kind, language=language, country=setting.country)

    def _found(self) -> Resources:
        if self._resources is None:
            raise LookupError("no resources")
        return self._resources

    # Full replies

    def _full(self, verdict: Verdict, setting: Setting, holds: bool, alone: bool) -> CrisisReply:
        setting = replace(setting, language=setting.language if setting.language in FULL_LANGUAGES else "en")
        kind, other = verdict.kind, verdict.subject == OTHER
        texts = self._files.get(setting.language, _TEXTS_FOR_OTHER.get(kind, kind) if other else kind)
        common = self._files.get(setting.language, "common")
        page = _Page(self._found(), self._files.contact_phrases(setting.language), kind, setting)
        asks = self._asks(verdict, setting, holds)
        filling = {
            "opening": lambda: _for_subject(texts, "openings", other, setting.count),
            "step": lambda: _for_subject(texts, "steps", other, setting.count),
            "emergency": page.emergency,
            "ambulance": page.ambulance,
            "contacts": page.contact_lines,
            "contact": page.contact_line,
            "poison": lambda: self._poison(texts, page),
            "on_purpose": lambda: self._on_purpose(verdict, texts, page),
            "unknown": lambda: self._unknown(verdict, texts, page),
            "clinic": lambda: self._clinic(texts),
            "also": lambda: self._also(verdict, page),
            "automated": lambda: common.text("automated"),
            "door": lambda: self._door(common, setting, holds) if alone else "",
            "question": lambda: common.text("question") if asks == SAFETY_QUESTION else "",
        }
        urgency = NOW if verdict.urgency == NOW or holds else SOON
        text = _fill(_for_subject(texts, urgency, other), filling)
        return CrisisReply(
            response=response_name(kind),
            text=text,
            contacts=page.contacts(),
            buttons=_buttons(common) if asks == SAFETY_QUESTION else (),
            asks=asks if alone else NOTHING,
            holds=holds,
            kind=kind,
            language=setting.language,
            country=setting.country,
            version=texts.version,
            approved=texts.is_approved and common.is_approved,
        )

    def _asks(self, verdict: Verdict, setting: Setting, holds: bool) -> str:
        if holds:
            return NOTHING
        asking = verdict.kind in _ASKING_KINDS and verdict.subject == SELF
        return SAFETY_QUESTION if asking and setting.asked != SAFETY_QUESTION else OPEN_DOOR

    def _door(self, common: ReplyFile, setting: Setting, holds: bool) -> str:
        return common.text("hold_door") if holds else common.text("doors", setting.count)

    def _poison(self, texts: ReplyFile, page: _Page) -> str:
        line = page.resources.poison_line(page.setting.country)
        if line is None:
            return _fill(texts.text("no_poison"), {"emergency": page.emergency})
        filling = {"contact": lambda: page.name(line), "emergency": page.emergency}
        hours = "" if line.is_always_open else _fill(texts.text("poison_hours"), filling)
        return " ".join(filter(None, [_fill(texts.text("poison"), filling), hours]))

    def _on_purpose(self, verdict: Verdict, texts: ReplyFile, page: _Page) -> str:
        """Return the crisis line, which may give way to other lines unless suicide was spoken of."""
        line = _fill(texts.text("on_purpose"), {"contact": lambda: page.name(page.best(SUICIDE))})
        return line if SUICIDE in verdict.also else f"~2 {line}"

    def _unknown(self, verdict: Verdict, texts: ReplyFile, page: _Page) -> str:
        """Return what to do if something was taken, unless the line about the overdose says it better."""
        if OVERDOSE in verdict.also:
            return ""
        return _fill(texts.text("unknown"), {"emergency": page.emergency})

    def _clinic(self, texts: ReplyFile) -> str:
        if not self._after_hours:
            return texts.text("no_clinic")
        return _fill(texts.text("clinic"), {"after_hours": lambda: self._after_hours})

    def _also(self, verdict: Verdict, page: _Page) -> str:
        kinds = [kind for kind in _also_kinds(verdict) if not (verdict.kind == OVERDOSE and kind == SUICIDE)]
        lines = []
        for kind in kinds[:_MOST_ALSO]:
            filling: dict[str, Callable[[], str]] = {
                "contact": partial(page.name_again, page.best(kind)),
                "emergency": partial(page.emergency, kind),
                "ambulance": page.ambulance,
            }
            lines.append(_fill(self._files.get(page.setting.language, kind).text("also"), filling))
        return "\n".join(lines)

    # Replies in an open crisis

    def _short_reply(self, file: str, name: str, verdict: Verdict, setting: Setting, response: str) -> CrisisReply:
        def make() -> CrisisReply:
            if setting.language in CORE_LANGUAGES and verdict.kind in CORE_KINDS:
                return replace(self._core(verdict, setting, setting.hold), response=response)
            return self._short(file, name, verdict, setting, response)

        return self._safely(make, response, verdict.kind, setting, setting.hold)

    def _short(self, file: str, name: str, verdict: Verdict, setting: Setting, response: str) -> CrisisReply:
        setting = replace(setting, language=setting.language if setting.language in FULL_LANGUAGES else "en")
        kind, other = verdict.kind, verdict.subject == OTHER
        source = self._files.get(setting.language, file)
        texts = self._files.get(setting.language, _TEXTS_FOR_OTHER.get(kind, kind) if other else kind)
        common = self._files.get(setting.language, "common")
        page = _Page(self._found(), self._files.contact_phrases(setting.language), kind, setting)
        held = f"{name}_hold"
        named = held if setting.hold and held in source.texts else name
        service = page.best(kind)
        filling = {
            "contact": lambda: self._hold_contact(common, page) if setting.hold else page.name(service, capital=True),
            "emergency": page.emergency,
            "step": lambda: _for_subject(texts, "steps", other, setting.count),
            "go_on": lambda: self._door(common, setting, setting.hold),
            "automated": lambda: common.text("automated"),
            "hours": lambda: page.phrases.hours(service),
            "languages": lambda: page.phrases.spoken_languages(service),
        }
        text = _fill(source.text(named, setting.count), filling)
        return CrisisReply(
            response=response,
            text=text,
            contacts=page.contacts(),
            asks=NOTHING if setting.hold or name == "care" else OPEN_DOOR,
            holds=setting.hold,
            kind=kind,
            language=setting.language,
            country=setting.country,
            version=source.version,
            approved=source.is_approved and common.is_approved,
        )

    def _hold_contact(self, common: ReplyFile, page: _Page) -> str:
        return _fill(common.text("hold_contact"), {"emergency": page.emergency})

    # Replies in other languages

    def _core(self, verdict: Verdict, setting: Setting, holds: bool) -> CrisisReply:
        kind = verdict.kind
        texts, english = self._files.get(setting.language, "core"), self._files.get("en", "core")
        page = _Page(self._found(), self._files.contact_phrases(setting.language), kind, setting)
        below = _Page(page.resources, self._files.contact_phrases("en"), kind, setting)
        text = _fill(texts.text(kind), {"emergency": page.emergency, "contacts": page.contact_lines})
        hold_door = self._files.get("en", "common").text("hold_door") if holds else ""
        text_below = _fill(english.text(kind), {"emergency": below.emergency, "contacts": lambda: ""})
        return CrisisReply(
            response=response_name(kind),
            text=f"{text}{ENGLISH_BELOW}{text_below}\n{hold_door}".strip(),
            contacts=page.contacts(),
            holds=holds,
            kind=kind,
            language=setting.language,
            country=setting.country,
            version=texts.version,
            approved=texts.is_approved and english.is_approved,
        )

    def _languages(self, setting: Setting) -> CrisisReply:
        texts = self._files.get("", LANGUAGES_FILE)
        page = _Page(self._found(), self._files.contact_phrases(""), SUICIDE, setting)
        filling = {"emergency": page.emergency, "talk": page.anybody_to_talk_to}
        return CrisisReply(
            response=EMERGENCY_LANGUAGES,
            text="\n".join(_fill(line, filling) for line in texts.texts["lines"]),
            contacts=page.contacts(),
            country=setting.country,
            version=texts.version,
            approved=texts.is_approved,
        )


class _Page:
    """Fills contacts into one reply and remembers which ones it named."""

    def __init__(self, resources: Resources, phrases: ContactPhrases, kind: str, setting: Setting) -> None:
        self.resources = resources
        self.phrases = phrases
        self.setting = setting
        self._kind = kind
        self._quiet = kind in _QUIET_KINDS
        self._named: list[Contact] = []
        self._explained = False

    def contacts(self) -> tuple[Contact, ...]:
        """Return what was named, in the order of the text."""
        return tuple(self._named)

    def emergency(self, kind: str = "") -> str:
        """Return the emergency number for a kind (the reply's own), or words for it that explain themselves once."""
        return self._emergency(self.resources.emergency_number(self.setting.country, kind or self._kind))

    def ambulance(self) -> str:
        """Return the number for a hurt body."""
        return self._emergency(self.resources.ambulance_number(self.setting.country))

    def _emergency(self, number: str) -> str:
        if number:
            self._note(Contact(EMERGENCY_ID, number, call=number, hours="24/7"))
            return number
        words = self.phrases.emergency_anywhere(self.resources, examples=not self._explained)
        self._explained = True
        return words

    def best(self, kind: str) -> Service:
        """Return the one service for a kind."""
        return self.resources.pick_one(self.setting.country, kind, self.setting.language, quiet=self._quiet)

    def contact_lines(self) -> str:
        """Return the services for this kind, one a line."""
        services = self.resources.pick(self.setting.country, self._kind, self.setting.language, quiet=self._quiet)
        return "\n".join(self.name(service, capital=True) for service in services)

    def contact_line(self) -> str:
        """Return the one service for this kind, to stand inside a sentence."""
        return self.name(self.best(self._kind))

    def name(self, service: Service, *, capital: bool = False) -> str:
        """Return a service's line and remember it."""
        self._note(self.phrases.contact(service, quiet=self._quiet))
        line = self.phrases.line(service, quiet=self._quiet)
        return f"{line[:1].upper()}{line[1:]}" if capital and self.phrases.language else line

    def name_again(self, service: Service) -> str:
        """Return a service's line, or the shortest way to point at it where it was named before."""
        if not any(contact.id == service.id for contact in self._named):
            return self.name(service)
        return min(self.phrases.ways(service), service.spoken_name(quiet=self._quiet), key=len)

    def anybody_to_talk_to(self) -> str:
        """Return a number and a directory, without words."""
        service = self.best(DISTRESS)
        self._note(self.phrases.contact(service, quiet=self._quiet))
        number = service.way("call", "")
        directory = self.resources.fallback[0].way("chat_url", "")
        return f"{number}, {directory}" if number else directory

    def _note(self, contact: Contact) -> None:
        if contact not in self._named:
            self._named.append(contact)


def _also_kinds(verdict: Verdict) -> tuple[str, ...]:
    """Return the further kinds; pain about abuse long ago gets the abuse line beside the warm word."""
    if verdict.kind == DISTRESS and any(ABUSE in rule_id for rule_id in verdict.rule_ids):
        return (*(kind for kind in verdict.also if kind != ABUSE), ABUSE)
    return verdict.also


def _for_subject(texts: ReplyFile, name: str, other: bool, turn: int = 0) -> str:
    """Return a text in its form for another person where there is one and it is meant."""
    return (other and texts.text(f"{name}_other", turn)) or texts.text(name, turn)


def _fill(template: str, filling: Mapping[str, Callable[[], str]]) -> str:
    """Return a text with its placeholders filled, without the lines that came out empty or find no room."""
    filled = [_PLACEHOLDER.sub(lambda found: filling[found.group(1)](), line) for line in template.splitlines()]
    lines = _fitting([line.strip() for line in filled])
    return "\n".join(stripped for line in lines if (stripped := _DROPPABLE.sub("", f"{line} ").strip()))


def _fitting(lines: list[str]) -> list[str]:
    """Return the lines without as many of the droppable ones as it takes to keep within `MAX_WORDS`."""
    marks = sorted((mark.group(1), place) for place, line in enumerate(lines) if (mark := _DROPPABLE.match(line)))
    dropped: set[int] = set()
    for _, place in marks:
        if word_count("\n".join(line for at, line in enumerate(lines) if at not in dropped)) <= MAX_WORDS:
            break
        dropped.add(place)
    return [line for place, line in enumerate(lines) if place not in dropped]


def word_count(text: str) -> int:
    """Return the words that a visitor reads; the example numbers of an unknown country do not count."""
    return len([word for word in without_examples(text).split() if not re.fullmatch(r"~\d", word)])


def without_examples(text: str) -> str:
    """Return a text without the numbers of other countries that an unknown country's reply lists."""
    return _EXAMPLES.sub("", text)


def _buttons(common: ReplyFile) -> tuple[Button, ...]:
    return tuple(Button(answer, answer) for answer in common.texts["answers"])

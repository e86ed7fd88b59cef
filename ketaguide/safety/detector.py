"""Read a message for danger to life or safety: a deterministic function of the text and those before it."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ketaguide.safety import core_list, language, likeness
from ketaguide.safety.likeness import InContext, Likeness, Scores
from ketaguide.safety.verdict import (
    BODY_KINDS,
    CRISIS_KINDS,
    DISTRESS,
    DOUBTFUL,
    HARM_TO_OTHERS,
    NO_URGENCY,
    NONE,
    NOW,
    OTHER,
    SELF,
    SOON,
    SOURCE_CORE,
    SOURCE_SIMILARITY,
    SUICIDE,
    THIRD_PARTY,
    Hit,
    Verdict,
    precedence,
)

if TYPE_CHECKING:
    from ketaguide.safety.reader import LanguageReader

WINDOW = 4000
SHARED = 500
EARLIER = 3
# Far longer than the longest text takes.
LIKENESS_SECONDS = 2.0
# The model runs outside Python's lock, so that it costs hardly more time than the rules alone.
_BESIDE_THE_RULES = ThreadPoolExecutor(thread_name_prefix="likeness")
_LANGUAGES = ("en", "es")
_COMMAND = "command_voice"  # rules whose id holds this go before a medical emergency
_OF_THE_MIND = ("psychosis", _COMMAND)  # emergencies without a bodily sign

logger = logging.getLogger(__name__)


class CrisisDetector:
    """Reads messages with the rule files, or with the plain core list where these cannot be used."""

    def __init__(self, readers: Sequence[LanguageReader], version: str, problem: str = "") -> None:
        """Take one reader per language; without any, only the core list decides."""
        self._readers = tuple(readers)
        self._version = version
        self._scores: Scores | None = None
        self.problem = problem

    @classmethod
    def from_folder(cls, path: Path | str) -> CrisisDetector:
        """Return a detector for a rule folder; never raises.

        Args:
            path: The folder that holds one folder of rule files per language.

        Returns:
            The detector. Where spaCy or the rule files cannot be loaded it works with the core list, and
            `problem` says why.
        """
        folder = Path(path)
        try:
            from ketaguide.safety.reader import LanguageReader

            readers = [LanguageReader.from_folder(folder / code) for code in _LANGUAGES]
            return cls(readers, _version(folder))
        except Exception as error:  # whatever is broken, visitors in danger must still be heard
            logger.error("Crisis rules cannot be loaded (%s); the core list takes over.", type(error).__name__)
            return cls((), f"core-{core_list.VERSION}", f"{type(error).__name__}: {error}")

    @property
    def is_complete(self) -> bool:
        """Whether the rules are in use, not just the core list."""
        return bool(self._readers)

    def read(self, text: str, *, earlier: Sequence[str] = ()) -> Verdict:
        """Return the verdict on a message.

        Args:
            text: The newest message as it was typed.
            earlier: Up to three messages of the visitor before it, oldest first.

        Returns:
            The verdict; `none` for an empty text.
        """
        spoken = language.guess(text)
        if not self._readers:
            return self._verdict(self._core_hits(text, earlier), spoken, SOURCE_CORE)
        by_likeness = self._begin_likeness(text, earlier) if spoken == "en" else None
        own: set[Hit] = set()
        for window in windows(text):
            for reader in self._readers_for(window):
                own.update(reader.read([window]))
            own.update(_core(window))
        across = self._hits_across(text, earlier)
        verdict = self._verdict(own | across, spoken)
        # What is said in the plainest words, and what several messages say together, stands whatever the likeness is.
        in_english = all(hit.language == "en" for hit in own)
        is_suspicion = verdict.is_crisis and in_english and not across and not likeness.is_explicit(text)
        if by_likeness is None or (verdict.is_crisis and not is_suspicion):
            return verdict
        is_distressed = any(hit.kind == DISTRESS for hit in own)
        return self._with_likeness(by_likeness, verdict, is_distressed, text, earlier)

    def use_likeness(self, scores: Scores) -> None:
        """Read messages with a model of likeness too, from now on."""
        self._scores = scores

    def _begin_likeness(self, text: str, earlier: Sequence[str]) -> Future[InContext] | None:
        """Return the likeness that is being computed beside the rules; None where it cannot be had."""
        if self._scores is None or language.unreadable(text):
            return None
        try:
            return _BESIDE_THE_RULES.submit(likeness.in_context, self._scores, text, earlier)
        except RuntimeError as error:  # no thread is to be had; the rules decide alone
            logger.error("The likeness of a message cannot be read (%s).", type(error).__name__)
            return None

    def _hits_across(self, text: str, earlier: Sequence[str]) -> set[Hit]:
        """Return what the message says together with those before it; the longest join holds what shorter ones do."""
        if not earlier:
            return set()
        joined = [*(message[-WINDOW:] for message in earlier[-EARLIER:]), text[:WINDOW]]
        readers = self._readers_for(" ".join(joined))
        return {hit for reader in readers for hit in reader.read(joined)}

    def _with_likeness(
        self,
        by_likeness: Future[InContext],
        verdict: Verdict,
        is_distressed: bool,
        text: str,
        earlier: Sequence[str],
    ) -> Verdict:
        """Return the rules' verdict, raised or dismissed where the likeness is beyond doubt."""
        try:
            found, joined = by_likeness.result(LIKENESS_SECONDS)
            beneath = DISTRESS if is_distressed or found.is_distress else NONE
            if verdict.is_crisis:
                dismissed = replace(verdict, source=SOURCE_SIMILARITY, beneath=beneath).dropped()
                return dismissed if found.is_surely_harmless else verdict
            kind = self._kind_by_likeness(found, joined, earlier)
        except Exception as error:  # the rules' verdict stands without the model
            logger.error("The likeness of a message could not be read (%s).", type(error).__name__)
            return verdict
        if kind == NONE:
            if verdict.kind != NONE or beneath == NONE:
                return verdict
            kind = DISTRESS
        doubt = f".{DOUBTFUL}" if kind != DISTRESS and found.routes and found.is_doubtful else ""
        return Verdict(
            kind=kind,
            subject=likeness.subject_of(text) if kind != THIRD_PARTY else OTHER,
            urgency=NO_URGENCY if kind == DISTRESS else likeness.urgency(kind, text),
            language=verdict.language,
            rule_ids=(f"likeness.{kind}{doubt}",),
            source=SOURCE_SIMILARITY,
            ruleset_version=self._version,
            beneath=beneath,
        )

    def _kind_by_likeness(self, found: Likeness, joined: Likeness | None, earlier: Sequence[str]) -> str:
        """Return the kind of danger that a message is like, alone or with those before it, or `none`."""
        assert self._scores
        if found.is_sure:
            return found.kind
        if found.routes:
            # "and breastfeed" is an answer or a follow-up: what it belongs to tells what it means.
            return NONE if joined and joined.is_harmless_joined else found.kind
        routes = joined and joined.routes_joined and likeness.is_new(self._scores, earlier)
        return joined.kind if joined and routes else NONE

    def _readers_for(self, text: str) -> list[LanguageReader]:
        """Return the readers of the languages that a text may be in; English is always among them."""
        possible = language.may_be(text)
        return [reader for reader in self._readers if reader.language in possible]

    def _core_hits(self, text: str, earlier: Sequence[str]) -> set[Hit]:
        """Return what the core list finds, alone and joined to earlier messages."""
        hits = _core(text, everything=True)
        old: set[Hit] = set()
        for message in earlier[-EARLIER:]:
            old |= _core(message, everything=True)
        return hits | (_core(" ".join([*earlier[-EARLIER:], text]), everything=True) - old)

    def _verdict(self, hits: set[Hit], spoken: str, source: str = "rules") -> Verdict:
        if not hits:
            return Verdict(language=spoken, source=source, ruleset_version=self._version)
        kinds = _ranked(hits)
        kind = kinds[0]
        primary = sorted(hit for hit in hits if hit.kind == kind)
        crisis = [hit for hit in hits if hit.kind in CRISIS_KINDS]
        return Verdict(
            kind=kind,
            also=tuple(other for other in kinds[1:] if other in CRISIS_KINDS)[:2],
            subject=SELF if any(hit.subject == SELF for hit in primary) else OTHER,
            urgency=NOW if any(hit.urgency == NOW for hit in crisis) else SOON if crisis else NO_URGENCY,
            language=_language(primary, spoken),
            rule_ids=tuple(sorted({hit.rule_id for hit in hits})),
            source=source,
            ruleset_version=self._version,
        )

    def explain(self, text: str, *, earlier: Sequence[str] = ()) -> list[str]:
        """Return, for builders, one line for each rule that was found and why it counts or not."""
        if not self._readers:
            return [f"core list only: {self.problem}"]
        lines: list[str] = []
        for window in windows(text):
            for reader in self._readers_for(window):
                lines.extend(reader.explain([*earlier[-EARLIER:], window]))
        return lines


def windows(text: str) -> list[str]:
    """Return a text in windows of 4,000 characters that share 500 with the next."""
    if len(text) <= WINDOW:
        return [text]
    step = WINDOW - SHARED
    return [text[start : start + WINDOW] for start in range(0, len(text) - SHARED, step)]


def _core(text: str, *, everything: bool = False) -> set[Hit]:
    found = core_list.read(text, everything=everything)
    return {
        Hit(match.kind, f"core.{match.language}.{match.kind}", match.subject, match.urgency, match.language)
        for match in found
    }


def _ranked(hits: set[Hit]) -> list[str]:
    """Return the kinds found in order of precedence, with the exception for commanding voices."""
    kinds = sorted({hit.kind for hit in hits}, key=precedence)
    commanding = [hit.kind for hit in hits if _COMMAND in hit.rule_id and hit.kind in (SUICIDE, HARM_TO_OTHERS)]
    bodily = any(hit.kind in BODY_KINDS and not hit.rule_id.endswith(_OF_THE_MIND) for hit in hits)
    if commanding and not bodily:
        first = min(commanding, key=precedence)
        kinds = [first, *(kind for kind in kinds if kind != first)]
    return [kind for kind in kinds if kind != NONE]


def _language(primary: Sequence[Hit], spoken: str) -> str:
    languages = [hit.language for hit in primary]
    return spoken if spoken in languages else languages[0]


def _version(folder: Path) -> str:
    """Return a short hash of all rule files."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.yml")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]

"""Load the rule files of one language and check them; every problem is reported at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from ketaguide.content.problems import ContentError, Problem
from ketaguide.content.yaml_files import read_yaml
from ketaguide.safety.normalise import Spelling
from ketaguide.safety.patterns import Lexicon, PatternError, Sequence, parse
from ketaguide.safety.verdict import CRISIS_KINDS, DISTRESS, KINDS

CHOICES: dict[str, tuple[str, ...]] = {
    "scope": ("clause", "pair", "whole"),
    "negation": ("cancels", "inside"),
    "time": ("present", "year", "any"),
    "question": ("information", "sentence", "any"),
    "subject": ("reads", "self", "other"),
    "others": ("third_party", "same", "drop"),
    "urgency": ("reads", "now", "soon", "none"),
}
_NEEDED = ("id", "kind", "patterns", "note", "examples", "traps")
_LISTS = ("patterns", "examples", "traps", "also", "instead_of")
_SUPPORT_FILES = ("words.yml", "spelling.yml", "context.yml", "masks.yml")
_ID = re.compile(r"[a-z_]+\.[a-z0-9_]+")
_ROUTED_TO_THIRD_PARTY = ("suicide", "self_harm")


class RulesError(ContentError):
    """The rule files cannot be used; carries every problem found."""


@dataclass(frozen=True)
class Rule:
    """One kind of statement and how it is read.

    Attributes:
        id: `<kind>.<name>`, unique within the language.
        kind: The kind of danger.
        patterns: What is said, in the notation of `patterns.py`.
        note: What the rule stands for, in plain words.
        examples: Messages that it must catch.
        traps: Harmless messages made of its own words.
        scope: How far apart its parts may lie.
        negation: Whether a "not" before it cancels it.
        time: Which past cancels it: any (`present`), one beyond a year (`year`), none (`any`).
        question: Whether a question for information cancels it: one in its clause (`information`) or
            anywhere in its sentence (`sentence`).
        subject: Whose state it is: read from the words, or fixed.
        others: What it becomes when it is said about somebody else.
        urgency: Fixed, or read from words such as "tonight".
        masks: Whether idiom masks may cover its words.
        also: Further kinds that come with it.
        instead_of: Kinds whose statements in the same words it replaces.
    """

    id: str
    kind: str
    patterns: tuple[str, ...]
    note: str
    examples: tuple[str, ...]
    traps: tuple[str, ...]
    scope: str = "pair"
    negation: str = "cancels"
    time: str = "present"
    question: str = "information"
    subject: str = "reads"
    others: str = ""
    urgency: str = "reads"
    masks: bool = True
    also: tuple[str, ...] = ()
    instead_of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mask:
    """Idioms whose words must not count.

    Attributes:
        id: Unique name.
        patterns: The idioms; brackets mark the words that are covered.
        kinds: The kinds whose rules may not use these words.
        note: Why.
        frame: Cues that must all stand in the message for the mask to hold.
    """

    id: str
    patterns: tuple[str, ...]
    kinds: frozenset[str]
    note: str
    frame: tuple[str, ...] = ()


@dataclass
class RuleSet:
    """Everything the detector knows about one language.

    Attributes:
        language: Two-letter code.
        rules: The rules by id.
        masks: The masks by id.
        cues: Named cue patterns of `context.yml`.
        context: Named word lists of `context.yml`.
        spelling: The spelling lists (without the words of the patterns).
        parsed: For each owner (rule, mask or cue) and each of its patterns, the sequences of each part.
    """

    language: str
    rules: dict[str, Rule] = field(default_factory=dict)
    masks: dict[str, Mask] = field(default_factory=dict)
    cues: dict[str, tuple[str, ...]] = field(default_factory=dict)
    context: dict[str, Any] = field(default_factory=dict)
    spelling: Spelling = field(default_factory=Spelling)
    parsed: dict[str, list[tuple[tuple[Sequence, ...], ...]]] = field(default_factory=dict)


def load_language(folder: Path) -> RuleSet:
    """Return the rule set of one language folder.

    Raises:
        RulesError: With every problem of every file.
    """
    problems: list[Problem] = []
    files = {path.name: _read(path, problems) for path in sorted(folder.glob("*.yml"))}
    for name in _SUPPORT_FILES:
        if name not in files:
            problems.append(Problem(name, "-", "the file is missing", f"add {name} to {folder.name}/"))
    if problems:
        raise RulesError(problems)
    loader = _Loader(folder.name, problems)
    loader.support(files)
    for name, content in files.items():
        if name not in _SUPPORT_FILES:
            loader.statements(name, content)
    loader.parse()
    if problems:
        raise RulesError(problems)
    return loader.result


def _read(path: Path, problems: list[Problem]) -> Mapping[str, Any]:
    try:
        content = read_yaml(path)
    except ContentError as error:
        problems.extend(error.problems)
        return {}
    if not isinstance(content, dict):
        problems.append(Problem(path.name, "-", "the file holds no keys", "write it as `key: value` lines"))
        return {}
    return content


class _Loader:
    """Collects one language's rules and what is wrong with them."""

    def __init__(self, language: str, problems: list[Problem]) -> None:
        self.result = RuleSet(language)
        self._problems = problems
        self._lexicon = Lexicon()
        self._files: dict[str, str] = {}

    def support(self, files: Mapping[str, Mapping[str, Any]]) -> None:
        """Take words, spelling, context and masks."""
        words = files["words.yml"]
        self._lexicon = Lexicon(
            {name: frozenset(str(listed).split()) for name, listed in (words.get("words") or {}).items()},
            {name: _texts(listed) for name, listed in (words.get("phrases") or {}).items()},
        )
        for name in sorted(self._lexicon.words.keys() & self._lexicon.phrases.keys()):
            self._problem("words.yml", name, "is both a word class and a phrase group", "rename one of them")
        self.result.spelling = _spelling(files["spelling.yml"])
        context = files["context.yml"]
        self.result.context = {name: value for name, value in context.items() if name != "cues"}
        self.result.cues = {name: _texts(listed) for name, listed in (context.get("cues") or {}).items()}
        for entry in files["masks.yml"].get("masks") or []:
            self._mask(entry)

    def _mask(self, entry: Mapping[str, Any]) -> None:
        name = str(entry.get("id", "-"))
        unknown = sorted(set(entry) - {"id", "patterns", "kinds", "note", "frame"})
        if unknown:
            self._problem("masks.yml", name, f"has the unknown key {unknown[0]}", "correct or remove the key")
        if not entry.get("patterns") or not entry.get("note"):
            self._problem("masks.yml", name, "lacks patterns or a note", "add them")
        kinds = frozenset(_texts(entry.get("kinds") or [])) or frozenset(KINDS)
        for kind in sorted(kinds - set(KINDS)):
            self._problem("masks.yml", name, f"names the unknown kind {kind}", f"use one of {', '.join(KINDS)}")
        frame = tuple(str(entry.get("frame", "")).split())
        for cue in frame:
            if cue not in self.result.cues:
                self._problem("masks.yml", name, f"names the unknown cue {cue}", "define it in context.yml")
        mask = Mask(f"mask {name}", _texts(entry.get("patterns") or []), kinds, str(entry.get("note", "")), frame)
        self.result.masks[mask.id] = mask
        self._files[mask.id] = "masks.yml"

    def statements(self, file: str, content: Mapping[str, Any]) -> None:
        """Take one rule file."""
        unknown = sorted(set(content) - {"kind", "about", "defaults", "statements"})
        if unknown:
            self._problem(file, "-", f"has the unknown key {unknown[0]}", "correct or remove the key")
        kind = str(content.get("kind", ""))
        if kind not in (*CRISIS_KINDS, DISTRESS):
            self._problem(file, "-", f"has the unknown kind “{kind}”", f"use one of {', '.join(KINDS[:-1])}")
            return
        if file.partition(".")[0] != kind:
            self._problem(file, "-", f"holds rules of kind {kind}", f"name the file {kind}.yml")
        defaults = content.get("defaults") or {}
        for entry in content.get("statements") or []:
            if isinstance(entry, dict):
                self._statement(file, {"kind": kind, **defaults, **entry})
            else:
                self._problem(file, "-", "has an entry without keys", "write each rule as `- id: …` and further keys")

    def _statement(self, file: str, entry: dict[str, Any]) -> None:
        """Check one rule and keep it if it is whole."""
        name = str(entry.get("id", "-"))
        missing = [key for key in _NEEDED if not entry.get(key)]
        unknown = sorted(set(entry) - {known.name for known in fields(Rule)})
        for key in missing:
            self._problem(file, name, f"lacks {key}", f"add {key}")
        for key in unknown:
            self._problem(file, name, f"has the unknown key {key}", "correct or remove the key")
        self._check_choices(file, name, entry)
        if not _ID.fullmatch(name) or not name.startswith(f"{entry['kind']}."):
            self._problem(file, name, "has an unfit id", f"write it as {entry['kind']}.some_name")
        if name in self.result.rules:
            self._problem(file, name, f"is also in {self._files[name]}", "give one of them another id")
        if missing or unknown:
            return
        for key in _LISTS:
            entry[key] = _texts(entry.get(key) or [])
        entry.setdefault("others", "third_party" if entry["kind"] in _ROUTED_TO_THIRD_PARTY else "same")
        self.result.rules[name] = Rule(**entry)
        self._files[name] = file

    def _check_choices(self, file: str, name: str, entry: Mapping[str, Any]) -> None:
        """Check the values that have only a few choices."""
        for key, allowed in CHOICES.items():
            if entry.get(key) not in (None, *allowed):
                self._problem(file, name, f"has {key}: {entry[key]}", f"use one of {', '.join(allowed)}")
        for key in ("also", "instead_of"):
            for kind in _texts(entry.get(key) or []):
                if kind not in KINDS[:-1]:
                    self._problem(file, name, f"has {key}: {kind}", f"use one of {', '.join(KINDS[:-1])}")

    def parse(self) -> None:
        """Parse the patterns of all rules, masks and cues."""
        for rule in self.result.rules.values():
            self._parse(self._files[rule.id], rule.id, rule.patterns)
        for mask in self.result.masks.values():
            self._parse("masks.yml", mask.id, mask.patterns)
        for name, patterns in self.result.cues.items():
            self._parse("context.yml", f"cue {name}", patterns)

    def _parse(self, file: str, owner: str, patterns: Iterable[str]) -> None:
        parsed = self.result.parsed.setdefault(owner, [])
        for pattern in patterns:
            try:
                parsed.append(parse(pattern, self._lexicon))
            except PatternError as error:
                self._problem(file, owner, f"has a pattern that cannot be read: {error}", "correct the pattern")

    def _problem(self, file: str, name: str, message: str, remedy: str) -> None:
        self._problems.append(Problem(f"{self.result.language}/{file}", name, message, remedy))


def _texts(listed: Any) -> tuple[str, ...]:
    """Return a YAML list, or a single text, as a tuple of texts."""
    return tuple(str(item) for item in listed) if isinstance(listed, list) else tuple([str(listed)] if listed else [])


def _words(listed: Any) -> frozenset[str]:
    return frozenset(str(listed or "").split())


def _spelling(content: Mapping[str, Any]) -> Spelling:
    """Return the spelling lists of a file."""
    expansions = {str(short): str(plain) for short, plain in (content.get("expansions") or {}).items()}
    for plain, misspelt in (content.get("misspellings") or {}).items():
        for short in str(misspelt).split():
            expansions.setdefault(short, str(plain))
    return Spelling(
        expansions=expansions,
        strong=_words(content.get("strong")),
        fuzzy=_words(content.get("fuzzy")),
        sounds=tuple((str(sign), str(plain or "")) for sign, plain in (content.get("sounds") or {}).items()),
        real=_words(content.get("real")),
        pieces=_words(content.get("pieces")),
        emoji={str(sign): str(plain) for sign, plain in (content.get("emoji") or {}).items()},
    )

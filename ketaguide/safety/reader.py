"""Read messages with the rules of one language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise, product
from pathlib import Path

import spacy

from ketaguide.safety import language
from ketaguide.safety.clauses import SOFT_BREAK, Passage, Splitters, split
from ketaguide.safety.context import GENERIC, Context, ContextWords, correct
from ketaguide.safety.matching import Find, Finder
from ketaguide.safety.normalise import BREAKS, Normaliser
from ketaguide.safety.rules import Rule, RuleSet, load_language
from ketaguide.safety.verdict import BODY_KINDS, DISTRESS, NO_URGENCY, NOW, OTHER, THIRD_PARTY, Hit

_MOST_COMBINATIONS = 200
_MOST_APART = {"clause": 0, "pair": 2}  # a comma inside a neighbour makes it two


@dataclass(frozen=True)
class _Statement:
    """A rule found in a passage: where, why it does not count, and the hits it makes."""

    rule: Rule
    spans: tuple[Find, ...]
    excuse: str
    hits: list[Hit]


class LanguageReader:
    """Finds the statements of one language's rules and judges them in their context."""

    def __init__(self, ruleset: RuleSet) -> None:
        """Build the finder for a checked rule set."""
        self._ruleset = ruleset
        self.language = ruleset.language
        self._finder = Finder(spacy.blank(ruleset.language).vocab)
        for owner, patterns in ruleset.parsed.items():
            for number, parts in enumerate(patterns):
                self._finder.add(owner, number, parts, is_mask=owner not in ruleset.rules)
        self._finder.finish()
        self._words = ContextWords.from_mapping(ruleset.context)
        context_words = {w for v in ruleset.context.values() if isinstance(v, str) for w in v.split()}
        known = frozenset(self._finder.known | context_words)
        is_word = partial(language.is_word, code=ruleset.language)
        self._normaliser = Normaliser(replace(ruleset.spelling, known=known, is_word=is_word))
        splitters = ruleset.context.get("splitters") or {}
        before = {str(word): frozenset(str(after).split()) for word, after in (splitters.get("before") or {}).items()}
        self._splitters = Splitters(frozenset(str(splitters.get("alone") or "").split()), before)

    @classmethod
    def from_folder(cls, folder: Path) -> LanguageReader:
        """Return the reader of one language folder.

        Raises:
            RulesError: If a rule file is missing or wrong.
        """
        return cls(load_language(folder))

    def read(self, messages: Sequence[str]) -> set[Hit]:
        """Return the hits in the newest message, or across it and the earlier ones joined to it."""
        return {hit for _, excuse, hit in self._judge(messages) if not excuse}

    def explain(self, messages: Sequence[str]) -> list[str]:
        """Return one line for each rule found: its id, kind, subject, urgency and any excuse."""
        lines = {
            f"{rule.id}: {hit.kind}, {hit.subject}, {hit.urgency}" + (f" (does not count: {excuse})" if excuse else "")
            for rule, excuse, hit in self._judge(messages)
        }
        return sorted(lines)

    def passage(self, messages: Sequence[str]) -> Passage:
        """Return the passage that the messages make in plain words."""
        plain = [self._normaliser.words(message) for message in messages]
        return split(correct(plain, self._words.corrections, BREAKS), self._splitters)

    def _judge(self, messages: Sequence[str]) -> list[tuple[Rule, str, Hit]]:
        passage = self.passage(messages)
        finds = self._finder.find(passage)
        found = [find for find in finds if find.owner in self._ruleset.rules]
        if not found:
            return []
        context = Context(passage, finds, self._ruleset.masks, self._words)
        statements = [
            _Statement(rule, spans, *self._hits(rule, spans, context))
            for rule, spans in self._statements(found, passage)
            if _reaches_newest(spans, passage.newest)
        ]
        taken = _taken(statements)
        return [
            (statement.rule, statement.excuse, hit)
            for statement in statements
            if not _is_replaced(statement, taken)
            for hit in statement.hits
        ]

    def _statements(self, found: Iterable[Find], passage: Passage) -> Iterable[tuple[Rule, tuple[Find, ...]]]:
        """Put the parts of each pattern together, as far apart as the rule's scope allows."""
        grouped: dict[tuple[str, int], dict[int, list[Find]]] = {}
        for find in found:
            rule = self._ruleset.rules[find.owner]
            if passage.crosses(find.start, find.end) <= SOFT_BREAK:
                grouped.setdefault((rule.id, find.part[0]), {}).setdefault(find.part[1], []).append(find)
        for (rule_id, number), by_part in grouped.items():
            rule = self._ruleset.rules[rule_id]
            if len(by_part) < len(self._ruleset.parsed[rule_id][number]):
                continue
            combinations = product(*(by_part[part] for part in sorted(by_part)))
            for spans, _ in zip(combinations, range(_MOST_COMBINATIONS)):
                if _near(spans, rule.scope, passage):
                    yield rule, spans

    def _hits(self, rule: Rule, spans: Sequence[Find], context: Context) -> tuple[str, list[Hit]]:
        """Return why a statement does not count (if so), and the hits that it makes."""
        reason = next((why for why in (context.excuse(rule, span) for span in spans) if why), "")
        span = spans[0]
        subject = rule.subject
        if subject == "reads":
            subject = context.subject(span, of_body=rule.kind in BODY_KINDS)
        urgency = self._urgency(rule, spans, context)
        kind = rule.kind
        if subject == GENERIC:
            reason = reason or "people in general"
        if subject != "self" and rule.subject == "reads":
            reason = reason or ("about somebody else" if rule.others == "drop" else "")
            kind = THIRD_PARTY if rule.others == "third_party" else kind
            subject = OTHER
        hits = [Hit(kind, rule.id, subject, urgency, self.language)]
        hits.extend(Hit(also, rule.id, subject, urgency, self.language) for also in rule.also)
        return reason, hits

    def _urgency(self, rule: Rule, spans: Sequence[Find], context: Context) -> str:
        if rule.kind == DISTRESS:
            return NO_URGENCY
        if rule.urgency != "reads":
            return rule.urgency
        urgencies = {context.urgency(span) for span in spans}
        return NOW if NOW in urgencies else urgencies.pop()


def _taken(statements: Iterable[_Statement]) -> dict[tuple[str, str], set[int]]:
    """Return, for a replaced kind and the kind that replaces it, the words that the fuller reading uses."""
    taken: dict[tuple[str, str], set[int]] = {}
    for statement in statements:
        if not statement.excuse:
            for kind in statement.rule.instead_of:
                places = taken.setdefault((kind, statement.rule.kind), set())
                places.update(place for span in statement.spans for place in range(span.start, span.end))
    return taken


def _is_replaced(statement: _Statement, taken: dict[tuple[str, str], set[int]]) -> bool:
    """Say whether a rule with a fuller reading of the same words stands in for a statement."""
    rule = statement.rule
    return any(
        kind == rule.kind
        and better not in (rule.kind, *rule.instead_of)
        and not places.isdisjoint(range(one.start, one.end))
        for (kind, better), places in taken.items()
        for one in statement.spans
    )


def _reaches_newest(spans: Sequence[Find], newest: int) -> bool:
    """Say whether a joined statement uses words of the newest message and of an earlier one."""
    if newest == 0:
        return True
    return max(span.end for span in spans) > newest and min(span.start for span in spans) < newest


def _near(spans: Sequence[Find], scope: str, passage: Passage) -> bool:
    """Say whether the parts of a statement lie close enough and do not overlap."""
    if len(spans) == 1:
        return True
    ordered = sorted(spans, key=lambda span: span.start)
    if any(left.end > right.start for left, right in pairwise(ordered)):
        return False
    if scope == "whole":
        return True
    apart = passage.clause_of[ordered[-1].start] - passage.clause_of[ordered[0].start]
    return apart <= _MOST_APART[scope]

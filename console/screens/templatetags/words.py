"""Clinic words for what the program calls otherwise."""

from __future__ import annotations

import datetime
import re
from typing import Any, Iterable, Mapping, Optional, Tuple

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from console.answers import tiers
from console.answers.content import facts, library
from console.people.roles import ROLE_NAMES, Action
from ketaguide.content.facts import fill
from ketaguide.content.problems import Problem
from ketaguide.content.readability import grade, word_count

register = template.Library()

_LANGUAGE_CODE = re.compile(r"\((en|es|fr|de|pt|zh|it|nl|pl|ar|hi|vi|tl|ru)\)")

GROUPS = {
    "how_it_works": "How it works",
    "conditions": "Conditions",
    "before": "Before treatment",
    "session": "The session",
    "side_effects": "Side effects",
    "after": "Afterwards",
    "practical": "Practical matters",
}
LANGUAGES = {"en": "English", "es": "Spanish", "fr": "French", "de": "German", "pt": "Portuguese", "zh": "Chinese"}
# Languages that only crisis texts are in.
OTHER_LANGUAGES = {
    "it": "Italian",
    "nl": "Dutch",
    "pl": "Polish",
    "ar": "Arabic",
    "hi": "Hindi",
    "vi": "Vietnamese",
    "tl": "Tagalog",
    "ru": "Russian",
}
NOT_TOPICS = {
    "nlu_fallback": "Not understood: the visitor is asked what they mean",
    "out_of_scope": "Outside of what the assistant answers",
}
DANGERS = {
    "suicide": "suicide",
    "self_harm": "self-harm",
    "medical_emergency": "medical emergency",
    "overdose": "overdose",
    "harm_to_others": "harm to others",
    "abuse": "abuse",
    "third_party": "somebody else in danger",
    "distress": "distress",
}
CRISIS_TEXTS = {
    "common": "sentences that all replies share",
    "followup": "while a talk about danger goes on",
    "hold": "when an ordinary answer is held back",
    "core": "short replies for every danger",
    "emergency_languages": "when the language cannot be read",
    "now": "in danger right now",
    "soon": "perhaps in danger",
    "also": "beside another danger",
}
DEEDS = {
    "signed_in": "signed in",
    "signed_out": "signed out",
    "sign_in_failed": "failed to sign in",
    "saved": "saved a draft",
    "sent": "sent a draft for approval",
    "approved": "approved a draft",
    "crisis_approved": "approved a crisis text",
    "changes_asked": "asked for changes",
    "commented": "commented on a draft",
    "dropped": "put a draft away",
    "change": "published",
    "withdraw": "withdrew an answer",
    "put_back": "put an answer back",
    "restore": "restored an earlier version",
    "facts": "changed the clinic's facts",
    "question_added": "added an unanswered question to an answer",
    "question_new_answer": "started a new answer to an unanswered question",
    "question_for_a_person": "left a question to a person",
    "question_ignored": "ignored a question for good",
    "question_taken_back": "took a decision about a question back",
    "test_question_saved": "saved a test question",
    "test_question_removed": "removed a test question",
    "word_kept": "kept a word that no dictionary has",
    "reports_exported": "took the reports' numbers away",
    "exported": "took answers away",
    "imported": "imported a table",
    "by_hand": "changed a file outside of the console",
}


@register.filter
def role_name(role: str) -> str:
    """Returns a role in clinic words."""
    return ROLE_NAMES.get(role, role)


@register.filter
def tier_name(tier: str) -> str:
    """Returns a tier in clinic words."""
    return tiers.NAMES.get(tier, tier)


@register.filter
def approved_by_whom(tier: str) -> str:
    """Returns who approves answers of a tier."""
    return tiers.APPROVED_BY.get(tier, "")


@register.filter
def group_name(group: str) -> str:
    """Returns a group of answers in clinic words."""
    return GROUPS.get(group, group.replace("_", " ").capitalize())


@register.filter
def language_name(code: str) -> str:
    """Returns a language's English name."""
    return {**LANGUAGES, **OTHER_LANGUAGES}.get(code, code)


@register.filter
def deed(what: str) -> str:
    """Returns what an entry of the log says somebody did."""
    return DEEDS.get(what, what.replace("_", " "))


@register.filter
def topic_title(id_: str) -> str:
    """Returns an answer's title, or what the assistant does instead of answering."""
    topic = library().topics.get(id_)
    return topic.title if topic else NOT_TOPICS.get(id_, id_.replace("_", " ").capitalize())


@register.filter
def filled(text: str) -> str:
    """Returns the text as a visitor reads it, with the clinic's facts in it."""
    return fill(text or "", facts())


@register.filter
def reading_grade(text: str) -> Optional[str]:
    """Returns the school grade at which a text reads, or nothing for a short one."""
    level = grade(text or "")
    return None if level is None else f"{level:.1f}"


@register.filter
def words_in(text: str) -> int:
    """Returns how many words a text has."""
    return word_count(text or "")


@register.filter
def percent(share: float) -> str:
    """Returns 0.873 as 87 %."""
    return f"{share * 100:.0f} %"


@register.filter
def may(person: Any, action: str) -> bool:
    """Tells whether a person may do something that is the same for every tier."""
    return bool(person.is_authenticated and person.may(Action(action)))


@register.filter
def may_withdraw(person: Any, tier: Any) -> bool:
    """Tells whether a person may withdraw an answer of this tier."""
    return bool(person.may(Action.WITHDRAW, tier))


@register.filter
def is_past(day: Any) -> bool:
    """Tells whether a day, a date or its text, lies before today."""
    text = day.isoformat() if isinstance(day, datetime.date) else str(day)
    return bool(text) and text < timezone.localdate().isoformat()


@register.filter
def danger_name(kind: str) -> str:
    """Returns a kind of danger in clinic words."""
    return DANGERS.get(kind, kind.replace("_", " "))


@register.filter
def crisis_name(name: str) -> str:
    """Returns what a crisis text, or one of its sentences, is for."""
    known = {**DANGERS, **CRISIS_TEXTS}
    words = known.get(name) or name.replace("_", " ")
    return words[:1].upper() + words[1:]


@register.filter
def item(values: Mapping[Any, Any], key: Any) -> Any:
    """Returns a value by its key, or nothing."""
    return values.get(key)


@register.filter
def seconds_day(seconds: float) -> datetime.date:
    """Returns the day of a moment given in seconds since 1970."""
    return datetime.datetime.fromtimestamp(seconds, timezone.get_current_timezone()).date()


@register.filter
def places(problem: Problem) -> str:
    """Returns the words that a finding is about, or an empty text."""
    _, found, rest = problem.message.partition("“")
    return rest.partition("”")[0].rstrip("…") if found else ""


@register.filter
def finding(problem: Problem) -> str:
    """Returns what a check found, with the names of languages in place of their codes."""
    words = _LANGUAGE_CODE.sub(lambda code: f"({language_name(code[1])})", problem.message)
    return words[:1].upper() + words[1:]


@register.filter
def day(text: str) -> str:
    """Returns a date of a file, such as 2026-11-22, as people write it."""
    try:
        return f"{datetime.date.fromisoformat(text):%-d %b %Y}"
    except ValueError:
        return text


MARKS = {
    "same": "{}",
    "old": '<del><span class="unseen">[taken out: </span>{}<span class="unseen">]</span></del>',
    "new": '<ins><span class="unseen">[put in: </span>{}<span class="unseen">]</span></ins>',
}


@register.simple_tag
def difference(parts: Iterable[Tuple[str, str]]) -> SafeString:
    """Returns a comparison with the words taken out and put in marked, for eyes and for screen readers."""
    return format_html_join(" ", "{}", ((format_html(MARKS[kind], words),) for kind, words in parts))

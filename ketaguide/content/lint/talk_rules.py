"""Rules for what a conversation needs beside the answers: the glossary, the warm sentences, the follow-ups."""

from __future__ import annotations

from pathlib import Path
from typing import Callable, Dict, Iterator, List, Tuple

from ketaguide.content.follow_ups import load_follow_ups
from ketaguide.content.glossary import GLOSSARY_FILE, load_glossary, plain_name
from ketaguide.content.leads import LEADS_FILE, load_leads
from ketaguide.content.lint import wording_rules
from ketaguide.content.load import Library
from ketaguide.content.model import Term
from ketaguide.content.problems import ContentError, Problem
from ketaguide.content.readability import grade, word_count

MAX_TERM_WORDS = 40
MAX_LEAD_WORDS = 12


def check(data_folder: Path, library: Library) -> Iterator[Problem]:
    """Yields what is wrong with the glossary, the warm sentences and the follow-ups."""
    yield from _problems_of(lambda: load_follow_ups(data_folder))
    yield from _problems_of(lambda: load_leads(data_folder))
    yield from _problems_of(lambda: load_glossary(data_folder))
    try:
        yield from _check_glossary(load_glossary(data_folder), library)
        yield from _check_leads(load_leads(data_folder))
    except ContentError:
        return


def _problems_of(load: Callable[[], object]) -> List[Problem]:
    try:
        load()
    except ContentError as error:
        return error.problems
    return []


def _check_glossary(glossary: Dict[str, Term], library: Library) -> Iterator[Problem]:
    named: Dict[str, str] = {}
    for term in glossary.values():
        yield from wording_rules.check(term, GLOSSARY_FILE)
        if term.topic not in library.topics:
            message = f"the topic {term.topic!r} does not exist"
            yield Problem(GLOSSARY_FILE, term.id, message, "name the id of the answer that tells more")
        for name in term.names:
            other = named.setdefault(plain_name(name), term.id)
            if other != term.id:
                message = f"the name {name!r} also stands with {other!r}"
                yield Problem(GLOSSARY_FILE, term.id, message, "keep it with one of them")
        text = term.answer["en"]
        if word_count(text) > MAX_TERM_WORDS:
            message = f"the explanation has {word_count(text)} words"
            yield Problem(GLOSSARY_FILE, term.id, message, f"shorten it to {MAX_TERM_WORDS}")
        level = grade(text)
        if level is not None and level > wording_rules.MAX_GRADE:
            message = f"the explanation reads at school grade {level:.1f}"
            yield Problem(GLOSSARY_FILE, term.id, message, "use shorter words and sentences")


def _check_leads(leads: Dict[str, Tuple[str, ...]]) -> Iterator[Problem]:
    for feeling, texts in leads.items():
        for text in texts:
            if word_count(text) > MAX_LEAD_WORDS or "!" in text:
                message = f"“{text[:40]}” is too long or too loud for a sentence before an answer"
                remedy = f"use at most {MAX_LEAD_WORDS} words and a full stop"
                yield Problem(LEADS_FILE, feeling, message, remedy)

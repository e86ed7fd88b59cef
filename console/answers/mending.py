"""One press under a check: its words are put in place of those that it found, or a word is kept as right."""

from __future__ import annotations

from typing import Any, Dict, Mapping, Optional

from django.conf import settings

from console.answers import content
from console.answers.forms import TEXTS
from console.publishing.locks import files_lock
from ketaguide.content.edit import with_entries, write_whole
from ketaguide.content.model import Topic
from ketaguide.content.problems import Fix, UnknownWord
from ketaguide.content.words import KNOWN, WORDS_FILE

HEAD = "# Words that are right although no dictionary has them, by language.\n"


def offered(topic: Topic, key: str) -> Optional[Fix]:
    """Returns the fix that the checks of this draft offer under this name, or None."""
    fixes = (fix for problem in content.check(topic) for fix in problem.fixes)
    return next((fix for fix in fixes if fix.key == key), None)


def mended(values: Mapping[str, Any], fix: Fix) -> Dict[str, Any]:
    """Returns the entries of a draft with a fix applied to every text of its language."""
    changed = dict(values)
    for name in TEXTS:
        texts: Mapping[str, str] = values.get(name) or {}
        if fix.language in texts:
            changed[name] = {**texts, fix.language: fix.applied(texts[fix.language])}
    return changed


def unknown(topic: Topic, key: str) -> Optional[UnknownWord]:
    """Returns the word that the checks of this draft do not know under this name, or None."""
    words = (problem.unknown for problem in content.check(topic))
    return next((word for word in words if word and word.key == key), None)


def keep(unknown_word: UnknownWord) -> None:
    """Adds a word to those that are right."""
    with files_lock():
        text = content.file_text(WORDS_FILE) or HEAD
        known = {language: sorted(words) for language, words in content.live().words().known.items()}
        word = unknown_word.word.replace("’", "'").casefold()
        known[unknown_word.language] = sorted({*known.get(unknown_word.language, ()), word})
        write_whole(settings.DATA_FOLDER / WORDS_FILE, with_entries(text, {KNOWN: known}))

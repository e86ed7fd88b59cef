"""Typed text comes out as plain words: spelling, disguise and marks."""

from __future__ import annotations

import pytest

from ketaguide.safety.normalise import HARD, QUESTION, SOFT, Normaliser, Spelling, fold, within_one_edit

WORDS = "i want to die kill myself am do not can breathe chest pain live suicide overdose took pills too many"
NORMALISER = Normaliser(
    Spelling(
        expansions={
            "im": "i am",
            "dont": "do not",
            "kms": "kill myself",
            "wanna": "want to",
            "sewer slide": "suicide",
            "initials si": "suicidal ideation",
        },
        strong=frozenset("die kill suicide overdose chest".split()),
        pieces=frozenset("i want to die kill myself".split()),
        emoji={"\U0001f52a": "knife"},
        known=frozenset(WORDS.split()),
        is_word=lambda word: word in {"diet", "skill", "fill", "paints"},
    )
)

TABLE = [
    ("curly apostrophe", "I don\u2019t", "i do not"),
    ("zero-width characters", "ki\u200bll my\u2060self", "kill myself"),
    ("full-width letters", "\uff4b\uff49\uff4c\uff4c myself", "kill myself"),
    ("look-alike letters of another script", "k\u0456ll myself", "kill myself"),
    ("accents", "k\u00edll myself", "kill myself"),
    ("digits for letters", "k1ll mys3lf", "kill myself"),
    ("a star for a letter", "k*ll", "kill"),
    ("two stars for letters", "su**ide", "suicide"),
    ("letters with spaces between", "d i e", "die"),
    ("letters with dots between", "k.i.l.l", "kill"),
    ("two words letter by letter", "k i l l m y s e l f", "kill myself"),
    ("stretched letters", "i want to dieeeee", "i want to die"),
    ("glued words", "iwanttodie", "i want to die"),
    ("coined word", "kms", "kill myself"),
    ("coined pair of words", "sewer slide", "suicide"),
    ("one letter missing", "overdse", "overdose"),
    ("two letters swapped", "kill mysefl", "kill myself"),
    ("initials", "TRD with SI", "trd with suicidal ideation"),
    ("the number two for the word", "want 2 die", "want to die"),
    ("a meaningful picture", "I want \U0001f52a", "i want , knife ,"),
    ("sentence marks glued to the next word", "die.I", f"die {HARD} i"),
    ("three dots", "want... to die", f"want {SOFT} to die"),
    ("question", "die?", f"die {QUESTION}"),
    ("line break", "want\nto die", f"want {SOFT} to die"),
    ("a real word is not repaired", "my diet and my skill", "my diet and my skill"),
    ("a dose is not a disguise", "took 10mg", "took 10 mg"),
]


@pytest.mark.parametrize(("text", "plain"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_words(text: str, plain: str) -> None:
    assert " ".join(NORMALISER.words(text)) == plain


def test_empty_text_has_no_words() -> None:
    assert NORMALISER.words("") == []
    assert NORMALISER.words(" \n ?!") == []


def test_words_is_repeatable_on_its_own_result() -> None:
    once = NORMALISER.words("I w4nt t0 d1e, k i l l")
    assert NORMALISER.words(" ".join(word for word in once if word.isalpha())) == [w for w in once if w.isalpha()]


@pytest.mark.parametrize(
    ("word", "target", "close"),
    [("kil", "kill", True), ("klil", "kill", True), ("kall", "kill", True), ("kil", "kicks", False)],
    ids=["dropped", "swapped", "changed", "two edits"],
)
def test_one_edit(word: str, target: str, close: bool) -> None:
    assert within_one_edit(word, target) is close


def test_fold_keeps_other_scripts() -> None:
    assert fold("m\u00e1tame") == "matame"
    assert fold("\u0939\u093f\u0928\u094d\u0926\u0940") == "\u0939\u093f\u0928\u094d\u0926\u0940"


SPANISH = Normaliser(
    Spelling(
        sounds=(("(?<!c)h", ""), ("v", "b"), ("z|c(?=[ei])", "s"), ("qu?(?=[ei])|c(?!h)", "k")),
        known=frozenset("hermano vecino violado quiere matar".split()),
        is_word=lambda word: word == "habano",
    )
)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("mi ermano", "mi hermano"),
        ("bezino", "vecino"),
        ("biolado", "violado"),
        ("kiere", "quiere"),
        ("habano", "habano"),
        ("matador", "matador"),
    ],
)
def test_a_word_spelt_by_its_sound(text: str, plain: str) -> None:
    assert " ".join(SPANISH.words(text)) == plain

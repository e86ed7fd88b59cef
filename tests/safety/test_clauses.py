"""Messages fall into clauses, and each break knows its strength."""

from __future__ import annotations

import pytest

from ketaguide.safety.clauses import HARD_BREAK, NO_BREAK, SOFT_BREAK, WORD_BREAK, Passage, Splitters, split

SPLITTERS = Splitters(frozenset({"but", "because"}), {"and": frozenset({"i"}), "so": frozenset({"i"})})


def passage(*messages: str) -> Passage:
    return split([message.split() for message in messages], SPLITTERS)


def clauses(text: str) -> list[str]:
    read = passage(text)
    return [" ".join(read.words[clause.start : clause.end]) for clause in read.clauses]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("i am not well , i am tired", ["i am not well", "i am tired"]),
        ("i smile but i hurt", ["i smile", "but i hurt"]),
        ("i smile and i hurt", ["i smile", "and i hurt"]),
        ("salt and pepper", ["salt and pepper"]),
        ("so tired so i sleep", ["so tired", "so i sleep"]),
        ("stop . go ? wait", ["stop", "go", "wait"]),
        ("", []),
    ],
    ids=["comma", "but", "and with a subject", "and without", "so with a subject", "sentence ends", "empty"],
)
def test_clauses(text: str, expected: list[str]) -> None:
    assert clauses(text) == expected


def test_strength_of_breaks() -> None:
    read = passage("one , two . three but four")
    assert read.breaks == (NO_BREAK, SOFT_BREAK, HARD_BREAK, WORD_BREAK, NO_BREAK)
    assert read.crosses(0, 2) == SOFT_BREAK
    assert read.crosses(0, 3) == HARD_BREAK


def test_every_word_stands_in_one_clause() -> None:
    read = passage("i am here , but you are not . why ?")
    covered = [place for clause in read.clauses for place in range(clause.start, clause.end)]
    assert covered == list(range(len(read.words)))


def test_questions_belong_to_their_sentence() -> None:
    read = passage("it hurts , is it bad ? no")
    assert [clause.question for clause in read.clauses] == [True, True, False]
    assert read.sentence_span(0) == (0, 5)


def test_joined_messages_part_softly_and_know_the_newest() -> None:
    read = passage("i am going to .", "end it")
    assert read.newest == 4
    assert read.crosses(0, len(read.words)) == SOFT_BREAK


def test_a_question_before_the_newest_message_parts_hard() -> None:
    read = passage("what does it cost ?", "die")
    assert read.crosses(0, len(read.words)) == HARD_BREAK

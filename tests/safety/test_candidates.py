"""The index of candidates names the sequences that a slow search finds, no fewer and no more."""

from __future__ import annotations

from typing import Dict, List, Sequence, Tuple

from hypothesis import given
from hypothesis import strategies as st

from ketaguide.safety.candidates import PIECE, CandidateIndex

WORDS = "abcdef"
WordSet = st.frozensets(st.sampled_from(WORDS), min_size=1, max_size=3)
Sequences = st.lists(st.lists(st.tuples(WordSet, st.integers(0, 5)), min_size=1, max_size=5), min_size=1, max_size=12)


def places_of(words: Sequence[str]) -> Dict[str, List[int]]:
    return {word: [place for place, other in enumerate(words) if other == word] for word in words}


def matches(steps: Sequence[Tuple[frozenset[str], int]], words: Sequence[str]) -> bool:
    """Tries every way, as slowly as it takes."""
    spots = [place for place, word in enumerate(words) if word in steps[0][0]]
    for wanted, gap in steps[1:]:
        spots = [
            place
            for place, word in enumerate(words)
            if word in wanted and any(spot < place <= spot + gap + 1 for spot in spots)
        ]
    return bool(spots)


@given(Sequences, st.lists(st.sampled_from(WORDS + "xy"), max_size=PIECE))
def test_it_names_exactly_what_a_slow_search_finds(
    sequences: List[List[Tuple[frozenset[str], int]]], words: List[str]
) -> None:
    index = CandidateIndex()
    for number, steps in enumerate(sequences):
        index.add(number, [one for one, _ in steps], [gap for _, gap in steps], [len(one) for one, _ in steps])
    index.finish()
    wanted = {number for number, steps in enumerate(sequences) if matches(steps, words)}
    named = index.possible(places_of(words))
    assert len(named) == len(set(named))
    assert set(named) == wanted


def test_a_word_that_is_everywhere_is_still_followed() -> None:
    index = CandidateIndex()
    every, last = frozenset("xyz"), frozenset("y")
    index.add(0, [frozenset("x"), every, last], [0, 0, 0], [1, 3, 1])
    index.add(1, [frozenset("x"), frozenset("z"), last], [0, 0, 0], [1, 1, 1])
    index.finish()
    assert sorted(index.possible(places_of("xzy" * 21 + "z"))) == [0, 1]


def test_an_empty_index_names_nothing() -> None:
    index = CandidateIndex()
    index.finish()
    assert index.possible({"a": [0]}) == []

"""The taught signal: it belongs to its examples, says the same each time, and tells danger from its look-alikes."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from ketaguide.safety.likeness import CLASSES, likeness
from ketaguide.safety.verdict import CRISIS_KINDS
from ketaguide.understanding.danger_examples import EXAMPLES, examples, examples_hash
from ketaguide.understanding.danger_signal import DangerSignal
from ketaguide.understanding.encoder_export import published_model_folder
from ketaguide.understanding.signal_export import CARD, exported_signal


@pytest.fixture(scope="module")
def signal() -> DangerSignal:
    return DangerSignal(exported_signal(), published_model_folder() / "tokenizer.json")


def test_it_was_taught_the_examples_as_they_are_now() -> None:
    card = json.loads(CARD.read_text(encoding="utf-8"))
    assert card["examples_sha256"] == examples_hash(EXAMPLES), "run `python -m tools.train_danger_signal`"


def test_every_kind_has_its_examples_and_none_stands_twice_in_one() -> None:
    found = list(examples(EXAMPLES))
    kinds = Counter(kind for _, kind in found)
    assert set(kinds) == set(CLASSES)
    assert min(kinds[kind] for kind in CRISIS_KINDS) >= 400
    assert len(set(found)) == len(found)


def test_the_same_text_has_the_same_scores_alone_and_among_others(signal: DangerSignal) -> None:
    text = "since the infusion my left arm will not move"
    alone = signal.scores([text])[0]
    assert signal.scores([text])[0] == alone
    assert signal.scores(["how much does it cost", text, "x " * 60])[1] == alone


@pytest.mark.parametrize(
    ("text", "routes"),
    [
        ("ive been sat with the tablets lined up since she left", True),
        ("my lad drank the lot and he's gone grey", True),
        ("he locks me in when he goes to work and takes my phone", True),
        ("my back is killing me after that couch", False),
        ("how is the dose decided by the clinic", False),
        ("my nan died last spring and we planted a rose for her", False),
    ],
)
def test_danger_and_its_look_alikes(signal: DangerSignal, text: str, routes: bool) -> None:
    assert likeness(signal.scores, text).routes is routes

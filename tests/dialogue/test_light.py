"""The scores of a message in the light of the conversation."""

from __future__ import annotations

import pytest

from ketaguide.content.model import Topic
from ketaguide.dialogue.cues import read_cues
from ketaguide.dialogue.light import WEIGHTS, Heard, Subject, features, scores_in_light

TOPICS = {
    "nausea": Topic("nausea", {"en": "."}, "fact", related=("cost",), aspects={"duration": "timing"}),
    "cost": Topic("cost", {"en": "."}, "fact", related=("nausea", "gone")),
    "timing": Topic("timing", {"en": "."}, "fact"),
}
SUBJECTS = [
    Subject(TOPICS["nausea"], 1.0, {"nausea": 1.0, "cost": 0.2, "timing": 0.6}),
    Subject(TOPICS["cost"], 0.3, {"cost": 1.0, "nausea": 0.2}),
]


@pytest.mark.parametrize("text", ["how long does that last?", "and the price?", "is it far from the station to you"])
def test_the_quick_sum_is_the_evidence_times_its_weights(text: str) -> None:
    signs = {"standalone": 0.3, "duration": 0.6, "cost": 0.1}
    heard = Heard({"nausea": 1.0, "cost": -2.0, "timing": 0.5, "thanks": 0.1}, signs, read_cues(text))
    rows = features(heard, SUBJECTS, TOPICS)
    wanted = {
        intent: sum(WEIGHTS.get(name, 0.0) * value for name, value in row.items()) for intent, row in rows.items()
    }
    assert scores_in_light(heard, SUBJECTS, TOPICS) == pytest.approx(wanted)

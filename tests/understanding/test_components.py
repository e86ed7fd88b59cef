"""Contracts of the graph components: values, not shapes; what was stored is what was learnt."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any, List, Tuple

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from ketaguide.understanding.blank_tokenizer import MOST_NEW_WORDS, BlankSpacyTokenizer
from ketaguide.understanding.linear_classifier import LinearIntentClassifier
from ketaguide.understanding.linear_model import LinearModel
from ketaguide.understanding.ngram_featurizer import NgramFeaturizer
from ketaguide.understanding.quick_prints import QuickMessage
from ketaguide.understanding.sentence_encoder import SentenceEncoder

EXAMPLES = {
    "driving": ["can I drive home", "is driving allowed after", "may I take the car", "when can I drive again"],
    "cost": ["how much is it", "what does it cost", "price of a session", "is it expensive"],
    "nausea": ["will I feel sick", "does it make you throw up", "is nausea common", "I get nauseous easily"],
}
ODD_TEXTS = ["", "🙂", "?" * 100, "\x00\x01", "мне страшно", "a" * 5000, "{x} {", " "]


@pytest.fixture
def storage(tmp_path: Path) -> LocalModelStorage:
    return LocalModelStorage(tmp_path)


def messages() -> List[Message]:
    return [Message.build(text=text, intent=intent) for intent, texts in EXAMPLES.items() for text in texts]


def build(component: Any, storage: LocalModelStorage, **config: Any) -> Tuple[Any, Tuple[Any, ...]]:
    context = ExecutionContext(GraphSchema({}), node_name=component.__name__ + str(config.get("analyzer", "")))
    arguments = ({**component.get_default_config(), **config}, storage, Resource(context.node_name), context)
    return component.create(*arguments), arguments


PIPELINE: Tuple[Tuple[Any, Any], ...] = (
    (SentenceEncoder, {}),
    (NgramFeaturizer, {"analyzer": "char_wb", "min_ngram": 2, "max_ngram": 4}),
    (NgramFeaturizer, {"analyzer": "word", "min_ngram": 1, "max_ngram": 2}),
)


@pytest.fixture
def trained(storage: LocalModelStorage) -> Tuple[List[Any], List[Any]]:
    """The pipeline as trained, and the same pipeline as loaded from storage."""
    data = TrainingData(messages())
    tokenizer, _ = build(BlankSpacyTokenizer, storage)
    tokenizer.process_training_data(data)
    fresh, loaded = [tokenizer], [tokenizer]
    for component, config in (*PIPELINE, (LinearIntentClassifier, {})):
        learner, arguments = build(component, storage, **config)
        learner.train(data)
        if hasattr(learner, "process_training_data") and component is not LinearIntentClassifier:
            learner.process_training_data(data)
        fresh.append(learner)
        loaded.append(component.load(*arguments))
    return fresh, loaded


def understand(pipeline: List[Any], text: str) -> Message:
    message = Message(data={TEXT: text})
    for component in pipeline:
        component.process([message])
    return message


@pytest.mark.parametrize(
    ("text", "intent"),
    [("am i allowed to drive", "driving"), ("whats the price", "cost"), ("could i be sick", "nausea")],
)
def test_unseen_wording_is_understood(trained: Tuple[List[Any], List[Any]], text: str, intent: str) -> None:
    assert understand(trained[1], text).get(INTENT)["name"] == intent


def test_loaded_equals_trained(trained: Tuple[List[Any], List[Any]]) -> None:
    fresh, loaded = (understand(pipeline, "can I drive tomorrow").get(INTENT_RANKING_KEY) for pipeline in trained)
    assert [entry["name"] for entry in fresh] == [entry["name"] for entry in loaded]
    assert np.allclose([e["confidence"] for e in fresh], [e["confidence"] for e in loaded], atol=0.01)


def test_confidences_are_a_distribution(trained: Tuple[List[Any], List[Any]]) -> None:
    ranking = understand(trained[1], "how much").get(INTENT_RANKING_KEY)
    assert sum(entry["confidence"] for entry in ranking) == pytest.approx(1.0, abs=1e-4)
    assert ranking == sorted(ranking, key=lambda entry: -entry["confidence"])


def test_different_sentences_have_different_vectors_and_like_ones_are_near(
    trained: Tuple[List[Any], List[Any]],
) -> None:
    def vector(text: str) -> np.ndarray:
        return understand(trained[1][:2], text).get_dense_features(TEXT)[1].features[0]

    drive, car, price = vector("can I drive home"), vector("may I use my car to get back"), vector("what is the fee")
    assert np.linalg.norm(drive) == pytest.approx(1.0, abs=1e-3)
    assert drive @ car > drive @ price + 0.1


def test_a_vector_does_not_depend_on_its_neighbours_in_a_batch(trained: Tuple[List[Any], List[Any]]) -> None:
    encoder = trained[1][1]._encoder
    alone = encoder.encode(["can I drive home"])[0]
    beside = encoder.encode(["can I drive home", "a much longer text " * 20])[0]
    assert alone @ beside == pytest.approx(1.0, abs=0.02)


@pytest.mark.parametrize("text", ODD_TEXTS, ids=lambda text: repr(text[:6]))
def test_odd_messages_are_survived(trained: Tuple[List[Any], List[Any]], text: str) -> None:
    understand(trained[1], text)


def test_same_text_same_answer(trained: Tuple[List[Any], List[Any]]) -> None:
    first = understand(trained[1], "is it pricey").get(INTENT_RANKING_KEY)
    assert all(understand(trained[1], "is it pricey").get(INTENT_RANKING_KEY) == first for _ in range(20))


def test_the_tokenizer_does_not_keep_visitors_words_for_ever(storage: LocalModelStorage) -> None:
    tokenizer, _ = build(BlankSpacyTokenizer, storage)
    before = tokenizer.tokenize(Message({TEXT: "I can't zorblaxia, Dr. Who?"}), TEXT)
    for number in range(MOST_NEW_WORDS + 10):
        tokenizer.tokenize(Message({TEXT: f"new{number}word"}), TEXT)
    assert "zorblaxia" not in tokenizer._tokenize.vocab.strings
    assert tokenizer.tokenize(Message({TEXT: "I can't zorblaxia, Dr. Who?"}), TEXT) == before


def test_labels_fitted_apart_are_as_those_fitted_together() -> None:
    dice = np.random.RandomState(1)
    dense, labels = dice.rand(60, 8).astype(np.float32), [f"label{number % 5}" for number in range(60)]
    features = [(row[np.newaxis], csr_matrix(dice.rand(1, 4) > 0.5, dtype=np.float32)) for row in dense]
    model = LinearModel()
    model.fit(features, labels, strength=0.3, max_iter=2000, tol=1e-5)
    together = np.vstack([np.hstack([one, other.toarray()]) for one, other in features])
    wanted = LinearSVC(C=0.3, max_iter=2000, tol=1e-5, random_state=0).fit(together, labels).decision_function(together)
    found = np.vstack([model.margins(pair) for pair in features])
    assert model.labels == sorted(set(labels))
    assert np.abs(found - wanted).max() < 0.01


def test_two_labels_are_fitted_too() -> None:
    nothing = csr_matrix((1, 0), dtype=np.float32)
    features = [(np.array([[float(number), 1.0]], dtype=np.float32), nothing) for number in (-2, -1, 1, 2)]
    model = LinearModel()
    model.fit(features, ["low", "low", "high", "high"], strength=1.0, max_iter=2000, tol=1e-5)
    assert [model.labels[int(np.argmax(model.margins(pair)))] for pair in features] == ["low", "low", "high", "high"]


def test_a_quick_example_is_named_by_its_words_and_copied_apart() -> None:
    one, same = QuickMessage({TEXT: "how long", INTENT: "a"}), QuickMessage({TEXT: "how long", INTENT: "a"})
    assert one == same
    assert one != QuickMessage({TEXT: "how long", INTENT: "b"})
    copied = copy.deepcopy(one)
    copied.set("more", "words")
    copied.features.append("a feature")
    assert one == same
    assert not one.features

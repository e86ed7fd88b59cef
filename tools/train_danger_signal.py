"""Trains the danger signal anew from data/crisis/similar: `python -m tools.train_danger_signal` (about half an hour).

The signal is MiniLM with small added matrices (LoRA) and one linear layer. What it learns is kept in the project, as
docs/decisions says, so that a first start needs no half hour. Needs the development packages (TensorFlow,
transformers).
"""

from __future__ import annotations

import argparse
import json
import os
import random
from collections import Counter
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Sequence, Tuple

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf
from tokenizers import Tokenizer

from ketaguide.safety.likeness import CLASSES, HARMLESS_CLASSES
from ketaguide.safety.verdict import NONE
from ketaguide.understanding.adapted_bert import MAX_TOKENS, adapted_bert, logits
from ketaguide.understanding.danger_examples import EXAMPLES, examples, examples_hash, ordinary_questions
from ketaguide.understanding.encoder_export import published_model_folder
from ketaguide.understanding.signal_export import ADAPTER, CARD

EPOCHS = 5
# Then once more with all ordinary questions that still look dangerous.
HARD_EPOCHS = 2
HARD_ABOVE = -5.0
BATCH = 32
BATCHES_SORTED_TOGETHER = 16
LEARNING_RATE = 1e-3
HARD_LEARNING_RATE = 4e-4
RANK = 16
ORDINARY_QUESTIONS = 4000
SEED = 20261122

Tokens = List[List[int]]
Labelled = Sequence[Tuple[str, str]]


def main() -> None:
    """Trains, then writes the matrices and a card that says what they were learnt from."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--keep-first",
        action="store_true",
        help="start from the kept matrices in place of the first part, and end halfway between them and the new ones",
    )
    options = parser.parse_args()
    tf.random.set_seed(SEED)
    taught = list(examples(EXAMPLES))
    ordinary = [(text, NONE) for text in ordinary_questions(Path("data"))]
    random.Random(SEED).shuffle(ordinary)
    learner = Learner()
    if options.keep_first:
        learner.take(np.load(ADAPTER))
    else:
        learner.learn([*taught, *ordinary[:ORDINARY_QUESTIONS]], EPOCHS, LEARNING_RATE)
    hard = [pair for pair, margin in zip(ordinary, learner.margins(ordinary)) if margin > HARD_ABOVE]
    print(f"{len(hard)} of {len(ordinary)} ordinary questions still look dangerous", flush=True)
    learner.learn([*taught, *hard * 2, *ordinary[:ORDINARY_QUESTIONS]], HARD_EPOCHS, HARD_LEARNING_RATE)
    if options.keep_first:
        learner.meet_halfway(np.load(ADAPTER))
    learner.write(ADAPTER)
    card: Dict[str, Any] = {
        "examples_sha256": examples_hash(EXAMPLES),
        "examples": dict(Counter(kind for _, kind in taught)),
        "hard_questions": len(hard),
        "rank": RANK,
        "loss_by_epoch": [round(loss, 4) for loss in learner.losses],
    }
    CARD.write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")


class Learner:
    """The adapted model and what it needs to learn."""

    def __init__(self) -> None:
        self._tokenizer = Tokenizer.from_file(str(published_model_folder() / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._bert, self._matrices = adapted_bert(published_model_folder(), RANK)
        self._head = tf.keras.layers.Dense(len(CLASSES))
        logits(self._bert, self._head, *_padded([[101, 102]]), training=False)
        self._dice = np.random.RandomState(SEED)
        self.losses: List[float] = []

    def take(self, kept: Any) -> None:
        """Takes matrices that were written before."""
        for name, variable in self._matrices.items():
            variable.assign(kept[name].astype(np.float32))
        self._head.set_weights([kept["head"].astype(np.float32), kept["bias"].astype(np.float32)])

    def meet_halfway(self, kept: Any) -> None:
        """Takes the mean of what was learnt and what was kept: one part alone forgets some of what came before it."""
        for name, variable in self._matrices.items():
            variable.assign((variable + kept[name].astype(np.float32)) / 2)
        learnt = zip(self._head.get_weights(), (kept["head"], kept["bias"]))
        self._head.set_weights([(new + old.astype(np.float32)) / 2 for new, old in learnt])

    def write(self, path: Path) -> None:
        """Writes the matrices with half precision."""
        kernel, bias = self._head.get_weights()
        weights = {name: value.numpy().astype(np.float16) for name, value in self._matrices.items()}
        np.savez_compressed(path, head=kernel.astype(np.float16), bias=bias.astype(np.float16), **weights)

    def learn(self, labelled: Labelled, epochs: int, rate: float) -> None:
        """Goes through the messages so many times."""
        tokens = self._tokens(labelled)
        kinds = [CLASSES.index(kind) for _, kind in labelled]
        step = self._step(rate, epochs * -(-len(tokens) // BATCH))
        for epoch in range(epochs):
            batches = list(_batches(tokens, self._dice))
            total = 0.0
            for rows in batches:
                ids, mask = _padded([tokens[row] for row in rows])
                total += float(step(ids, mask, tf.constant([kinds[row] for row in rows], tf.int32)))
            self.losses.append(total / len(batches))
            print(f"epoch {epoch + 1} of {epochs}: loss {self.losses[-1]:.3f}", flush=True)

    def margins(self, labelled: Labelled) -> np.ndarray:
        """Returns for each message by how much danger is likelier than none."""
        tokens = self._tokens(labelled)
        order = sorted(range(len(tokens)), key=lambda row: len(tokens[row]))
        whole = tf.TensorSpec([None, None], tf.int32)
        score = tf.function(
            lambda ids, mask: logits(self._bert, self._head, ids, mask, training=False), input_signature=[whole, whole]
        )
        margins = np.zeros(len(tokens))
        for start in range(0, len(order), 64):
            rows = order[start : start + 64]
            found = score(*_padded([tokens[row] for row in rows])).numpy()
            margins[rows] = found[:, HARMLESS_CLASSES:].max(1) - found[:, :HARMLESS_CLASSES].max(1)
        return margins

    def _tokens(self, labelled: Labelled) -> Tokens:
        return [self._tokenizer.encode(text).ids for text, _ in labelled]

    def _step(self, rate: float, steps: int) -> Callable[[Any, Any, Any], Any]:
        optimizer = tf.keras.optimizers.Adam(tf.keras.optimizers.schedules.PolynomialDecay(rate, steps, 0.0))
        variables = [*self._matrices.values(), *self._head.trainable_variables]
        whole = tf.TensorSpec([None, None], tf.int32)

        @tf.function(input_signature=[whole, whole, tf.TensorSpec([None], tf.int32)])
        def step(ids: Any, mask: Any, wanted: Any) -> Any:
            with tf.GradientTape(watch_accessed_variables=False) as tape:
                tape.watch(variables)
                found = logits(self._bert, self._head, ids, mask, training=True)
                loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(wanted, found))
            gradients, _ = tf.clip_by_global_norm(tape.gradient(loss, variables), 1.0)
            optimizer.apply_gradients(zip(gradients, variables))
            return loss

        return step


def _batches(tokens: Tokens, dice: np.random.RandomState) -> Iterator[Sequence[int]]:
    """Yields rows in chance order, texts of like length together, so that little is spent on padding."""
    order = dice.permutation(len(tokens))
    size = BATCH * BATCHES_SORTED_TOGETHER
    batches = []
    for start in range(0, len(order), size):
        together = sorted(order[start : start + size], key=lambda row: len(tokens[row]))
        batches += [together[at : at + BATCH] for at in range(0, len(together), BATCH)]
    for at in dice.permutation(len(batches)):
        yield batches[at]


def _padded(rows: Tokens) -> Tuple[Any, Any]:
    width = max(len(row) for row in rows)
    ids = np.zeros((len(rows), width), np.int32)
    mask = np.zeros((len(rows), width), np.int32)
    for number, row in enumerate(rows):
        ids[number, : len(row)] = row
        mask[number, : len(row)] = 1
    return tf.constant(ids), tf.constant(mask)


if __name__ == "__main__":
    main()

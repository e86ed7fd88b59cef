"""Trains the danger signal anew from data/crisis/similar: `python -m tools.train_danger_signal` (about half an hour).

The signal is MiniLM with small added matrices (LoRA) and one linear layer. What it learns is kept in the project, as
docs/decisions says, so that a first start needs no half hour. Needs the development packages (TensorFlow,
transformers).
"""

from __future__ import annotations

import json
import os
import random
from pathlib import Path
from typing import Any, Dict, Iterator, List, Sequence, Tuple

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf
from tokenizers import Tokenizer

from ketaguide.safety.likeness import CLASSES
from ketaguide.understanding.adapted_bert import MAX_TOKENS, adapted_bert, logits
from ketaguide.understanding.danger_examples import EXAMPLES, examples, examples_hash, ordinary_questions
from ketaguide.understanding.encoder_export import published_model_folder
from ketaguide.understanding.signal_export import ADAPTER, CARD

EPOCHS = 5
BATCH = 32
BATCHES_SORTED_TOGETHER = 16
LEARNING_RATE = 1e-3
RANK = 16
ORDINARY_QUESTIONS = 4000
SEED = 20261122

Tokens = List[List[int]]


def main() -> None:
    """Trains, then writes the matrices and a card that says what they were learnt from."""
    tf.random.set_seed(SEED)
    texts, kinds = _training_set()
    tokenizer = Tokenizer.from_file(str(published_model_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    tokens = [tokenizer.encode(text).ids for text in texts]
    bert, matrices = adapted_bert(published_model_folder(), RANK)
    head = tf.keras.layers.Dense(len(CLASSES))
    losses = _learn(bert, matrices, head, tokens, kinds)
    weights = {name: value.numpy().astype(np.float16) for name, value in matrices.items()}
    kernel, bias = head.get_weights()
    np.savez_compressed(ADAPTER, head=kernel.astype(np.float16), bias=bias.astype(np.float16), **weights)
    card: Dict[str, Any] = {
        "examples_sha256": examples_hash(EXAMPLES),
        "examples": {kind: kinds.count(number) for number, kind in enumerate(CLASSES)},
        "rank": RANK,
        "epochs": EPOCHS,
        "loss_by_epoch": [round(loss, 4) for loss in losses],
    }
    CARD.write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")


def _training_set() -> Tuple[List[str], List[int]]:
    dice = random.Random(SEED)
    ordinary = sorted(ordinary_questions(Path("data")))
    dice.shuffle(ordinary)
    labelled = [*examples(EXAMPLES), *((text, "none") for text in ordinary[:ORDINARY_QUESTIONS])]
    return [text for text, _ in labelled], [CLASSES.index(kind) for _, kind in labelled]


def _learn(bert: Any, matrices: Dict[str, Any], head: Any, tokens: Tokens, kinds: List[int]) -> List[float]:
    steps = EPOCHS * (len(tokens) // BATCH)
    rate = tf.keras.optimizers.schedules.PolynomialDecay(LEARNING_RATE, steps, 0.0)
    optimizer = tf.keras.optimizers.Adam(rate)
    logits(bert, head, *_padded(tokens[:2]), training=False)
    variables = [*matrices.values(), *head.trainable_variables]
    whole = tf.TensorSpec([None, None], tf.int32)

    @tf.function(input_signature=[whole, whole, tf.TensorSpec([None], tf.int32)])
    def step(ids: Any, mask: Any, wanted: Any) -> Any:
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(variables)
            found = logits(bert, head, ids, mask, training=True)
            loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(wanted, found))
        gradients, _ = tf.clip_by_global_norm(tape.gradient(loss, variables), 1.0)
        optimizer.apply_gradients(zip(gradients, variables))
        return loss

    losses = []
    dice = np.random.RandomState(SEED)
    for epoch in range(EPOCHS):
        batches = list(_batches(tokens, dice))
        total = 0.0
        for rows in batches:
            ids, mask = _padded([tokens[row] for row in rows])
            total += float(step(ids, mask, tf.constant([kinds[row] for row in rows], tf.int32)))
        losses.append(total / len(batches))
        print(f"epoch {epoch + 1} of {EPOCHS}: loss {losses[-1]:.3f}", flush=True)
    return losses


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

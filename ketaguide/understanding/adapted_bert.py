"""MiniLM with small added matrices (LoRA) in every layer, in TensorFlow; to teach it, never to serve."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, Tuple

import tensorflow as tf

from ketaguide.understanding.signal_export import SCALE

MAX_TOKENS = 64


class AdaptedDense(tf.keras.layers.Layer):
    """A dense layer to which the product of two narrow matrices is added."""

    def __init__(self, dense: Any, rank: int) -> None:
        super().__init__()
        inputs, outputs = dense.kernel.shape
        self.dense = dense
        self.down = self.add_weight("down", (inputs, rank), initializer=tf.keras.initializers.GlorotNormal(seed=1))
        self.up = self.add_weight("up", (rank, outputs), initializer="zeros")

    def call(self, inputs: Any) -> Any:
        """Returns the layer's output with the added part."""
        return self.dense(inputs) + tf.matmul(tf.matmul(inputs, self.down), self.up) * SCALE


def adapted_bert(folder: Path, rank: int) -> Tuple[Any, Dict[str, Any]]:
    """Returns the encoder with added matrices that do nothing yet, and those matrices by name."""
    from transformers import TFBertModel
    from transformers.utils import logging as transformers_logging

    transformers_logging.set_verbosity_error()
    bert = TFBertModel.from_pretrained(folder, local_files_only=True).bert
    matrices: Dict[str, Any] = {}
    for number, layer in enumerate(bert.encoder.layer):
        attention = layer.attention
        places = {
            "query": (attention.self_attention, "query"),
            "key": (attention.self_attention, "key"),
            "value": (attention.self_attention, "value"),
            "attended": (attention.dense_output, "dense"),
            "wide": (layer.intermediate, "dense"),
            "narrow": (layer.bert_output, "dense"),
        }
        for name, (owner, attribute) in places.items():
            adapted = AdaptedDense(getattr(owner, attribute), rank)
            setattr(owner, attribute, adapted)
            matrices[f"{number}_{name}_down"] = adapted.down
            matrices[f"{number}_{name}_up"] = adapted.up
    return bert, matrices


def logits(bert: Any, head: Any, ids: Any, mask: Any, *, training: bool) -> Any:
    """Returns one row of class scores per text: the mean of its token vectors through the last layer."""
    states = bert(ids, attention_mask=mask, training=training).last_hidden_state
    weights = tf.cast(mask[:, :, None], tf.float32)
    return head(tf.reduce_sum(states * weights, 1) / tf.reduce_sum(weights, 1))

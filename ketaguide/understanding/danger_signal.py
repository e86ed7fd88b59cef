"""The model behind `ketaguide.safety.likeness`: MiniLM, taught further on the examples in data/crisis/similar."""

from __future__ import annotations

from pathlib import Path
from typing import List, Sequence

import numpy as np

from ketaguide.safety.likeness import CLASSES
from ketaguide.understanding.encoder import Encoder

# Beyond this the same text could differ between machines.
DECIMALS = 3


class DangerSignal:
    """Scores texts; deterministic, on one thread."""

    def __init__(self, onnx_file: Path, tokenizer_file: Path) -> None:
        """Loads the model from its two files."""
        self._model = Encoder(onnx_file, tokenizer_file, dimensions=len(CLASSES))

    def scores(self, texts: Sequence[str]) -> List[List[float]]:
        """Returns for each text the logarithm of the probability of each class, in the order of `CLASSES`."""
        # One by one: with weights of 8 bits the scores of a text depend a little on those beside it.
        rows = np.concatenate([self._model.encode([text.lower()]) for text in texts])
        shifted = rows - rows.max(axis=1, keepdims=True)
        logarithms = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        return np.round(logarithms.astype(np.float64), DECIMALS).tolist()

"""Sentence vectors by MiniLM: a pure function of text; a message is read on one thread."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import List, Sequence

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

DIMENSIONS = 384
MAX_TOKENS = 128
BATCH_SIZE = 32
# From here on, batches run beside each other; what each gives does not depend on it.
MANY_BATCHES = 8


class Encoder:
    """Turns texts into vectors; those of MiniLM have length 1, and their dot product is likeness in meaning."""

    def __init__(self, onnx_file: Path, tokenizer_file: Path, dimensions: int = DIMENSIONS) -> None:
        self._dimensions = dimensions
        self._tokenizer = Tokenizer.from_file(str(tokenizer_file))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        options = onnxruntime.SessionOptions()
        # One thread: a second one makes a message slower on small machines, and results depend on the thread count.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(onnx_file), options, providers=["CPUExecutionProvider"])

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Returns one vector per text, shape (len(texts), dimensions), float32."""
        ids: List[List[int]] = [self._tokenizer.encode(text).ids for text in texts]
        vectors = np.zeros((len(ids), self._dimensions), dtype=np.float32)
        # Texts of like length share a batch, so that little is spent on padding.
        order = sorted(range(len(ids)), key=lambda index: len(ids[index]))
        batches = [order[start : start + BATCH_SIZE] for start in range(0, len(order), BATCH_SIZE)]
        tokens_of = [[ids[row] for row in rows] for rows in batches]
        if len(batches) < MANY_BATCHES:
            results = [self._run(batch) for batch in tokens_of]
        else:
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                results = list(pool.map(self._run, tokens_of))
        for rows, found in zip(batches, results):
            vectors[rows] = found
        return vectors

    def _run(self, batch: List[List[int]]) -> np.ndarray:
        width = max(len(ids) for ids in batch)
        tokens = np.zeros((len(batch), width), dtype=np.int32)
        mask = np.zeros((len(batch), width), dtype=np.int32)
        for row, ids in enumerate(batch):
            tokens[row, : len(ids)] = ids
            mask[row, : len(ids)] = 1
        return self._session.run(None, {"input_ids": tokens, "attention_mask": mask})[0]

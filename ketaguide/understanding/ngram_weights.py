"""TF-IDF weights of one text, made straight from its n-grams: scikit-learn's way is made for many texts at once."""

from __future__ import annotations

from collections import Counter
from typing import Callable, Dict, Iterable, Sequence, Union

import numpy as np
from scipy.sparse import coo_matrix

Document = Union[str, Sequence[str]]


class NgramWeights:
    """Weighs the n-grams of a text: one plus the logarithm of their count, times how telling each is."""

    def __init__(
        self, ngrams: Iterable[str], telling: np.ndarray, ngrams_of: Callable[[Document], Iterable[str]]
    ) -> None:
        """Takes the known n-grams in the order of their numbers, their weights, and what cuts a text into n-grams."""
        self._numbers: Dict[str, int] = {ngram: number for number, ngram in enumerate(ngrams)}
        self._telling = telling.astype(np.float32)
        self._ngrams_of = ngrams_of

    def row(self, document: Document) -> coo_matrix:
        """Returns the weights as a unit vector, shape (1, known n-grams), float32; empty if none is known."""
        numbers = self._numbers
        counts = Counter(numbers[ngram] for ngram in self._ngrams_of(document) if ngram in numbers)
        columns = np.fromiter(sorted(counts), dtype=np.int32, count=len(counts))
        times = np.fromiter((counts[column] for column in columns.tolist()), dtype=np.float32, count=len(counts))
        weights = (1.0 + np.log(times)) * self._telling[columns]
        length = np.sqrt(np.dot(weights, weights))
        rows = np.zeros(len(columns), dtype=np.int32)
        return coo_matrix((weights / length if length else weights, (rows, columns)), shape=(1, len(numbers)))

"""A linear support vector machine on a dense vector beside sparse n-grams, stored as plain arrays."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, List, Sequence, Tuple

import numpy as np
from joblib import Parallel, cpu_count, delayed
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.message import Message
from scipy.sparse import csr_matrix, hstack, vstack
from sklearn.svm import LinearSVC

# The same on every machine, as what is learnt depends on it a little.
GROUPS = 4

# The sentence features of one message: shapes (1, dense) and (1, sparse).
FeaturePair = Tuple[np.ndarray, csr_matrix]


class LinearModel:
    """One classifier per label against the rest; loading runs no code from the file."""

    def __init__(self) -> None:
        """Construct a model that knows no label."""
        self.labels: List[str] = []
        # Shapes: (dense or sparse features, labels) and (labels,).
        self._dense_weights = np.zeros((0, 0), dtype=np.float32)
        self._sparse_weights = np.zeros((0, 0), dtype=np.float32)
        self._bias = np.zeros(0, dtype=np.float32)

    def fit(
        self, features: Sequence[FeaturePair], labels: Sequence[str], *, strength: float, max_iter: int, tol: float
    ) -> None:
        """Learns the weights; needs two different labels or more.

        Args:
            features: One pair per example.
            labels: The example's label.
            strength: Inverse strength of regularisation.
            max_iter: Most rounds of the solver.
            tol: When the solver stops.
        """
        dense = np.vstack([pair[0] for pair in features])
        sparse = vstack([pair[1] for pair in features])
        examples = csr_matrix(hstack([csr_matrix(dense), sparse]))
        # One classifier per label against the rest: as accurate here as a joint model and five times faster.
        # Some labels in each process, as the solver's dice are one for all threads.
        model = LinearSVC(C=strength, max_iter=max_iter, tol=tol, random_state=0)
        known = sorted(set(labels))
        groups = [group for group in (known[first::GROUPS] for first in range(GROUPS)) if group]
        fitted = Parallel(n_jobs=min(cpu_count(), len(groups)))(
            delayed(_fit)(model, examples, np.array(labels), group) for group in groups
        )
        row_of = {label: row for group, rows in zip(groups, fitted) for label, row in zip(group, rows)}
        self.labels = known
        weights = np.vstack([row_of[label] for label in known]).T.astype(np.float32)
        self._bias = np.ascontiguousarray(weights[-1])
        self._dense_weights = np.ascontiguousarray(weights[: dense.shape[1]])
        self._sparse_weights = np.ascontiguousarray(weights[dense.shape[1] : -1])

    def margins(self, features: FeaturePair) -> np.ndarray:
        """Returns how far the message lies inside each label, shape (labels,)."""
        dense, sparse = features
        scores = self._bias.astype(np.float32)
        if dense.size and self._dense_weights.size:
            scores = scores + (dense @ self._dense_weights)[0]
        if sparse.nnz and self._sparse_weights.size:
            scores = scores + sparse.data @ self._sparse_weights[sparse.indices]
        return scores

    def save(self, file: Path) -> None:
        """Writes the weights."""
        np.savez_compressed(
            file,
            labels=np.array(self.labels),
            dense_weights=self._dense_weights.astype(np.float16),
            sparse_weights=self._sparse_weights.astype(np.float16),
            bias=self._bias,
        )

    @classmethod
    def load(cls, file: Path) -> LinearModel:
        """Returns the model that was saved."""
        model = cls()
        with np.load(file, allow_pickle=False) as stored:
            model.labels = [str(label) for label in stored["labels"]]
            model._dense_weights = np.ascontiguousarray(stored["dense_weights"], dtype=np.float32)
            model._sparse_weights = np.ascontiguousarray(stored["sparse_weights"], dtype=np.float32)
            model._bias = stored["bias"]
        return model


def softmax(scores: np.ndarray) -> np.ndarray:
    """Returns scores as shares of one."""
    exponents = np.exp(scores - scores.max())
    shares: np.ndarray = exponents / exponents.sum()
    return shares


def sentence_features(message: Message) -> FeaturePair:
    """Returns the sentence features of a message, those of each featurizer beside the others'."""
    found = [one for one in message.features if one.attribute == TEXT and one.type == FEATURE_TYPE_SENTENCE]
    dense = [one.features for one in found if one.is_dense()]
    sparse = [one.features.tocoo() for one in found if not one.is_dense()]
    starts = np.cumsum([0, *(part.shape[1] for part in sparse)])
    columns = [part.col + start for part, start in zip(sparse, starts)]
    # Straight from its parts: scipy checks and copies far more, and this is done for every message.
    row = csr_matrix(
        (_joined([part.data for part in sparse]), _joined(columns, np.int32), [0, sum(part.nnz for part in sparse)]),
        shape=(1, int(starts[-1])),
    )
    return np.hstack(dense) if dense else np.zeros((1, 0), dtype=np.float32), row


def _joined(parts: Sequence[np.ndarray], kind: type = np.float32) -> np.ndarray:
    joined: np.ndarray = np.concatenate(parts).astype(kind, copy=False) if parts else np.zeros(0, dtype=kind)
    return joined


def by_label(labels: Sequence[str], values: np.ndarray) -> Dict[str, float]:
    """Returns one value per label."""
    return dict(zip(labels, map(float, values)))


def _fit(model: LinearSVC, examples: csr_matrix, labels: np.ndarray, group: Sequence[str]) -> np.ndarray:
    """Returns a row of weights for each label of the group against all others, its last number the bias."""
    # 0 stands for every label that is not of the group.
    numbers = {label: number for number, label in enumerate(group, start=1)}
    model.fit(examples, [numbers.get(label, 0) for label in labels])
    rows = np.hstack([model.coef_, model.intercept_[:, np.newaxis]])
    # scikit-learn stores one row for a question with two classes.
    by_class = rows if len(model.classes_) > 2 else np.vstack([-rows, rows])
    return by_class[np.searchsorted(model.classes_, range(1, len(group) + 1))]

"""What a linear classifier says by its weights: scores, labels and coefficients.

X (N, D) holds plain features of any real type, in memory or memory-mapped.  Weights
W_ are (D + 1, C), the bias last, or (D, C) for rows that need none added.
"""
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy import ndarray as Array
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from cs231n_lite.checks_basic import short
from cs231n_lite.engine.entry import validated
from cs231n_lite.engine.scores import score_blocks

UNTRAINED = "this %(name)s has no weights yet; call train or fit first."


class LinearPredictor(ClassifierMixin, BaseEstimator):
    """A classifier that has weights, of whatever origin; between two classes it has one decision.

    Source of the names and shapes: scikit-learn's LogisticRegression.
    """

    W_: Array
    classes_: Array
    loss_curve_: list[float]
    n_features_in_: int

    def decision_function(self, X: Array) -> Array:
        """Scores (N, C); of two classes, by how much the second exceeds the first, (N,)."""
        scores = np.concatenate(list(self._scores(X)))
        return scores[:, 1] - scores[:, 0] if scores.shape[1] == 2 else scores

    def predict(self, X: Array) -> Array:
        """Predicted labels (N,).  Raises ValueError before any training."""
        return np.concatenate([self.classes_[scores.argmax(axis=1)] for scores in self._scores(X)])

    def _scores(self, X: Array) -> Iterator[Array]:
        """Scores (N, C), block by block: X may be a file larger than memory."""
        check_is_fitted(self, "W_", msg=UNTRAINED)
        X = validated(self, X, reset=False)
        return score_blocks(self.W_, X)

    @property
    def coef_(self) -> Array:
        """The coefficients of plain features, (C, D), or (1, D) of two classes' one decision.

        X @ coef_.T + intercept_ is decision_function(X).  Both may be set, as to the means of
        several classifiers', and then predict; before any training coef_ comes first, and labels
        count from 0 unless classes_ was set.
        """
        return self._decisions[:, :self.n_features_in_]

    @coef_.setter
    def coef_(self, coef: Array) -> None:
        known = hasattr(self, "W_")
        coef = fitting("coef_", coef, self.coef_.shape if known else np.shape(coef))
        if not known:
            self._begin(*coef.shape)
        self._decisions = np.hstack([coef, self._decisions[:, self.n_features_in_:]])

    @property
    def intercept_(self) -> Array:
        """The bias of each score, (C,) or (1,); 0 where the rows have their ones already."""
        bias = self._decisions[:, self.n_features_in_:]
        return bias[:, 0] if bias.size else np.broadcast_to(0.0, len(bias))

    @intercept_.setter
    def intercept_(self, intercept: Array) -> None:
        bias = fitting("intercept_", intercept, self.intercept_.shape)
        self._decisions = np.column_stack([self.coef_, bias])

    @property
    def _decisions(self) -> Array:
        """The weights of each decision as a row."""
        check_is_fitted(self, "W_", msg=UNTRAINED)
        rows = self.W_.T
        if len(rows) == 2:
            rows = rows[1:] - rows[:1]
            rows.flags.writeable = False  # no view of W_: what is written here would be lost
        return rows

    @_decisions.setter
    def _decisions(self, rows: Array) -> None:
        both = np.concatenate([-rows, rows]) / 2 if self.W_.shape[1] == 2 else rows
        self.W_ = both.T.copy()

    def _begin(self, *shape: int) -> None:
        """Weights of 0 for coefficients of that shape."""
        if len(shape) != 2 or shape[0] == 2:
            raise ValueError(f"coef_ has shape {shape}; "
                             "expected (C, D), or (1, D) of two classes.")
        C = max(shape[0], 2)
        self.n_features_in_ = shape[1]
        self.classes_ = getattr(self, "classes_", np.arange(C))
        self.W_ = np.zeros((shape[1] + 1, C))

    @property
    def n_iter_(self) -> int:
        """The number of steps since training began; early stopping may take fewer than asked."""
        return len(self.loss_curve_)


def fitting(name: str, values: Any, shape: tuple[int, ...]) -> Array:
    """The values as floats; ValueError unless they are numbers of that shape."""
    if np.shape(values) != shape or np.asarray(values).dtype.kind not in "fiu":
        raise ValueError(f"{name} is {short(values)} of shape {np.shape(values)}; "
                         f"expected numbers of shape {shape}.")
    return np.asarray(values) + 0.0

"""What a linear classifier says by its weights: scores, labels and coefficients.

X (N, D) holds plain features of any real type, in memory or memory-mapped.  Weights
W_ are (D + 1, C), the bias last, or (D, C) for rows that need none added.
"""
from collections.abc import Iterator

import numpy as np
from numpy import ndarray as Array
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

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

        X @ coef_.T + intercept_ is decision_function(X).
        """
        return self._decisions[:, :self.n_features_in_]

    @property
    def intercept_(self) -> Array:
        """The bias of each score, (C,) or (1,); 0 where the rows have their ones already."""
        return self._decisions[:, self.n_features_in_:].sum(axis=1)

    @property
    def _decisions(self) -> Array:
        """The weights of each decision as a row."""
        check_is_fitted(self, "W_", msg=UNTRAINED)
        rows = self.W_.T
        return rows[1:] - rows[:1] if len(rows) == 2 else rows

    @property
    def n_iter_(self) -> int:
        """The number of steps since training began; early stopping may take fewer than asked."""
        return len(self.loss_curve_)

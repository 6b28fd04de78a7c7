"""Linear classifiers: weights that are trained with a loss and predict by the highest score.

`train` is the course's interface, on X (N, D) that ends in its column of ones and
labels y (N,) from 0; `fit`, see `engine.estimator`, is scikit-learn's, on plain features
and any labels.  `predict` takes X as the training before it did.
"""
import warnings

import numpy as np
from numpy import ndarray as Array

from cs231n_lite.checks import (
    check_labels,
    check_rows,
    check_settings,
    check_weights,
    checked_scoring,
    warn_of_labels_from_1,
    warn_of_no_bias,
    warn_of_settings_unused,
)
from cs231n_lite.checks_basic import check_floats
from cs231n_lite.engine.estimator import LinearEstimator
from cs231n_lite.engine.losses import softmax_loss, svm_loss
from cs231n_lite.losses import softmax
from cs231n_lite.optim import sgd

MOST_CLASSES = 100_000  # a label of ten million is a slip, for which W would fill the memory


@checked_scoring
def predict(W: Array, X: Array) -> Array:
    """The class of highest score for each row of X: labels (N,)."""
    return np.argmax(X @ W, axis=1)


class LinearClassifier(LinearEstimator):
    """An estimator with the course's interface: W, loss, train and predict."""

    @property
    def W(self) -> Array | None:
        """The weights, None before any training.

        May be set to weights for X with its ones and labels from 0.
        """
        return getattr(self, "W_", None)

    @W.setter
    def W(self, W: Array | None) -> None:
        if W is not None:
            check_weights(W)
        self._forget()
        if W is not None:
            self.W_ = np.asarray(W)
            self.n_features_in_, C = self.W_.shape
            self.classes_ = np.arange(C)

    def train(self, X: Array, y: Array, learning_rate: float = 1e-3, reg: float = 1e-5,
              num_iters: int = 100, batch_size: int = 200, verbose: bool = False) -> list[float]:
        """Train W, on from where it is if it was trained or set before.

        Returns the loss of every minibatch.  Raises ValueError when X, y and the settings do not
        fit together, and then changes nothing.  The course tries rates that are too high, so a
        training that diverges is a RuntimeWarning here, and leaves W as it was: at the first
        training small and random, so that the course's search can go on and predict.
        """
        check_settings(learning_rate, reg, num_iters, batch_size)
        self._check_choices()
        check_floats("X", X)
        check_rows(X, y)
        warn_of_settings_unused(LinearClassifier, self, learning_rate=learning_rate, reg=reg,
                                num_iters=num_iters, batch_size=batch_size)
        before = vars(self).copy()
        try:
            if self.W is None:
                self._start(X, y)
            else:
                self.W = self.W
                if not hasattr(self, "_rng"):  # W was set, and this is the first training
                    self._start_drawing()
            check_labels(y, len(X), len(self.classes_))
            return self._descend(self.W_, X, y, self.optimizer or sgd, learning_rate, reg,
                                 num_iters, batch_size, self._weights(y), verbose=verbose)
        except FloatingPointError as error:
            losses, kept = self.loss_curve_, "the small random ones of the start"
            if "W_" in before:
                self._restore(before | {"loss_curve_": losses})
                kept = "as they were"
            warnings.warn(f"{error} The weights stay {kept}.", RuntimeWarning, stacklevel=2)
            return losses
        except ValueError:
            self._restore(before)
            raise

    def _restore(self, before: dict) -> None:
        """Have the attributes of before the training, and no others."""
        self.__dict__ = before

    def _start(self, X: Array, y: Array) -> None:
        check_labels(y, len(X), MOST_CLASSES)
        warn_of_labels_from_1(y)
        if self.fit_intercept:
            warn_of_no_bias(X)
        self.classes_ = np.arange(int(y.max()) + 1)
        self._start_drawing()
        self.W = self._first_weights(X)


class LinearSVM(LinearClassifier):
    """The linear classifier of the multiclass hinge loss."""

    own_loss = staticmethod(svm_loss)

    def _curvature(self) -> float:
        """C / 2, for a hinge whose kink is rounded off over a margin of 1 to either side.

        Elsewhere it has no curvature.
        """
        return len(self.classes_) / 2


class Softmax(LinearClassifier):
    """The linear classifier of the cross-entropy loss."""

    own_loss = staticmethod(softmax_loss)

    def predict_proba(self, X: Array) -> Array:
        """The probability of each class for each row of X, (N, C), float64."""
        return np.concatenate([softmax(scores.astype(np.float64)) for scores in self._scores(X)])

    def predict_log_proba(self, X: Array) -> Array:
        """The logarithm of each probability, (N, C), also where that rounds to 0."""
        S = np.concatenate([scores.astype(np.float64) for scores in self._scores(X)])
        S -= S.max(axis=1, keepdims=True)
        return S - np.log(np.exp(S).sum(axis=1, keepdims=True))

    def _curvature(self) -> float:
        """The largest eigenvalue that diag(p) - p p^T can have is 1/2."""
        return 0.5

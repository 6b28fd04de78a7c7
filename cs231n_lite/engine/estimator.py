"""How a linear classifier is trained in scikit-learn's way: fit and partial_fit.

X (N, D) holds plain features of any real type, in memory or memory-mapped, and y
(N,) labels of any values.  Weights W_ are (D + 1, C), the bias last; (D, C) with
fit_intercept=False.  Rows are standardized as they are drawn, see `standardize`, and
drawn in proportion to their weights, see `weights`.
"""
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import ceil, nan
from typing import Self

import numpy as np
from numpy import ndarray as Array
from sklearn.utils import assert_all_finite
from sklearn.utils.multiclass import check_classification_targets

from cs231n_lite.checks import arrived
from cs231n_lite.checks_basic import generator_of
from cs231n_lite.engine.entry import at_least_two, check_held_out, validated
from cs231n_lite.engine.monitor import Enough, Monitor, Validation, progress
from cs231n_lite.engine.predictor import LinearPredictor
from cs231n_lite.engine.settings import LinearSettings
from cs231n_lite.engine.standardize import Rows, Standard, moments, standardization
from cs231n_lite.engine.threads import one_thread
from cs231n_lite.engine.weights import in_proportion, weights_of
from cs231n_lite.optim import sgd


class LinearEstimator(LinearSettings, LinearPredictor):
    """A linear classifier that is trained as those of scikit-learn are."""

    def _curvature(self) -> float:
        """The largest second derivative that the loss has in the scores of a row."""
        raise NotImplementedError

    def fit(self, X: Array, y: Array, sample_weight: Array | None = None) -> Self:
        """Train from the start with the settings given at construction.

        The objective is sum_i w_i L_i(W) / sum_i w_i + reg * sum(W**2), with the loss L_i of row i
        and its weight w_i, `sample_weight` times `class_weight`, which are 1 unless given.
        Returns the classifier itself.  Raises ValueError for what cannot be trained on,
        FloatingPointError, naming the rate, when training diverges.
        """
        X, labels, weights, standard, norm = self._prepared(X, y, sample_weight)
        rows, validation = standard.rows(X), None
        if self.early_stopping:
            train, held_out = self._split(labels, weights)
            tests, weights = (weights if weights is None else weights[part]
                              for part in (held_out, train))
            validation = Validation(Rows(X, standard, held_out), labels[held_out], tests,
                                    self.batch_size, self.n_iter_no_change, self.tol)
            rows, labels = Rows(X, standard, train), labels[train]
            self.validation_scores_ = validation.scores
        with refusing_infinite(X):
            self._descend(self._first_weights(rows), rows, labels, self._optimizer,
                          self._rate(norm), self.reg, self.num_iters, self.batch_size,
                          weights, fold=standard.fold, validation=validation)
        return self

    def _prepared(self, X: Array, y: Array, sample_weight: Array | None
                  ) -> tuple[Array, Array, Array | None, Standard, float]:
        """Forget what was learned; X, the numbers of its labels, weights; then `_standard`."""
        self._check_settings()
        self._forget()
        # Infinite numbers are looked for later, without a pass over all of X.
        X, y = validated(self, X, y)
        check_classification_targets(y)
        self.classes_ = at_least_two("y", y)
        labels = np.searchsorted(self.classes_, y)  # unique's own inverse takes far more memory
        weights = self._weights(labels, sample_weight)
        self._worth(labels, weights)
        self._start_drawing()
        return X, labels, weights, *self._standard(X, weights)

    def partial_fit(self, X: Array, y: Array, classes: Array | None = None,
                    sample_weight: Array | None = None) -> Self:
        """Go on from where the weights are, set or trained, for as many steps as draw len(X) rows.

        Returns the classifier itself.  `classes`, needed at the first call, are all labels that
        will ever come.  Mean and scale of the features follow all rows seen so far, and so does the
        mean weight: rows of twice that weight get as many steps as twice as many rows, rows too
        light for one step a shorter one.  Raises ValueError for labels that are not among the
        classes, and as `fit` does.
        """
        # A call is the first also after a fit that diverged, or after train.
        first = not (hasattr(self, "W_") and hasattr(self, "_moments"))
        if first and classes is None:
            raise ValueError("classes is None; classes must be passed on the first call to "
                             "partial_fit: all labels that will ever come.")
        self._check_settings()
        if self.class_weight == "balanced":
            raise ValueError("class_weight is 'balanced', which takes the counts of all rows; "
                             "expected a dictionary in partial_fit: N / (C * N_c) of each label.")
        W = getattr(self, "W_", None)
        if first:
            self._forget()
        X, y = validated(self, X, y, reset=first)
        check_classification_targets(y)
        if classes is not None and first:
            self.classes_ = at_least_two("classes", classes)
            self._start_drawing()
        labels = self._encoded(y, classes)
        weights = self._weights(labels, sample_weight)
        worth = self._worth(labels, weights)
        standard, norm = self._standard(X, weights)
        rows, size = standard.rows(X), min(self.batch_size, len(X))
        steps, rate = max(1, ceil(round(worth / size, 6))), self._rate(norm) * min(1, worth / size)
        if W is None or (first and W.shape != (rows.shape[1], len(self.classes_))):
            W = self._first_weights(rows)
        else:
            self.W_, W = W, standard.unfold(W)
        losses = getattr(self, "loss_curve_", [])
        try:
            with refusing_infinite(X):
                self._descend(W, rows, labels, self.optimizer or sgd, rate, self.reg, steps, size,
                              weights, fold=standard.fold)
        finally:
            self.loss_curve_ = losses + self.loss_curve_
        return self

    def _descend(self, W: Array, X: Array | Rows, y: Array, optimizer: Callable,
                 learning_rate: float, reg: float, num_iters: int, batch_size: int,
                 weights: Array | None, fold: Callable = np.asarray, verbose: bool = False,
                 validation: Validation | None = None) -> list[float]:
        """Keep, folded, the weights that the optimizer makes of W; returns its losses."""
        monitor = Monitor(self._loss_function, W, num_iters, verbose, validation)
        self.loss_curve_ = losses = monitor.losses
        X, y = in_proportion(X, y, weights)
        try:
            with one_thread(), progress("training", num_iters, hidden=verbose) as monitor.tick:
                W, losses = optimizer(monitor, W, X, y, learning_rate, reg, num_iters, batch_size,
                                      self._rng)
                if validation:
                    validation.look(W)
        except Enough:
            pass
        except KeyboardInterrupt:
            self.W_ = fold(monitor.W)
            raise
        self.W_ = arrived(fold(validation.best_W if validation else W), learning_rate)
        return losses

    def _start_drawing(self) -> None:
        self._rng = generator_of(self.random_state)

    def _first_weights(self, X: Array | Rows) -> Array:
        """Small weights: what is random in them is forgotten only as regularization shrinks it."""
        W = 1e-4 * self._rng.standard_normal((X.shape[1], len(self.classes_)))
        return W.astype(np.result_type(X.dtype, np.float32))

    def _standard(self, X: Array, weights: Array | None) -> tuple[Standard, float]:
        """How rows are standardized, and the mean squared norm of such rows."""
        known, chosen = getattr(self, "_moments", None), self.learning_rate is not None
        if chosen and not self.fit_intercept:
            self._moments = None
            return Standard(np.zeros(X.shape[1]), np.ones(X.shape[1]), ones=False), nan
        seen = moments(X, self._rng, weights)
        if not np.isfinite(seen.mean).all():
            assert_all_finite(X, input_name="X")
        self._moments = seen if known is None else known.merged(seen)
        return standardization(self._moments, centre=self.fit_intercept, rescale=not chosen)

    def _rate(self, norm: float) -> float:
        """The learning rate, where none was given for rows of that mean squared norm.

        It is 1 / L: a step along the gradient cannot overshoot where no second derivative of the
        loss exceeds L, and L is at most the curvature of the loss in the scores times the mean
        squared norm of the rows, and 2 reg of the penalty.
        Source: Nesterov, Introductory lectures on convex optimization (2004), 1.2.3.
        """
        if self.learning_rate is not None:
            return self.learning_rate
        return 1 / (self._curvature() * (norm or 1) + 2 * self.reg)

    def _encoded(self, y: Array, classes: Array | None) -> Array:
        """The number of each label among the classes."""
        named = {*y.tolist(), *np.ravel([] if classes is None else classes).tolist()}
        strange = named - set(self.classes_.tolist())
        if strange:
            raise ValueError(f"y or classes hold {sorted(strange, key=str)}, "
                             f"expected labels among {self.classes_.tolist()}; "
                             "pass all classes at the first call of partial_fit.")
        return np.searchsorted(self.classes_, y)

    def _weights(self, labels: Array, sample_weight: Array | None = None) -> Array | None:
        """The weight of each row, None where neither rows nor classes have any.

        Raises ValueError for a loss of W of a student's, whose rows cannot be told apart.
        """
        if sample_weight is None and self.class_weight is None:
            return None
        if not self._is_mean:
            raise ValueError(
                f"loss is {self._loss!r:.60}, a loss of W of your own, which need not be a mean "
                "over rows that weights could weigh; expected one of the package's, or a loss on "
                "scores as partial(losses.regularized, your_loss), with sample_weight or "
                "class_weight.")
        return weights_of(labels, self.classes_, sample_weight, self.class_weight)

    def _worth(self, labels: Array, weights: Array | None) -> float:
        """How many rows of mean weight these are worth, by the mean of all seen so far."""
        total = len(labels) if weights is None else weights.sum()
        self.n_samples_seen_ = getattr(self, "n_samples_seen_", 0) + len(labels)
        self.weight_seen_ = getattr(self, "weight_seen_", 0) + total
        return total * self.n_samples_seen_ / self.weight_seen_

    def _split(self, labels: Array, weights: Array | None) -> list[Array]:
        """The rows to train on and those to hold out, with the same share of every class.

        Rows of weight 0 are in neither.
        """
        from sklearn.model_selection import train_test_split  # slow to import, and few need it
        rows = np.arange(len(labels)) if weights is None else np.flatnonzero(weights)
        check_held_out(self.validation_fraction, labels[rows], self.classes_)
        seed = int(self._rng.integers(2**31))
        return train_test_split(rows, test_size=self.validation_fraction,
                                stratify=labels[rows], random_state=seed)

    def _learned(self) -> dict:
        """What was learned: attributes that end in _, as in scikit-learn, and the moments."""
        return {name: value for name, value in vars(self).items()
                if name.endswith("_") or name == "_moments"}

    def _forget(self) -> None:
        for name in self._learned():
            delattr(self, name)


@contextmanager
def refusing_infinite(X: Array) -> Iterator[None]:
    """Blame a training that diverged on X, by ValueError, where X holds NaN or infinity."""
    try:
        yield
    except FloatingPointError:
        assert_all_finite(X, input_name="X")
        raise

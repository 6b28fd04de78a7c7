"""A linear classifier as scikit-learn knows one: fit, partial_fit, decision_function, predict.

X (N, D) holds plain features of any real type, in memory or memory-mapped, and y
(N,) labels of any values.  Weights W_ are (D + 1, C), the bias last; (D, C) with
fit_intercept=False.  Rows are standardized as they are drawn, see `standardize`.
"""
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from math import ceil, nan
from numbers import Real
from typing import Self

import numpy as np
from numpy import ndarray as Array
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import assert_all_finite
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted

from cs231n_lite import losses as textbook
from cs231n_lite.checks import Loss, ScoresLoss, arrived, check_settings
from cs231n_lite.checks_basic import check_function, generator_of, is_number
from cs231n_lite.engine.entry import check_held_out, validated
from cs231n_lite.engine.losses import in_blocks, on_scores
from cs231n_lite.engine.monitor import Enough, Monitor, Validation, progress
from cs231n_lite.engine.scores import score_blocks
from cs231n_lite.engine.standardize import Rows, Standard, moments, standardization
from cs231n_lite.engine.threads import one_thread
from cs231n_lite.optim import momentum_sgd, sgd

DESCENT = "loss, W, X, y, learning_rate, reg, num_iters, batch_size, rng"
UNTRAINED = "this %(name)s has no weights yet; call train or fit first."


class LinearEstimator(ClassifierMixin, BaseEstimator):
    """What LinearSVM and Softmax share with the classifiers of scikit-learn.

    loss            a function (W, X, y, reg) -> (loss, dW); None is the class's own.
    optimizer       is called as `optim.sgd` is; None is `momentum_sgd` where learning_rate is
                    None, else `sgd`.
    learning_rate   None lets `fit` standardize the features and choose the rate, which suits data
                    of any scale; a number is a rate for the features in their own units.
    reg             the regularization strength, in the same units.
    num_iters       the number of steps; `batch_size` rows are drawn for each, with replacement.
    fit_intercept   False lets `fit` take X without centring it or appending ones, say because its
                    rows end in a 1.
    early_stopping  holds `validation_fraction` of the rows out, ends `fit` after
                    `n_iter_no_change` accuracies there in a row that were not better by `tol`,
                    and keeps the weights that did best.
    random_state    seeds the first weights, the minibatches and what is held out: one seed,
                    one result.

    `loss_curve_` holds the minibatch losses, `validation_scores_` the accuracies of early stopping.
    An interrupted training keeps the last complete weights, and the losses so far.
    Source of the names for early stopping: scikit-learn's MLPClassifier.
    """

    own_loss: Callable  # (W, X, y, reg) -> (loss, dW), of each subclass
    W_: Array
    classes_: Array
    loss_curve_: list[float]
    n_features_in_: int

    def __init__(self, loss: Loss | None = None, optimizer: Callable | None = None,
                 learning_rate: float | None = None, reg: float = 1e-3, num_iters: int = 1500,
                 batch_size: int = 200, fit_intercept: bool = True, early_stopping: bool = False,
                 validation_fraction: float = 0.1, n_iter_no_change: float = 10,
                 tol: float = 1e-4, random_state: int | None = 0) -> None:
        self.loss = loss
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.reg = reg
        self.num_iters = num_iters
        self.batch_size = batch_size
        self.fit_intercept = fit_intercept
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.tol = tol
        self.random_state = random_state

    # The parameter `loss` is a function of W; the course's method `loss` is that function at the
    # current W.  So what is set is kept aside, what is got is the method, and get_params hands out
    # what was set.

    @property
    def loss(self) -> Callable:
        """The course's method, loss(X, y, reg) -> (loss, dW) at W, for X that ends in its ones."""
        return self._loss_at_W

    @loss.setter
    def loss(self, loss: Loss | None) -> None:
        self._loss = loss

    def _loss_at_W(self, X: Array, y: Array, reg: float) -> tuple[float, Array]:
        check_is_fitted(self, "W_", msg=UNTRAINED)
        return self._loss_function(self.W_, X, y, reg)

    @property
    def _given_loss(self) -> Loss:
        return self.own_loss if self._loss is None else self._loss

    @property
    def _scores_loss(self) -> ScoresLoss | None:
        """The loss on scores that is trained with, if the loss is one of those."""
        return on_scores(self._given_loss)

    @property
    def _loss_function(self) -> Loss:
        """What is trained with: the engine's way where it is a loss on scores, or as given."""
        on = self._scores_loss
        return partial(in_blocks, on) if on else self._given_loss

    @property
    def is_plain(self) -> bool:
        """Whether nothing of a student's trains it but, at most, a loss on scores."""
        plain = any(self._given_loss is own for own in vars(textbook).values())
        return ((plain or self._scores_loss is not None)
                and any(self.optimizer is own for own in (None, sgd, momentum_sgd)))

    def get_params(self, deep: bool = True) -> dict:
        """The parameters by name, `loss` as the function of (W, X, y, reg) that was given."""
        return super().get_params(deep) | {"loss": self._loss}

    # ----------------------------------------------------------- training

    def fit(self, X: Array, y: Array) -> Self:
        """Train from the start with the settings given at construction.

        Returns the classifier itself.  Raises ValueError for what cannot be trained on,
        FloatingPointError, naming the rate, when training diverges.
        """
        X, labels, standard, norm = self._prepared(X, y)
        rows, validation = standard.rows(X), None
        if self.early_stopping:
            train, held_out = self._split(labels)
            validation = Validation(Rows(X, standard, held_out), labels[held_out], self.batch_size,
                                    self.n_iter_no_change, self.tol)
            rows, labels = Rows(X, standard, train), labels[train]
            self.validation_scores_ = validation.scores
        with refusing_infinite(X):
            self._descend(self._first_weights(rows), rows, labels, self._optimizer,
                          self._rate(norm), self.reg, self.num_iters, self.batch_size,
                          fold=standard.fold, validation=validation)
        return self

    def _prepared(self, X: Array, y: Array) -> tuple[Array, Array, Standard, float]:
        """Forget what was learned; X and the numbers of its labels, checked; then `_standard`."""
        self._check_settings()
        self._forget()
        # Infinite numbers are looked for later, without a pass over all of X.
        X, y = validated(self, X, y)
        check_classification_targets(y)
        self.classes_ = np.unique(y)
        labels = np.searchsorted(self.classes_, y)  # unique's own inverse takes far more memory
        self._start_drawing()
        return X, labels, *self._standard(X)

    def partial_fit(self, X: Array, y: Array, classes: Array | None = None) -> Self:
        """Go on from where the weights are, for as many steps as draw len(X) rows.

        Returns the classifier itself.  `classes`, needed at the first call, are all labels that
        will ever come.  Mean and scale of the features follow all rows seen so far.  Raises
        ValueError for labels that are not among the classes, and as `fit` does.
        """
        # A call is the first also after a fit that diverged, or after train.
        first = not (hasattr(self, "W_") and hasattr(self, "_moments"))
        if first and classes is None:
            raise ValueError("classes is None at the first call of partial_fit; "
                             "pass all labels that will ever come.")
        self._check_settings()
        if first:
            self._forget()
        X, y = validated(self, X, y, reset=first)
        check_classification_targets(y)
        if classes is not None and first:
            self.classes_ = np.unique(classes)
            self._start_drawing()
        labels = self._encoded(y, classes)
        standard, norm = self._standard(X)
        rows, size = standard.rows(X), min(self.batch_size, len(X))
        W = self._first_weights(rows) if first else standard.unfold(self.W_)
        losses = getattr(self, "loss_curve_", [])
        try:
            with refusing_infinite(X):
                self._descend(W, rows, labels, self.optimizer or sgd, self._rate(norm), self.reg,
                              ceil(len(X) / size), size, fold=standard.fold)
        finally:
            self.loss_curve_ = losses + self.loss_curve_
        return self

    def _descend(self, W: Array, X: Array | Rows, y: Array, optimizer: Callable,
                 learning_rate: float, reg: float, num_iters: int, batch_size: int,
                 fold: Callable = np.asarray, verbose: bool = False,
                 validation: Validation | None = None) -> list[float]:
        """Keep, folded, the weights that the optimizer makes of W; returns its losses."""
        monitor = Monitor(self._loss_function, W, num_iters, verbose, validation)
        self.loss_curve_ = losses = monitor.losses
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

    def _check_settings(self) -> None:
        rate = 0.0 if self.learning_rate is None else self.learning_rate
        check_settings(rate, self.reg, self.num_iters, self.batch_size)
        self._check_functions()
        generator_of(self.random_state)
        for name in ("fit_intercept", "early_stopping"):
            if not isinstance(value := getattr(self, name), (bool, np.bool_, int)):
                raise ValueError(f"{name} is {value!r:.60}; expected True or False.")
        if self.early_stopping and not is_number(self.tol):
            raise ValueError(f"tol is {self.tol!r:.60}; expected a finite number.")
        # It need not be whole: infinity stands for never.
        patience = self.n_iter_no_change
        if self.early_stopping and not (isinstance(patience, Real) and patience > 0):
            raise ValueError(f"n_iter_no_change is {patience!r:.60}; expected a number above 0.")

    def _check_functions(self) -> None:
        for name, function, arguments in (("loss", self._loss, "W, X, y, reg"),
                                          ("optimizer", self.optimizer, DESCENT)):
            if is_number(function):
                raise ValueError(f"{name} is {function!r:.60}; expected a function, or None for "
                                 "the default: name a setting, as in learning_rate=1e-3.")
            if function is not None:
                check_function(name, function, arguments)

    def _start_drawing(self) -> None:
        self._rng = generator_of(self.random_state)

    def _first_weights(self, X: Array | Rows) -> Array:
        """Small weights: what is random in them is forgotten only as regularization shrinks it."""
        W = 1e-4 * self._rng.standard_normal((X.shape[1], len(self.classes_)))
        return W.astype(np.result_type(X.dtype, np.float32))

    def _standard(self, X: Array) -> tuple[Standard, float]:
        """How rows are standardized, and the mean squared norm of such rows."""
        known, chosen = getattr(self, "_moments", None), self.learning_rate is not None
        if chosen and not self.fit_intercept:
            self._moments = None
            return Standard(np.zeros(X.shape[1]), np.ones(X.shape[1]), ones=False), nan
        seen = moments(X, self._rng)
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

    @property
    def _optimizer(self) -> Callable:
        return self.optimizer or (momentum_sgd if self.learning_rate is None else sgd)

    def _encoded(self, y: Array, classes: Array | None) -> Array:
        """The number of each label among the classes."""
        named = {*y.tolist(), *np.ravel([] if classes is None else classes).tolist()}
        strange = named - set(self.classes_.tolist())
        if strange:
            raise ValueError(f"y or classes hold {sorted(strange, key=str)}, "
                             f"expected labels among {self.classes_.tolist()}; "
                             "pass all classes at the first call of partial_fit.")
        return np.searchsorted(self.classes_, y)

    def _split(self, labels: Array) -> list[Array]:
        """The rows to train on and those to hold out, with the same share of every class."""
        from sklearn.model_selection import train_test_split  # slow to import, and few need it
        check_held_out(self.validation_fraction, labels, self.classes_)
        seed = int(self._rng.integers(2**31))
        return train_test_split(np.arange(len(labels)), test_size=self.validation_fraction,
                                stratify=labels, random_state=seed)

    def _learned(self) -> dict:
        """What was learned: attributes that end in _, as in scikit-learn, and the moments."""
        return {name: value for name, value in vars(self).items()
                if name.endswith("_") or name == "_moments"}

    def _forget(self) -> None:
        for name in self._learned():
            delattr(self, name)

    # ----------------------------------------------------------- prediction

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


@contextmanager
def refusing_infinite(X: Array) -> Iterator[None]:
    """Blame a training that diverged on X, by ValueError, where X holds NaN or infinity."""
    try:
        yield
    except FloatingPointError:
        assert_all_finite(X, input_name="X")
        raise

"""The parameters of a linear classifier: which there may be, and what is trained with them."""
from collections.abc import Callable
from functools import partial
from numbers import Real

import numpy as np
from numpy import ndarray as Array
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from cs231n_lite import losses as textbook
from cs231n_lite.checks import Loss, check_settings
from cs231n_lite.checks_basic import check_function, generator_of, is_number
from cs231n_lite.checks_gradients import ScoresLoss
from cs231n_lite.engine.copies import known
from cs231n_lite.engine.losses import in_blocks, on_scores
from cs231n_lite.engine.predictor import UNTRAINED
from cs231n_lite.engine.weights import check_class_weight
from cs231n_lite.optim import momentum_sgd, sgd

DESCENT = "loss, W, X, y, learning_rate, reg, num_iters, batch_size, rng"


class LinearSettings(BaseEstimator):
    """The parameters of LinearSVM and Softmax.

    loss            a function (W, X, y, reg) -> (loss, dW); None is the class's own.
    optimizer       is called as `optim.sgd` is; None is `momentum_sgd` where learning_rate is
                    None, else `sgd`.
    learning_rate   None lets `fit` standardize the features and choose the rate, which suits data
                    of any scale; a number is a rate for the features in their own units.
    reg             the regularization strength, in the same units.
    num_iters       the number of steps; `batch_size` rows are drawn for each, with replacement,
                    so that there may be fewer of them in all.
    fit_intercept   False lets `fit` take X without centring it or appending ones, say because its
                    rows end in a 1.
    early_stopping  holds `validation_fraction` of the rows out, ends `fit` after
                    `n_iter_no_change` accuracies there in a row that were not better by `tol`,
                    and keeps the weights that did best.
    random_state    seeds the first weights, the minibatches and what is held out: one seed,
                    one result.
    class_weight    multiplies the weights of a class's rows: a dictionary from labels to numbers,
                    1 where there is none; or "balanced", by which all classes weigh alike.

    `loss_curve_` holds the minibatch losses, `validation_scores_` the accuracies of early stopping.
    An interrupted training keeps the last complete weights, and the losses so far.
    Source of the names for early stopping: scikit-learn's MLPClassifier.
    """

    own_loss: Callable  # (W, X, y, reg) -> (loss, dW), of each subclass

    def __init__(self, loss: Loss | None = None, optimizer: Callable | None = None,
                 learning_rate: float | None = None, reg: float = 1e-3, num_iters: int = 1500,
                 batch_size: int = 200, fit_intercept: bool = True, early_stopping: bool = False,
                 validation_fraction: float = 0.1, n_iter_no_change: float = 10,
                 tol: float = 1e-4, random_state: int | None = 0,
                 class_weight: dict | str | None = None) -> None:
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
        self.class_weight = class_weight

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
    def _is_mean(self) -> bool:
        """Whether the loss is known to be a mean over rows: a textbook's, or one on scores."""
        return (self._scores_loss is not None
                or any(self._given_loss is own for own in vars(textbook).values()))

    @property
    def is_plain(self) -> bool:
        """Whether nothing of a student's trains it but, at most, a loss on scores."""
        return self._is_mean and any(self.optimizer is own for own in (None, sgd, momentum_sgd))

    def get_params(self, deep: bool = True) -> dict:
        """The parameters by name, `loss` as the function of (W, X, y, reg) that was given."""
        return super().get_params(deep) | {"loss": self._loss}

    def __getstate__(self) -> dict:
        """What is saved: of functions that came back from another process, those they copy."""
        return super().__getstate__() | {"_loss": known(self._loss),
                                         "optimizer": known(self.optimizer)}

    @property
    def _optimizer(self) -> Callable:
        return self.optimizer or (momentum_sgd if self.learning_rate is None else sgd)

    def _check_settings(self) -> None:
        rate = 0.0 if self.learning_rate is None else self.learning_rate
        check_settings(rate, self.reg, self.num_iters, self.batch_size)
        self._check_choices()
        if self.early_stopping and not is_number(self.tol):
            raise ValueError(f"tol is {self.tol!r:.60}; expected a finite number.")
        # It need not be whole: infinity stands for never.
        patience = self.n_iter_no_change
        if self.early_stopping and not (isinstance(patience, Real) and patience > 0):
            raise ValueError(f"n_iter_no_change is {patience!r:.60}; expected a number above 0.")

    def _check_choices(self) -> None:
        for name, function, arguments in (("loss", self._loss, "W, X, y, reg"),
                                          ("optimizer", self.optimizer, DESCENT)):
            if is_number(function):
                raise ValueError(f"{name} is {function!r:.60}; expected a function, or None for "
                                 "the default: name a setting, as in learning_rate=1e-3.")
            if function is not None:
                check_function(name, function, arguments)
        for name in ("fit_intercept", "early_stopping"):
            if not isinstance(value := getattr(self, name), (bool, np.bool_, int)):
                raise ValueError(f"{name} is {value!r:.60}; expected True or False.")
        generator_of(self.random_state)
        check_class_weight(self.class_weight)

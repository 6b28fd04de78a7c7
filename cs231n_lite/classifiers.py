"""Linear classifiers: weights that are trained with a loss and predict by the highest score.

`train` and `predict` are the course's interface, on X (N, D) that ends in its
column of ones and labels y (N,) from 0.  `fit` trains from the start with the
settings given at construction, which is what a search over settings needs.
"""
from collections.abc import Callable

import numpy as np
from numpy import ndarray as Array

from cs231n_lite.losses import Loss, check_labels, softmax_loss_vectorized, svm_loss_vectorized
from cs231n_lite.optim import sgd


def predict(W: Array, X: Array) -> Array:
    """The class of highest score for each row of X: labels (N,)."""
    return np.argmax(X @ W, axis=1)


class LinearClassifier:
    """Weights W (D, C), None until trained, with the loss and the optimizer that train them.

    `optimizer` is called as `optim.sgd` is.  `random_state` seeds the first
    weights and the minibatches: one seed, one result.
    """

    def __init__(self, loss: Loss, optimizer: Callable = sgd, learning_rate: float = 1e-3, reg: float = 1e-5,
                 num_iters: int = 100, batch_size: int = 200, random_state: int = 0) -> None:
        self.loss_function, self.optimizer = loss, optimizer
        self.learning_rate, self.reg = learning_rate, reg
        self.num_iters, self.batch_size = num_iters, batch_size
        self.random_state = random_state
        self.W: Array | None = None

    def train(self, X: Array, y: Array, learning_rate: float = 1e-3, reg: float = 1e-5,
              num_iters: int = 100, batch_size: int = 200, verbose: bool = False) -> list[float]:
        """Train W, on from where it is if it was trained before.

        Returns the loss of every minibatch.  Raises ValueError when X and y do
        not fit together, FloatingPointError when the training diverges.
        """
        if self.W is None:
            self._start(X, y)
        loss = reporting(self.loss_function, num_iters) if verbose else self.loss_function
        self.W, losses = self.optimizer(loss, self.W, X, y, learning_rate, reg, num_iters, batch_size, self._rng)
        return losses

    def fit(self, X: Array, y: Array) -> "LinearClassifier":
        """Train from the start with the settings given at construction; returns the classifier itself."""
        self.W = None
        self.train(X, y, self.learning_rate, self.reg, self.num_iters, self.batch_size)
        return self

    def predict(self, X: Array) -> Array:
        """Predicted labels (N,).  Raises ValueError before any training."""
        if self.W is None:
            raise ValueError(f"this {type(self).__name__} has no weights yet; call train or fit before predict.")
        return predict(self.W, X)

    def _start(self, X: Array, y: Array) -> None:
        """Draw small first weights: what is random in them is forgotten only as fast as the regularization shrinks it."""
        C = int(y.max()) + 1
        check_labels(y, len(X), C)
        self._rng = np.random.default_rng(self.random_state)
        self.W = (1e-4 * self._rng.standard_normal((X.shape[1], C))).astype(np.result_type(X, np.float32))


class LinearSVM(LinearClassifier):
    """The linear classifier of the multiclass hinge loss."""

    def __init__(self, loss: Loss = svm_loss_vectorized, **settings) -> None:
        super().__init__(loss, **settings)


class Softmax(LinearClassifier):
    """The linear classifier of the cross-entropy loss."""

    def __init__(self, loss: Loss = softmax_loss_vectorized, **settings) -> None:
        super().__init__(loss, **settings)


def reporting(loss: Loss, num_iters: int, every: int = 100) -> Loss:
    """`loss` itself, which also prints its value at every hundredth call."""
    calls = 0

    def reported(W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
        nonlocal calls
        value, dW = loss(W, X, y, reg)
        if calls % every == 0:
            print(f"iteration {calls} / {num_iters}: loss {value:.4f}")
        calls += 1
        return value, dW

    return reported

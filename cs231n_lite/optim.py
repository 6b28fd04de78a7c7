"""Minibatches, and descent along the gradient of any loss(W, X, y, reg) -> (loss, dW).

Both descents leave the W that they are given as it is, and return the trained
copy with the minibatch losses on the way.  They raise FloatingPointError, naming
the learning rate, as soon as a loss is no longer finite, and when the last step
leaves weights that are not; ValueError for settings and data that do not fit.
Source: CS231n notes, "Optimization" and "Neural networks part 3" (momentum).
"""
from collections.abc import Iterator

import numpy as np
from numpy import ndarray as Array
from numpy.random import Generator

from cs231n_lite.checks import Loss, checked_descent


def minibatches(X: Array, y: Array, size: int, rng: Generator) -> Iterator[tuple[Array, Array]]:
    """Yield random batches (X, y) of `size` rows for ever, drawn by `rng` with replacement."""
    while True:
        rows = rng.integers(len(X), size=size)
        yield X[rows], y[rows]


@checked_descent
def sgd(loss: Loss, W: Array, X: Array, y: Array, learning_rate: float, reg: float,
        num_iters: int, batch_size: int, rng: Generator) -> tuple[Array, list[float]]:
    """Minibatch stochastic gradient descent: W <- W - learning_rate * dW, num_iters times.

    Returns W (D, C) and the list of num_iters minibatch losses.
    """
    W, losses = W.copy(), []
    for _ in range(num_iters):
        rows = rng.integers(len(X), size=batch_size)
        value, dW = loss(W, X[rows], y[rows], reg)
        losses.append(value)
        W -= learning_rate * dW
    return W, losses


@checked_descent
def momentum_sgd(loss: Loss, W: Array, X: Array, y: Array, learning_rate: float, reg: float,
                 num_iters: int, batch_size: int, rng: Generator,
                 momentum: float = 0.9) -> tuple[Array, list[float]]:
    """As `sgd`, with momentum, and a learning rate that falls linearly to zero.

    step <- momentum * step - rate * dW, W <- W + step.  The falling rate lets
    the noise of the minibatches die out, so that W comes to rest.
    """
    W, step, losses = W.copy(), np.zeros_like(W), []
    batches = minibatches(X, y, batch_size, rng)
    for iteration in range(num_iters):
        value, dW = loss(W, *next(batches), reg)
        losses.append(value)
        step = momentum * step - learning_rate * (1 - iteration / num_iters) * dW
        W += step
    return W, losses


def mirrored(loss: Loss, shape: tuple[int, int, int] = (32, 32, 3)) -> Loss:
    """The loss for descent on images of that shape and their mirror images, at the price of one.

    An image and its mirror image have the same score under templates that are
    themselves symmetric, and the best templates for both are: the losses are
    convex.  So it is enough to keep the weights symmetric, by averaging each
    gradient with its mirror image.  Start from weights near zero.
    """

    def both(W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
        value, dW = loss(W, X, y, reg)
        templates = dW[:-1].reshape(*shape, -1)
        dW[:-1] = ((templates + templates[:, ::-1]) / 2).reshape(len(dW) - 1, -1)
        return value, dW

    return both

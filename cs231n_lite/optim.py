"""Minibatches, and descent along the gradient of any loss(W, X, y, reg) -> (loss, dW).

Both descents leave the W that they are given as it is, and return the trained
copy with the minibatch losses on the way.  They raise FloatingPointError, naming
the learning rate, as soon as a loss is no longer finite, and when the last step
leaves weights that are not; ValueError for settings and data that do not fit.
Source: CS231n notes, "Optimization" and "Neural networks part 3" (momentum).
"""
from collections.abc import Iterator
from numbers import Integral

import numpy as np
from numpy import ndarray as Array
from numpy.random import Generator

from cs231n_lite.losses import Loss, NotFinite, check_strength, is_number


def minibatches(X: Array, y: Array, size: int, rng: Generator) -> Iterator[tuple[Array, Array]]:
    """Yield random batches (X, y) of `size` rows for ever, drawn by `rng` with replacement."""
    while True:
        rows = rng.integers(len(X), size=size)
        yield X[rows], y[rows]


@np.errstate(over="ignore", invalid="ignore")  # `finite` and `arrived` say it, in one sentence
def sgd(loss: Loss, W: Array, X: Array, y: Array, learning_rate: float, reg: float,
        num_iters: int, batch_size: int, rng: Generator) -> tuple[Array, list[float]]:
    """Minibatch stochastic gradient descent: W <- W - learning_rate * dW, num_iters times.

    Returns W (D, C) and the list of num_iters minibatch losses.
    """
    check_settings(learning_rate, reg, num_iters, batch_size)
    check_rows(X, y)
    check_generator(rng)
    W, losses = W.copy(), []
    batches = minibatches(X, y, batch_size, rng)
    for _ in range(num_iters):
        value, dW = finite(loss, W, *next(batches), reg, learning_rate)
        losses.append(value)
        W -= learning_rate * dW
    return arrived(W, learning_rate), losses


@np.errstate(over="ignore", invalid="ignore")
def momentum_sgd(loss: Loss, W: Array, X: Array, y: Array, learning_rate: float, reg: float,
                 num_iters: int, batch_size: int, rng: Generator, momentum: float = 0.9) -> tuple[Array, list[float]]:
    """As `sgd`, with momentum, and a learning rate that falls linearly to zero.

    step <- momentum * step - rate * dW, W <- W + step.  The falling rate lets
    the noise of the minibatches die out, so that W comes to rest.
    """
    check_settings(learning_rate, reg, num_iters, batch_size)
    check_rows(X, y)
    check_generator(rng)
    W, step, losses = W.copy(), np.zeros_like(W), []
    batches = minibatches(X, y, batch_size, rng)
    for iteration in range(num_iters):
        value, dW = finite(loss, W, *next(batches), reg, learning_rate)
        losses.append(value)
        step = momentum * step - learning_rate * (1 - iteration / num_iters) * dW
        W += step
    return arrived(W, learning_rate), losses


def finite(loss: Loss, W: Array, X: Array, y: Array, reg: float, learning_rate: float) -> tuple[float, Array]:
    """loss(W, X, y, reg); FloatingPointError where it is no longer a finite number though X holds only such."""
    try:
        value, dW = loss(W, X, y, reg)
        if np.isfinite(value):
            return value, dW
    except NotFinite:
        pass
    if not np.isfinite(X).all():
        raise ValueError(f"X holds {X[~np.isfinite(X)][0]} in a row that was drawn; expected finite numbers: "
                         "mend such rows or leave them out.")
    raise FloatingPointError(
        f"the loss is no longer finite: training diverged at learning_rate={learning_rate:g}; "
        "try a tenth of it, and keep 2 * learning_rate * reg below 1."
    )


def arrived(W: Array, learning_rate: float) -> Array:
    """W itself, at the end of a training, where no later loss would find it out; FloatingPointError unless finite."""
    if not np.isfinite(W).all():
        raise FloatingPointError(
            f"the weights are no longer finite: training diverged at learning_rate={learning_rate:g}; "
            "try a tenth of it, and look for nan and inf in the gradient."
        )
    return W


# --------------------------------------------------------------- what is refused


def check_settings(learning_rate: float, reg: float, num_iters: int, batch_size: int) -> None:
    """Raise ValueError, naming what to mend, unless a training can have these settings."""
    if not is_number(learning_rate) or learning_rate < 0:
        raise ValueError(f"learning_rate is {learning_rate!r:.60}; expected a finite number, 0 or more.")
    check_strength(reg)
    for name, number, least in (("num_iters", num_iters, 0), ("batch_size", batch_size, 1)):
        if not isinstance(number, Integral) or isinstance(number, bool) or number < least:
            raise ValueError(f"{name} is {number!r:.60}; expected a whole number, {least} or more.")


def check_rows(X: Array, y: Array) -> None:
    """Raise ValueError unless batches can be drawn: X (N, D) or like it, see `standardize`, and y of N labels."""
    for name, array in (("X", X), ("y", y)):
        if not hasattr(array, "shape"):
            raise ValueError(f"{name} is a {type(array).__name__}; expected a plain NumPy array: "
                             f"pass np.asarray({name}).")
    if len(X.shape) != 2 or not len(X):
        raise ValueError(f"X has shape {X.shape}; expected (N, D), one row per sample, at least one.")
    if y.shape[:1] != (len(X),):
        raise ValueError(f"y has shape {y.shape} for {len(X)} samples; expected ({len(X)},), one label per sample.")


def check_generator(rng: Generator) -> None:
    """Raise ValueError unless rng is one of NumPy's generators, which a seed is not."""
    if not isinstance(rng, Generator):
        seed = rng if isinstance(rng, Integral) else 231
        raise ValueError(f"rng is {rng!r:.60}; expected a generator: pass np.random.default_rng({seed}).")

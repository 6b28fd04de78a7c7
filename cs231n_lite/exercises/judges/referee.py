"""Losses and gradients from their definitions, sample by sample, in float64.

Shares no code with losses.py, so that a broken answer there is found out.  The
gradient comes from the loss alone: by complex step where the loss is smooth
(Squire and Trapp 1998; exact to rounding), by central differences for the
hinge, which is exact for a piecewise linear function away from its kinks.
"""
from collections.abc import Callable
from functools import partial

import numpy as np
from numpy import ndarray as Array

COMPLEX_STEP, CENTRAL_STEP = 1e-30, 1e-4


def hinge_of(scores: Array, label: int) -> float:
    """Sum over the wrong classes of max(0, s_j - s_y + 1)."""
    return sum(max(0.0, scores[j] - scores[label] + 1.0) for j in range(len(scores)) if j != label)


def cross_entropy_of(scores: Array, label: int) -> complex:
    """-log(exp(s_y) / sum_j exp(s_j)), also for complex scores."""
    shift = max(scores.real)
    return np.log(sum(np.exp(s - shift) for s in scores)) + shift - scores[label]


def probabilities_of(scores: Array) -> Array:
    """p_j = 1 / sum_k exp(s_k - s_j), which is the softmax divided through by exp(s_j)."""
    with np.errstate(over="ignore"):
        return 1 / np.exp(scores[:, None, :] - scores[:, :, None]).sum(axis=2)


def mean_loss(loss_of: Callable, scores: Array, y: Array) -> complex:
    """The mean of a loss of one sample over all rows."""
    return sum(loss_of(row, label) for row, label in zip(scores, y)) / len(y)


def slopes(f: Callable[[Array], complex], at: Array, smooth: bool) -> Array:
    """The gradient of f, one entry at a time."""

    def slope(entry: tuple[int, ...]) -> complex:
        step = np.zeros(at.shape)
        step[entry] = 1
        if smooth:
            return (f(at + 1j * COMPLEX_STEP * step) / COMPLEX_STEP).imag
        return (f(at + CENTRAL_STEP * step) - f(at - CENTRAL_STEP * step)) / (2 * CENTRAL_STEP)

    return np.array([slope(entry) for entry in np.ndindex(at.shape)]).reshape(at.shape)


def loss_and_gradient(loss_of: Callable, W: Array, X: Array, y: Array,
                      reg: float) -> tuple[float, Array]:
    """What f(W, X, y, reg) must return: mean data loss plus reg * sum(W**2), and its gradient."""
    W, X = W.astype(np.float64), X.astype(np.float64)
    smooth = loss_of is cross_entropy_of

    def data_loss(W: Array) -> complex:
        return mean_loss(loss_of, X @ W, y)

    penalty = sum(w * w for w in W.flat)
    return float(data_loss(W).real + reg * penalty), slopes(data_loss, W, smooth) + reg * (W + W)


def scores_loss_and_gradient(loss_of: Callable, scores: Array, y: Array) -> tuple[float, Array]:
    """What f(scores, y) must return: the mean loss, and its gradient with respect to the scores."""
    scores = scores.astype(np.float64)
    smooth = loss_of is cross_entropy_of
    rows = [slopes(partial(loss_of, label=label), row, smooth) for row, label in zip(scores, y)]
    return float(mean_loss(loss_of, scores, y).real), np.array(rows) / len(y)

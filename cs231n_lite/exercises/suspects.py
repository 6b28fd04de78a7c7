"""Losses in which something is wrong, for the exercises in which the student writes the test.

Each is the referee's with a slip, for small problems alone.  What the slip is, the
text of the functions does not tell; `SUSPECTS` does.
"""
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy import ndarray as Array

from cs231n_lite.exercises.judges.calling import described, is_real_number
from cs231n_lite.exercises.judges.referee import cross_entropy_of, hinge_of, loss_and_gradient

# Samples, features, classes; the size of a number, so that the referee's differences have digits.
MOST, LARGEST, STRONGEST = 10, 1000, 1e6

Spoil = Callable[[float, Array, Array, int, float], tuple[float, Array]]


class Suspect(NamedTuple):
    """A wrong loss: the function, the loss of one sample that it is made of, its slip in words."""

    loss: Callable
    loss_of: Callable
    slip: str


def suspicious(name: str, loss_of: Callable, spoil: Spoil) -> Callable:
    """The referee's loss and gradient after `spoil(loss, dW, W, N, reg)`, under that name."""

    def loss(W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
        """A loss and its gradient dW, called like yours; something is wrong with them.

        Takes problems of at most ten samples, features and classes.  Raises ValueError for others.
        """
        if unfit := what_is_unfit(W, X, y, reg):
            raise ValueError(unfit)
        right = loss_and_gradient(loss_of, W, X, y, float(reg))
        return spoil(*right, W, len(X), float(reg))

    loss.__name__ = loss.__qualname__ = name
    return loss


suspicious_svm_loss = suspicious(
    "suspicious_svm_loss", hinge_of,
    lambda loss, dW, W, N, reg: (loss, dW - reg * W))
suspicious_softmax_loss = suspicious(
    "suspicious_softmax_loss", cross_entropy_of,
    lambda loss, dW, W, N, reg: (loss - (1 - 1 / N) * reg * float(np.sum(W.astype(float)**2)),
                                 dW - (1 - 1 / N) * reg * 2 * W))

SUSPECTS = {
    "break_svm_loss": Suspect(
        suspicious_svm_loss, hinge_of,
        "the regularization in its gradient is half of what its loss asks for. "
        "A gradient check finds that, where the regularization counts."),
    "break_softmax_loss": Suspect(
        suspicious_softmax_loss, cross_entropy_of,
        "the regularization is divided by N, in the loss and in the gradient alike. "
        "So the gradient is the slope of its own loss, and no gradient check can find it: "
        "it takes somebody who knows what the loss should be."),
}


def what_is_unfit(W: Any, X: Any, y: Any, reg: Any) -> str:
    """Why these are no small problem: the first reason as a sentence, or ''."""
    for name, array, axes in (("W", W, "(D, C)"), ("X", X, "(N, D)")):
        if unfit := unfit_matrix(name, array, axes):
            return unfit
    (N, D), (rows, C) = X.shape, W.shape
    if D != rows:
        return f"X has {D} columns but W has {rows} rows; each feature needs one of both."
    if C < 2:
        return "W has 1 column; expected one for each class, and two classes or more."
    if not is_real_number(reg) or not 0 <= reg <= STRONGEST:
        got = f"{reg:g}" if isinstance(reg, float) else described(reg)
        return f"reg is {got}; expected one number from 0 to {STRONGEST:g}."
    return unfit_labels(y, N, C)


def unfit_matrix(name: str, array: Any, axes: str) -> str:
    """Why W or X is no small matrix of numbers."""
    if type(array) is not Array or array.dtype.kind not in "iuf":
        return f"{name} is {described(array)}; expected a NumPy array of numbers."
    if array.ndim != 2 or not 1 <= min(array.shape) <= max(array.shape) <= MOST:
        return (f"{name} has shape {array.shape}; expected {axes}, "
                f"with at most {MOST} samples, features and classes.")
    largest = np.max(np.abs(array.astype(np.float64)))
    if not largest <= LARGEST:
        return (f"{name} holds a number of size {largest:g}; "
                f"expected finite ones of at most {LARGEST}.")
    return ""


def unfit_labels(y: Any, N: int, C: int) -> str:
    """Why y does not label N samples of C classes."""
    if type(y) is not Array or y.dtype.kind not in "iu":
        return f"y is {described(y)}; expected a NumPy array of whole numbers, the labels."
    if y.shape != (N,):
        return f"y has shape {y.shape}; expected ({N},), one label for each row of X."
    if not 0 <= y.min() <= y.max() < C:
        return (f"y holds labels from {y.min()} to {y.max()}; "
                f"expected 0 to {C - 1}, since W has {C} columns.")
    return ""

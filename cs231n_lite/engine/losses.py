"""The losses of W, block by block, with products in the shapes that BLAS is fast at.

What is asked of the scores stands in the textbook, `cs231n_lite.losses`; here is
how the scores are got from X, and the gradient from the scores.  They equal the
textbook's losses to rounding, and refuse what these refuse.
"""
from collections.abc import Callable
from functools import partial

import numpy as np
from numpy import ndarray as Array

from cs231n_lite import losses as textbook
from cs231n_lite.checks import ScoresLoss, check_batch, check_labels, finite_pair

BLOCK = 600  # rows; of CIFAR-10's images these are 7 MB, which stay in a processor's cache


def svm_loss(W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
    """Multiclass SVM loss and gradient, as `losses.svm_loss_vectorized`."""
    return in_blocks(textbook.hinge, W, X, y, reg)


def softmax_loss(W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
    """Softmax cross-entropy and gradient, as `losses.softmax_loss_vectorized`."""
    return in_blocks(textbook.cross_entropy, W, X, y, reg)


ON_SCORES = (
    (textbook.svm_loss_vectorized, textbook.hinge), (svm_loss, textbook.hinge),
    (textbook.softmax_loss_vectorized, textbook.cross_entropy),
    (softmax_loss, textbook.cross_entropy),
    (textbook.squared_hinge_loss, textbook.squared_hinge),
    (textbook.structured_loss, textbook.structured_hinge),
    (textbook.one_vs_all_loss, textbook.one_vs_all_hinge),
)


def on_scores(loss: Callable) -> ScoresLoss | None:
    """The loss on scores that a loss of W is made of, where that is known.

    It is for those of the package, and for partial(losses.regularized, on).
    """
    if isinstance(loss, partial) and loss.func is textbook.regularized:
        return loss.args[0] if len(loss.args) == 1 and not loss.keywords else None
    return next((on for known, on in ON_SCORES if loss is known), None)


def in_blocks(scores_loss: ScoresLoss, W: Array, X: Array, y: Array,
              reg: float) -> tuple[float, Array]:
    """A loss on scores as a loss of W, taken block by block where there are many rows.

    A loss is a mean over its rows, so it is the mean of its blocks.  Two products need all of X,
    and a block is still in the cache at the second, so that X is read from memory once.
    """
    check_batch(W, X, reg)
    if len(X) > BLOCK:  # else the loss on scores looks at all labels before anything is computed
        check_labels(y, len(X), W.shape[1])

    def part(start: int) -> tuple[float, Array]:
        X_block, y_block = X[start:start + BLOCK], y[start:start + BLOCK]
        share = len(y_block) / len(y)
        value, dscores = scores_loss(scores_of(W, X_block), y_block)
        return share * value, chain_rule(X_block, dscores if share == 1 else share * dscores)

    with np.errstate(over="ignore", invalid="ignore"):  # said at the end, in a sentence
        loss, dW = part(0)
        for start in range(BLOCK, len(X), BLOCK):
            value, slope = part(start)
            loss += value
            dW += slope
        if reg:
            loss += float(reg) * float(np.vdot(W, W))
            data_part, dW = dW, 2 * float(reg) * W
            dW += data_part
    return finite_pair(loss, dW, W, X, reg)


def scores_of(W: Array, X: Array) -> Array:
    """X @ W (N, C), in less time where there are few classes.

    BLAS works on whole registers of 16 numbers and is slow at an odd rest, so W gets columns of
    zeros up to the next multiple of 16, which the scores lose.
    """
    D, C = W.shape
    padded = np.zeros((D, -(-C // 16) * 16), np.result_type(W.dtype, np.float32))
    padded[:, :C] = W
    return (X @ padded)[:, :C]


def chain_rule(X: Array, dscores: Array) -> Array:
    """The gradient dW (D, C) = X^T dscores, as (dscores^T X)^T, for X as it lies in memory."""
    return (dscores.T @ X).T

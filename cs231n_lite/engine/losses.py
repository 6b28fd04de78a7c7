"""The losses of W, block by block, with products in the shapes that BLAS is fast at.

The scores lie class by class, and those of many classifiers side by side: hinge and
cross-entropy are here for such scores, any other loss on scores is asked classifier by
classifier.  They equal the textbook's, `cs231n_lite.losses`, to rounding, and refuse what
these refuse.
"""
from collections.abc import Callable
from functools import partial
from math import inf

import numpy as np
from numpy import ndarray as Array

from cs231n_lite import losses as textbook
from cs231n_lite.checks import (
    NotFinite,
    check_batch,
    check_finite,
    check_labels,
    finite_pair,
)
from cs231n_lite.checks_gradients import ScoresLoss

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
    check_labels(y, len(X), W.shape[1])
    loss_of = stacked(scores_loss)

    def part(start: int) -> tuple[float, Array]:
        X_block, y_block = X[start:start + BLOCK], y[start:start + BLOCK]
        share = len(y_block) / len(y)
        scores = scores_of(W, X_block)
        check_finite(scores)
        values, G = loss_of(scores[:, None], y_block)
        return share * float(values[0]), (G[:, 0] if share == 1 else share * G[:, 0]) @ X_block

    with np.errstate(over="ignore", invalid="ignore"):  # said at the end, in a sentence
        loss, slopes = part(0)
        for start in range(BLOCK, len(X), BLOCK):
            value, more = part(start)
            loss += value
            slopes += more
        dW = slopes.T
        if reg:
            loss += float(reg) * float(np.vdot(W, W))
            dW = 2 * float(reg) * W
            dW += slopes.T
    return finite_pair(loss, dW, W, X, reg)


def scores_of(W: Array, X: Array) -> Array:
    """The scores (C, N) of rows X (N, D), in less time where there are few classes.

    BLAS works on whole registers of 16 numbers and is slow at an odd rest, so W gets columns of
    zeros up to the next multiple of 16, which the scores lose.  NumPy is faster on a few long rows
    than on many short ones.
    """
    D, C = W.shape
    padded = np.zeros((D, -(-C // 16) * 16), np.result_type(W.dtype, np.float32))
    padded[:, :C] = W
    return np.ascontiguousarray((X @ padded)[:, :C].T)


# --------------------------------------------------------------- losses on scores (C, P, N)


def stacked(on: ScoresLoss) -> Callable[[Array, Array], tuple[Array, Array]]:
    """The loss of the scores S (C, P, N) of P classifiers: P losses, and the gradient (C, P, N)."""
    if on is textbook.hinge:
        return hinges
    if on is textbook.cross_entropy:
        return cross_entropies
    return lambda S, y: one_by_one(on, S, y)


def hinges(S: Array, y: Array) -> tuple[Array, Array]:
    """`losses.hinge` of each classifier's scores."""
    rows = np.arange(len(y))
    M = np.maximum(S - S[y, :, rows].T + 1, 0)
    M[y, :, rows] = 0
    G = (M > 0).astype(S.dtype)
    G[y, :, rows] = -G.sum(axis=0).T
    return M.sum(axis=(0, 2)) / len(y), G / len(y)


def cross_entropies(S: Array, y: Array) -> tuple[Array, Array]:
    """`losses.cross_entropy` of each classifier's scores; overwrites S."""
    rows = np.arange(len(y))
    S -= S.max(axis=0)
    P = np.exp(S)
    sums = P.sum(axis=0)
    P /= sums
    P[y, :, rows] -= 1
    return (np.log(sums) - S[y, :, rows].T).mean(axis=1), P / len(y)


def one_by_one(on: ScoresLoss, S: Array, y: Array) -> tuple[Array, Array]:
    """Any other loss on scores (N, C), a student's say, of each classifier's; inf if it is none."""
    losses, G = np.full(S.shape[1], inf, S.dtype), np.zeros_like(S)
    for point in range(S.shape[1]):
        try:
            losses[point], dscores = on(S[:, point].T.copy(), y)
        except NotFinite:
            continue
        G[:, point] = dscores.T
    return losses, G

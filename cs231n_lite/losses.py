"""Losses of a linear classifier: scores in, one number and its gradient out.

X (N, D) holds images as rows, ending in a 1 for the bias; y (N,) holds labels
0..C-1; W is (D, C); scores = X @ W are (N, C).  Every loss of W is the mean
data loss over N plus reg * sum(W**2), and comes with its gradient dW (D, C), in
the dtype of W.  All of them raise ValueError when shapes, labels or types do
not fit.

The course's notes write one image as a column and its scores as W x; with
images as rows the same scores are x^T W^T, so our W is the transpose of theirs.

Source: CS231n notes, "Linear classification" and "Optimization".
"""
from collections.abc import Callable
from functools import wraps
from math import isfinite
from numbers import Real

import numpy as np
from numpy import ndarray as Array

Loss = Callable[[Array, Array, Array, float], tuple[float, Array]]

BLOCK = 600  # rows; of CIFAR-10's images these are 7 MB, which stay in a processor's cache


def in_blocks(loss: Loss) -> Loss:
    """The same loss, taken block by block where there are many rows.

    A loss is a mean over its rows, so it is the mean of its blocks.  Two
    products need all of X, and a block is still in the cache at the second, so
    that X is read from memory once instead of twice.
    """

    @wraps(loss)
    def blocked(W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
        if not isinstance(X, Array) or X.ndim != 2 or len(X) <= BLOCK:
            return loss(W, X, y, reg)
        check_batch(W, X, reg)
        check_labels(y, len(X), W.shape[1])
        total, dW = 0.0, np.zeros_like(W.T).T  # in memory as the blocks' gradients are, see chain_rule
        for start in range(0, len(X), BLOCK):
            rows = slice(start, start + BLOCK)
            value, slope = loss(W, X[rows], y[rows], 0.0)
            total += len(y[rows]) / len(y) * value
            dW += len(y[rows]) / len(y) * slope
        return regularized(total, dW, W, reg)

    return blocked


def without_halves(loss: Loss) -> Loss:
    """The same loss, taking X of half precision as single: products of halves overflow beyond 65,504."""

    @wraps(loss)
    def widened(W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
        half = isinstance(X, Array) and X.dtype == np.float16
        return loss(W, X.astype(np.float32) if half else X, y, reg)

    return widened


# --------------------------------------------------------------- losses on scores


def margins(scores: Array, y: Array, margin: float = 1.0) -> Array:
    """By how much each wrong class comes within `margin` of the correct one, (N, C).

    Entry (i, j) is s_j - s_y + margin: positive where class j violates the
    margin, and 0 at the correct class, which competes with nobody.
    """
    check_scores(scores, y, margin)
    rows = np.arange(len(y))
    result = scores - scores[rows, y][:, None] + margin
    result[rows, y] = 0
    return result


def hinge(scores: Array, y: Array, margin: float = 1.0) -> tuple[float, Array]:
    """Mean multiclass hinge loss of Weston and Watkins (1999), and its gradient.

    Returns the mean over rows of the sum of max(0, s_j - s_y + margin) over the
    wrong classes j, and dscores (N, C).  At a kink the subgradient is 0.
    """
    excess = np.maximum(margins(scores, y, margin), 0)
    dscores = (excess > 0).astype(scores.dtype)
    dscores[np.arange(len(y)), y] = -dscores.sum(axis=1)
    return float(excess.sum(dtype=np.float64) / len(y)), dscores / len(y)


def squared_hinge(scores: Array, y: Array, margin: float = 1.0) -> tuple[float, Array]:
    """As `hinge`, with every margin squared: the L2-SVM, smooth, and stern with large violations.

    Source: CS231n notes, "Multiclass Support Vector Machine loss"; Tang (2013).
    """
    excess = np.maximum(margins(scores, y, margin), 0)
    dscores = 2 * excess
    dscores[np.arange(len(y)), y] = -dscores.sum(axis=1)
    return float(np.square(excess, dtype=np.float64).sum() / len(y)), dscores / len(y)


def structured_hinge(scores: Array, y: Array, margin: float = 1.0) -> tuple[float, Array]:
    """Mean of the largest violated margin alone, max(0, max_j s_j - s_y + margin), and its gradient.

    At a tie the first of the largest takes the gradient.  The largest is sought among the scores themselves, for
    adding the margin to small ones would make ties of them.
    Source: Crammer and Singer (2001); the structured SVM of Tsochantaridis et al. (2005) for single labels.
    """
    all_margins = margins(scores, y, margin)
    rows = np.arange(len(y))
    rivals = scores.copy()
    rivals[rows, y] = -np.inf
    worst = rivals.argmax(axis=1)
    excess = np.maximum(all_margins[rows, worst], 0)
    dscores = np.zeros_like(scores)
    dscores[rows, worst] = excess > 0
    dscores[rows, y] -= excess > 0
    return float(excess.sum(dtype=np.float64) / len(y)), dscores / len(y)


def one_vs_all_hinge(scores: Array, y: Array, margin: float = 1.0) -> tuple[float, Array]:
    """Mean of the hinge losses of C binary SVMs, summed over the classes, and its gradient.

    Class j asks for a score above `margin` from its own samples and below
    -`margin` from all others: the sum of max(0, margin - t_j s_j), t = 1 or -1.
    Source: CS231n notes, "Other multiclass SVM formulations"; Rifkin and Klautau (2004).
    """
    check_scores(scores, y, margin)
    t = np.where(np.arange(scores.shape[1]) == y[:, None], 1, -1).astype(scores.dtype)
    excess = np.maximum(margin - t * scores, 0)
    return float(excess.sum(dtype=np.float64) / len(y)), -t * (excess > 0) / len(y)


def softmax(scores: Array) -> Array:
    """Probabilities exp(s_j) / sum_k exp(s_k) of every row, (N, C).

    Subtracting a row's maximum changes no probability and keeps exp from
    overflowing.
    """
    check_finite(scores)
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def cross_entropy(scores: Array, y: Array) -> tuple[float, Array]:
    """Mean cross-entropy -log p_y of softmax(scores), in nats, and its gradient.

    Returns the loss and dscores (N, C), which is (p - 1{y}) / N.  The logarithm
    is taken of the sum, never of a probability that may have rounded to 0; and
    by log1p, without the 1 of the highest score, so that a loss near 0 keeps
    its digits.  So does p_y - 1, as what all other probabilities lack.
    """
    check_scores(scores, y)
    rows, top = np.arange(len(y)), scores.argmax(axis=1)
    shifted = scores - scores[rows, top][:, None]
    powers = np.exp(shifted)
    powers[rows, top] = 0
    others = powers.sum(axis=1)
    loss = (np.log1p(others) - shifted[rows, y]).mean(dtype=np.float64)
    powers[rows, top] = 1
    dscores = powers / (1 + others)[:, None]
    dscores[rows, y] = 0
    dscores[rows, y] = -dscores.sum(axis=1)
    return float(loss), dscores / len(y)


# --------------------------------------------------------------- losses of W: the multiclass SVM


@without_halves
def svm_loss_naive(W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
    """Multiclass SVM loss and gradient, one sample and one class at a time."""
    check_batch(W, X, reg)
    check_scores(X @ W, y)
    loss, dW = 0.0, np.zeros(W.shape)
    for i in range(len(X)):
        scores = X[i] @ W
        for j in range(W.shape[1]):
            if j == y[i]:
                continue
            margin = scores[j] - scores[y[i]] + 1
            if margin > 0:
                loss += float(margin)
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    return regularized(loss / len(X), dW / len(X), W, reg)


@without_halves
def svm_loss_half_vectorized(W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
    """As `svm_loss_naive`, with one loop left: over the samples."""
    check_batch(W, X, reg)
    check_scores(X @ W, y)
    loss, dW = 0.0, np.zeros(W.shape)
    for x, label in zip(X, y):
        scores = x @ W
        excess = np.maximum(scores - scores[label] + 1, 0)
        excess[label] = 0
        violated = (excess > 0).astype(W.dtype)
        violated[label] = -violated.sum()
        loss += excess.sum(dtype=np.float64)
        dW += np.outer(x, violated)
    return regularized(loss / len(X), dW / len(X), W, reg)


@in_blocks
def svm_loss_vectorized(W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
    """As `svm_loss_naive`, without a Python loop."""
    check_batch(W, X, reg)
    loss, dscores = hinge(scores_of(W, X), y)
    return regularized(loss, chain_rule(X, dscores), W, reg)


# --------------------------------------------------------------- losses of W: other formulations of the SVM


@in_blocks
def squared_hinge_loss(W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
    """L2-SVM loss and gradient: `squared_hinge` of the scores, regularized."""
    check_batch(W, X, reg)
    loss, dscores = squared_hinge(scores_of(W, X), y)
    return regularized(loss, chain_rule(X, dscores), W, reg)


@in_blocks
def structured_loss(W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
    """Structured SVM loss and gradient: `structured_hinge` of the scores, regularized."""
    check_batch(W, X, reg)
    loss, dscores = structured_hinge(scores_of(W, X), y)
    return regularized(loss, chain_rule(X, dscores), W, reg)


@in_blocks
def one_vs_all_loss(W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
    """One-vs-all SVM loss and gradient: `one_vs_all_hinge` of the scores, regularized."""
    check_batch(W, X, reg)
    loss, dscores = one_vs_all_hinge(scores_of(W, X), y)
    return regularized(loss, chain_rule(X, dscores), W, reg)


# --------------------------------------------------------------- losses of W: softmax


@without_halves
def softmax_loss_naive(W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
    """Softmax cross-entropy and gradient, one sample and one class at a time.

    `others` is the sum of all powers but the highest, which is 1, and p_y - 1 is written as minus the sum of all
    other probabilities: so a loss near 0 keeps its digits.
    """
    check_batch(W, X, reg)
    check_scores(X @ W, y)
    loss, dW = 0.0, np.zeros(W.shape)
    for i in range(len(X)):
        scores = X[i] @ W
        top = scores.argmax()
        scores -= scores[top]
        others = np.exp(np.delete(scores, top)).sum()
        loss += float(np.log1p(others) - scores[y[i]])
        for j in range(W.shape[1]):
            if j != y[i]:
                p = np.exp(scores[j]) / (1 + others)
                dW[:, j] += p * X[i]
                dW[:, y[i]] -= p * X[i]
    return regularized(loss / len(X), dW / len(X), W, reg)


@in_blocks
def softmax_loss_vectorized(W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
    """As `softmax_loss_naive`, without a Python loop: dW = X^T (P - Y) / N + 2 reg W."""
    check_batch(W, X, reg)
    loss, dscores = cross_entropy(scores_of(W, X), y)
    return regularized(loss, chain_rule(X, dscores), W, reg)


def scores_of(W: Array, X: Array) -> Array:
    """X @ W (N, C), in less time where there are few classes.

    BLAS works on whole registers of 16 numbers and is slow at an odd rest, so W
    gets columns of zeros up to the next multiple of 16, which the scores lose.
    """
    D, C = W.shape
    padded = np.zeros((D, -(-C // 16) * 16), np.result_type(W.dtype, np.float32))
    padded[:, :C] = W
    return (X @ padded)[:, :C]


def chain_rule(X: Array, dscores: Array) -> Array:
    """The gradient dW (D, C) = X^T dscores; computed as (dscores^T X)^T, which takes X as it lies in memory."""
    return (dscores.T @ X).T


def regularized(loss: float, dW: Array, W: Array, reg: float) -> tuple[float, Array]:
    """Add reg * sum(W**2) to a data loss and 2 reg W to its gradient."""
    if reg:
        penalty, slope = l2_penalty(W, reg)
        loss, dW = loss + penalty, dW + slope
    return float(loss), dW.astype(W.dtype, copy=False)


def l2_penalty(W: Array, reg: float) -> tuple[float, Array]:
    """reg * sum(W**2) and 2 reg W, in double precision where the sum might overflow, vanish or lose digits."""
    squares = float(np.vdot(W, W))
    if 1e-30 < squares < 1e30 and reg < 1e30 and W.dtype != np.float16:
        return float(reg) * squares, 2 * float(reg) * W
    root = np.sqrt(np.float64(reg))
    part = root * W
    return float(np.vdot(part, part)), 2 * root * part


def mirrored(loss: Loss, shape: tuple[int, int, int] = (32, 32, 3)) -> Loss:
    """The loss for training on images of that shape and on their mirror images, at the price of one of the two.

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


# --------------------------------------------------------------- what is refused


class NotFinite(ValueError):
    """Scores hold nan or infinity: X or W does, or their product overflows."""


def check_scores(scores: Array, y: Array, margin: float = 1.0) -> None:
    """Raise ValueError, naming what to mend, unless scores and margin are finite and y has a label for each row."""
    check_finite(scores)
    check_labels(y, *scores.shape)
    if not is_number(margin):
        raise ValueError(f"margin is {margin!r:.60}; the margin is a finite number.")


def check_finite(scores: Array) -> None:
    """Raise ValueError unless scores (N, C) are floats, at least one of them, and all finite."""
    check_floats("scores", scores)
    if not np.isfinite(scores).all():
        raise NotFinite(
            f"scores hold {scores[~np.isfinite(scores)][0]}; expected finite numbers: look for nan and inf in X and W, "
            "and scale down numbers so large that their product overflows."
        )


def check_labels(y: Array, N: int, C: int) -> None:
    """Raise ValueError unless y (N,) holds integers 0..C-1."""
    check_plain("y", y)
    check_one_each("y", y, N)
    if y.dtype.kind not in "iu":
        raise ValueError(f"y holds {y.dtype}; labels index the classes, so pass y.astype(int).")
    if y.min() < 0 or y.max() >= C:
        raise ValueError(f"y holds labels {y.min()} to {y.max()} for at most {C} classes; expected 0 to {C - 1}: "
                         "np.unique(y, return_inverse=True)[1] numbers the classes of y from 0.")


def check_one_each(name: str, y: Array, N: int) -> None:
    """Raise ValueError, naming the remedy, unless y has shape (N,)."""
    shape = np.shape(y)
    if shape != (N,):
        remedy = f": pass {name}.ravel() of a column, {name}.argmax(axis=1) of one-hot rows" if len(shape) == 2 else ""
        raise ValueError(f"{name} has shape {shape} for {N} samples; expected ({N},), one label per sample{remedy}.")


def check_batch(W: Array, X: Array, reg: float) -> None:
    """Raise ValueError, naming what to mend, unless W, X and reg fit together; check_scores looks at the labels."""
    check_floats("X", X)
    check_floats("W", W)
    if X.shape[1] != W.shape[0]:
        raise ValueError(
            f"X has {X.shape[1]} columns but W has {W.shape[0]} rows; "
            "for the bias, append the column of ones with preprocess.add_bias(X)."
        )
    check_strength(reg)


def check_strength(reg: float) -> None:
    """Raise ValueError unless reg is a number that a penalty can be multiplied by."""
    if not is_number(reg) or reg < 0:
        raise ValueError(f"reg is {reg!r:.60}; the regularization strength is a finite number, 0 or more.")


def check_floats(name: str, array: Array) -> None:
    """Raise ValueError unless this is a plain array of floats in rows and columns, not empty."""
    check_plain(name, array)
    if array.ndim != 2 or not array.size:
        raise ValueError(f"{name} has shape {array.shape}; expected two dimensions, neither empty.")
    if not np.issubdtype(array.dtype, np.floating):
        raise ValueError(
            f"{name} holds {array.dtype}; expected floats, since integers wrap and truncate: "
            "preprocess(split(load())) makes them, or .astype(np.float32)."
        )


def check_plain(name: str, array: Array) -> None:
    """Raise ValueError unless this is an array whose arithmetic is that of every array."""
    if not isinstance(array, Array) or isinstance(array, (np.matrix, np.ma.MaskedArray)):
        raise ValueError(f"{name} is a {type(array).__name__}; expected a plain NumPy array: pass np.asarray({name}).")


def is_number(value: object) -> bool:
    """True for one real number, within the range of floats; truth values are none."""
    if isinstance(value, Array) and value.ndim == 0:
        value = value[()]
    try:
        return isinstance(value, Real) and not isinstance(value, bool) and isfinite(value)
    except OverflowError:
        return False

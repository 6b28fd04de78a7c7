"""Losses of a linear classifier: scores in, one number and its gradient out.

X (N, D) holds images as rows, ending in a 1 for the bias; y (N,) holds labels
0..C-1; W is (D, C); scores = X @ W are (N, C).  Every loss of W is the mean
data loss over N plus reg * sum(W**2), and comes with its gradient dW (D, C), in the dtype of W.
What does not fit, and a loss that overflows, is a ValueError: the decorators see to it.  The notes
write an image as a column, and its scores as W x: our W is the transpose of theirs.
Source: CS231n notes, "Linear classification" and "Optimization".
"""
import numpy as np
from numpy import ndarray as Array

from cs231n_lite.checks import checked_batch, checked_loop, checked_on, checked_scores, finite_loss
from cs231n_lite.checks_gradients import ScoresLoss
from cs231n_lite.optim import mirrored  # noqa: F401  # to be had from here as well


@checked_scores
def margins(scores: Array, y: Array, margin: float = 1.0) -> Array:
    """s_j - s_y + margin (N, C), positive where j violates the margin; 0 at the correct one."""
    rows = np.arange(len(y))
    result = scores - scores[rows, y][:, None] + margin
    result[rows, y] = 0
    return result


@finite_loss
def hinge(scores: Array, y: Array, margin: float = 1.0) -> tuple[float, Array]:
    """Mean multiclass hinge loss of Weston and Watkins (1999), and its gradient dscores (N, C).

    A row's loss is the sum of max(0, s_j - s_y + margin) over the wrong classes j; at a kink the
    subgradient is 0.
    """
    excess = np.maximum(margins(scores, y, margin), 0)
    dscores = (excess > 0).astype(scores.dtype)
    dscores[np.arange(len(y)), y] = -dscores.sum(axis=1)
    return excess.sum() / len(y), dscores / len(y)


@finite_loss
def squared_hinge(scores: Array, y: Array, margin: float = 1.0) -> tuple[float, Array]:
    """As `hinge`, of squared margins: the L2-SVM, stern with large violations (Tang, 2013)."""
    excess = np.maximum(margins(scores, y, margin), 0)
    dscores = 2 * excess
    dscores[np.arange(len(y)), y] = -dscores.sum(axis=1)
    return np.sum(excess**2) / len(y), dscores / len(y)


@finite_loss
def structured_hinge(scores: Array, y: Array, margin: float = 1.0) -> tuple[float, Array]:
    """Mean of the largest violated margin alone, and its gradient; at a tie, the first one's.

    Source: Crammer and Singer (2001); the structured SVM of Tsochantaridis et al. (2005).
    """
    rows, excess = np.arange(len(y)), np.maximum(margins(scores, y, margin), 0)
    worst = excess.argmax(axis=1)
    dscores = np.zeros_like(scores)
    dscores[rows, worst] = excess[rows, worst] > 0
    dscores[rows, y] -= excess[rows, worst] > 0
    return excess.max(axis=1).mean(), dscores / len(y)


@checked_scores
@finite_loss
def one_vs_all_hinge(scores: Array, y: Array, margin: float = 1.0) -> tuple[float, Array]:
    """Mean of the hinge losses of C binary SVMs, summed over the classes, and its gradient.

    Class j wants its samples above `margin`, others below -`margin`: Rifkin and Klautau (2004).
    """
    t = np.where(np.arange(scores.shape[1]) == y[:, None], 1, -1).astype(scores.dtype)
    excess = np.maximum(margin - t * scores, 0)
    return excess.sum() / len(y), -t * (excess > 0) / len(y)


@checked_scores
def softmax(scores: Array) -> Array:
    """Probabilities exp(s_j) / sum_k exp(s_k) of every row (N, C); shifted, exp cannot overflow."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@checked_scores
@finite_loss
def cross_entropy(scores: Array, y: Array) -> tuple[float, Array]:
    """Mean cross-entropy -log p_y of softmax(scores), in nats, and its gradient (p - 1{y}) / N.

    The logarithm is of the sum, which holds a 1, never of a probability, which may round to 0.
    """
    rows = np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    powers = np.exp(shifted)
    sums = powers.sum(axis=1)
    loss = (np.log(sums) - shifted[rows, y]).mean()
    dscores = powers / sums[:, None]
    dscores[rows, y] -= 1
    return loss, dscores / len(y)


@checked_loop
def svm_loss_naive(W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
    """Multiclass SVM loss and gradient, one sample and one class at a time."""
    N, C = len(X), W.shape[1]
    loss, dW = 0.0, np.zeros_like(W)
    for i in range(N):
        scores = X[i] @ W
        for j in range(C):
            if j == y[i]:
                continue
            margin = scores[j] - scores[y[i]] + 1
            if margin > 0:
                loss += margin
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    loss = loss / N + reg * np.sum(W**2)
    dW = dW / N + 2 * reg * W
    return loss, dW


@checked_loop
def svm_loss_half_vectorized(W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
    """As `svm_loss_naive`, with one loop left: over the samples."""
    loss, dW = 0.0, np.zeros_like(W)
    for x, label in zip(X, y, strict=True):
        excess = np.maximum(x @ W - x @ W[:, label] + 1, 0)
        excess[label] = 0
        violated = (excess > 0).astype(W.dtype)
        violated[label] = -violated.sum()
        loss += excess.sum()
        dW += np.outer(x, violated)
    return loss / len(X) + reg * np.sum(W**2), dW / len(X) + 2 * reg * W


@checked_batch
def svm_loss_vectorized(W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
    """As `svm_loss_naive`, without a Python loop: dW = X^T G / N + 2 reg W."""
    N, rows = len(X), np.arange(len(X))
    S = X @ W
    M = np.maximum(S - S[rows, y][:, None] + 1, 0)
    M[rows, y] = 0
    loss = M.sum() / N + reg * np.sum(W**2)
    G = (M > 0).astype(S.dtype)
    G[rows, y] = -G.sum(axis=1)
    dW = X.T @ G / N + 2 * reg * W
    return loss, dW


@checked_loop
def softmax_loss_naive(W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
    """Softmax cross-entropy and gradient, one sample and one class at a time."""
    N, C = len(X), W.shape[1]
    loss, dW = 0.0, np.zeros_like(W)
    for i in range(N):
        scores = X[i] @ W
        scores -= scores.max()
        log_sum = np.log(np.exp(scores).sum())
        loss += log_sum - scores[y[i]]
        for j in range(C):
            p = np.exp(scores[j] - log_sum)
            dW[:, j] += (p - (j == y[i])) * X[i]
    loss = loss / N + reg * np.sum(W**2)
    dW = dW / N + 2 * reg * W
    return loss, dW


@checked_batch
def softmax_loss_vectorized(W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
    """As `softmax_loss_naive`, without a Python loop: dW = X^T (P - Y) / N + 2 reg W."""
    N, C = len(X), W.shape[1]
    S = X @ W
    S -= S.max(axis=1, keepdims=True)
    log_P = S - np.log(np.exp(S).sum(axis=1, keepdims=True))
    P, Y = np.exp(log_P), np.arange(C) == y[:, None]
    loss = -np.sum(log_P[Y]) / N + reg * np.sum(W**2)
    dW = X.T @ (P - Y) / N + 2 * reg * W
    return loss, dW


@checked_on
def regularized(on: ScoresLoss, W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
    """A loss on scores as a loss of W: by the chain rule dW = X^T dscores + 2 reg W."""
    loss, dscores = on(X @ W, y)
    return loss + reg * np.sum(W**2), X.T @ dscores + 2 * reg * W


@checked_batch
def squared_hinge_loss(W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
    """L2-SVM loss and gradient: `squared_hinge` of the scores, regularized."""
    return regularized(squared_hinge, W, X, y, reg)


@checked_batch
def structured_loss(W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
    """Structured SVM loss and gradient: `structured_hinge` of the scores, regularized."""
    return regularized(structured_hinge, W, X, y, reg)


@checked_batch
def one_vs_all_loss(W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
    """One-vs-all SVM loss and gradient: `one_vs_all_hinge` of the scores, regularized."""
    return regularized(one_vs_all_hinge, W, X, y, reg)

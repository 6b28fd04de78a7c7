"""The engine's losses, beside the two matrix products that none of them can do without.

The same ratio of the textbook's vectorized loss is told in the details, without a bound.
"""
from functools import partial
from statistics import median

import numpy as np
from numpy import ndarray as Array

from benchmarks.measure import medians, ratios, timed
from benchmarks.report import Figure
from cs231n_lite.checks import Loss
from cs231n_lite.engine.losses import softmax_loss, svm_loss
from cs231n_lite.losses import softmax_loss_vectorized, svm_loss_vectorized

TWINS = ((svm_loss_vectorized, svm_loss), (softmax_loss_vectorized, softmax_loss))
LOSSES = tuple(fast for _, fast in TWINS)


def problem(N: int, D: int = 3073, C: int = 10) -> tuple[Array, Array, Array]:
    """Random W (D, C), X (N, D) and y (N,), in float32 and of CIFAR-10's shape."""
    rng = np.random.default_rng(231)
    X = rng.standard_normal((N, D), dtype=np.float32)
    X[:, -1] = 1
    return 0.01 * rng.standard_normal((D, C), dtype=np.float32), X, rng.integers(C, size=N)


def two_products(W: Array, X: Array, G: Array) -> Array:
    """The scores of X, and the gradient that dscores of G would give."""
    X @ W
    return X.T @ G


def beside_products(plain: Loss, fast: Loss, W: Array, X: Array, y: Array, repeats: int,
                    calls: int) -> Figure:
    """One loss of the engine at one size, and its twin in the textbook."""
    N, G = len(X), np.random.default_rng(1).standard_normal((len(X), W.shape[1]), dtype=np.float32)
    pairs, textbook = (
        timed(partial(loss, W, X, y, 1e-3), lambda: two_products(W, X, G), repeats, calls)
        for loss in (fast, plain)
    )
    ours, products = (1000 * time for time in medians(pairs))
    return Figure(f"the engine's `{fast.__name__}`, float32, N = {N:,}",
                  "the products X @ W and X.T @ G", ratios(pairs), 0.95 if N <= 200 else 0.6,
                  note=f"{ours:.3g} ms beside {products:.3g} ms; the textbook's "
                       f"`{plain.__name__}`: {median(ratios(textbook)):.3g} ×")


def figures(quick: bool) -> list[Figure]:
    """Both losses, on a minibatch and on all of CIFAR-10's training images."""
    W, X, y = problem(2_000 if quick else 49_000)
    few, many = ((5, 2), (3, 1)) if quick else ((200, 10), (25, 1))
    return [beside_products(*twins, W, X[:N], y[:N], *often)
            for N, often in ((200, few), (len(X), many))
            for twins in TWINS]

"""The answers to short questions.

In linear_classification.ipynb they are two numbers, and three functions of one line.  Each number
is written as the sum that leads to it, on one line, which `solution` shows as it stands.  In
svm.ipynb and softmax.ipynb they are problems on which a wrong loss goes wrong.
"""
import numpy as np
from numpy import ndarray as Array

ship_score = 0 * 56 + 0.25 * 231 + 0.2 * 24 - 0.3 * 2 - 1.2

sample_svm_loss = max(0, 4 - 1.5 + 1) + max(0, 3.2 - 1.5 + 1) + max(0, -2 - 1.5 + 1)


def bias_trick(W: Array, b: Array) -> Array:
    """W (D, C) and b (C,) as one matrix (D + 1, C), for rows of X that end in a 1."""
    return np.vstack([W, b])


def binary_C(N: int, reg: float) -> float:
    """The C that gives 1/2 |w|^2 + C * sum of hinges the minimum of our mean loss with `reg`."""
    return 1 / (N * reg)


def kl_divergence(p: Array, q: Array) -> float:
    """The Kullback-Leibler divergence D(p || q) of two positive distributions (C,), in nats."""
    return float(np.sum(p * (np.log(p) - np.log(q))))


def break_svm_loss() -> tuple[Array, Array, Array, float]:
    """W, X, y, reg at the minimum of a loss, where the right gradient is 0."""
    W, X, y = np.array([[0.25, -0.25]]), np.array([[1.0]]), np.array([0])
    return W, X, y, 2.0


def break_softmax_loss() -> tuple[Array, Array, Array, float]:
    """W, X, y, reg at the minimum of a loss of ten samples, where the right gradient is 0."""
    W, X, y = np.array([[1.0, -1.0]]), np.ones((10, 1)), np.zeros(10, dtype=int)
    return W, X, y, 1 / (2 * (1 + np.exp(2.0)))

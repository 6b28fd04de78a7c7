"""The answers to the short questions of linear_classification.ipynb.

They are two numbers, and three functions of one line.  Each number is written as the sum that leads
to it, on one line, which `solution` shows as it stands.
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

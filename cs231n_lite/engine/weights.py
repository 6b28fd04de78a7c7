"""Weights of rows and classes: rows are drawn in proportion to them, and then count alike.

Where L_i is the loss of row i, and w_i its weight times that of its class, training minimizes

    J(W) = sum_i w_i L_i(W) / sum_i w_i + reg * sum(W**2),

the loss of data in which row i stands w_i times: a row of weight 0 is not there, and weights in
another unit change nothing.  A row that is drawn with probability w_i / sum_i w_i has as the
expectation of its gradient

    dJ/dW = sum_i w_i dL_i/dW / sum_i w_i + 2 reg W,

and since no row of a minibatch outweighs the others, the learning rate need not be smaller.
Source: Needell, Srebro and Ward (2014), Stochastic gradient descent, weighted sampling, and the
randomized Kaczmarz algorithm.
"""
from typing import Any

import numpy as np
from numpy import ndarray as Array

from cs231n_lite.engine.standardize import Rows

SLOTS = 2**20  # at least: the share of a row is exact to a part in so many


class Drawn:
    """The rows of X that these numbers name, indexed like an array but looked up when drawn."""

    def __init__(self, X: Array | Rows, numbers: Array) -> None:
        self.X, self.numbers = X, numbers
        self.dtype, self.shape = X.dtype, (len(numbers), X.shape[1])

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, which: Array | slice) -> Array:
        return self.X[self.numbers[which]]


def in_proportion(X: Array | Rows, y: Array, weights: Array | None) -> tuple[Any, Array]:
    """X and y such that whoever draws evenly from them draws in proportion to the weights."""
    if weights is None:
        return X, y
    numbers = slots(weights)
    return Drawn(X, numbers), y[numbers]


def slots(weights: Array) -> Array:
    """The numbers of the rows, each in as many slots as its weight asks for.

    Rows in a row have, together, never a slot too many or too few; rows of equal weight have one.
    """
    heavy = np.flatnonzero(weights)
    if not np.ptp(weights[heavy]):
        return heavy
    ends = np.cumsum(weights / weights.max())
    ends = np.rint(ends * (max(SLOTS, 4 * len(weights)) / ends[-1])).astype(np.intp)
    return np.repeat(np.arange(len(weights)), np.diff(ends, prepend=0))


# --------------------------------------------------------------- what is given


def weights_of(labels: Array, classes: Array, sample_weight: Any, class_weight: Any) -> Array:
    """The weight of each row, (N,): its own times that of its class.

    `labels` number the classes.  Raises ValueError for weights that cannot be.
    """
    weights = np.ones(len(labels))
    if sample_weight is not None:
        weights = checked("sample_weight", sample_weight)
        if weights.shape != labels.shape:
            raise ValueError(f"sample_weight has shape {weights.shape} for {len(labels)} rows; "
                             f"expected {labels.shape}, one weight for each row.")
    if class_weight is not None:
        of_class = (balanced(labels, len(classes), weights) if class_weight == "balanced"
                    else checked("class_weight", named(class_weight, classes)))
        with np.errstate(over="ignore"):  # said in the next line
            weights = checked("sample_weight times class_weight", weights * of_class[labels])
    return weights


def balanced(labels: Array, C: int, weights: Array) -> Array:
    """N / (C N_c) for each class c, (C,), so that all classes weigh alike.

    N, and N_c of a class, count a row as often as it weighs.
    Source: King and Zeng (2001), Logistic regression in rare events data.
    """
    counts = np.bincount(labels, weights, minlength=C)
    return np.divide(counts.sum() / C, counts, out=np.zeros(C), where=counts > 0)


def named(class_weight: dict, classes: Array) -> list[float]:
    """The weight of each class by its label, 1 where none is given."""
    labels = classes.tolist()
    strange, missing = set(class_weight) - set(labels), set(labels) - set(class_weight)
    if strange and missing:  # a part of the data may lack a class, but this is a slip
        raise ValueError(f"class_weight names {sorted(strange, key=str)}, which y does not hold, "
                         f"and leaves out {sorted(missing, key=str)}; "
                         "expected labels of y as its keys.")
    return [class_weight.get(label, 1.0) for label in labels]


def checked(name: str, given: Any) -> Array:
    """These weights as float64; ValueError unless they are 0 or more, and not all of them 0."""
    try:
        weights = np.asarray(given, np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"{name} is {given!r:.60}; expected numbers of 0 or more.") from None
    with np.errstate(over="ignore"):  # said in the next lines
        finite = np.isfinite(weights.sum())
    if not (weights >= 0).all() or not finite:
        wrong = weights[~(weights >= 0) | np.isinf(weights)]
        found = f"holds {wrong[0]:g}" if len(wrong) else f"reaches {weights.max():g}"
        raise ValueError(f"{name} {found}; "
                         "expected numbers of 0 or more, and a finite sum.")
    if not weights.any():
        raise ValueError(f"{name} is zero throughout; expected a weight above 0 for some row.")
    return weights


def check_class_weight(class_weight: Any) -> None:
    """Raise ValueError for what is no `class_weight`."""
    if not (class_weight is None or isinstance(class_weight, dict)
            or (isinstance(class_weight, str) and class_weight == "balanced")):
        raise ValueError(f"class_weight is {class_weight!r:.60}; "
                         'expected None, "balanced", or a dictionary from labels to weights.')

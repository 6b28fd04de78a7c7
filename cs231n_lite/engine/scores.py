"""Scores of plain features, block by block: X may be a file larger than memory."""
from collections.abc import Iterator

import numpy as np
from numpy import ndarray as Array

from cs231n_lite.engine.standardize import blocks, gather


def score_blocks(W: Array, X: Array) -> Iterator[Array]:
    """The scores (N, C) of rows X (N, D) under W (D, C), or (D + 1, C) with the bias last.

    Raises ValueError for rows, weights or scores that are not finite.
    """
    D, dtype = X.shape[1], np.result_type(X.dtype, np.float32)
    bias = W[D:].sum(axis=0)  # the row below the features, if there is one
    for block in blocks(len(X)):
        rows = gather(X, block).astype(dtype, copy=False)
        with np.errstate(invalid="ignore", over="ignore"):
            scores = rows @ W[:D] + bias
        if not np.isfinite(scores).all():
            refuse(W, rows)
        yield scores


def refuse(W: Array, rows: Array) -> None:
    """Raise ValueError for what makes these rows' scores infinite or nan."""
    from sklearn.utils import assert_all_finite  # takes a second, and workers seldom need it
    assert_all_finite(rows, input_name="X")
    held = "hold nan or infinity" if not np.isfinite(W).all() else "and X overflow in their product"
    raise ValueError(f"the weights {held}; train anew, "
                     "at a lower learning_rate or on smaller numbers.")

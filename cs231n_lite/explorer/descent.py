"""What a request asks for: some updates in a row, and how things stand after them."""
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy import ndarray as Array

from cs231n_lite.checks import Loss
from cs231n_lite.explorer.arithmetic import (
    LARGEST,
    LOSSES,
    YOURS,
    arrays,
    asking,
    data_part,
    evaluate,
    penalty_part,
)
from cs231n_lite.explorer.sample import held_out_points
from cs231n_lite.explorer.slopes import compared

Rows = Sequence[int] | None
FLAT = 1e-9  # a gradient no larger than this moves nothing


def descend(state: dict, batches: Sequence[Rows] = (None,), check: bool = False,
            loss: Loss | None = None) -> dict[str, Any]:
    """One update by each of `batches` but the last, whose gradient is shown, as plain JSON.

    `W` and `b` are those after the updates; `curve` has [data loss, total loss], and the
    held-out loss where points are held out, before each update and after the last;
    `stopped` says whether the updates ended early, "settled" where the gradient is 0,
    "diverged" where nothing of use would come.  The rest is evaluate's, and with
    `check`, or the student's own function, slopes.py's.
    """
    ask = asking(LOSSES.get(state["loss"], loss))
    W, X, y = arrays(state)
    _, *held = arrays(state | {"points": held_out_points(state["sample"])})
    curve, stopped = [], ""

    def held_data(W: Array) -> list[float]:
        return [data_part(ask, W, *held)[0]] if len(held[0]) else []

    for rows in batches[:-1]:
        data, gradient = data_part(ask, W, X, y)
        penalty, slope = penalty_part(ask, W, X, y, state["reg"])
        if rows is not None:
            _, gradient = data_part(ask, W, X[rows], y[rows])
        gradient = gradient + slope
        after = W - state["step"] * gradient
        stopped = ("diverged" if not (data + penalty <= LARGEST and np.abs(after).max() <= LARGEST)
                   else "settled" if rows is None and np.abs(gradient).max() < FLAT else "")
        if stopped:
            break
        curve.append([data, data + penalty, *held_data(W)])
        W = after
    W_b = {"W": W[:2].T.tolist(), "b": W[2].tolist()}
    rows = batches[-1]
    result = evaluate(state | W_b, rows, loss)
    curve.append([result["data"], result["total"], *held_data(W)])
    if check or state["loss"] == YOURS:
        claimed = np.column_stack([result["dW"], result["db"]])
        X, y = (X, y) if rows is None else (X[rows], y[rows])
        result |= compared(ask, W, X, y, state["reg"], claimed)
    return result | W_b | {"curve": curve, "stopped": stopped}

"""The arithmetic of the explorer: a state of the plane in, scores, losses and gradient out.

All of it is asked of one function loss(W, X, y, reg), the package's or the
student's, so that whatever is wrong with that function is seen in the plane.
Rows of X are (x, y, 1); W (3, 3) is the transpose of the state's [W | b].

The losses of losses.py regularize all of W, the explorer leaves the biases out:
it asks for the data part with reg = 0, and for the penalty with the biases at 0.
"""
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy import ndarray as Array

from cs231n_lite.absent import Absent
from cs231n_lite.checks import Loss
from cs231n_lite.explorer.sample import held_out_points
from cs231n_lite.losses import (
    one_vs_all_loss,
    softmax_loss_vectorized,
    squared_hinge_loss,
    structured_loss,
    svm_loss_vectorized,
)

LOSSES = {
    "weston_watkins": svm_loss_vectorized,
    "squared_hinge": squared_hinge_loss,
    "structured": structured_loss,
    "one_vs_all": one_vs_all_loss,
    "softmax": softmax_loss_vectorized,
}
YOURS = "yours"  # the name, in a state, of the student's function
LARGEST = 1e6  # beyond this a weight or a loss counts as diverged


def evaluate(state: dict, rows: Sequence[int] | None = None,
             loss: Loss | None = None) -> dict[str, Any]:
    """Scores, losses and gradient of a state, as plain JSON.

    `scores` and `losses` have an entry per point; `data` is the mean data loss of
    all points, `regularization` is reg * sum(W**2), `total` is their sum; `dW` and
    `db` are the gradient of the mean data loss over `rows` (a minibatch; None is
    all) plus the penalty.  Where points are held out, `held_data` is their mean data
    loss, `held_accuracy` the share of them that is right.  `loss` is the student's
    function.  Raises ValueError where the function raises, or returns what cannot be
    used.
    """
    ask = asking(LOSSES.get(state["loss"], loss))
    W, X, y = arrays(state)
    data, gradient = data_part(ask, W, X, y)
    regularization, slope = penalty_part(ask, W, X, y, state["reg"])
    if rows is not None:
        _, gradient = data_part(ask, W, X[rows], y[rows])
    gradient = (gradient + slope).T
    return held_out(ask, state) | {
        "scores": (X @ W).tolist(),
        "losses": [ask(W, X[i:i + 1], y[i:i + 1], 0.0)[0] for i in range(len(X))],
        "data": data,
        "regularization": regularization,
        "total": data + regularization,
        "dW": gradient[:, :2].tolist(),
        "db": gradient[:, 2].tolist(),
    }


def arrays(state: dict) -> tuple[Array, Array, Array]:
    """W (3, 3), X (N, 3) and y (N,) of a state, in the package's conventions."""
    points = np.reshape(np.array(state["points"], dtype=np.float64), (-1, 3))
    X = np.column_stack([points[:, :2], np.ones(len(points))])
    return weights(state), X, points[:, 2].astype(int)


def weights(state: dict) -> Array:
    """W (3, 3) of a state, a column per class, the biases in its last row."""
    return np.column_stack([state["W"], state["b"]]).astype(np.float64).T


def data_part(ask: Loss, W: Array, X: Array, y: Array) -> tuple[float, Array]:
    """The mean data loss and its gradient, both 0 without points."""
    return ask(W, X, y, 0.0) if len(X) else (0.0, np.zeros_like(W))


def held_out(ask: Loss, state: dict) -> dict[str, float]:
    """What the held-out points make of the weights; nothing where there are none."""
    points = held_out_points(state["sample"])
    if not points:
        return {}
    W, X, y = arrays(state | {"points": points})
    return {"held_data": data_part(ask, W, X, y)[0],
            "held_accuracy": float(np.mean(lead(X @ W, y) > 0))}


def lead(scores: Array, y: Array) -> Array:
    """By how much the right class leads the best of the wrong ones, (N,)."""
    right = np.arange(scores.shape[1]) == y[:, None]
    return scores[right] - np.where(right, -np.inf, scores).max(axis=1)


def penalty_part(ask: Loss, W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
    """What `reg` adds to loss and gradient with the biases at 0; without points, at the origin."""
    without_biases = W * [[1], [1], [0]]
    if not len(X):
        X, y = np.array([[0.0, 0.0, 1.0]]), np.array([0])
    (whole, dwhole), (data, ddata) = (ask(without_biases, X, y, strength)
                                      for strength in (reg, 0.0))
    return whole - data, dwhole - ddata


def asking(loss: Callable | None) -> Loss:
    """The function, given arrays of its own and held to return a loss and a gradient.

    If it does not, ValueError says why.
    """
    if loss is None:
        raise ValueError('The loss "yours" was asked for, but no function was given; '
                         "pass it: Explorer(loss=...).")
    name = name_of(loss)

    def ask(W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
        call = f"for W {W.shape}, X {X.shape} and reg {reg:g}"
        try:
            with np.errstate(all="ignore"):  # what comes of an overflow is refused below
                answer = loss(W.copy(), X.copy(), y.copy(), float(reg))
        except Absent:
            raise
        except Exception as error:  # a student's function may raise anything; the plane shows it
            what = " ".join(f"{type(error).__name__}: {error}".split()).rstrip(": .")
            raise ValueError(f"{name} raised {what}, {call}; "
                             "expected a loss and its gradient.") from error
        return usable(answer, W, f"{name} {{}} {call}; expected {{}}.")

    return ask


def usable(answer: Any, W: Array, sentence: str) -> tuple[float, Array]:
    """A finite loss and a finite gradient of W's shape.

    ValueError says, in `sentence`, what came instead.
    """
    if not isinstance(answer, (tuple, list)) or len(answer) != 2:
        raise ValueError(sentence.format(f"returned {kind_of(answer)}", "the pair loss, dW"))
    value, dW = (as_floats(part) for part in answer)
    if value is None or value.shape != ():
        raise ValueError(sentence.format(f"returned {kind_of(answer[0])} as the loss",
                                         "one number"))
    if dW is None or dW.shape != W.shape:
        raise ValueError(sentence.format(f"returned {kind_of(answer[1])} as dW",
                                         f"an array of shape {W.shape}, as W"))
    if not np.isfinite(value):
        raise ValueError(sentence.format(f"returned the loss {value}", "a finite number"))
    if not np.isfinite(dW).all():
        raise ValueError(sentence.format("returned a dW that holds nan or infinity",
                                         "finite numbers"))
    return float(value), dW


def as_floats(part: Any) -> Array | None:
    """The part as an array of floats, or None where it is none."""
    try:
        return None if part is None else np.asarray(part, dtype=np.float64)
    except (TypeError, ValueError):
        return None


def kind_of(value: Any) -> str:
    """What was got, in a few words."""
    if value is None:
        return "None"
    if isinstance(value, np.ndarray) and value.ndim:
        return f"an array of shape {value.shape}"
    length = f" of length {len(value)}" if isinstance(value, (tuple, list)) else ""
    return type(value).__name__ + length


def name_of(loss: Callable) -> str:
    """What the student called the function."""
    return getattr(loss, "__name__", type(loss).__name__)

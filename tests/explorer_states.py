"""What the explorer's tests share: random states, and losses written out from their definitions."""
from typing import Any

import numpy as np
import pytest
from numpy import ndarray as Array

from cs231n_lite.explorer.arithmetic import LOSSES, arrays
from cs231n_lite.explorer.presets import preset_state

# How many random states are tried: in the fast tier the first of a thousand.
COUNTS = [100, pytest.param(1000, marks=pytest.mark.slow)]


def random_states(count: int, seed: int = 231) -> list[tuple[dict[str, Any], list[int] | None]]:
    """(state, rows), of no points to nine; each fourth on a grid of halves, with kinks and ties."""
    rng = np.random.default_rng(seed)
    return [random_state(rng, on_grid=i % 4 == 3) for i in range(count)]


def random_state(
        rng: np.random.Generator, on_grid: bool) -> tuple[dict[str, Any], list[int] | None]:
    """One state, and the rows of a minibatch or None."""
    N = int(rng.integers(10))

    def numbers(*shape: int) -> Array:
        return rng.integers(-2, 3, size=shape) / 2 if on_grid else rng.normal(size=shape)

    places = np.clip(numbers(N, 2), -1, 1).tolist()
    points = [[*place, int(c)] for place, c in zip(places, rng.integers(3, size=N))]
    W, b, reg = numbers(3, 2).tolist(), numbers(3).tolist(), float(rng.choice([0, 0.1, 2.5]))
    rows = (rng.permutation(N)[:rng.integers(1, N + 1)].tolist()
            if N and rng.random() < 0.3 else None)
    return preset_state("course") | {"points": points, "W": W, "b": b, "reg": reg}, rows


def kinds_of_loss(state: dict[str, Any]) -> list[dict[str, Any]]:
    """The state under each of the five losses."""
    return [state | {"loss": name} for name in LOSSES]


def losses_by_definition(name: str, scores: Array, y: Array) -> Array:
    """The data loss of each point for scores (..., N, 3)."""
    right = np.arange(3) == y[:, None]
    own = np.where(right, scores, 0).sum(axis=-1, keepdims=True)
    excess = np.where(right, 0, np.maximum(0, scores - own + 1))
    return {
        "weston_watkins": lambda: excess.sum(axis=-1),
        "squared_hinge": lambda: (excess**2).sum(axis=-1),
        "structured": lambda: excess.max(axis=-1, initial=0),
        "one_vs_all": lambda: np.maximum(0, 1 - np.where(right, scores, -scores)).sum(axis=-1),
        "softmax": lambda: np.log(np.exp(scores - own).sum(axis=-1)),
    }[name]()


def total_by_definition(state: dict[str, Any], rows: list[int] | None, W: Array) -> Array:
    """Mean data loss over the rows plus the penalty without biases, for weights W (..., 3, 3)."""
    _, X, y = arrays(state)
    if rows is not None:
        X, y = X[rows], y[rows]
    each = losses_by_definition(state["loss"], X @ W, y)
    return each.sum(axis=-1) / max(len(X), 1) + state["reg"] * (W[..., :2, :]**2).sum(axis=(-2, -1))


def slopes_by_definition(state: dict[str, Any], rows: list[int] | None, h: float = 1e-5) -> Array:
    """The numerical gradient (3, 3) of the total, by central differences along every parameter."""
    W = arrays(state)[0]
    steps = h * np.eye(9).reshape(9, 3, 3)
    rise = total_by_definition(state, rows, W + steps) - total_by_definition(state, rows, W - steps)
    return (rise / (2 * h)).reshape(3, 3)


def is_near_a_kink(state: dict[str, Any], reach: float = 1e-4) -> bool:
    """Whether a margin is about to be violated or kept, or two violations to change places."""
    W, X, y = arrays(state)
    scores = X @ W
    others = np.arange(3) != y[:, None]
    margins = (scores - scores[np.arange(len(y)), y][:, None] + 1)[others].reshape(-1, 2)
    if state["loss"] == "one_vs_all":
        margins = 1 - np.where(others, -scores, scores)
    ties = np.diff(margins, axis=1) if state["loss"] == "structured" else margins
    nearest = np.abs(np.append(margins, ties)).min(initial=np.inf)
    return state["loss"] != "softmax" and bool(nearest < reach)

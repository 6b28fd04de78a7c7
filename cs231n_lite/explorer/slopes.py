"""The numerical gradient of the loss on screen, beside the one that the function claims.

A loss may have kinks, and there any slope between those on its two sides is right: so a claimed
slope is compared with both.  For a convex loss it lies between them wherever it is right.
"""
from typing import Any

import numpy as np
from numpy import ndarray as Array

from cs231n_lite.checks import Loss
from cs231n_lite.explorer.arithmetic import data_part, penalty_part

# How far a parameter is moved, and what a slope may be off there, for one of 1.  The second pair
# forgives functions that compute in single precision.
TRIALS = ((1e-4, 1e-6), (1e-2, 1e-3))
ROUNDING = 64 * np.finfo(float).eps


def compared(ask: Loss, W: Array, X: Array, y: Array, reg: float, claimed: Array) -> dict[str, Any]:
    """`slopes`, by central differences along all nine parameters, and where the claim `differs`.

    Both are (3, 3), a row per class, the bias last; so is `claimed`.
    """
    def total(W: Array) -> float:
        return data_part(ask, W, X, y)[0] + penalty_part(ask, W, X, y, reg)[0]

    here = total(W)
    size = ROUNDING * (abs(here) + np.abs(W).max())
    slopes, differs = np.empty((0, 3, 3)), np.full((3, 3), True)
    for h, tolerance in TRIALS:
        if not differs.any():
            break
        steps = h * np.eye(9).reshape(3, 3, 3, 3).transpose(0, 1, 3, 2)  # [c, k] moves W[k, c]
        up, down = (np.array([[total(W + sign * step) for step in row] for row in steps])
                    for sign in (1, -1))
        slopes = np.append(slopes, [(up - down) / (2 * h)], axis=0)
        sides = np.array([(up - here) / h, (here - down) / h])
        slack = tolerance * np.maximum(1, np.abs(claimed)) + size / h
        differs &= (claimed < sides.min(axis=0) - slack) | (claimed > sides.max(axis=0) + slack)
    return {"slopes": slopes[0].tolist(), "differs": differs.tolist()}

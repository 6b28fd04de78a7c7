"""What is refused of gradients and of the slopes that they are compared with; see `checks`."""
import warnings
from collections.abc import Callable, Iterable
from numbers import Real
from typing import Any, NoReturn

import numpy as np
from numpy import ndarray as Array

from cs231n_lite.checks_basic import (
    check_counts,
    check_function,
    check_numbers,
    check_plain,
    is_number,
    is_whole,
    kind_of,
    short,
)

ScoresLoss = Callable[..., tuple[float, Array]]  # of scores and y: the loss and its gradient


def check_gradient(dW: Array, W: Array, of: str = "W") -> None:
    """Raise ValueError unless dW has the shape of W, which is called `of`."""
    if not isinstance(dW, Array):
        check_plain(f"d{of}", dW)
    if dW.dtype.kind not in "fiu":
        raise ValueError(f"d{of} holds {dW.dtype}; expected numbers.")
    if W.shape != dW.shape:
        raise ValueError(f"d{of} has shape {dW.shape} but {of} has {W.shape}; "
                         "a gradient has the shape of its variable.")


def pair_of(result: Any, W: Array, loss: str = "loss", of: str = "W") -> tuple[float, Array]:
    """What a loss returned; ValueError unless it is one number and a gradient of W's shape.

    `loss` and `of` are what the loss and W are called.
    """
    if not isinstance(result, (tuple, list)) or len(result) != 2:
        raise ValueError(f"{loss} returned {short(result)}; expected two things, (loss, d{of}).")
    value, dW = result
    if not isinstance(value, Real) and not (isinstance(value, Array) and value.ndim == 0):
        raise ValueError(f"{loss} returned {short(value)} as the loss; expected one number, "
                         f"and the gradient after it: (loss, d{of}).")
    check_gradient(dW, W, of)
    return value, dW  # type: ignore[return-value]


def check_slope(f: Callable, W: Array, h: float) -> None:
    """Raise ValueError unless f is a function that may have a slope at the array W, by a step h."""
    check_function("f", f, "W")
    check_numbers("W", W)
    if not is_number(h) or not 0 < h <= 1:
        raise ValueError(f"h is {h!r:.60}; expected a small number above 0, such as 1e-5.")


def check_comparison(f: Callable, W: Array, dW: Array, num_checks: int, h: float,
                     margins: Callable | None) -> None:
    """Raise ValueError unless the slopes of f at W can be compared with dW."""
    check_slope(f, W, h)
    check_gradient(dW, W)
    if not W.size:
        raise ValueError(f"W has shape {W.shape}; expected one entry or more to compare.")
    check_counts(1, num_checks=num_checks)
    if margins is not None:
        check_function("margins", margins, "W")
        check_margins(margins(W.astype(np.float64)))


def check_entry(W: Array, at: tuple[int, ...]) -> None:
    """Raise ValueError unless W has that one entry."""
    fits = isinstance(at, tuple) and len(at) == W.ndim and all(map(is_whole, at))
    if not fits or not all(-n <= i < n for i, n in zip(at, W.shape)):
        raise ValueError(f"at is {at!r:.60} in W of shape {W.shape}; "
                         "expected one entry of it, as (row, column).")


def check_one_number(value: object) -> None:
    """Raise ValueError where a loss came with its gradient, and one number was needed."""
    if is_real(value):
        return
    found = (f"an array of shape {value.shape}" if isinstance(value, Array) else
             short(value) if value is None or isinstance(value, bool) else kind_of(value))
    raise ValueError(f"f returned {found}, expected one number; "
                     "take the loss without its gradient, "
                     "as in lambda W: loss(W, X, y, reg)[0].")


def is_real(value: object) -> bool:
    """True for one real number, finite or not."""
    if isinstance(value, Array) and value.ndim == 0:
        value = value[()]
    return isinstance(value, Real) and not isinstance(value, bool)


def check_margins(values: Any) -> None:
    """Raise ValueError unless these may change their signs, as margins do."""
    if not isinstance(values, Array) or values.dtype.kind not in "fiu":
        raise ValueError(f"margins returned {short(values)}; expected an array of numbers whose "
                         "signs change at the kinks, as in lambda W: losses.margins(X @ W, y).")


def ask_for_largest(compared: Any, *other: Any) -> NoReturn:
    """Raise ValueError where a whole comparison stands for one error, or for true or false."""
    raise ValueError("a gradient check is no number, and neither true nor false; expected its "
                     "largest error: write .max_error, as in compared.max_error < 1e-6.")


def warn_of_no_slope(numerical: Iterable[float], analytic: Iterable[float]) -> None:
    """Warn of a function that is the same all around, beside a gradient that is not 0."""
    if not any(numerical) and any(analytic):
        warnings.warn("f returned the same number wherever W was moved: see to it that f uses its "
                      "own argument, as in lambda W: loss(W, X, y, reg)[0], and h is not below "
                      "1e-10 or so.", UserWarning, stacklevel=3)

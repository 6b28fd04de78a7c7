"""Is the gradient the slope of the loss?  Numerical gradients, compared with analytic ones.

Source: CS231n notes, "Neural networks part 3", gradient checks.
"""
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy import ndarray as Array
from numpy.random import Generator

from cs231n_lite.checks_basic import check_generator
from cs231n_lite.checks_gradients import (
    ask_for_largest,
    check_comparison,
    check_entry,
    check_one_number,
    check_slope,
    warn_of_no_slope,
)


def numerical_slope(f: Callable[[Array], float], W: Array, at: tuple[int, ...],
                    h: float = 1e-5) -> float:
    """The central difference (f(W + h) - f(W - h)) / 2h along the coordinate `at`."""
    check_slope(f, W, h)
    check_entry(W, at)
    ahead, behind = f(moved(W, at, h)), f(moved(W, at, -h))
    check_one_number(ahead)
    check_one_number(behind)
    return (ahead - behind) / (2 * h)


def numerical_gradient(f: Callable[[Array], float], W: Array, h: float = 1e-5) -> Array:
    """Central differences of f along every coordinate, in W's shape."""
    check_slope(f, W, h)
    slopes = [numerical_slope(f, W, at, h) for at in np.ndindex(W.shape)]
    return np.reshape(slopes, W.shape)


def moved(W: Array, at: tuple[int, ...], h: float) -> Array:
    """A copy of W, in float64, with h added to one entry."""
    W = W.astype(np.float64)
    W[at] += h
    return W


@dataclass(frozen=True)
class Coordinate:
    """One entry of the gradient, found both ways.

    At a `kink` the loss has no slope between the two evaluations.
    """

    at: tuple[int, ...]
    numerical: float
    analytic: float
    kink: bool

    @property
    def error(self) -> float:
        """Relative error |n - a| / (|n| + |a|).

        It is 0 where both are 0, inf where either is no finite number.
        """
        if not (np.isfinite(self.numerical) and np.isfinite(self.analytic)):
            return np.inf
        size = abs(self.numerical) + abs(self.analytic)
        return abs(self.numerical - self.analytic) / size if size else 0.0

    def cells(self) -> list[str]:
        """The coordinate as a row of the table."""
        name = f"dW[{', '.join(map(str, self.at))}]"
        verdict = "at a kink, not counted" if self.kink else f"{self.error:.1e}"
        return [name, f"{self.numerical:.6f}", f"{self.analytic:.6f}", verdict]


@dataclass(frozen=True)
class GradientCheck:
    """The coordinates that were compared; shows itself as a small table."""

    coordinates: tuple[Coordinate, ...]

    HEAD = "entry", "numerical", "analytic", "relative error"

    @property
    def max_error(self) -> float:
        """The largest relative error, kinks left out; 0.0 where nothing is left."""
        return max((c.error for c in self.coordinates if not c.kink), default=0.0)

    @property
    def kinks(self) -> int:
        """How many coordinates stand at a kink."""
        return sum(c.kink for c in self.coordinates)

    __bool__ = __float__ = __lt__ = __le__ = __gt__ = __ge__ = ask_for_largest

    def __repr__(self) -> str:
        rows = [self.HEAD, *(c.cells() for c in self.coordinates)]
        return "\n".join("{:<14}{:>14}{:>14}  {}".format(*row) for row in rows)

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{name}</th>' for name in self.HEAD)
        rows = ("".join(f"<td>{cell}</td>" for cell in c.cells()) for c in self.coordinates)
        return f"<table><tr>{head}</tr>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"


def grad_check_sparse(f: Callable[[Array], float], W: Array, dW: Array, num_checks: int = 10,
                      h: float = 1e-5, margins: Callable[[Array], Array] | None = None,
                      rng: Generator | None = None) -> GradientCheck:
    """Compare dW with the slope of f at `num_checks` entries of W.

    They are drawn by `rng`, from a fixed seed if it is None.

    Where f has kinks, as the hinge loss has, give `margins`, a function of W whose
    values change sign at the kinks: an entry along which one of them changes sign
    within h is labelled, for there the difference quotient mixes two slopes and
    says nothing about dW.  Works in float64.
    """
    check_comparison(f, W, dW, num_checks, h, margins)
    rng = np.random.default_rng(231) if rng is None else rng
    check_generator(rng)

    def compare(entry: int) -> Coordinate:
        at = tuple(int(i) for i in np.unravel_index(entry, W.shape))
        kink = margins is not None and bool(
            np.any((margins(moved(W, at, h)) > 0) != (margins(moved(W, at, -h)) > 0)))
        return Coordinate(at, float(numerical_slope(f, W, at, h)), float(dW[at]), kink)

    entries = rng.choice(W.size, size=min(num_checks, W.size), replace=False)
    compared = [compare(entry) for entry in entries]
    warn_of_no_slope([c.numerical for c in compared], [c.analytic for c in compared])
    return GradientCheck(tuple(compared))

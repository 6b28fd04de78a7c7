"""What a function should return, call by call and part by part, and whether it does."""
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy import ndarray as Array

INPUTS = "inputs"
CLOSE = 1e-4


class Outcome(Protocol):
    """A case of any kind: what it says of a function, and how many calls it has cost."""

    @property
    def cost(self) -> int:
        """How many calls the last outcome took."""

    def outcome(self, f: Callable) -> dict[str, bool]:
        """Which parts come out right."""


class Case(NamedTuple):
    """A call, what it should return part by part, and the call whose result is taken off, if any.

    A part named "loss, far" can be right only where "loss" is.
    """

    parts: tuple[str, ...]
    args: tuple
    want: tuple[Array, ...]
    less: tuple | None = None

    @property
    def cost(self) -> int:
        """How many calls it takes."""
        return 1 + (self.less is not None)

    def outcome(self, f: Callable) -> dict[str, bool]:
        """Which parts come out right, and whether the inputs stay as they were."""
        try:
            got, kept = called(f, self.args)
            if self.less is not None:
                got = tuple(np.subtract(a, b) for a, b in zip(got, called(f, self.less)[0]))
            if len(got) != len(self.parts):
                return dict.fromkeys(self.parts, False)
            return {part: fits(a, b)
                    for part, a, b in zip(self.parts, got, self.want)} | {INPUTS: kept}
        except Exception:  # whatever a variant is made of
            return dict.fromkeys(self.parts, False)


def called(f: Callable, args: tuple) -> tuple[tuple, bool]:
    """What f returns, as a tuple; whether its arguments are unchanged, and no part of that."""
    given = [arg.copy() if isinstance(arg, Array) else arg for arg in args]
    value = f(*given)
    parts = tuple(value) if type(value) in (tuple, list) and len(value) == 2 else (value,)
    arrays = [(a, b) for a, b in zip(args, given) if isinstance(a, Array)]
    kept = all(a.tobytes() == b.tobytes() for a, b in arrays)
    return parts, kept and not any(isinstance(part, Array) and np.may_share_memory(part, b)
                                   for part in parts for _, b in arrays)


def fits(got: Any, want: Array) -> bool:
    """True when it is what it should be; a table of bools says which labels would do."""
    if isinstance(got, (list, tuple)) and not all(map(np.isscalar, got)):
        return False  # it may hold itself, and then NumPy takes for ever
    if want.dtype == bool:
        labels = np.asarray(got)
        return (labels.shape == want.shape[:1] and labels.dtype.kind in "iuf"
                and all(0 <= j < want.shape[1] and want[i, int(j)] for i, j in enumerate(labels)))
    if want.ndim and type(got) is not Array:
        return False
    got = np.asarray(got)
    if got.shape != want.shape or got.dtype.kind not in ("f" if want.ndim else "fiu"):
        return False
    scale = max(1e-3, float(np.max(np.abs(want), initial=0)))
    return bool(np.all(np.abs(got - want) <= CLOSE * scale))

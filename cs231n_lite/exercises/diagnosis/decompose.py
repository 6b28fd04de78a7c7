"""Take a loss of W apart, and say what its pieces are made of.

f(W, X, y, reg) is a data part plus reg times a penalty, in the loss and in the
gradient.  Calls with different reg give the two pieces of each; a piece is then
compared with what it should be, and with known slips, up to a factor.
"""
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy import ndarray as Array

from cs231n_lite.exercises.diagnosis.laws import Sizes, law_of
from cs231n_lite.exercises.judges.calling import call, check_pair
from cs231n_lite.exercises.judges.problems import Problem

STRENGTHS = (0.0, 0.5, 2.0)
CLOSE = 1e-5


class Pieces(NamedTuple):
    """Of losses or gradients on all probes: data part, slope in reg, the values at the last one."""

    data: list[Array]
    penalty: list[Array]
    whole: list[Array]
    linear: bool


class Match(NamedTuple):
    """What a piece is made of: a candidate by name, times a factor."""

    name: Any
    law: str


def take_apart(f: Callable, probes: Iterable[Problem]) -> tuple[Pieces, Pieces]:
    """The pieces of the losses and gradients that f returns; Faulty where it cannot be called."""
    calls = [[check_pair(call(f, p.W, p.X, p.y, reg, parts=2), "dW", p.W.shape)
              for reg in STRENGTHS] for p in probes]
    losses, gradients = (pieces_of([[np.asarray(pair[part], dtype=float) for pair in pairs]
                                    for pairs in calls])
                         for part in (0, 1))
    return losses, gradients


def pieces_of(values: list[list[Array]]) -> Pieces:
    """The pieces of what was returned at the three strengths, for each probe."""
    penalty = [(half - none) / 0.5 for none, half, _ in values]
    linear = all(close((whole - none) / 2, slope)
                 for (none, _, whole), slope in zip(values, penalty))
    return Pieces([none for none, *_ in values], penalty, [whole for *_, whole in values], linear)


def close(a: Array, b: Array) -> bool:
    """True when they differ by rounding; never for NaN."""
    return bool(np.all(np.abs(a - b) <= CLOSE * max(1e-3, float(np.max(np.abs(b))))))


def factor(observed: Array, candidate: Array) -> float | None:
    """The number that takes the candidate to what was observed; NaN for 0 by 0, None for none."""
    norm = float(np.sum(candidate * candidate))
    if not np.isfinite(norm) or not np.all(np.isfinite(observed)):
        return None
    if norm < 1e-24:
        return np.nan if np.max(np.abs(observed)) < 1e-9 else None
    ratio = float(np.sum(observed * candidate) / norm)
    return ratio if close(ratio * candidate, observed) or np.max(np.abs(observed)) < 1e-9 else None


def factors_of_numbers(observed: Array, candidate: Array) -> Array | None:
    """As `factor` for each pair of numbers, all at once; None where one has none."""
    zero = candidate**2 < 1e-24
    if not np.isfinite([observed, candidate]).all() or np.any(zero & (np.abs(observed) >= 1e-9)):
        return None
    return np.where(zero, np.nan, observed / np.where(zero, 1, candidate))


def law_between(observed: list[Array], candidate: list[Array], sizes: Sizes) -> str | None:
    """The law by which the candidate becomes what was observed on every probe, if there is one."""
    if np.ndim(observed[0]) == 0:
        ratios = factors_of_numbers(np.array(observed), np.array(candidate))
        return None if ratios is None else law_of(ratios, sizes)
    factors = []
    for seen, meant in zip(observed, candidate):
        factors.append(factor(seen, meant))
        if factors[-1] is None:
            return None
    return law_of(np.array(factors), sizes)


def first_match(observed: list[Array], candidates: Mapping[Any, list[Array]], sizes: Sizes,
                rank: Callable[[Any], int] = lambda name: 0) -> Match | None:
    """The candidate that is what was observed up to a factor: lowest rank, then no factor."""
    matches = [(rank(name) + (law != "1"), n, Match(name, law))
               for n, (name, candidate) in enumerate(candidates.items())
               if (law := law_between(observed, candidate, sizes)) is not None]
    return min(matches)[-1] if matches else None


def amounts(observed: list[Array], parts: list[tuple[float, ...]]) -> tuple[float, ...] | None:
    """The numbers, the same on every probe, by which the parts add up to what was observed."""
    matrix, seen = np.array(parts), np.array(observed, dtype=float)
    found, _, rank, _ = np.linalg.lstsq(matrix, seen, rcond=1e-9)
    return tuple(found) if rank == matrix.shape[1] and close(matrix @ found, seen) else None


def combination(observed: list[Array], parts: Sequence[tuple[Array, ...]],
                sizes: Sizes) -> tuple[str, ...] | None:
    """The laws of the coefficients with which the parts add up to what was observed.

    By least squares on each probe.
    """
    coefficients = []
    for seen, these in zip(observed, parts):
        matrix = np.stack([part.ravel() for part in these], axis=1)
        found, _, rank, _ = np.linalg.lstsq(matrix, seen.ravel(), rcond=1e-9)
        if not close(matrix @ found, seen.ravel()):
            return None
        coefficients.append(found if rank == len(these) else np.full(len(these), np.nan))
    laws = [law_of(factors, sizes) for factors in np.array(coefficients).T]
    known = tuple(law for law in laws if law is not None)
    return known if len(known) == len(laws) else None

"""Features of any scale, standardized as they are drawn: no copy of the data is ever made.

X (N, D) holds plain features of any real type, in memory or memory-mapped.  What
is trained on are rows (x - mean) / scale, with a 1 last where there is a bias;
`fold` brings weights of such rows back to plain features, exactly, so that mean
and scale need not be exact, only the same throughout.
Source: Friedman, Hastie and Tibshirani (2010), glmnet, which standardizes and
returns coefficients on the original scale.
"""
import mmap
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy import ndarray as Array

SAMPLE, BLOCK = 5000, 500


class Moments(NamedTuple):
    """The mean of each feature and its standard deviation, float64 (D,), over rows that weigh N.

    Not the variance: the square of a feature may overflow or vanish where the feature does not.
    """

    N: float
    mean: Array
    deviation: Array

    def merged(self, other: "Moments") -> "Moments":
        """The moments of both sets of rows together.  Source: Chan, Golub and LeVeque (1979)."""
        N = self.N + other.N
        share, apart = other.N / N, other.mean - self.mean
        within = np.hypot((1 - share) ** 0.5 * self.deviation, share**0.5 * other.deviation)
        return Moments(N, self.mean + share * apart,
                       np.hypot(within, (share * (1 - share)) ** 0.5 * apart))


def moments(X: Array, rng: np.random.Generator, weights: Array | None = None) -> Moments:
    """The moments of X, or of 5,000 rows of it, drawn by `rng`, where it has more."""
    rows, weights = sample(len(X), rng, weights)
    result = Moments(0, np.zeros(X.shape[1]), np.zeros(X.shape[1]))
    # An infinite feature has moments that are not finite either.
    with np.errstate(invalid="ignore", over="ignore"):
        for block in blocks(len(rows)):
            drawn, weigh = gather(X, rows[block]), None if weights is None else weights[block]
            mean = mean_of(drawn, weigh)
            apart = drawn - mean.astype(np.result_type(X.dtype, np.float32))
            total = len(drawn) if weigh is None else weigh.sum()
            result = result.merged(Moments(total, mean, root_mean_square(apart, weigh)))
    return result


def sample(N: int, rng: np.random.Generator,
           weights: Array | None) -> tuple[Array, Array | None]:
    """At most 5,000 of N rows, in order, and the weight of each; those of weight 0 are left out.

    More are drawn in proportion to their weights, and then weigh alike.
    """
    if weights is None:
        return (np.sort(rng.choice(N, SAMPLE, replace=False)) if N > SAMPLE
                else np.arange(N)), None
    rows = np.flatnonzero(weights)
    if len(rows) <= SAMPLE:
        return rows, weights[rows]
    drawn = rng.choice(N, SAMPLE, p=weights / weights.sum())
    return np.sort(drawn), np.full(SAMPLE, weights.mean())


def mean_of(rows: Array, weights: Array | None) -> Array:
    """The mean of each column, float64; equal weights are as none."""
    if weights is None or not np.ptp(weights):
        return rows.mean(axis=0, dtype=np.float64)
    return weights / weights.sum() @ rows


def root_mean_square(apart: Array, weights: Array | None) -> Array:
    """The root mean square of each column, float64; overwrites `apart`.

    The squares are taken in units of the largest entry, so that none overflows.
    """
    largest = np.maximum(apart.max(axis=0), -apart.min(axis=0))
    unit = np.where(largest > 0, largest, 1)
    apart /= unit
    apart *= apart
    return unit * np.sqrt(mean_of(apart, weights))


class Standard(NamedTuple):
    """What features are shifted and divided by, (D,), and whether a 1 is appended."""

    mean: Array
    scale: Array
    ones: bool

    def rows(self, X: Array) -> "Array | Rows":
        """The standardized rows of X, computed when drawn; X itself where that changes nothing."""
        changes = (self.ones or self.mean.any() or (self.scale != 1).any()
                   or not np.issubdtype(X.dtype, np.floating))
        return Rows(X, self) if changes else X

    def fold(self, V: Array) -> Array:
        """The weights W that score x as V scores its standardized row.

        Both are (D, C), or (D + 1, C) with a bias.
        """
        D = len(self.scale)
        W = V.copy()
        W[:D] /= self.scale[:, None]
        if self.ones:
            W[D] -= self.mean @ W[:D]
        return W

    def unfold(self, W: Array) -> Array:
        """The inverse of `fold`."""
        D = len(self.scale)
        V = W.copy()
        if self.ones:
            V[D] += self.mean @ V[:D]
        V[:D] *= self.scale[:, None]
        return V


def standardization(known: Moments, centre: bool, rescale: bool) -> tuple[Standard, float]:
    """How to standardize features of these moments, and the mean squared norm of such a row.

    `centre` subtracts the mean and appends ones; `rescale` divides each feature by its root mean
    square, unless it is constant.  For features that are both centred and rescaled the norm is
    their number, plus 1 for the ones.
    """
    mean = known.mean if centre else np.zeros_like(known.mean)
    size = np.hypot(known.deviation, known.mean - mean)
    varies = size > 10 * np.finfo(np.float64).eps * np.abs(known.mean)
    scale = np.where(varies & rescale, size, 1)
    return Standard(mean, scale, centre), float(np.sum((size / scale) ** 2) + centre)


class Rows:
    """Standardized rows (N, D) or (N, D + 1) of X, indexed like an array but computed when drawn.

    `chosen` numbers the rows of X that there are, all without it.  Their precision is that of X,
    and float32 for small integers, such as pixels.
    """

    def __init__(self, X: Array, standard: Standard, chosen: Array | None = None) -> None:
        self.X, self.standard, self.chosen = X, standard, chosen
        self.dtype = np.result_type(X.dtype, np.float32)
        self.mean, self.factor = (a.astype(self.dtype) for a in (standard.mean, 1 / standard.scale))
        self.rescales = bool((self.factor != 1).any())

    @property
    def shape(self) -> tuple[int, int]:
        """As many rows as were chosen, and a column more than X if ones are appended."""
        N = len(self.X if self.chosen is None else self.chosen)
        return N, self.X.shape[1] + self.standard.ones

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, which: Array | slice) -> Array:
        drawn = gather(self.X, which if self.chosen is None else self.chosen[which])
        D = drawn.shape[1]
        rows = np.empty((len(drawn), self.shape[1]), self.dtype)
        features = rows[:, :D]
        features[:] = drawn  # first the type alone, for NumPy converts and subtracts slowly in one
        features -= self.mean
        if self.rescales:
            features *= self.factor
        rows[:, D:] = 1
        return rows


def blocks(N: int) -> Iterator[slice]:
    """Slices that cover N rows, some hundred rows each."""
    return (slice(start, min(start + BLOCK, N)) for start in range(0, N, BLOCK))


def gather(X: Array, which: Array | slice) -> Array:
    """Rows of X; copies where X is a file mapped into memory, whose pages are let go at once.

    The system keeps the pages cached as long as it has room, but they no longer are memory of this
    process.  They are let go after every ten rows, because each may bring in 2 MiB around it.
    """
    mapping = _mapping(X)
    if mapping is None or not hasattr(mmap, "MADV_DONTNEED"):  # Windows has no such advice
        return X[which]
    rows = np.arange(*which.indices(len(X))) if isinstance(which, slice) else which
    drawn = np.empty((len(rows), *X.shape[1:]), X.dtype)
    for start in range(0, len(rows), 10):
        drawn[start:start + 10] = X[rows[start:start + 10]]
        mapping.madvise(mmap.MADV_DONTNEED)
    return drawn


def _mapping(X: Array) -> mmap.mmap | None:
    """The mapping that X is a view of, if any.

    Not one of mode "c", whose private changes cannot be read again.
    """
    owner: object = X
    while isinstance(owner, np.ndarray):
        if isinstance(owner, np.memmap) and owner.mode == "c":
            return None
        owner = owner.base
    return owner if isinstance(owner, mmap.mmap) else None

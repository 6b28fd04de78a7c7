"""Inputs made to show mistakes, the same at each check, or fresh ones where Probes ask for them.

Sizes all differ, so that no axis can stand for another; weights are so large
that many margins are inactive, and the regularization so strong that it cannot
hide; no margin is near its kink, where a slope would mean nothing.
"""
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy import ndarray as Array
from numpy.random import Generator

NEAREST_KINK, FARTHEST_BEHIND = 0.02, 7.0


class Probes(NamedTuple):
    """Which inputs an answer is tried on: seeds of numbers and of sizes."""

    values: int = 20
    sizes: int | None = None

    def rng(self, *purpose: int) -> Generator:
        """A generator of numbers for one purpose, apart from those for others."""
        return np.random.default_rng([self.values, *purpose])

    def sizes_near(self, N: int, D: int, C: int) -> tuple[int, int, int]:
        """Sizes as large or a little larger, in the same order; 1 and 2 stay."""
        if self.sizes is None:
            return N, D, C
        rng, least = np.random.default_rng([self.sizes, N, D, C]), np.array([N, D, C])
        while True:
            sizes = np.where(least > 2, least + rng.integers(4, size=3), least)
            if np.array_equal(sizes.argsort(), least.argsort()) and len(set(sizes)) == 3:
                return tuple(sizes.tolist())

    def between(self, least: int, most: int, purpose: int) -> int:
        """A size for one purpose, which follows from the seed of the sizes."""
        return int(np.random.default_rng([self.sizes or 0, purpose]).integers(least, most + 1))


FIXED = Probes()


class Problem(NamedTuple):
    """A batch for a loss f(W, X, y, reg), with a name that a card can show."""

    name: str
    W: Array
    X: Array
    y: Array
    reg: float


class ScoresProblem(NamedTuple):
    """Scores (N, C) and labels for a loss f(scores, y)."""

    name: str
    scores: Array
    y: Array


def is_clear_of_kinks(scores: Array, y: Array) -> bool:
    """True when every margin of a wrong class stays away from 0."""
    return bool(clear_rows(scores, y).all())


def clear_rows(scores: Array, y: Array) -> Array:
    """For each row, whether every margin of a wrong class stays away from 0."""
    gaps = scores - scores[np.arange(len(y)), y][:, None] + 1
    gaps[np.arange(len(y)), y] = np.inf
    return np.abs(gaps).min(axis=1) > NEAREST_KINK


def lead(scores: Array, y: Array) -> Array:
    """How far the correct class of each row lies behind the best one."""
    return scores.max(axis=1) - scores[np.arange(len(y)), y]


def drawn(rng: Generator, N: int, D: int, C: int, labels: Array) -> tuple[Array, Array, Array]:
    """Normal W (D, C), X (N, D), y from `labels`, clear of kinks; every other row is right.

    No correct class lies so far behind that 1e-7 matters beside its probability.
    """
    while True:
        W, X, y = 0.8 * rng.normal(size=(D, C)), rng.normal(size=(N, D)), rng.choice(labels, size=N)
        y[1::2] = labels[(X @ W)[1::2][:, labels].argmax(axis=1)]
        if (is_clear_of_kinks(X @ W, y) and lead(X @ W, y).max() < FARTHEST_BEHIND
                and (N == 1 or np.any((X @ W).argmax(axis=1) != y))):
            return W, X, y


def tied(rng: Generator, N: int, D: int, C: int) -> tuple[Array, Array, Array]:
    """As `drawn`, with the first two classes equal in every score."""
    while True:
        W, X, y = drawn(rng, N, D, C, np.arange(C))
        W[:, 1] = W[:, 0]
        if is_clear_of_kinks(X @ W, y):
            return W, X, y


def offset(W: Array, X: Array, signs: Array) -> tuple[Array, Array]:
    """One more feature, which adds 1000 times its sign to all scores of a row."""
    return np.vstack([W, np.full(W.shape[1], 1000.0)]), np.column_stack([X, signs])


def stretched(W: Array, X: Array, y: Array) -> Array:
    """W scaled so that the worst class lies 7.5 behind the best: its probability is near 5e-4."""
    return W * 7.5 / lead(X @ W, y).max()


def below(W: Array, X: Array, y: Array) -> tuple[Array, Array]:
    """One more feature, which puts all scores of a class without samples far below the others."""
    C = W.shape[1]
    lowest = np.arange(C) == min(set(range(C)) - set(y.tolist()))
    return np.vstack([W, np.where(lowest, BELOW, 0)]), np.column_stack([X, np.ones(len(X))])


def crowd(probes: Probes) -> Problem:
    """Fifty classes, two near 0 and none of the first ten: few shifts of a row are enough."""
    rng, (N, D, C) = probes.rng(8), probes.sizes_near(3, 4, 50)
    near = rng.choice(np.arange(10, C), size=2, replace=False)
    W, X = np.zeros((D, C)), rng.uniform(-0.5, 0.5, size=(N, D))
    W[-1], X[:, -1] = CROWD_BELOW, 1
    W[:, near] = rng.uniform(-0.15, 0.15, size=(D, 2))
    return Problem(CROWD, W, X, rng.choice(near, size=N), 0.0)


@cache
def plain_problems(probes: Probes = FIXED) -> tuple[Problem, ...]:
    """Batches without anything extreme: from these a wrong answer is taken apart."""
    rng = np.random.default_rng(probes.values)

    def problem(name: str, N: int, D: int, C: int, reg: float,
                labels: Array | None = None) -> Problem:
        N, D, C = probes.sizes_near(N, D, C)
        return Problem(name, *drawn(rng, N, D, C, np.arange(C) if labels is None else labels), reg)

    return (
        problem("fewer samples than features", 5, 11, 4, 0.1),
        problem("more samples than features", 13, 4, 6, 1.0),
        problem("more classes than samples", 4, 3, 7, 0.1),
        problem("no regularization", 3, 8, 5, 0.0),
        problem("one sample", 1, 6, 3, 0.1),
        problem("two classes", 8, 5, 2, 0.1),
        problem("classes without samples, others repeated", 6, 7, 8, 0.1, np.array([1, 3, 4])),
        Problem("two classes with equal scores", *tied(rng, *probes.sizes_near(10, 3, 5)), 0.3),
    )


FAR_UP, FAR_DOWN, FAR_APART, FAR_BELOW, CROWD = FAR = (
    "all scores higher by 1000", "all scores lower by 1000",
    "every other row higher by 1000, the rest lower",
    "a class without samples far below the others",
    "fifty classes, most of them far below two others")
SHIFTED = FAR[:3]
BEHIND, ABOVE = "correct classes far behind", "one score far above the others"
STRONG, MANY = "strong regularization", "more than a thousand samples"
LOST, SURE = (f"correct classes 800 or more {where} the others" for where in ("below", "above"))
# exp(720) overflows, exp(-720) does not round to 0: no logarithm of a probability is infinite.
BELOW = -720.0
# Nor does exp(-743) round to 0, and the mean of fifty such scores still lies so far below a 0 that
# exp overflows.
CROWD_BELOW = -743.0


@cache
def loss_problems(probes: Probes = FIXED) -> tuple[Problem, ...]:
    """The batches on which every loss of W is judged."""
    plain = plain_problems(probes)
    few, more, fewest = plain[0], plain[1], plain[3]
    N = len(few.X)
    up, down, apart = np.ones(N), -np.ones(N), np.where(np.arange(N) % 2, -1.0, 1.0)
    return (
        *plain,
        Problem(BEHIND, stretched(*few[1:4]), few.X, few.y, 0.1),
        Problem("all weights zero", np.zeros_like(more.W), more.X, more.y, 0.1),
        *(Problem(name, *offset(few.W, few.X, signs), few.y, 0.0)
          for name, signs in ((FAR_UP, up), (FAR_DOWN, down), (FAR_APART, apart))),
        Problem(FAR_BELOW, *below(*fewest[1:4]), fewest.y, 0.0),
        crowd(probes),
        Problem("float32", more.W.astype(np.float32), more.X.astype(np.float32), more.y, 0.1),
        # Beyond 1, where the course's own settings lie.
        plain[6]._replace(name=STRONG, reg=float(probes.rng(9).integers(10_000, 50_000))),
    )


@cache
def scores_problems(probes: Probes = FIXED) -> tuple[ScoresProblem, ...]:
    """The scores on which functions of scores are judged."""
    return tuple(of_scores(p) for p in loss_problems(probes)
                 if p.name not in ("no regularization", STRONG))


# How often each sample occurs where they are many; N is then no multiple of 25 or 32.
TIMES = 211


def many_rows(probes: Probes = FIXED) -> Array:
    """Which sample of the first problem stands in each row; at both ends it is the worst one."""
    _, W, X, y, _ = plain_problems(probes)[0]
    worst_first = np.argsort(-lead(X @ W, y))
    return np.roll(worst_first.repeat(TIMES), -(TIMES // 2))


@cache
def last_problems(probes: Probes = FIXED) -> tuple[Problem, ...]:
    """The batches on which only a loss is judged that is right on the others.

    The first has the mean loss and the dW of the first of the others.
    """
    few = plain_problems(probes)[0]
    rows, spread = many_rows(probes), probes.rng(14).uniform(800, 1500)
    ones = np.eye(few.W.shape[1])
    X = np.column_stack([few.X, ones[few.y]])
    return (
        few._replace(name=MANY, X=few.X[rows], y=few.y[rows]),
        Problem(LOST, np.vstack([few.W, -spread * ones]), X, few.y, 0.0),
        Problem(SURE, np.vstack([few.W, spread * ones]), X, few.y, 0.0),
    )


def of_scores(problem: Problem) -> ScoresProblem:
    """The scores of a problem, and its labels."""
    name, W, X, y, _ = problem
    return ScoresProblem(name.replace("weights", "scores"), X @ W, y)


def far_above(probes: Probes = FIXED) -> ScoresProblem:
    """Scores of which one is thousands above the rest: harmless but for the others' losses."""
    if probes == FIXED:
        return ScoresProblem(ABOVE, np.array([[0.0, -1.0, -2.0, 3000.0], [1.0, 3000.0, 2.0, 0.0]]),
                             np.array([3, 1]))
    rng, N, C = probes.rng(10), probes.between(2, 6, 10), probes.between(3, 7, 11)
    scores, top = rng.normal(size=(N, C)), rng.integers(C, size=N)
    scores[np.arange(N), top] += rng.uniform(2000, 9000, size=N)
    return ScoresProblem(ABOVE, scores, top)

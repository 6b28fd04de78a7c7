"""Judges the search with stand-in classifiers, whose accuracies are known beforehand."""
from collections.abc import Callable, Iterator
from functools import cache, partial
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from numpy import ndarray as Array

from cs231n_lite.exercises.diagnosis.faults import fault
from cs231n_lite.exercises.judges.calling import (
    TOLERANCE,
    Faulty,
    attempt,
    call,
    described,
    is_close,
)
from cs231n_lite.exercises.judges.choices import Accuracies, Point, fault_of, tells_all_apart
from cs231n_lite.exercises.judges.problems import FIXED, Probes
from cs231n_lite.exercises.verdict import Fault, Trial

# (right of 109 training rows, right of 71 validation rows) at 4 learning rates times 5 regs: here
# `choices` tells all rules apart, and so it often does when each number is moved by one.
SIZES = np.array([109, 71])
COUNTS = np.array([[(19, 18), (46, 6), (61, 21), (63, 25), (40, 17)],
                   [(51, 14), (36, 23), (20, 33), (68, 19), (16, 7)],
                   [(21, 22), (54, 31), (65, 12), (55, 27), (30, 15)],
                   [(34, 32), (38, 20), (26, 30), (11, 28), (28, 13)]])
# Sizes of which no share is a round number.
TRAIN_SIZES, VAL_SIZES = (101, 103, 107, 109, 113), (67, 71, 73, 79, 83)


class Grid(NamedTuple):
    """The points of a search, sizes of the data, and how many rows a point gets right."""

    rates: list[float]
    regs: list[float]
    train_size: int
    val_size: int
    right: dict[Point, tuple[int, int]]

    @property
    def accuracies(self) -> Accuracies:
        """(training, validation) accuracy of each point."""
        return {point: (train / self.train_size, val / self.val_size)
                for point, (train, val) in self.right.items()}

    @property
    def best(self) -> Point:
        """The point of highest validation accuracy."""
        return max(self.right, key=lambda point: self.right[point][1])

    @property
    def data(self) -> tuple[Array, Array, Array, Array]:
        """X_train, y_train, X_val, y_val, by which a stand-in knows what it sees."""
        X_train, X_val = (np.arange(self.train_size * 1.0)[:, None],
                          -1 - np.arange(self.val_size * 1.0)[:, None])
        return X_train, labels_of(X_train), X_val, labels_of(X_val)


@cache
def grid_of(probes: Probes) -> Grid:
    """The usual grid, or one with other points, sizes and accuracies, which tells as much."""
    if probes == FIXED:
        return grid_with([0.1, 0.2, 0.3, 0.4], [3.0, 4.0, 5.0, 6.0, 7.0], SIZES, COUNTS)
    rng = probes.rng(6)
    while True:
        sizes = np.array([rng.choice(TRAIN_SIZES), rng.choice(VAL_SIZES)])
        counts = (COUNTS * sizes / SIZES).round().astype(int) + rng.integers(-1, 2, COUNTS.shape)
        if rng.integers(2):
            counts = counts.swapaxes(0, 1)
        grid = grid_with(rng.uniform(0.1, 0.9, counts.shape[0]).round(3).tolist(),
                         rng.uniform(3, 9, counts.shape[1]).round(3).tolist(), sizes, counts)
        if tells_all_apart(grid.accuracies) and not is_round(grid.accuracies[grid.best][1]):
            return grid


def grid_with(rates: list[float], regs: list[float], sizes: Array, counts: Array) -> Grid:
    """The grid with these counts (len(rates), len(regs), 2)."""
    train_size, val_size = sizes.tolist()
    return Grid(rates, regs, train_size, val_size,
                dict(zip(product(rates, regs), map(tuple, counts.reshape(-1, 2).tolist()))))


def is_round(share: float) -> bool:
    """True when it could be rounded to three places, and nobody would see it."""
    return is_close(share, round(share, 3), 2 * TOLERANCE)


class StandIn:
    """A classifier of given accuracies on the training and the validation rows.

    Training rows hold 0, 1, 2, ..., validation rows -1, -2, -3, ..., so that it knows each one that
    it sees.  What is wrong with a training it says itself, at once: a search in several processes
    leaves no other trace of it here.
    """

    def __init__(self, grid: Grid, point: Point) -> None:
        self.grid, self.point, self.is_trained = grid, point, False

    def __sklearn_clone__(self) -> "StandIn":
        return StandIn(self.grid, self.point)

    def fit(self, X: Array, y: Array) -> "StandIn":
        """Be trained, on all training rows alone and with their labels."""
        X = np.asarray(X)
        if len(X) != self.grid.train_size or X.min() < 0:
            raise Faulty(fault("search: trained on validation"))
        if not np.array_equal(y, labels_of(X)):
            raise Faulty(fault("search: labels mixed up"))
        self.is_trained = True
        return self

    def train(self, X: Array, y: Array, learning_rate: float = 1e-3, reg: float = 1e-5,
              num_iters: int = 100, batch_size: int = 200, verbose: bool = False) -> list[float]:
        """As fit, by the course's name: with these settings, whatever it was made with."""
        if (learning_rate, reg) != self.point:
            known = {(1e-3, 1e-5): "search: train without settings",
                     self.point[::-1]: "search: train settings swapped"}
            raise Faulty(fault(known.get((learning_rate, reg), "search: train settings"),
                               a=learning_rate, b=reg, point=self.point))
        self.fit(X, y)
        return [0.0]

    def predict(self, X: Array) -> Array:
        """The true label of as many rows of each part as it gets right, else another."""
        if not self.is_trained:
            raise Faulty(fault("search: untrained"))
        X = np.asarray(X)
        if X.ndim != 2 or len(X) > 9 * self.grid.train_size:
            raise ValueError(f"X has shape {X.shape}; "
                             "expected rows (N, D) of the training or the validation data.")
        number, labels = X[:, 0], labels_of(X)
        train, val = self.grid.right[self.point]
        is_right = np.where(number >= 0, number < train, -1 - number < val)
        return np.where(is_right, labels, labels + 1)

    def score(self, X: Array, y: Array) -> float:
        """Accuracy, as scikit-learn's classifiers give it."""
        if np.shape(y) != (len(X),):
            raise ValueError(f"y has shape {np.shape(y)} for {len(X)} samples; "
                             f"expected ({len(X)},).")
        return float(np.mean(self.predict(X) == y))


def labels_of(X: Array) -> Array:
    """The label of each row, which follows from what the row holds."""
    return (np.abs(X[:, 0]) * 3 % 5).astype(int)


def judge_search(f: Callable, probes: Probes = FIXED) -> list[Trial]:
    """Judge f(make, X_train, y_train, X_val, y_val, learning_rates, regs), a search."""
    grid = grid_of(probes)
    met: list[Point] = []
    answer: Any = None

    def make(learning_rate: float, reg: float) -> StandIn:
        if (learning_rate, reg) not in grid.right:
            swapped = (reg, learning_rate) in grid.right
            id = "search: swapped arguments" if swapped else "search: off the grid"
            raise Faulty(fault(id, a=learning_rate, b=reg))
        met.append((learning_rate, reg))
        return StandIn(grid, (learning_rate, reg))

    def run() -> Iterator[Fault]:
        nonlocal answer
        answer = call(f, make, *grid.data, grid.rates, grid.regs, parts=3)
        if not isinstance(answer, (tuple, list)) or len(answer) != 3:
            raise Faulty(fault("search: returns", got=described(answer)))
        yield from ()

    trials = [attempt("trains on the training data, returns results, best_val and best", run)]
    if not trials[0].faults:
        trials.append(attempt("every point of the grid", partial(grid_faults, grid, answer[0])))
    if any(trial.faults for trial in trials):
        return trials
    return [
        *trials,
        attempt("results: training and validation accuracy",
                partial(result_faults, grid, answer[0])),
        attempt("the best on the validation data",
                partial(best_faults, grid, met, *answer[1:])),
    ]


def grid_faults(grid: Grid, results: Any) -> Iterator[Fault]:
    """No point is missing, where results holds points of the grid."""
    points = grid.right.keys()
    if not isinstance(results, dict) or not results.keys() < points:
        return
    missing, few = len(points - results.keys()), min(len(grid.rates), len(grid.regs))
    means = " Every learning rate is to be tried with every reg, not only with the one beside it."
    yield fault("search: grid", missing=missing, all=len(points),
                means=means if len(results) == few else "")


# --------------------------------------------------------------- results


def result_faults(grid: Grid, results: Any) -> Iterator[Fault]:
    """results maps each point to its two accuracies."""
    if not isinstance(results, dict):
        yield fault("search: results type", got=described(results))
    elif results.keys() == {(reg, rate) for rate, reg in grid.right}:
        yield fault("search: keys swapped")
    elif results.keys() != grid.right.keys():
        yield fault("search: keys",
                    got=plain(next(key for key in results if key not in grid.right)))
    else:
        yield from accuracy_faults(grid, results)


def accuracy_faults(grid: Grid, results: dict) -> Iterator[Fault]:
    """The accuracies of every point."""
    if not all(np.shape(value) == (2,) for value in results.values()):
        point = next(iter(grid.right))
        if all(is_number(value) for value in results.values()):
            yield fault("search: one accuracy")
        else:
            yield fault("search: results", point=point, got=plain(results[point]),
                        want=grid.accuracies[point])
        return
    got = np.array([results[point] for point in grid.right], dtype=float)
    want = np.array(list(grid.accuracies.values()))
    if is_close(got, want):
        return
    known = {
        "accuracies swapped": want[:, ::-1], "training for validation": want[:, [0, 0]],
        "validation for training": want[:, [1, 1]], "counts": np.array(list(grid.right.values())),
        "per cent": 100 * want, "error rates": 1 - want,
    }
    for name, values in known.items():
        if is_close(got, values):
            yield fault(f"search: {name}")
            return
    point = next(p for p in grid.right if not is_close(results[p], grid.accuracies[p]))
    yield fault("search: results", point=point, got=plain(results[point]),
                want=grid.accuracies[point])


def plain(value: Any) -> Any:
    """The value with Python's own numbers in the place of NumPy's, which show their type."""
    if isinstance(value, (Array, np.generic)):
        return value.tolist()
    return type(value)(map(plain, value)) if type(value) in (tuple, list) else value


# --------------------------------------------------------------- the best


def best_faults(grid: Grid, met: list[Point], best_val: Any, best: Any) -> Iterator[Fault]:
    """best_val is the highest validation accuracy, best the classifier that has it.

    `met` are the points in the order in which classifiers were made.
    """
    highest = grid.accuracies[grid.best][1]
    val_right = is_number(best_val) and is_close(best_val, highest, 2 * TOLERANCE)
    if not isinstance(best, StandIn):
        yield fault("search: best not kept", got=described(best) if best is not None else "None")
    elif best.point != grid.best:
        yield fault(fault_of(best.point, grid.accuracies, met))
    elif not best.is_trained:
        yield fault("search: best made anew")
    if not val_right:
        highest_train = max(train for train, _ in grid.accuracies.values())
        of_training = is_number(best_val) and is_close(best_val, highest_train)
        yield fault("search: best_val of training" if of_training else "search: best_val",
                    got=best_val, want=highest)


def is_number(value: Any) -> bool:
    """True for one real number."""
    return np.ndim(value) == 0 and isinstance(value, (int, float, np.integer, np.floating))

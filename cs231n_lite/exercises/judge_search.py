"""Judges the hyperparameter search with stand-in classifiers, whose accuracies are known beforehand."""
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy import ndarray as Array

from cs231n_lite.exercises.faults import fault
from cs231n_lite.exercises.judging import Faulty, attempt, call, described, is_close
from cs231n_lite.exercises.verdict import Fault, Trial

TRAIN_SIZE, VAL_SIZE = 20, 10
RATES, REGS = [0.1, 0.2], [3.0, 4.0, 5.0]
# (right of 20 training rows, right of 10 validation rows).  The best on validation is neither first, last nor best on
# training, and the point after it would win if its training accuracy were compared.
RIGHT = {(0.1, 3.0): (12, 4), (0.1, 4.0): (20, 5), (0.1, 5.0): (7, 3),
         (0.2, 3.0): (15, 9), (0.2, 4.0): (19, 6), (0.2, 5.0): (9, 2)}
ACCURACIES = {point: (train / TRAIN_SIZE, val / VAL_SIZE) for point, (train, val) in RIGHT.items()}
BEST = max(RIGHT, key=lambda point: RIGHT[point][1])


class StandIn:
    """A classifier that right away predicts with given accuracies on the training and the validation rows.

    Training rows hold 0, 1, 2, ..., validation rows -1, -2, -3, ..., so that it knows which it sees.
    """

    def __init__(self, point: tuple[float, float]) -> None:
        self.point = point
        self.right = dict(zip((True, False), RIGHT[point]))
        self.fitted_on: list[tuple[Array, Array]] = []

    def fit(self, X: Array, y: Array) -> "StandIn":
        """Remember what it was trained on."""
        self.fitted_on.append((np.array(X), np.array(y)))
        return self

    def train(self, X: Array, y: Array, *settings: Any, **named: Any) -> list[float]:
        """As fit, by the course's name."""
        self.fit(X, y)
        return [0.0]

    def predict(self, X: Array) -> Array:
        """The true label for as many rows as it gets right, another one for the rest."""
        if not self.fitted_on:
            raise Faulty(fault("search: untrained"))
        labels = labels_of(np.asarray(X))
        return np.where(np.arange(len(X)) < self.right[bool(X[0, 0] >= 0)], labels, labels + 1)

    def score(self, X: Array, y: Array) -> float:
        """Accuracy, as scikit-learn's classifiers give it."""
        return float(np.mean(self.predict(X) == y))


def labels_of(X: Array) -> Array:
    """The label of each row, which follows from what the row holds."""
    return (np.abs(X[:, 0]) * 3 % 5).astype(int)


def judge_search(f: Callable) -> list[Trial]:
    """Judge f(make, X_train, y_train, X_val, y_val, learning_rates, regs) -> (results, best_val, best)."""
    made: list[StandIn] = []
    answer: Any = None

    def make(learning_rate: float, reg: float) -> StandIn:
        if (learning_rate, reg) not in RIGHT:
            swapped = (reg, learning_rate) in RIGHT
            id = "search: swapped arguments" if swapped else "search: off the grid"
            raise Faulty(fault(id, a=learning_rate, b=reg))
        made.append(StandIn((learning_rate, reg)))
        return made[-1]

    def run() -> Iterator[Fault]:
        nonlocal answer
        X_train, X_val = np.arange(TRAIN_SIZE * 1.0)[:, None], -1 - np.arange(VAL_SIZE * 1.0)[:, None]
        answer = call(f, make, X_train, labels_of(X_train), X_val, labels_of(X_val), RATES, REGS)
        if not isinstance(answer, (tuple, list)) or len(answer) != 3:
            raise Faulty(fault("search: returns", got=described(answer)))
        yield from ()

    trials = [attempt("returns results, best_val and best", run)]
    if not trials[0].faults:
        trials.append(attempt("every point of the grid, trained on the training data", partial(grid_faults, made)))
    if any(trial.faults for trial in trials):
        return trials
    return [
        *trials,
        attempt("results: training and validation accuracy", partial(result_faults, answer[0])),
        attempt("the best on the validation data", partial(best_faults, made, *answer[1:])),
    ]


def grid_faults(made: list[StandIn]) -> Iterator[Fault]:
    """All points were made, and trained on the training rows alone, with their labels."""
    if missing := RIGHT.keys() - {model.point for model in made}:
        few = len(missing) == len(RIGHT) - min(len(RATES), len(REGS))
        means = " Every learning rate is to be tried with every reg, not only with the one beside it." if few else ""
        yield fault("search: grid", missing=len(missing), all=len(RIGHT), means=means)
    for X, y in (data for model in made for data in model.fitted_on):
        if len(X) != TRAIN_SIZE or X.min() < 0:
            yield fault("search: trained on validation")
            return
        if not np.array_equal(y, labels_of(X)):
            yield fault("search: labels mixed up")
            return


# --------------------------------------------------------------- results


def result_faults(results: Any) -> Iterator[Fault]:
    """results maps each point to its two accuracies."""
    if not isinstance(results, dict):
        yield fault("search: results type", got=described(results))
    elif results.keys() == {(reg, rate) for rate, reg in RIGHT}:
        yield fault("search: keys swapped")
    elif results.keys() != RIGHT.keys():
        odd = next((key for key in results if key not in RIGHT), "a part of them only")
        yield fault("search: keys", got=odd)
    else:
        yield from accuracy_faults(results)


def accuracy_faults(results: dict) -> Iterator[Fault]:
    """The accuracies of every point."""
    if not all(np.shape(value) == (2,) for value in results.values()):
        point = next(iter(results))
        if all(np.shape(value) == () for value in results.values()):
            yield fault("search: one accuracy")
        else:
            yield fault("search: results", point=point, got=results[point], want=ACCURACIES[point])
        return
    got = np.array([results[point] for point in RIGHT], dtype=float)
    want = np.array(list(ACCURACIES.values()))
    if is_close(got, want):
        return
    known = {
        "accuracies swapped": want[:, ::-1], "training for validation": want[:, [0, 0]],
        "validation for training": want[:, [1, 1]], "counts": np.array(list(RIGHT.values())),
        "per cent": 100 * want, "error rates": 1 - want,
    }
    for name, values in known.items():
        if is_close(got, values):
            yield fault(f"search: {name}")
            return
    point = next(p for p in RIGHT if not is_close(results[p], ACCURACIES[p]))
    yield fault("search: results", point=point, got=results[point], want=ACCURACIES[point])


# --------------------------------------------------------------- the best


def best_faults(made: list[StandIn], best_val: Any, best: Any) -> Iterator[Fault]:
    """best_val is the highest validation accuracy, best the classifier that has it."""
    val_right = np.ndim(best_val) == 0 and is_number(best_val) and is_close(best_val, ACCURACIES[BEST][1])
    if not isinstance(best, StandIn):
        yield fault("search: best not kept", got=described(best) if best is not None else "None")
    elif best.point != BEST:
        yield fault(other_choice(best.point))
    elif not best.fitted_on:
        yield fault("search: best made anew")
    if not val_right:
        highest = max(train for train, _ in ACCURACIES.values())
        of_training = is_number(best_val) and is_close(best_val, highest)
        yield fault("search: best_val of training" if of_training else "search: best_val",
                    got=best_val, want=ACCURACIES[BEST][1])


def is_number(value: Any) -> bool:
    """True for one real number."""
    return np.ndim(value) == 0 and isinstance(value, (int, float, np.integer, np.floating))


def other_choice(point: tuple[float, float]) -> str:
    """The fault of choosing this point, by what it is the first, last, lowest or highest of."""
    points = list(RIGHT)
    if RIGHT[point][0] / TRAIN_SIZE > ACCURACIES[BEST][1]:
        return "search: chosen on training"
    if point == points[-1]:
        return "search: last for best"
    if point == points[0]:
        return "search: first for best"
    return "search: worst for best" if point == min(RIGHT, key=lambda p: RIGHT[p][1]) else "search: best"

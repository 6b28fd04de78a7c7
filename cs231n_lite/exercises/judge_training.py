"""Judges the training loop and the search by what they do: with a loss that spies, and with stand-in classifiers."""
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy import ndarray as Array

from cs231n_lite.exercises.judge_loss import attempt
from cs231n_lite.exercises.judging import Faulty, call, described, is_close
from cs231n_lite.exercises.verdict import Fault, Trial

N, D, C = 40, 3, 4
LEARNING_RATE, REG, NUM_ITERS, BATCH_SIZE = 0.25, 0.5, 30, 8


class Spy:
    """A loss that writes down how it was called and answers with values of its own.

    Row i of `X` holds the number i throughout, and its label follows from i, so that a
    batch tells which rows it is made of and whether rows and labels belong together.
    """

    def __init__(self) -> None:
        self.X = np.repeat(np.arange(N, dtype=np.float64)[:, None], D, axis=1)
        self.y = (np.arange(N) * 7 % 11) % C
        self.W = np.random.default_rng(3).normal(size=(D, C))
        self.answers = np.random.default_rng(4)
        self.calls: list[tuple[Array, Array, Array, float]] = []
        self.gradients: list[Array] = []
        self.values: list[float] = []

    def __call__(self, W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
        self.calls.append((np.array(W), np.array(X), np.array(y), reg))
        self.values.append(float(self.answers.uniform(1, 2)))
        self.gradients.append(self.answers.normal(size=np.shape(W)))
        return self.values[-1], self.gradients[-1].copy()


def judge_sgd(f: Callable) -> list[Trial]:
    """Judge f(loss, W, X, y, learning_rate, reg, num_iters, batch_size, rng) -> (W, losses)."""
    spy, answer = Spy(), None

    def run() -> Iterator[Fault]:
        nonlocal answer
        rng = np.random.default_rng(5)
        answer = call(f, spy, spy.W, spy.X, spy.y, LEARNING_RATE, REG, NUM_ITERS, BATCH_SIZE, rng, may_change=True)
        if not isinstance(answer, tuple) or len(answer) != 2:
            raise Faulty("returns", f"It returns {described(answer)}; expected the pair W, losses.")
        yield from ()

    ran = attempt("returns W and the losses", run)
    if ran.faults:
        return [ran]
    rest = {
        "one call of the loss per iteration": call_faults,
        "batches of batch_size rows with their own labels": batch_faults,
        "batches differ, and reach all of the data": coverage_faults,
        "W moves against the gradient": step_faults,
        "the losses, in order": history_faults,
    }
    trials = [ran]
    for name, faults in rest.items():
        trials.append(attempt(name, partial(faults, spy, *answer)))
        if trials[-1].faults:
            break
    return trials


def call_faults(spy: Spy, W: Any, losses: Any) -> Iterator[Fault]:
    """The loss that was given is called num_iters times, with reg."""
    if len(spy.calls) != NUM_ITERS:
        yield Fault("calls", f"The loss that it was given is called {len(spy.calls)} times in {NUM_ITERS} iterations.")
    elif any(reg != REG for *_, reg in spy.calls):
        yield Fault("reg", f"The loss is called with reg = {spy.calls[0][3]}; it was given {REG}.")


def batch_faults(spy: Spy, W: Any, losses: Any) -> Iterator[Fault]:
    """Every batch has batch_size whole rows of X, each with its own label."""
    for _, X, y, _ in spy.calls:
        if X.shape != (BATCH_SIZE, D) or y.shape != (BATCH_SIZE,):
            yield Fault("batch shape", f"A batch has shapes X {X.shape} and y {y.shape}; "
                                       f"expected ({BATCH_SIZE}, {D}) and ({BATCH_SIZE},).")
            return
        if not (np.isin(X, spy.X).all() and np.all(X == X[:, :1])):
            yield Fault("batch rows", "A batch holds rows that are not rows of X.")
            return
        if not np.array_equal(y, spy.y[X[:, 0].astype(int)]):
            yield Fault("labels apart", "Rows and labels of a batch do not belong together: draw the indices once, "
                                        "and take both X and y with them.")
            return


def coverage_faults(spy: Spy, W: Any, losses: Any) -> Iterator[Fault]:
    """Batches are drawn anew, and over 30 batches of 8 nearly all of 40 rows are met."""
    rows = [tuple(X[:, 0].astype(int)) for _, X, _, _ in spy.calls]
    if len(set(rows)) == 1:
        yield Fault("same batch", "Every iteration sees the same batch; draw a new one inside the loop.")
    elif len({row for batch in rows for row in batch}) < 0.8 * N:
        yield Fault("coverage", "Most rows of X are never drawn; draw the indices from all of them.")


def step_faults(spy: Spy, W: Any, losses: Any) -> Iterator[Fault]:
    """Each W is the one before, less learning_rate times its gradient; the last one is returned."""
    path = [seen for seen, *_ in spy.calls] + [np.asarray(W)]
    if path[-1].shape != (D, C):
        raise Faulty("shape", f"The W that it returns has shape {path[-1].shape}; expected ({D}, {C}).")
    if not np.array_equal(path[0], spy.W):
        yield Fault("start", "The first call of the loss does not get the W that was given.")
    for before, after, gradient in zip(path, path[1:], spy.gradients):
        step = after - before
        if is_close(step, -LEARNING_RATE * gradient, W.dtype):
            continue
        if not step.any():
            yield Fault("no step", "W does not change from one iteration to the next.")
        elif is_close(step, LEARNING_RATE * gradient, W.dtype):
            yield Fault("ascent", "W moves along the gradient, where the loss rises; descent goes the other way.")
        else:
            yield Fault("step", "W does not move by -learning_rate times the gradient of its batch.")
        return


def history_faults(spy: Spy, W: Any, losses: Any) -> Iterator[Fault]:
    """The losses are those that the loss returned, in order."""
    if len(losses) != NUM_ITERS:
        yield Fault("history", f"It returns {len(losses)} losses for {NUM_ITERS} iterations.")
    elif not np.array_equal(np.asarray(losses, dtype=float), spy.values):
        yield Fault("history", "The losses that it returns are not those of the minibatches, in order.")


class StandIn:
    """A classifier made for a point of the grid that, once trained, predicts with the accuracies written in RIGHT.

    Training rows hold 0, 1, 2, ..., validation rows -1, -2, -3, ..., so that it knows which it sees.
    """

    def __init__(self, learning_rate: float, reg: float) -> None:
        self.point = learning_rate, reg
        self.fitted_on: Array | None = None

    def fit(self, X: Array, y: Array) -> "StandIn":
        """Remember what it was trained on."""
        self.fitted_on = np.array(X)
        return self

    def train(self, X: Array, y: Array, *settings: Any, **named: Any) -> list[float]:
        """As fit, by the course's name."""
        self.fit(X, y)
        return [0.0]

    def predict(self, X: Array) -> Array:
        """The true label 1 for as many rows as it gets right, 0 for the rest."""
        if self.fitted_on is None:
            raise ValueError("predict was called before fit")
        right = RIGHT[self.point][0 if X[0, 0] >= 0 else 1]
        return (np.arange(len(X)) < right).astype(int)

    def score(self, X: Array, y: Array) -> float:
        """Accuracy, as scikit-learn's classifiers give it."""
        return float(np.mean(self.predict(X) == y))


TRAIN_SIZE, VAL_SIZE = 20, 10
RATES, REGS = [0.1, 0.2], [3.0, 4.0, 5.0]
# (right of 20 training rows, right of 10 validation rows); the best on validation is neither first, last nor best on training
RIGHT = {(0.1, 3.0): (12, 4), (0.1, 4.0): (19, 5), (0.1, 5.0): (7, 3),
         (0.2, 3.0): (11, 6), (0.2, 4.0): (15, 9), (0.2, 5.0): (9, 2)}


def judge_search(f: Callable) -> list[Trial]:
    """Judge f(make, X_train, y_train, X_val, y_val, learning_rates, regs) -> (results, best_val, best)."""
    made: list[StandIn] = []
    answer: Any = None

    def make(learning_rate: float, reg: float) -> StandIn:
        if (learning_rate, reg) not in RIGHT:
            raise Faulty("grid", f"make was called with ({learning_rate}, {reg}), which is not a point of the grid; "
                                 "the learning rate comes first.")
        made.append(StandIn(learning_rate, reg))
        return made[-1]

    def run() -> Iterator[Fault]:
        nonlocal answer
        X_train, X_val = np.arange(TRAIN_SIZE * 1.0)[:, None], -1 - np.arange(VAL_SIZE * 1.0)[:, None]
        answer = call(f, make, X_train, np.ones(TRAIN_SIZE, int), X_val, np.ones(VAL_SIZE, int), RATES, REGS)
        if not isinstance(answer, tuple) or len(answer) != 3:
            raise Faulty("returns", f"It returns {described(answer)}; expected results, best_val, best.")
        yield from ()

    ran = attempt("returns results, best_val and best", run)
    if ran.faults:
        return [ran]
    return [
        ran,
        attempt("every point of the grid, trained on the training data", partial(grid_faults, made)),
        attempt("results: training and validation accuracy", partial(result_faults, answer[0])),
        attempt("the best on the validation data", partial(best_faults, *answer[1:])),
    ]


def grid_faults(made: list[StandIn]) -> Iterator[Fault]:
    """All points were made, and trained on the training rows alone."""
    if missing := RIGHT.keys() - {model.point for model in made}:
        yield Fault("grid", f"{len(missing)} of {len(RIGHT)} points of the grid are never tried.")
    seen = [model.fitted_on for model in made if model.fitted_on is not None]
    if any(len(X) != TRAIN_SIZE or X.min() < 0 for X in seen):
        yield Fault("leak", "A classifier is trained on something else than X_train; validation data only choose.")


def result_faults(results: Any) -> Iterator[Fault]:
    """results maps each point to its two accuracies."""
    want = {point: (train / TRAIN_SIZE, val / VAL_SIZE) for point, (train, val) in RIGHT.items()}
    if not isinstance(results, dict) or results.keys() != want.keys():
        yield Fault("results", "results must be a dictionary with the key (learning_rate, reg) for every point.")
        return
    for point, accuracies in want.items():
        if np.shape(results[point]) != (2,) or not is_close(results[point], accuracies, np.dtype(np.float64)):
            yield Fault("results", f"results[{point}] is {results[point]}; expected (training accuracy, "
                                   f"validation accuracy) = {accuracies}.")
            return


def best_faults(best_val: Any, best: Any) -> Iterator[Fault]:
    """best_val is the highest validation accuracy, best the trained classifier that has it."""
    point = max(RIGHT, key=lambda p: RIGHT[p][1])
    highest = RIGHT[point][1] / VAL_SIZE
    if np.ndim(best_val) or not is_close(best_val, highest, np.dtype(np.float64)):
        yield Fault("best_val", f"best_val is {best_val}; the highest validation accuracy is {highest}.")
    if not isinstance(best, StandIn) or best.point != point:
        yield Fault("best", "best is not the trained classifier with the highest validation accuracy.")
    elif best.fitted_on is None:
        yield Fault("best", "best was made anew and never trained; keep the classifier itself when it is the best so far.")

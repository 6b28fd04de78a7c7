"""Judges the training loop by what it does with a loss that spies on it."""
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy import ndarray as Array

from cs231n_lite.exercises.diagnosis.faults import fault, note
from cs231n_lite.exercises.judges.calling import Faulty, attempt, call, described, is_close
from cs231n_lite.exercises.judges.problems import FIXED, Probes
from cs231n_lite.exercises.limits import Endless
from cs231n_lite.exercises.verdict import Fault, Trial


class Spy:
    """A loss that writes down how it was called and answers with values of its own.

    A row of `X` holds one number throughout, another one for each row, and its label follows from
    that, so that a batch tells which rows it is made of and whether rows and labels belong
    together.
    """

    def __init__(self, probes: Probes = FIXED) -> None:
        rng, (_, C, D) = probes.rng(2), probes.sizes_near(40, 4, 3)
        # Nothing is round. There are more than 100 iterations, for what changes after so many, and
        # they make no whole epochs of 5 or 6 batches; these leave some rows over. All rows are met,
        # whichever generator draws: one is missed once in a million runs.
        self.num_iters = int(rng.choice([113, 117, 119]))
        self.batch_size = probes.between(21, 50, 12)
        N = self.N = 5 * self.batch_size + probes.between(1, self.batch_size // 2, 13)
        self.numbers = rng.choice(1000, size=N, replace=False)
        self.learning_rate, self.reg = rng.uniform(0.1, 0.9, size=2).round(3).tolist()
        self.X = np.repeat(self.numbers[:, None] * 1.0, D, axis=1)
        self.y = (np.arange(N) * 7 % 11) % C
        self.W = probes.rng(3).normal(size=(D, C))
        self.answers = probes.rng(4)
        self.calls: list[tuple[Array, Array, Array, float]] = []
        self.gradients: list[Array] = []
        self.values: list[float] = []

    def __call__(self, W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
        """A loss and a gradient that say nothing; what was asked is noted."""
        if len(self.calls) == 100 * self.num_iters:
            raise Endless(f"after {len(self.calls):,} calls of the loss")
        if np.size(W) > 9 * self.W.size or np.size(X) > 9 * self.X.size or np.size(y) > 9 * self.N:
            raise ValueError(f"the loss was given W {np.shape(W)}, X {np.shape(X)} and y "
                             f"{np.shape(y)}, which is far more than there is; "
                             "give it a batch of rows.")
        self.calls.append((np.array(W), np.array(X), np.array(y), reg))
        self.values.append(float(self.answers.uniform(1, 2)))
        self.gradients.append(self.answers.normal(size=np.shape(W)))
        return self.values[-1], self.gradients[-1].copy()

    @property
    def settings(self) -> tuple[float, float, int, int]:
        """What stands behind the data in a call of the function that is judged."""
        return self.learning_rate, self.reg, self.num_iters, self.batch_size


def rows_of(spy: Spy, X: Array) -> Array:
    """Which rows of the data a batch is made of."""
    return np.argmax(X[:, :1] == spy.numbers, axis=1)


def judge_sgd(f: Callable, probes: Probes = FIXED) -> list[Trial]:
    """Judge f(loss, W, X, y, learning_rate, reg, num_iters, batch_size, rng) -> (W, losses)."""
    spy = Spy(probes)
    answer: Any = None

    def run() -> Iterator[Fault]:
        nonlocal answer
        answer = call(f, spy, spy.W, spy.X, spy.y, *spy.settings, probes.rng(5),
                      names=("the loss", "W", "X", "y"), may_return="W", parts=2)
        check_answer(answer, spy.W.shape)
        yield from ()

    trials = [attempt("returns W and the losses", run)]
    rest = {
        "one call of the loss per iteration": call_faults,
        "batches of batch_size rows with their own labels": batch_faults,
        "batches differ, and reach all of the data": coverage_faults,
        "W moves against the gradient": step_faults,
        "the losses, in order": history_faults,
    }
    for name, faults in rest.items():
        if trials[-1].faults:
            break
        trials.append(attempt(name, partial(faults, spy, *answer)))
    if any(trial.faults for trial in trials):
        return trials
    return [*trials, Trial("the generator that it draws with",
                           note="" if draws_with_rng(f, probes) else note("other generator"))]


def draws_with_rng(f: Callable, probes: Probes) -> bool:
    """False when equal generators draw different rows, or different ones the same."""

    def rows(seed: int) -> list[list[int]]:
        spy = Spy(probes)
        spy.num_iters = 3
        call(f, spy, spy.W, spy.X, spy.y, *spy.settings, np.random.default_rng(seed),
             parts=2)
        return [rows_of(spy, X).tolist() for _, X, _, _ in spy.calls]

    try:
        first, again, other = rows(1), rows(1), rows(2)
    except Faulty:  # three iterations are too few for it
        return True
    return first == again != other


def check_answer(answer: Any, shape: tuple[int, int]) -> None:
    """Faulty unless it is a pair of W and a list."""
    if not isinstance(answer, (tuple, list)) or len(answer) != 2:
        raise Faulty(fault("returns", got=described(answer), want="two things, W and the losses"))
    W, losses = answer
    if np.ndim(losses) == 2 and np.ndim(W) == 1:
        raise Faulty(fault("sgd: returned in reverse"))
    if type(W) is not Array or W.shape != shape:
        raise Faulty(fault("shape", name="The W that it returns", got=np.shape(W),
                           want=shape, means=""))
    if np.ndim(losses) != 1:
        raise Faulty(fault("sgd: history of W", got=described(losses)))


def call_faults(spy: Spy, W: Array, losses: Any) -> Iterator[Fault]:
    """The loss that was given is called num_iters times, with reg."""
    calls = len(spy.calls)
    if not calls:
        yield fault("sgd: own loss")
    elif calls == 1:
        yield fault("sgd: one call only", iterations=spy.num_iters)
    elif calls != spy.num_iters:
        yield fault("sgd: calls", calls=calls, iterations=spy.num_iters)
    elif any(reg != spy.reg for *_, reg in spy.calls):
        yield fault("sgd: reg",
                    got=next(reg for *_, reg in spy.calls if reg != spy.reg), want=spy.reg)


def batch_faults(spy: Spy, W: Array, losses: Any) -> Iterator[Fault]:
    """Every batch has batch_size whole rows of X, each with its own label."""
    size, D = spy.batch_size, spy.X.shape[1]
    for _, X, y, _ in spy.calls:
        if X.shape != (size, D) or y.shape != (size,):
            means = (" Is the batch still to be drawn?" if np.ndim(X) == 0 else
                     " That is all of the data at once." if len(X) == spy.N else "")
            yield fault("sgd: batch shape", X=X.shape, y=y.shape, means=means,
                        want_X=(size, D), want_y=(size,))
            return
        rows = rows_of(spy, X)
        if not np.array_equal(X, spy.X[rows]):
            yield fault("sgd: batch rows")
            return
        if not np.array_equal(y, spy.y[rows]):
            yield fault("sgd: labels apart")
            return


def coverage_faults(spy: Spy, W: Array, losses: Any) -> Iterator[Fault]:
    """Batches are drawn anew and at random, and meet all rows."""
    rows = [tuple(rows_of(spy, X).tolist()) for _, X, _, _ in spy.calls]
    N, missed = spy.N, sorted(set(range(spy.N)) - {row for batch in rows for row in batch})
    if all(len(set(batch)) == 1 for batch in rows):
        yield fault("sgd: repeated row")
    elif len({tuple(sorted(batch)) for batch in rows}) == 1:
        yield fault("sgd: same batch")
    elif missed:
        edges = {0: ", the first one", N - 1: ", the last one"}
        edge = edges.get(missed[0], "") if len(missed) == 1 else ""
        yield fault("sgd: coverage", missed=len(missed), rows=N, which=edge)
    elif all((b - a) % N == 1 for batch in rows for a, b in zip(batch, batch[1:])):
        yield fault("sgd: in order")


# --------------------------------------------------------------- the steps


def step_faults(spy: Spy, W: Array, losses: Any) -> Iterator[Fault]:
    """Each W is the one before, less learning_rate times its gradient; the last one is returned."""
    path = [seen for seen, *_ in spy.calls]
    if not is_close(path[0], spy.W):
        yield fault("sgd: start")
        return
    steps = [after - before for before, after in zip(path, path[1:])]
    if not any(step.any() for step in steps) and is_close(W, spy.W):
        yield fault("sgd: no step")
        return
    wrong = [i for i, step in enumerate(steps)
             if not is_close(step, -spy.learning_rate * spy.gradients[i])]
    if wrong:
        yield named_step(spy, path, steps, wrong[0])
    elif not is_close(W - path[-1], -spy.learning_rate * spy.gradients[-1]):
        yield fault("sgd: not returned", what=returned_instead(W, path))


def returned_instead(W: Array, path: list[Array]) -> str:
    """What the W that is returned is, other than the one after the last step."""
    if is_close(W, path[0]):
        return "the one it was given"
    return "the one before the last step" if is_close(W, path[-1]) else "another one"


def named_step(spy: Spy, path: list[Array], steps: list[Array], i: int) -> Fault:
    """What the steps are made of, where they are not what they should be."""
    gradients, rate = spy.gradients, spy.learning_rate
    factors = [ratio(step, gradient) for step, gradient in zip(steps, gradients)]
    if (factor := factors[i]) is not None and None not in factors:
        return (constant_step(factor, rate) if is_close(factors, factor) else
                fault("sgd: learning rate changes", i=i, factor=f"{-factor / rate:g}"))
    rests = {ratio(step + rate * g, -rate * spy.reg * W)
             for step, g, W in zip(steps, gradients, path)}
    if len(rests) == 1 and (rest := rests.pop()) is not None:
        return fault("sgd: regularization twice", factor=f"{rest:g}")
    late = all(is_close(step, -rate * g) for step, g in zip(steps[1:], gradients))
    if late:
        return fault("sgd: late gradient")
    if all(is_close(np.abs(step), np.abs(step).flat[0]) for step in steps):
        return fault("sgd: signs only")
    if accumulates(steps, gradients):
        return fault("sgd: steps accumulate")
    return fault("sgd: step", i=i)


def constant_step(factor: float, rate: float) -> Fault:
    """All steps are this factor times the gradient."""
    if np.isclose(factor, rate):
        return fault("sgd: ascent")
    if np.isclose(factor, -1):
        return fault("sgd: learning rate left out")
    if factor > 0:
        return fault("sgd: ascent")
    return fault("sgd: learning rate wrong", factor=f"{-factor / rate:g}")


def ratio(a: Array, b: Array) -> float | None:
    """The rounded number that makes a out of b; None when there is none."""
    number = float(np.sum(a * b) / np.sum(b * b))
    return round(number, 6) if is_close(number * b, a) else None


def accumulates(steps: list[Array], gradients: list[Array]) -> bool:
    """True when the second step is made of the first two gradients."""
    matrix = np.stack([gradients[0].ravel(), gradients[1].ravel()], axis=1)
    found = np.linalg.lstsq(matrix, steps[1].ravel(), rcond=None)[0]
    return is_close(matrix @ found, steps[1].ravel()) and abs(found[0]) > 1e-3


def history_faults(spy: Spy, W: Array, losses: Any) -> Iterator[Fault]:
    """The losses are those that the loss returned, in order."""
    if len(losses) != spy.num_iters:
        yield fault("sgd: history length", got=len(losses), want=spy.num_iters)
        return
    got, want = np.asarray(losses, dtype=float), np.array(spy.values)
    if is_close(got, want, 1e-6):
        return
    if is_close(got, want[::-1]):
        yield fault("sgd: history reversed")
    elif (factor := ratio(got, want)) is not None:
        yield fault("sgd: history scaled", factor=f"{factor:g}")
    elif is_close(got, np.cumsum(want)):
        yield fault("sgd: history accumulates")
    else:
        yield fault("sgd: history")

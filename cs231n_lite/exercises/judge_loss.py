"""Judges losses of W, losses of scores, probabilities and predictions, each against the """
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any

import numpy as np
from numpy import ndarray as Array

from cs231n_lite.exercises.judging import Faulty, call, check_array, check_pair, described, is_close, worst_entry
from cs231n_lite.exercises.problems import loss_problems, scores_problems
from cs231n_lite.exercises.referee import loss_and_gradient, probabilities_of, scores_loss_and_gradient
from cs231n_lite.exercises.verdict import Fault, Trial


@cache
def expected_losses(loss_of: Callable) -> list[tuple[float, Array]]:
    """The referee's loss and dW for every problem of W."""
    return [loss_and_gradient(loss_of, *problem[1:]) for problem in loss_problems()]


@cache
def expected_scores_losses(loss_of: Callable) -> list[tuple[float, Array]]:
    """The referee's loss and dscores for every problem of scores."""
    return [scores_loss_and_gradient(loss_of, *problem[1:]) for problem in scores_problems()]


def judge_loss(f: Callable, loss_of: Callable) -> list[Trial]:
    """Judge f(W, X, y, reg) -> (loss, dW)."""
    return judge_pairs(f, "dW", loss_problems(), expected_losses(loss_of))


def judge_scores_loss(f: Callable, loss_of: Callable) -> list[Trial]:
    """Judge f(scores, y) -> (loss, dscores)."""
    return judge_pairs(f, "dscores", scores_problems(), expected_scores_losses(loss_of))


def judge_pairs(f: Callable, name: str, problems: tuple, expected: list[tuple[float, Array]]) -> list[Trial]:
    """Judge a function that returns a loss and its gradient, called `name`, on every problem."""
    refuse_stub(f, name, problems[0][1:])
    trials = [attempt(p.name, partial(pair_faults, f, name, p[1:], want)) for p, want in zip(problems, expected)]
    trials.append(attempt("the same answer when called again", partial(repeat_faults, f, problems[0][1:])))
    return [explained(trial, trials) for trial in trials]


def judge_probabilities(f: Callable) -> list[Trial]:
    """Judge f(scores) -> probabilities (N, C)."""
    return [attempt(p.name, partial(probability_faults, f, p.scores)) for p in scores_problems()]


def judge_predict(f: Callable) -> list[Trial]:
    """Judge f(W, X) -> labels (N,)."""
    return [attempt(p.name, partial(label_faults, f, p.W, p.X)) for p in loss_problems() if p.W.any()]


def attempt(name: str, faults: Callable[[], Iterator[Fault]]) -> Trial:
    """Run one trial; a Faulty on the way ends it."""
    try:
        return Trial(name, tuple(faults()))
    except Faulty as faulty:
        return Trial(name, (faulty.fault,))


def refuse_stub(f: Callable, name: str, args: tuple) -> None:
    """The course's own untouched cell returns a loss of 0.0 and a zero gradient: that is no attempt either."""
    try:
        loss, gradient = check_pair(call(f, *args), name, args[0].shape)
    except Faulty:
        return
    if loss == 0 and not gradient.any():
        raise NotImplementedError


def pair_faults(f: Callable, name: str, args: tuple, want: tuple[float, Array]) -> Iterator[Fault]:
    """What is wrong with the loss, and with the gradient, that f returns."""
    dtype = args[0].dtype
    loss, gradient = check_pair(call(f, *args), name, args[0].shape)
    if not is_close(loss, want[0], dtype):
        yield Fault("loss", f"the loss is {float(loss):.4f}, expected {want[0]:.4f}")
    if not is_close(gradient, want[1], dtype):
        yield Fault("gradient", worst_entry(name, gradient, want[1]))


def repeat_faults(f: Callable, args: tuple) -> Iterator[Fault]:
    """A second call with the same input must give the same answer."""
    first, second = (check_pair(call(f, *args), "the gradient", args[0].shape) for _ in range(2))
    if not all(np.array_equal(a, b, equal_nan=True) for a, b in zip(first, second)):
        yield Fault("not repeatable", "Called again with the same input, it gives another answer.")


LEADS = {
    frozenset(["gradient"]): "The loss is right, the gradient is not: ",
    frozenset(["loss"]): "The gradient is right, the loss is not: ",
    frozenset(["loss", "gradient"]): "Neither the loss nor the gradient is right; first the loss: ",
}


def explained(trial: Trial, trials: list[Trial]) -> Trial:
    """The trial, with its numbers set in a sentence that says which of loss and gradient is right in all trials."""
    lead = LEADS.get(frozenset(fault.id for t in trials for fault in t.faults), "")
    return Trial(trial.name, tuple(
        Fault(fault.id, f"{lead}{fault.text} ({trial.name}).") if fault.id in ("loss", "gradient") else fault
        for fault in trial.faults))


def probability_faults(f: Callable, scores: Array) -> Iterator[Fault]:
    """What is wrong with the probabilities that f returns."""
    p = call(f, scores)
    check_array(p, "the result", scores.shape)
    want = probabilities_of(scores.astype(np.float64))
    if not np.all(np.isfinite(p)):
        yield Fault("overflow", f"{worst_entry('p', p, want)}: exp overflows where scores are large.")
    elif not is_close(p.sum(axis=1), 1.0, scores.dtype):
        yield Fault("sum", f"The first row sums to {p[0].sum():.4f}; the probabilities of a row sum to 1.")
    elif not is_close(p, want, scores.dtype):
        yield Fault("probabilities", worst_entry("p", p, want) + ".")


def label_faults(f: Callable, W: Array, X: Array) -> Iterator[Fault]:
    """What is wrong with the labels that f returns."""
    labels: Any = call(f, W, X)
    if np.shape(labels) != (len(X),):
        raise Faulty("shape", f"It returns {described(labels)}; expected one label per row of X, shape ({len(X)},).")
    want = [max(range(W.shape[1]), key=lambda j: float(x @ W[:, j])) for x in X]
    wrong = [i for i in range(len(X)) if labels[i] != want[i]]
    if wrong:
        i = wrong[0]
        yield Fault("labels", f"For image {i} it predicts {labels[i]}, but class {want[i]} has the highest score.")

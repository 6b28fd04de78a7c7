"""Judges a test that the student wrote: a small problem on which a wrong loss goes wrong.

The wrong loss is asked there, beside the referee.  From a relative error of 0.01 on, the notes call
a gradient probably wrong (CS231n notes, "Neural networks part 3", gradient checks).
"""
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy import ndarray as Array

from cs231n_lite.exercises.diagnosis.faults import fault
from cs231n_lite.exercises.judges.calling import Faulty, call, described
from cs231n_lite.exercises.judges.problems import FIXED, Probes, Problem, is_clear_of_kinks
from cs231n_lite.exercises.judges.referee import (
    cross_entropy_of,
    hinge_of,
    loss_and_gradient,
)
from cs231n_lite.exercises.suspects import Suspect, what_is_unfit
from cs231n_lite.exercises.verdict import Fault, Trial

NOTICED, CLEAR, ALL = 0.01, 0.3, 0.99
SMALL = 1e-2  # above the weights and strengths of the course's own checks


class Errors(NamedTuple):
    """The relative errors of a wrong loss on one problem."""

    loss: float
    gradient: float

    def __str__(self) -> str:
        return f"{number(self.loss)} in the loss and {number(self.gradient)} in the gradient"

    @property
    def exposed_by(self) -> str:
        """Which of the two shows that something is wrong, or ''."""
        shows = self.loss >= NOTICED, self.gradient >= NOTICED
        return {(True, True): "loss and gradient", (True, False): "the loss alone",
                (False, True): "the gradient alone", (False, False): ""}[shows]


def judge_exposing(f: Callable, suspect: Suspect, probes: Probes = FIXED) -> list[Trial]:
    """Judge f() -> (W, X, y, reg), which exposes the suspect; it brings its own inputs."""
    try:
        problem = problem_of(call(f, parts=4))
    except Faulty as faulty:
        return [Trial("a small problem", (faulty.fault,))]
    errors = errors_on(problem, suspect)
    exposes = (Trial("the wrong loss shows on it", told=praise(errors, suspect))
               if errors.exposed_by else
               Trial("the wrong loss shows on it", (blame(problem, errors, suspect),)))
    return [Trial("a small problem"), exposes]


def problem_of(answer: Any) -> Problem:
    """The problem that was returned; Faulty when it is none."""
    if not isinstance(answer, (tuple, list)) or len(answer) != 4:
        raise Faulty(fault("returns", got=described(answer),
                           want="four things, W, X, y and reg, in this order"))
    if unfit := what_is_unfit(*answer):
        raise Faulty(fault("break: no small problem", unfit=unfit))
    W, X, y, reg = answer
    return Problem("yours", W.astype(np.float64), X.astype(np.float64), y, float(reg))


def errors_on(problem: Problem, suspect: Suspect) -> Errors:
    """How far the suspect is from the referee."""
    got, want = suspect.loss(*problem[1:]), loss_and_gradient(suspect.loss_of, *problem[1:])
    return Errors(relative_error(got[0], want[0]), relative_error(got[1], want[1]))


def relative_error(a: Array | float, b: Array | float) -> float:
    """|a - b| / (|a| + |b|), from 0 to 1; of arrays by the root of the sum of squares."""
    size = np.linalg.norm(a) + np.linalg.norm(b)
    return float(np.linalg.norm(np.subtract(a, b)) / size) if size else 0.0


def praise(errors: Errors, suspect: Suspect) -> str:
    """By what the suspect is exposed, whether more is possible, and its slip."""
    largest = max(errors)
    more = ("That is as much as there can be: the two gradients do not even share a direction."
            if largest >= ALL else
            "An error of 1 is possible: where the right gradient is nearly 0, and this one is not."
            if largest >= CLEAR else
            "It can show far more: what the data add still hides most of it.")
    return (f"Exposed, by {errors.exposed_by}: the relative error, 1 at most, is {errors}. "
            f"{more} The slip: {suspect.slip}")


def blame(problem: Problem, errors: Errors, suspect: Suspect) -> Fault:
    """Why nothing shows on the problem."""
    _, W, X, y, reg = problem
    seen = (f"Not exposed: the relative error there is {errors}, "
            f"and nobody would notice less than {NOTICED:g}.")
    if suspect.loss_of is hinge_of and not is_clear_of_kinks(X @ W, y):
        seen += (" (A margin is 0 here, or nearly: at such a kink several gradients are right, "
                 "and that another one differs says nothing.)")
    if not reg:
        return fault("break: reg is 0", seen=seen)
    if not W.any():
        return fault("break: weights are 0", seen=seen)
    if len(X) == 1 and suspect.loss_of is cross_entropy_of:
        return fault("break: one sample", seen=seen)
    penalty = float(np.linalg.norm(2 * reg * W))
    data = float(np.linalg.norm(loss_and_gradient(suspect.loss_of, W, X, y, 0.0)[1]))
    course = (" The course itself looks like that, with weights of 1e-4 and a reg of 5e-6, "
              "and so it exposes no slip of the regularization at all."
              if np.abs(W).max() < SMALL and reg < SMALL else "")
    return fault("break: too small to show", seen=seen, course=course,
                 share=number(penalty / (penalty + data or 1)))


def number(size: float) -> str:
    """Two digits, which are enough for an error or a share."""
    return f"{size:.2g}"

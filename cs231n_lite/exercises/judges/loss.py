"""Judges losses of W and of scores, each against the referee; what is wrong is then diagnosed."""
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, partial
from typing import Any

import numpy as np
from numpy import ndarray as Array

from cs231n_lite.exercises.diagnosis.anatomy import ENTROPY, HINGE, Anatomy
from cs231n_lite.exercises.diagnosis.decompose import take_apart
from cs231n_lite.exercises.diagnosis.explain import Explained, special_fault
from cs231n_lite.exercises.diagnosis.faults import fault, note
from cs231n_lite.exercises.judges.calling import (
    OVERFLOW,
    TOLERANCE,
    Faulty,
    Untouched,
    attempt,
    call,
    check_pair,
    draws_at_random,
    entry,
    is_close,
    warned,
)
from cs231n_lite.exercises.judges.problems import (
    FIXED,
    LOST,
    SURE,
    TIMES,
    Probes,
    Problem,
    ScoresProblem,
    last_problems,
    loss_problems,
    many_rows,
    of_scores,
    plain_problems,
    scores_problems,
)
from cs231n_lite.exercises.judges.referee import (
    cross_entropy_of,
    hinge_of,
    loss_and_gradient,
    scores_loss_and_gradient,
)
from cs231n_lite.exercises.style import ways_of
from cs231n_lite.exercises.verdict import Fault, Trial

# What np.nan_to_num makes of infinity is not finite either; log(p + 1e-7) does no harm.
HUGE, LOWEST_BOUND = 1e300, 15.5
FAMILIES = {hinge_of: HINGE, cross_entropy_of: ENTROPY}


@cache
def expected_losses(loss_of: Callable, probes: Probes) -> dict[str, tuple[float, Array]]:
    """The referee's loss and dW for every problem of W, by its name."""
    many, *far = last_problems(probes)
    usual = loss_problems(probes)
    want = {problem.name: loss_and_gradient(loss_of, *problem[1:]) for problem in (*usual, *far)}
    return want | {many.name: want[usual[0].name]}


@cache
def expected_scores_losses(loss_of: Callable, probes: Probes) -> dict[str, tuple[float, Array]]:
    """The referee's loss and dscores for every problem of scores, by its name."""
    many, *far = map(of_scores, last_problems(probes))
    usual = scores_problems(probes)
    want = {problem.name: scores_loss_and_gradient(loss_of, *problem[1:])
            for problem in (*usual, *far)}
    loss, dscores = want[usual[0].name]
    return want | {many.name: (loss, dscores[many_rows(probes)] / TIMES)}


@cache
def anatomy(loss_of: Callable, of_scores: bool, probes: Probes) -> Anatomy:
    """What a loss of W is made of on the plain problems; for scores, X is the identity."""
    plain = plain_problems(probes)
    if of_scores:
        plain = tuple(Problem(p.name, p.X @ p.W, np.eye(len(p.X)), p.y, 0.0) for p in plain)
    return Anatomy(FAMILIES[loss_of], plain, of_scores)


def judge_loss(f: Callable, loss_of: Callable, probes: Probes = FIXED,
               loops: bool = True) -> list[Trial]:
    """Judge f(W, X, y, reg) -> (loss, dW); without `loops` a Python loop in it is noted."""
    body = partial(anatomy, loss_of, False, probes)
    with np.errstate(all="ignore"):
        trials = LossJudge(f, "dW", loss_problems(probes), last_problems(probes),
                           expected_losses(loss_of, probes), body,
                           logarithms=loss_of is cross_entropy_of).trials()
    return trials if loops or any(trial.faults for trial in trials) else [*trials, loop_trial(f)]


def loop_trial(f: Callable) -> Trial:
    """Whether the text of f has a Python loop, or calls what has one.

    A function that runs elsewhere has had its text looked at there.
    """
    found = f.ways if isinstance(f, partial) and hasattr(f, "ways") else ways_of(f)
    return Trial("loops in its text",
                 note=note(found[0].id, shown=found[0].shown) if found else "")


def judge_scores_loss(f: Callable, loss_of: Callable, probes: Probes = FIXED) -> list[Trial]:
    """Judge f(scores, y) -> (loss, dscores)."""
    body = partial(anatomy, loss_of, True, probes)
    with np.errstate(all="ignore"):
        return ScoresJudge(f, "dscores", scores_problems(probes),
                           tuple(map(of_scores, last_problems(probes))),
                           expected_scores_losses(loss_of, probes), body,
                           logarithms=loss_of is cross_entropy_of).trials()


class LossJudge:
    """Judges one function that returns a loss and its gradient, called `name`, on all problems."""

    must_take_logarithms_of_sums = False

    def __init__(self, f: Callable, name: str, problems: tuple[Problem | ScoresProblem, ...],
                 last: tuple[Problem | ScoresProblem, ...],
                 expected: dict[str, tuple[float, Array]], body: Callable[[], Anatomy],
                 logarithms: bool) -> None:
        self.f, self.name, self.problems, self.last = f, name, problems, last
        self.expected, self.body, self.logarithms = expected, body, logarithms

    def trials(self) -> list[Trial]:
        """What was tried, with the faults that it showed."""
        before = np.random.get_state()  # noqa: NPY002  whether it is used is the question
        self.refuse_stub()
        trials = [attempt(p.name, partial(self.faults, p)) for p in self.problems]
        trials.append(attempt("the same answer when called again", self.repeat_faults))
        if any(trial.faults for trial in trials):
            return Explained(self, trials).trials()
        if draws_at_random(before):
            trials[-1] = replace(trials[-1], note=note("global generator"))
        return [*trials, *map(self.last_trial, self.last)]

    def answer(self, problem: Problem | ScoresProblem) -> tuple[float, Array]:
        """What the function returns for a problem; Faulty when that is no loss and gradient."""
        return check_pair(call(self.f, *problem[1:], names=problem._fields[1:],
                               parts=2), self.name,
                          problem[1].shape)

    def refuse_stub(self) -> None:
        """The course's own untouched cell returns 0.0 and a zero gradient: no attempt either."""
        try:
            answers = [self.answer(problem) for problem in self.problems[:3]]
        except Faulty:
            return
        if all(loss == 0 and not gradient.any() for loss, gradient in answers):
            raise Untouched

    def faults(self, problem: Problem | ScoresProblem) -> Iterator[Fault]:
        """Which of loss and gradient is wrong, with numbers; the diagnosis finds the words."""
        loss, gradient = self.answer(problem)
        want = self.expected[problem.name]
        if not is_close(loss, want[0]):
            yield Fault("loss", f"The loss is {loss:.4f}, expected {want[0]:.4f}")
        if not is_close(gradient, want[1]):
            yield Fault("gradient", entry(self.name, gradient, want[1]))

    def last_trial(self, problem: Problem | ScoresProblem) -> Trial:
        """One trial of an answer that is right on all the rest."""
        trial = attempt(problem.name, partial(self.faults, problem))
        wrong = [found.id for found in trial.faults]
        if {"loss", "gradient"} & {*wrong} and self.overflows(problem):
            return replace(trial, faults=(fault("shift too small"),))
        if problem.name in (LOST, SURE) and wrong == ["loss"] and self.logarithms:
            return self.far_loss(problem)
        return replace(trial, faults=tuple(
            special_fault(found.id, [problem.name], found.text)
            if found.id in ("loss", "gradient") else found for found in trial.faults))

    def overflows(self, problem: Problem | ScoresProblem) -> bool:
        """True when something is not finite because exp overflows, not for a logarithm of 0."""
        loss, gradient = self.answer(problem)
        return (not np.isfinite([loss, gradient.sum()]).all()
                and OVERFLOW in warned(self.f, *problem[1:]))

    def far_loss(self, problem: Problem | ScoresProblem) -> Trial:
        """The loss alone is wrong where scores lie far apart: a fault, or worth a note."""
        loss, want = self.answer(problem)[0], self.expected[problem.name][0]
        seen = {"got": f"{loss:.4g}", "where": problem.name, "want": f"{want:.0f}",
                "bound": f"{loss:.1f}"}
        if abs(loss - want) < TOLERANCE:
            return Trial(problem.name)
        if not abs(loss) < HUGE and not self.must_take_logarithms_of_sums:
            return Trial(problem.name, note=note("logarithm of 0", **seen))
        if LOWEST_BOUND < loss < want:
            return Trial(problem.name, note=note("bounded", **seen))
        id = "bounded" if 0 < loss < want else "special" if abs(loss) < HUGE else "logarithm of 0"
        entry = f"It is {loss:.4f}, expected {want:.4f}."
        return Trial(problem.name, (fault(f"loss: {id}", entry=entry, **seen),))

    def repeat_faults(self) -> Iterator[Fault]:
        """The same input gives the same answer, in an array of its own, whatever came between."""
        problem, weights = self.problems[0], self.problems[0]._fields[1]
        first = self.answer(problem)
        kept = first[1].copy()
        changed: dict[str, Any] = {weights: -problem[1]}
        self.answer(problem._replace(**changed))
        if not np.array_equal(kept, first[1], equal_nan=True):
            yield fault("overwritten")
            return
        second = self.answer(problem)
        if not all(is_close(b, a, 1e-9) or not np.all(np.isfinite(a))
                   for a, b in ((first[0], second[0]), (kept, second[1]))):
            yield fault("not repeatable")

    def take_apart(self) -> tuple:
        """The pieces of the losses and of the gradients on the plain problems."""
        return take_apart(self.f, self.body().probes)


class ScoresJudge(LossJudge):
    """Judges a loss of scores, as a loss of W = scores whose X is the identity."""

    must_take_logarithms_of_sums = True  # as the exercise says

    def take_apart(self) -> tuple:
        """The pieces; there is no regularization, so its piece is put in as it should be."""

        def of_W(W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
            loss, dscores = self.f(W, y)
            return loss + reg * np.sum(W**2), dscores + 2 * reg * W

        return take_apart(of_W, self.body().probes)

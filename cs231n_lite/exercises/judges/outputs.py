"""Judges what comes out of scores: probabilities, and predicted labels."""
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy import ndarray as Array

from cs231n_lite.exercises.diagnosis.decompose import first_match, law_between
from cs231n_lite.exercises.diagnosis.faults import fault
from cs231n_lite.exercises.diagnosis.rounding import rounded
from cs231n_lite.exercises.diagnosis.slips import probabilities
from cs231n_lite.exercises.judges.calling import (
    Faulty,
    attempt,
    call,
    check_array,
    described,
    entry,
    is_close,
    is_real_number,
    reason,
    warned,
)
from cs231n_lite.exercises.judges.problems import (
    ABOVE,
    CROWD,
    FAR,
    FAR_APART,
    FAR_BELOW,
    FAR_DOWN,
    FAR_UP,
    FIXED,
    SHIFTED,
    Probes,
    Problem,
    ScoresProblem,
    far_above,
    last_problems,
    loss_problems,
    of_scores,
    plain_problems,
    scores_problems,
)
from cs231n_lite.exercises.judges.referee import probabilities_of
from cs231n_lite.exercises.verdict import Fault, Trial

# --------------------------------------------------------------- probabilities

OTHER_PROBABILITIES: dict[str, Callable[[Array], Array]] = {
    "scaled": probabilities,
    "normalized over the wrong axis": partial(probabilities, axis=0),
    "normalized over the wrong axis ": lambda scores: probabilities(scores.T).T,  # shifted so, too
    "normalized over the whole batch": partial(probabilities, axis=None),
    "not normalized": partial(probabilities, normalized=False),
    "exponential left out": partial(probabilities, exponential=False),
    "exponential left out ": partial(probabilities, exponential=False, shift=None),
    "logarithms": lambda scores: np.log(probabilities(scores)),
    "scores negated": partial(probabilities, negated=True),
    "running denominator": partial(probabilities, running=True),
    "sigmoid": partial(probabilities, sigmoid=True),
    "exponential below only": partial(probabilities, exponential="bottom"),
    "exponential below only ": partial(probabilities, exponential="bottom", shift=None),
    "exponential below only  ": partial(probabilities, exponential="bottom", raw=True),
    "exponential above only": partial(probabilities, exponential="top"),
    "exponential above only ": partial(probabilities, exponential="top", shift=None),
    "exponential above only  ": partial(probabilities, exponential="top", raw=True),
    "quotient in the exponent": partial(probabilities, inside="powers"),
    "quotient in the exponent ": partial(probabilities, inside="powers", shift=None),
    "only the first row": lambda scores: (
        probabilities(scores) * (np.arange(len(scores)) == 0)[:, None]),
    "sum carried on": partial(probabilities, carried=True),
    "uniform": lambda scores: np.ones(scores.shape),
    "shift by each class's maximum": partial(probabilities, shift=0),
    "one-hot": lambda scores: (scores == scores.max(axis=1, keepdims=True)) * 1.0,
    "not normalized ": partial(probabilities, normalized=False, shift=None),
    # Or shifted by one maximum.
    "normalized over the whole batch ": partial(probabilities, axis=None, shift=None),
}


def judge_probabilities(f: Callable, probes: Probes = FIXED) -> list[Trial]:
    """Judge f(scores) -> probabilities (N, C)."""
    with np.errstate(all="ignore"):
        return judged_probabilities(f, (*scores_problems(probes), far_above(probes),
                                        of_scores(last_problems(probes)[0])))


def judged_probabilities(f: Callable, problems: tuple[ScoresProblem, ...]) -> list[Trial]:
    """The trials of all problems, with causes for what is wrong."""
    trials = [attempt(p.name, partial(probability_faults, f, p)) for p in problems]
    wrong = [t.name for t in trials if any(found.id == "probabilities" for found in t.faults)]
    if not wrong:
        return trials
    causes = probability_causes(f, problems, [p for p in problems if p.name in wrong])
    return [Trial(t.name, tuple(causes)) if t.name in wrong else t for t in trials]


def probability_faults(f: Callable, problem: ScoresProblem) -> Iterator[Fault]:
    """What is wrong with the probabilities that f returns, in numbers."""
    p, want = returned_probabilities(f, problem), wanted(problem)
    if not is_close(p, want):
        yield Fault("probabilities", entry("p", p, want))


def returned_probabilities(f: Callable, problem: ScoresProblem) -> Array:
    """What f returns; Faulty when that is no array of floats in the shape of the scores."""
    p = call(f, problem.scores, names=("scores",))
    check_array(p, "The result", problem.scores.shape)
    return p


def wanted(problem: ScoresProblem) -> Array:
    """The right probabilities."""
    return probabilities_of(problem.scores.astype(np.float64))


def probability_causes(f: Callable, tried: tuple[ScoresProblem, ...],
                       wrong: list[ScoresProblem]) -> list[Fault]:
    """Why the probabilities of some of the problems are wrong."""
    plain = {p.name for p in plain_problems()}
    usual = [p for p in wrong if p.name in plain]
    if not usual:
        return [far_probabilities(f, wrong) or special_probabilities(f, wrong)]
    problems = [p for p in tried if p.name in plain]
    observed = [returned_probabilities(f, p) for p in problems]
    if not all(np.all(np.isfinite(p)) for p in observed):
        bad = next(p for p, seen in zip(problems, observed) if not np.all(np.isfinite(seen)))
        return [fault("probabilities: not finite", got="nan or infinity",
                      reason=reason(f, bad.scores))]
    if decimals := rounded([(p, wanted(problem)) for p, problem in zip(observed, problems)]):
        return [fault("probabilities: rounded", decimals=decimals)]
    far = far_probabilities(f, [p for p in wrong if p.name in FAR])
    return [plain_probabilities(problems, observed, usual[0].name), *([far] if far else [])]


def plain_probabilities(problems: list[ScoresProblem], observed: list[Array], first: str) -> Fault:
    """The slip that makes these probabilities, or what can be said without knowing it."""
    with np.errstate(all="ignore"):
        candidates = {name: [slip(p.scores) for p in problems]
                      for name, slip in OTHER_PROBABILITIES.items()}
    found = first_match(observed, candidates,
                        tuple((*p.scores.shape[:1], 1, p.scores.shape[1]) for p in problems))
    if found is not None:
        return fault(f"probabilities: {found.name.strip()}", law=found.law,
                     sum=f"{observed[0][0].sum():.4f}")
    if (law := steepness(problems, observed)) is not None:
        return fault("probabilities: base", law=law)
    i = [p.name for p in problems].index(first)
    text = f"{entry('p', observed[i], wanted(problems[i]))} ({first})."
    if is_close(observed[i].sum(axis=1), 1.0):
        return fault("probabilities: shares", entry=text)
    sums = observed[i].sum(axis=1)
    return fault("probabilities: sum", sum=f"{sums[np.abs(sums - 1).argmax()]:.4f}", entry=text)


def steepness(problems: list[ScoresProblem], observed: list[Array]) -> str | None:
    """By what the scores were multiplied, as by another base; None where by nothing."""
    if any(np.any(p <= 0) or not is_close(p.sum(axis=1), 1.0) for p in observed):
        return None
    sizes = tuple((*p.scores.shape[:1], 1, p.scores.shape[1]) for p in problems)
    return law_between([centred(np.log(p)) for p in observed],
                       [centred(p.scores) for p in problems], sizes)


def centred(rows: Array) -> Array:
    """Rows less the mean of each."""
    return rows - rows.mean(axis=1, keepdims=True)


def far_probabilities(f: Callable, wrong: list[ScoresProblem]) -> Fault | None:
    """Why scores far from 0 break it, if they do."""
    broken = {p.name for p in wrong
              if p.name in (*FAR, ABOVE) and not np.all(np.isfinite(returned_probabilities(f, p)))}
    if {FAR_UP, FAR_DOWN} <= broken:
        return fault("no shift")
    if not broken:
        return None
    if broken <= {FAR_BELOW, CROWD, ABOVE}:
        return fault("shift too small")
    far = next(p for p in wrong if p.name in broken)
    # One score thousands above its row lies above other rows, too, unless theirs does as well.
    rows_apart = FAR_APART in broken <= {FAR_APART, ABOVE}
    if rows_apart and not any("overflow" in text for text in warned(f, far.scores)):
        return fault("one maximum for all")
    return fault("overflow")


def special_probabilities(f: Callable, wrong: list[ScoresProblem]) -> Fault:
    """They are wrong only in problems out of the ordinary."""
    where = "; ".join(p.name for p in wrong)
    if all(p.name in SHIFTED for p in wrong):
        alike = [np.ptp(returned_probabilities(f, p), axis=1).max() for p in wrong
                 if p.name == FAR_UP]
        return fault("scores clipped" if alike == [0] else "shift not harmless")
    return fault("probabilities: special", where=where,
                 entry=f"{entry('p', returned_probabilities(f, wrong[0]), wanted(wrong[0]))}.")


# --------------------------------------------------------------- predicted labels

OTHER_LABELS: dict[str, Callable[[Array, Array], Array]] = {
    "predict: lowest score": lambda W, X: (X @ W).argmin(axis=1),
    "predict: scores for labels": lambda W, X: (X @ W).max(axis=1),
    "predict: absolute scores": lambda W, X: np.abs(X @ W).argmax(axis=1),
    "predict: second highest score": lambda W, X: (X @ W).argsort(axis=1)[:, -2],
    "predict: labels from 1": lambda W, X: (X @ W).argmax(axis=1) + 1,
    "predict: last feature left out": lambda W, X: (X[:, :-1] @ W[:-1]).argmax(axis=1),
    "predict: first feature left out": lambda W, X: (X[:, 1:] @ W[1:]).argmax(axis=1),
    "predict: last class left out": lambda W, X: (X @ W)[:, :-1].argmax(axis=1),
    "predict: first class left out": lambda W, X: (X @ W)[:, 1:].argmax(axis=1),
    "predict: sum of the weights": lambda W, X: np.full(len(X), W.sum(axis=0).argmax()),
}


def judge_predict(f: Callable, probes: Probes = FIXED) -> list[Trial]:
    """Judge f(W, X) -> labels (N,)."""
    problems = [*(p for p in loss_problems(probes) if p.W.any()), last_problems(probes)[0]]
    trials = [attempt(p.name, partial(label_faults, f, p)) for p in problems]
    if not any(found.id == "predict: labels" for t in trials for found in t.faults):
        return trials
    known = known_labels(f, [p for p in problems if p.name in {q.name for q in plain_problems()}])
    return [Trial(t.name, tuple(known or x if x.id == "predict: labels" else x for x in t.faults))
            for t in trials]


def known_labels(f: Callable, problems: list[Problem]) -> Fault | None:
    """The slip that gives the same labels as f on all of these problems, if one does."""
    try:
        given = [np.asarray(call(f, p.W, p.X), dtype=float) for p in problems]
    except (Faulty, ValueError, TypeError):
        return None
    if all(len(set(labels)) == 1 for labels in given):
        return fault("predict: one class for all", label=f"{given[0][0]:g}")
    for id, slip in OTHER_LABELS.items():
        if all(np.allclose(labels, slip(p.W, p.X)) for p, labels in zip(problems, given)):
            return fault(id)
    return None


def label_faults(f: Callable, problem: Problem) -> Iterator[Fault]:
    """What is wrong with the labels that f returns; any of several highest scores will do."""
    W, X = problem.W, problem.X
    labels: Any = call(f, W, X, names=("W", "X"))
    check_labels(labels, W, X)
    scores = (X @ W).astype(np.float64)
    top = scores.max(axis=1, keepdims=True)
    is_highest = scores >= top - 1e-9 * (1 + np.abs(top))
    is_given = np.asarray(labels)[:, None] == np.arange(W.shape[1])
    wrong = np.flatnonzero(~np.any(is_highest & is_given, axis=1))
    if len(wrong):
        i = int(wrong[0])
        yield fault("predict: labels", i=i, got=labels[i], want=int(is_highest[i].argmax()),
                    where=problem.name)


def check_labels(labels: Any, W: Array, X: Array) -> None:
    """Faulty unless there is one plain label per row of X."""
    shape = shape_of(labels)
    if shape == () and not is_real_number(labels):
        raise Faulty(fault("predict: type", got=described(labels)))
    if shape and np.asarray(labels).dtype.kind in "SU":
        raise Faulty(fault("predict: type", got=f"{described(labels)}, which holds strings"))
    if shape == (len(X),) and not isinstance(labels, np.ma.MaskedArray):
        return
    N, C = len(X), W.shape[1]
    meanings: dict[tuple[int, ...] | None, str] = {
        (C,): "predict: argmax over the wrong axis", (): "predict: one label for the whole batch",
        (N, C): "predict: a row of numbers per image", (N, 1): "predict: a column",
        (1, N): "predict: a column",
    }
    raise Faulty(fault(meanings.get(shape, "predict: shape"), got=described(labels), N=N))


def shape_of(value: Any) -> tuple[int, ...] | None:
    """The shape of anything that makes an array."""
    try:
        return np.shape(value)
    except ValueError:
        return None

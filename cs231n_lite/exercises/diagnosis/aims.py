"""What an answer to an exercise should return, part by part: the cases that repair aims at."""
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy import ndarray as Array

from cs231n_lite.exercises.diagnosis.cases import Case, Outcome
from cs231n_lite.exercises.judges.lines import judge_line
from cs231n_lite.exercises.judges.loss import (
    expected_losses,
    expected_scores_losses,
    judge_loss,
    judge_scores_loss,
)
from cs231n_lite.exercises.judges.outputs import (
    judge_predict,
    judge_probabilities,
    wanted,
)
from cs231n_lite.exercises.judges.problems import (
    FAR,
    Probes,
    far_above,
    last_problems,
    loss_problems,
    of_scores,
    plain_problems,
    scores_problems,
)
from cs231n_lite.exercises.judges.referee import cross_entropy_of, hinge_of
from cs231n_lite.exercises.judges.search import judge_search
from cs231n_lite.exercises.judges.sgd import judge_sgd

FAMILIES: dict[Callable, str] = {hinge_of: "hinge", cross_entropy_of: "entropy"}


Aims = tuple[tuple[str, ...], str, list[Outcome]]


def cases_of(judge: Callable, probes: Probes) -> Aims | None:
    """The roles of the arguments, the family of losses, and the cases; None for a number."""
    kind, settings = getattr(judge, "func", judge), getattr(judge, "keywords", {})
    family = FAMILIES.get(settings.get("loss_of", len), "")
    if kind is judge_loss:
        return ("W", "X", "y", "reg"), family, [*loss_cases(settings["loss_of"], probes)]
    if kind is judge_scores_loss:
        return ("scores", "y"), family, [*scores_cases(settings["loss_of"], probes)]
    if kind is judge_probabilities:
        return ("scores",), "entropy", [*probability_cases(probes)]
    if kind is judge_predict:
        return ("W", "X"), "", [Case(("labels",), (p.W, p.X), (best_labels(p.W, p.X),))
                                for p in loss_problems(probes) if p.W.any()]
    if kind is judge_line:
        line = settings["line"]
        return (), "", [Case(("result",), args, (np.asarray(line.definition(*args)),))
                        for args in line.inputs(probes).values()]
    if kind is judge_sgd:
        return ("loss", "W", "X", "y", "rate", "reg"), "", [Descending(probes)]
    return ((), "", [Searching(probes)]) if kind is judge_search else None


class Searching:
    """A search among stand-ins, as its judge sees it: a part for each trial."""

    cost = 6  # it takes as long as so many calls of a loss

    def __init__(self, probes: Probes) -> None:
        self.probes = probes

    def outcome(self, f: Callable) -> dict[str, bool]:
        """Which trials go well; those that were not reached do not."""
        try:
            right = [not trial.faults for trial in judge_search(f, self.probes)]
        except Exception:  # of an answer that cannot be looked at
            right = []
        right += [False] * 4
        return {f"trial {n}": right[n] for n in range(4)}


class Descending:
    """A few steps of descent, with a loss that writes down what it was given; then the judge."""

    def __init__(self, probes: Probes) -> None:
        self.probes, self.cost = probes, TRIED

    def outcome(self, f: Callable) -> dict[str, bool]:
        """Whether calls, batches, steps and losses are right, and all rows are met."""
        right = few_steps(f)
        self.cost = JUDGED if all(right.values()) else TRIED
        rows = self.cost > TRIED and not any(t.faults for t in judge_sgd(f, self.probes))
        return right | {"rows": rows}


STEPS, SIZE, RATE, REG = 6, 5, 0.25, 0.5
TRIED, JUDGED = 3, 50  # how many calls of a loss take as long as these steps, and as the judge


class FewDraws(np.random.Generator):
    """A generator that draws no more than some numbers at once, whatever a variant asks for."""

    def choice(self, a: Any, size: Any = None, *rest: Any, **named: Any) -> Any:
        """As NumPy's."""
        return super().choice(a, few(size), *rest, **named)

    def integers(self, low: Any, high: Any = None, size: Any = None, *rest: Any,
                 **named: Any) -> Any:
        """As NumPy's."""
        return super().integers(low, high, few(size), *rest, **named)


def few(size: Any) -> Any:
    """The size, unless it is large."""
    if size is not None and np.prod(size, dtype=float) > 1000:
        raise ValueError
    return size


def few_steps(f: Callable) -> dict[str, bool]:
    """What a training loop does right in a few steps on twenty rows, each of one number."""
    rng = np.random.default_rng(3)
    calls: list[tuple] = []
    X = np.repeat(np.arange(20.0)[:, None], 4, axis=1)
    y, W = np.arange(20) * 7 % 11 % 3, rng.normal(size=(4, 3))

    def loss(W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
        if len(calls) > 2 * STEPS or np.size(W) > 100 or np.size(X) > 1000:
            raise RuntimeError
        calls.append((np.array(W), np.array(X), np.array(y), reg,
                      rng.uniform(1, 2), rng.normal(size=W.shape)))
        return calls[-1][4], calls[-1][5].copy()

    def batches() -> bool:
        return all(rows.shape == (SIZE, 4) and np.isin(rows, X).all()
                   and np.array_equal(labels, y[rows[:, 0].astype(int)])
                   for _, rows, labels, *_ in calls)

    def steps() -> bool:
        path = [*(call[0] for call in calls), np.asarray(end)]
        return np.array_equal(path[0], W) and all(
            np.allclose(b - a, -RATE * call[5]) for a, b, call in zip(path, path[1:], calls))

    tests: dict[str, Callable[[], bool]] = {
        "calls": lambda: len(calls) == STEPS and all(call[3] == REG for call in calls),
        "batches": batches, "steps": steps,
        "losses": lambda: (len(losses) == len(calls) and all(map(np.isscalar, losses))
                           and np.allclose(losses, [call[4] for call in calls])),
    }
    try:
        end, losses = f(loss, W.copy(), X.copy(), y.copy(), RATE, REG, STEPS, SIZE,
                        FewDraws(np.random.PCG64(5)))
        return {name: bool(test()) for name, test in tests.items()}
    except Exception:
        return dict.fromkeys(tests, False)


def parts_at(problem: str, probes: Probes, *parts: str) -> tuple[str, ...]:
    """The parts; where scores are far from 0, or out of the ordinary otherwise, other ones."""
    if problem in {p.name for p in plain_problems(probes)}:
        return parts
    return tuple(f"{part}, {'far' if problem in FAR else 'special'}" for part in parts)


def loss_cases(loss_of: Callable, probes: Probes) -> Iterator[Case]:
    """The data parts, the smallest problems first, then the penalties."""
    expected, both = expected_losses(loss_of, probes), ("loss", "gradient")
    problems = sorted(loss_problems(probes), key=lambda p: p.X.size * p.W.shape[1])
    for p in problems:
        loss, dW = expected[p.name]
        W = p.W.astype(np.float64)
        yield Case(parts_at(p.name, probes, *both), (p.W, p.X, p.y, 0.0),
                   (np.asarray(loss - p.reg * np.sum(W**2)), dW - 2 * p.reg * W))
    plain = {p.name for p in plain_problems(probes)}
    for p in problems:
        if p.reg and p.name in plain:
            yield Case(("penalty of the loss", "penalty of the gradient"), p[1:],
                       (np.asarray(p.reg * np.sum(p.W**2)), 2 * p.reg * p.W), (*p[1:4], 0.0))


def scores_cases(loss_of: Callable, probes: Probes) -> Iterator[Case]:
    """Losses of scores and their gradients."""
    expected = expected_scores_losses(loss_of, probes)
    far = map(of_scores, last_problems(probes)[1:])
    for p in (*sorted(scores_problems(probes), key=lambda p: p.scores.size), *far):
        loss, dscores = expected[p.name]
        yield Case(parts_at(p.name, probes, "loss", "gradient"), p[1:],
                   (np.asarray(loss), dscores))


def probability_cases(probes: Probes) -> Iterator[Case]:
    """Probabilities."""
    for p in (*scores_problems(probes), far_above(probes)):
        yield Case(parts_at(p.name, probes, "probabilities"), (p.scores,), (wanted(p),))


def best_labels(W: Array, X: Array) -> Array:
    """Which classes have a row's highest score."""
    scores = X @ W
    top = scores.max(axis=1, keepdims=True)
    return scores >= top - 1e-9 * (1 + np.abs(top))

"""Slips that take one thing for another: one row or label for all, all for one, a mask for counts.

Each is a loss of (scores, y), or a dW of (X, scores, y), by the names of what is wrong.
"""
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy import ndarray as Array

from cs231n_lite.exercises.diagnosis.slips import (
    MARGIN_SLIPS,
    SOFTMAX_SLIPS,
    GradientOf,
    LossOf,
    Slips,
    entropy_dscores,
    entropy_loss,
    entropy_parts,
    hinge_dscores,
    hinge_loss,
    hinge_margins,
    hinge_parts,
    probabilities,
)
from cs231n_lite.exercises.diagnosis.sums import (
    duplicates_lost,
    entropy_assigned,
    hinge_assigned,
    labels_in_every_row,
    one_indicator_per_row,
    through,
    wrong_columns_assigned,
)

Names = tuple[str, ...]
Change = Callable[[Array], Array]

# --------------------------------------------------------------- one row for all, all for one


def for_all(row: Array, like: Array) -> Array:
    """One row in the place of each."""
    return np.broadcast_to(row, like.shape)


ROWS: dict[str, Change] = {
    "first sample's row for all": lambda X: for_all(X[0], X),
    "sum of all rows for each": lambda X: for_all(X.sum(axis=0), X),
    "mean of all rows for each": lambda X: for_all(X.mean(axis=0), X),
    "row left out": np.ones_like,
}
SCORES: dict[str, Change] = {
    "first sample's scores for all": lambda scores: for_all(scores[0], scores),
    "sum of all samples' scores for each": lambda scores: for_all(scores.sum(axis=0), scores),
    "mean of all samples' scores for each": lambda scores: for_all(scores.mean(axis=0), scores),
}
EVERYWHERE, OTHERS, CORRECT = "", " (other classes)", " (correct class)"


def first_label(y: Array) -> Array:
    """The label of the first sample in the place of each."""
    return np.full_like(y, y[0])


def loss_mixups(loss: LossOf) -> dict[Names, LossOf]:
    """A loss whose scores or labels are not each sample's own."""
    found: dict[Names, LossOf] = {(name,): partial(of_changed, loss, change)
                                  for name, change in SCORES.items()}
    return found | {("first sample's label for all ",): partial(of_first_label, loss)}


def of_changed(loss: Callable, change: Change, scores: Array, y: Array) -> Any:
    """The loss, or the gradient, of other scores."""
    return loss(change(scores), y)


def of_first_label(loss: Callable, scores: Array, y: Array) -> Any:
    """The loss, or the gradient, of the first sample's label for all."""
    return loss(scores, first_label(y))


def gradient_mixups(dscores: Callable, parts: Callable,
                    groups: dict[tuple[int, ...], str]) -> dict[Names, GradientOf]:
    """dW where scores, labels, or the rows beside some of its parts, are not each sample's own."""
    found: dict[Names, GradientOf] = {
        (name,): partial(through, partial(of_changed, dscores, change))
        for name, change in SCORES.items()}
    found[("first sample's label for all ",)] = partial(
        through, partial(of_first_label, dscores))
    return found | {(f"{name}{where}" + " " * n,): partial(with_rows, parts, chosen, change)
                    for name, change in ROWS.items()
                    for n, (chosen, where) in enumerate(groups.items())}


def with_rows(parts: Callable, chosen: tuple[int, ...], change: Change, X: Array, scores: Array,
              y: Array) -> Array:
    """dW, where the slopes of the chosen parts meet other rows than their own."""
    return sum((change(X) if n in chosen else X).T @ part
               for n, part in enumerate(parts(scores, y)))


# --------------------------------------------------------------- two slips, one in the rows


def with_slips(parts: Callable, slips: Slips) -> dict[Names, GradientOf]:
    """dW with one slip more where `dW[:, y] +=` keeps only the last sample of each class."""
    return {("duplicate labels lost", name): partial(duplicates_lost, partial(parts, **slip))
            for name, slip in slips.items()}


def duplicates_lost_once(X: Array, scores: Array, y: Array) -> Array:
    """The hinge's dW where `dW[:, y] -= X` keeps the last sample of each class, and counts 1."""
    others, _ = hinge_parts(scores, y)
    last = np.array([label not in y[i + 1:] for i, label in enumerate(y)])
    truth = np.arange(scores.shape[1]) == y[:, None]
    return X.T @ (others - truth * last[:, None] / len(y))


# --------------------------------------------------------------- the hinge


def counted(count: Callable[[Array], Array], scores: Array, y: Array) -> Array:
    """The hinge's dscores where the correct class gets what `count` makes of the violations."""
    others, _ = hinge_parts(scores, y)
    truth = np.arange(scores.shape[1]) == y[:, None]
    violations = np.rint(others.sum(axis=1, keepdims=True) * len(y))
    return others + truth * count(violations) / len(y)


COUNTS: dict[str, Callable[[Array], Array]] = {
    "counts in an array of booleans": lambda counts: (counts > 0) * 1.0,
    "counts in unsigned integers": lambda counts: -counts % 256,
    "violations of all samples counted for each": lambda counts: for_all(-counts.sum(), counts),
    "violations of all samples counted for each ": lambda counts: for_all(
        1 - counts.sum() - len(counts), counts),
    "count of violations carried on": lambda counts: -np.cumsum(counts, axis=0),
}


def in_every_row(all_violations: bool, scores: Array, y: Array) -> Array:
    """The hinge's dscores where `mask[:, y]` gets minus the violations, of its row or its label."""
    others, _ = hinge_parts(scores, y)
    truth = np.arange(scores.shape[1]) == y[:, None]
    dscores = others * len(y)
    violations = dscores.sum(axis=1) + all_violations
    if all_violations:
        dscores = np.where(truth, 1, dscores)
        dscores[:, y] -= violations
    else:
        dscores[:, y] = -violations[:, None]
    return dscores / len(y)


def with_constant(per_batch: bool, scores: Array, y: Array) -> float:
    """The hinge loss where 1 is added once per sample, or in all, not to each difference."""
    return hinge_loss(scores, y, margin=0.0) + (1 / len(y) if per_batch else 1)


def largest_margin(scores: Array, y: Array) -> float:
    """The largest margin of all."""
    gaps, takes_part = hinge_margins(scores, y)
    return float(np.max(np.maximum(gaps, 0) * takes_part))


def moved(scores: Array, y: Array) -> Array:
    """The hinge's dscores, the correct class's part in the column of the first sample's label."""
    dscores, correct = hinge_parts(scores, y)
    dscores[:, y[0]] += correct.sum(axis=1)
    return dscores


def squared_errors(of: Callable[[Array], Array], scores: Array, y: Array) -> float:
    """The mean of the squared distances from one-hot labels."""
    truth = np.arange(scores.shape[1]) == y[:, None]
    return float(np.sum((of(scores) - truth) ** 2)) / len(y)


def slopes_of_squares(scores: Array, y: Array) -> Array:
    """The gradient of the squared distances of scores from one-hot labels."""
    return 2 * (scores - (np.arange(scores.shape[1]) == y[:, None])) / len(y)


SQUARED_ERRORS: dict[Names, LossOf] = {
    ("of squared errors",): partial(squared_errors, probabilities),
    ("of squared errors ",): partial(squared_errors, np.asarray),
}
HINGE_LOSS_MIXUPS: dict[Names, LossOf] = loss_mixups(hinge_loss) | SQUARED_ERRORS | {
    ("margin added once per sample",): partial(with_constant, False),
    ("margin added once in all",): partial(with_constant, True),
    ("largest margin of all",): largest_margin,
    ("of softmax",): entropy_loss,
}
HINGE_GRADIENT_MIXUPS: dict[Names, GradientOf] = gradient_mixups(
    hinge_dscores, hinge_parts, {(0, 1): EVERYWHERE, (0,): OTHERS, (1,): CORRECT}) | {
    ("first sample's label for all (correct class)",): partial(through, moved),
    ("wrong classes' columns assigned ",): partial(hinge_assigned, "others"),
    ("correct class's column assigned ",): partial(hinge_assigned, "correct"),
    ("correct class's column assigned  ",): partial(hinge_assigned, "end"),
    ("wrong classes' columns assigned", "correct class's part missing"):
        partial(wrong_columns_assigned, correct="missing"),
    ("duplicate labels lost", "correct class subtracted always once"): duplicates_lost_once,
    ("labels of all samples in every row  ",): partial(through, partial(in_every_row, False)),
    ("labels of all samples in every row   ",): partial(through, partial(in_every_row, True)),
    ("of softmax",): partial(through, entropy_dscores),
    ("of squared errors",): partial(through, slopes_of_squares),
} | with_slips(hinge_parts, MARGIN_SLIPS) | {
    (name,): partial(through, partial(counted, count)) for name, count in COUNTS.items()
} | {
    ("correct class subtracted always once", name):
        partial(through, partial(one_indicator_per_row, always=True, **slip))
    for name, slip in MARGIN_SLIPS.items()
}

# --------------------------------------------------------------- cross-entropy


def own_probability(scores: Array, y: Array, indicator: float = 1.0,
                    other_indicator: float = 0.0) -> Array:
    """Cross-entropy's dscores, the correct class's probability in the place of each class's."""
    truth = np.arange(scores.shape[1]) == y[:, None]
    own = probabilities(scores)[truth][:, None]
    return (own - np.where(truth, indicator, other_indicator)) / len(y)


def one_from_every_class(scores: Array, y: Array) -> Array:
    """Cross-entropy's dscores, 1 subtracted in every column."""
    return (probabilities(scores) - 1) / len(y)


def in_the_first_row(every_label: bool, scores: Array, y: Array) -> Array:
    """Cross-entropy's dscores, 1 subtracted in the first row only."""
    dscores = probabilities(scores)
    dscores[0, y if every_label else y[:1]] -= 1
    return dscores / len(y)


def partly(part: int, slip: dict, scores: Array, y: Array) -> Array:
    """Cross-entropy's dscores where a slip is in the probabilities of the correct class only.

    With `part` 0 of the others only.
    """
    truth = np.arange(scores.shape[1]) == y[:, None]
    p, spoilt = probabilities(scores), probabilities(scores, **slip)
    return (np.where(truth == bool(part), spoilt, p) - truth) / len(y)


PARTLY: Slips = {
    "not normalized": dict(normalized=False),
    "exponential below only": dict(exponential="bottom"),
    "quotient in the exponent": dict(inside="powers"),
}


def mean_inside(scores: Array, y: Array) -> float:
    """Cross-entropy, N inside the logarithm."""
    return entropy_loss(scores, y) + np.log(len(y))


def logarithm_of_the_sum(scores: Array, y: Array) -> float:
    """Minus the logarithm of the sum of all samples' probabilities, over N."""
    return float(-np.log(probabilities(scores)[np.arange(len(y)), y].sum())) / len(y)


ENTROPY_LOSS_MIXUPS: dict[Names, LossOf] = loss_mixups(entropy_loss) | SQUARED_ERRORS | {
    ("division by N inside the logarithm",): mean_inside,
    ("logarithm after the sum",): logarithm_of_the_sum,
    ("of the SVM",): hinge_loss,
}
ENTROPY_GRADIENT_MIXUPS: dict[Names, GradientOf] = gradient_mixups(
    entropy_dscores, entropy_parts,
    {(0, 1, 2): EVERYWHERE, (0,): OTHERS, (0, 1): OTHERS, (1,): CORRECT, (2,): CORRECT,
     (1, 2): CORRECT}) | {
    ("wrong classes' columns assigned",): partial(entropy_assigned, "others", True),
    ("correct class's column assigned",): partial(entropy_assigned, "correct", True),
    ("correct class's column assigned ",): partial(entropy_assigned, "correct", False),
    ("correct class's column assigned  ",): partial(entropy_assigned, "end", False),
    ("correct class's probability for all",): partial(through, own_probability),
    ("correct class's probability for all", "indicator missing"):
        partial(through, partial(own_probability, indicator=0.0)),
    ("correct class's probability for all", "indicator in every column"):
        partial(through, partial(own_probability, other_indicator=1.0)),
    ("indicator in every column",): partial(through, one_from_every_class),
    ("labels of all samples in the first row",): partial(through, partial(in_the_first_row, True)),
    ("indicator in the first row only",): partial(through, partial(in_the_first_row, False)),
    ("of the SVM",): partial(through, hinge_dscores),
    ("of squared errors",): partial(through, slopes_of_squares),
} | with_slips(entropy_parts, SOFTMAX_SLIPS) | {
    (f"{name}{where}",): partial(through, partial(partly, part, slip))
    for name, slip in PARTLY.items() for part, where in enumerate((OTHERS, CORRECT))
} | {
    ("labels of all samples in every row", name):
        partial(through, partial(labels_in_every_row, **slip))
    for name, slip in SOFTMAX_SLIPS.items()
}

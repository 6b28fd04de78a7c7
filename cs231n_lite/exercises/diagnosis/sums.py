"""Known slips in the sum over samples: one left out, overwritten, lost; they suit any family.

`losses_with` and `gradients_with` give the mean loss and its dW for every slip
and pair of slips of a family, those of `slips` and these, by name.
"""
from collections.abc import Callable
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np
from numpy import ndarray as Array

from cs231n_lite.exercises.diagnosis.slips import (
    GradientOf,
    LossOf,
    entropy_dscores,
    entropy_parts,
    hinge_dscores,
    hinge_parts,
    probabilities,
)

SOME_ROWS = {
    "only the last sample": slice(-1, None),
    "only the first sample": slice(0, 1),
    "last sample left out": slice(0, -1),
    "first sample left out": slice(1, None),
}


def some_rows(dscores: Callable, rows: slice, X: Array, scores: Array, y: Array) -> Array:
    """dW of these samples only, divided by the number of all."""
    dW = np.zeros((X.shape[1], scores.shape[1]))
    return (X[rows].T @ dscores(scores[rows], y[rows]) * len(y[rows]) / len(y) if len(y[rows])
            else dW)


def columns_assigned(dscores: Callable, X: Array, scores: Array, y: Array) -> Array:
    """dW where each sample overwrites the columns that it should add to."""
    dW = np.zeros((X.shape[1], scores.shape[1]))
    for x, slopes in zip(X, dscores(scores, y)):
        dW[:, slopes != 0] = np.outer(x, slopes[slopes != 0])
    return dW


def wrong_columns_assigned(X: Array, scores: Array, y: Array, correct: str = "added") -> Array:
    """The hinge's dW in loops, the wrong classes' columns assigned.

    The correct one's are "added", "assigned" or "missing".
    """
    dW = np.zeros((X.shape[1], scores.shape[1]))
    for x, row, label in zip(X, scores, y):
        for j in range(len(row)):
            if j != label and row[j] - row[label] + 1 > 0:
                dW[:, j] = x
                if correct != "missing":
                    dW[:, label] = -x if correct == "assigned" else dW[:, label] - x
    return dW / len(y)


def correct_column_assigned(X: Array, scores: Array, y: Array) -> Array:
    """The hinge's dW in loops, where the correct class's column is assigned."""
    dW = np.zeros((X.shape[1], scores.shape[1]))
    for x, row, label in zip(X, scores, y):
        for j in range(len(row)):
            if j != label and row[j] - row[label] + 1 > 0:
                dW[:, j] += x
                dW[:, label] = -x
    return dW / len(y)


def assigned(others: Array, correct: Array, X: Array, y: Array, order: str) -> Array:
    """dW in a loop over samples that assigns columns: of "others", or the "correct" class's.

    "end": the correct class's after all others were added.
    """
    dW = X.T @ others if order == "end" else np.zeros((X.shape[1], others.shape[1]))
    for x, row, own, label in zip(X, others, correct, y):
        if order == "others":
            dW[:, row != 0] = np.outer(x, row[row != 0])
            dW[:, label] += own[label] * x
        else:
            dW += np.outer(x, row) * (order == "correct")
            dW[:, label] = own[label] * x
    return dW


def hinge_assigned(order: str, X: Array, scores: Array, y: Array) -> Array:
    """The hinge's dW with columns assigned once per sample."""
    return assigned(*hinge_parts(scores, y), X, y, order)


def entropy_assigned(order: str, with_own: bool, X: Array, scores: Array, y: Array) -> Array:
    """Cross-entropy's dW so; `with_own`, its probability stands in the correct class's column."""
    others, own, indicator = entropy_parts(scores, y)
    return (assigned(others, own + indicator, X, y, order) if with_own
            else assigned(others + own, indicator, X, y, order))


def duplicates_lost(parts: Callable, X: Array, scores: Array, y: Array) -> Array:
    """dW where `dW[:, y] +=` keeps only the last sample of each class in its own column."""
    *others, correct = parts(scores, y)
    last = np.array([label not in y[i + 1:] for i, label in enumerate(y)])
    return X.T @ (sum(others) + correct * last[:, None])


def one_indicator_per_row(scores: Array, y: Array, always: bool = False, **slips: Any) -> Array:
    """The hinge's dL/dscores, the correct class subtracted once per sample, not per violation."""
    others, _ = hinge_parts(scores, y, **slips)
    truth = np.arange(scores.shape[1]) == y[:, None]
    return others - truth * (always | (others.sum(axis=1, keepdims=True) > 0)) / len(y)


def correct_for_every_class(scores: Array, y: Array) -> Array:
    """The hinge's dL/dscores, the correct class subtracted for every class, violated or not."""
    others, _ = hinge_parts(scores, y)
    truth = np.arange(scores.shape[1]) == y[:, None]
    return others - truth * (scores.shape[1] - 1) / len(y)


def others_always(scores: Array, y: Array) -> Array:
    """The hinge's dL/dscores, every wrong class added, violated or not; the rest is right."""
    _, correct = hinge_parts(scores, y)
    return correct + (np.arange(scores.shape[1]) != y[:, None]) / len(y)


def others_weighted(scores: Array, y: Array, with_correct: bool = True) -> Array:
    """The hinge's dL/dscores, each wrong class with its margin, the correct one with 1."""
    _, correct = hinge_parts(scores, y)
    weighted, _ = hinge_parts(scores, y, weighted=True)
    return weighted + correct * with_correct


def labels_in_every_row(scores: Array, y: Array, **slips: Any) -> Array:
    """Cross-entropy's dL/dscores, where `p[:, y] -= 1` takes 1 from every label's column."""
    return (probabilities(scores, **slips) - np.isin(np.arange(scores.shape[1]), y)) / len(y)


def own_subtracted(scores: Array, y: Array) -> Array:
    """The hinge's dL/dscores, the correct class among those that count against it."""
    others, correct = hinge_parts(scores, y)
    return others + correct - (np.arange(scores.shape[1]) == y[:, None]) / len(y)


def through(dscores: Callable, X: Array, scores: Array, y: Array) -> Array:
    """dW of a gradient with respect to the scores."""
    return X.T @ dscores(scores, y)


def divided_along_the_way(dscores: Callable, X: Array, scores: Array, y: Array) -> Array:
    """dW where the division by N stands inside the loop over the samples."""
    dW = np.zeros((X.shape[1], scores.shape[1]))
    for x, row, label in zip(X, scores, y):
        dW = (dW + np.outer(x, dscores(row[None], np.array([label]))[0])) / len(y)
    return dW


def loss_divided_along_the_way(loss: LossOf, scores: Array, y: Array) -> float:
    """The loss where the division by N stands inside the loop over the samples."""
    total = 0.0
    for row, label in zip(scores, y):
        total = (total + loss(row[None], np.array([label]))) / len(y)
    return total


def rows_slips(dscores: Callable) -> dict[str, GradientOf]:
    """The slips in a sum over samples, by name."""
    slips = {name: partial(some_rows, dscores, rows) for name, rows in SOME_ROWS.items()}
    return slips | {"columns assigned": partial(columns_assigned, dscores),
                    "divided inside the loop": partial(divided_along_the_way, dscores)}


HINGE_ROW_SLIPS: dict[str, GradientOf] = rows_slips(hinge_dscores) | {
    "wrong classes' columns assigned": wrong_columns_assigned,
    "all columns assigned": partial(wrong_columns_assigned, correct="assigned"),
    "correct class's column assigned": correct_column_assigned,
    "duplicate labels lost": partial(duplicates_lost, hinge_parts),
    "correct class subtracted once": partial(through, one_indicator_per_row),
    "correct class subtracted always once":
        partial(through, partial(one_indicator_per_row, always=True)),
    "correct class subtracted for every class": partial(through, correct_for_every_class),
    "other classes added always": partial(through, others_always),
    "other classes weighted by the margin": partial(through, others_weighted),
    "margins for their signs": partial(through, partial(others_weighted, with_correct=False)),
    "correct class subtracted from itself": partial(through, own_subtracted),
}
ENTROPY_ROW_SLIPS: dict[str, GradientOf] = rows_slips(entropy_dscores) | {
    "duplicate labels lost": partial(duplicates_lost, entropy_parts),
    "labels of all samples in every row": partial(through, labels_in_every_row),
}

# --------------------------------------------------------------- one slip or two


def pairs_of(slips: dict[str, dict]) -> dict[tuple[str, ...], dict]:
    """Each pair that turns different switches, by the slips' names."""
    return {(a, b): slips[a] | slips[b] for a, b in combinations(slips, 2)
            if not slips[a].keys() & slips[b].keys()}


def some_loss(loss: LossOf, rows: slice, scores: Array, y: Array) -> float:
    """The loss of these samples only, divided by the number of all."""
    return loss(scores[rows], y[rows]) * len(y[rows]) / len(y) if len(y[rows]) else 0.0


def losses_with(loss: Callable, slips: dict[str, dict]) -> dict[tuple[str, ...], LossOf]:
    """The mean loss with no slip, or one, by the slips' names."""
    found: dict[tuple[str, ...], LossOf] = {(): loss}
    found |= {(name,): partial(loss, **slip) for name, slip in slips.items()}
    found |= {(name,): partial(some_loss, loss, rows) for name, rows in SOME_ROWS.items()}
    return found | {("divided inside the loop",): partial(loss_divided_along_the_way, loss)}


def loss_pairs(loss: Callable, slips: dict[str, dict]) -> dict[tuple[str, ...], LossOf]:
    """The mean loss with two slips, of which one may be in the rows."""
    found: dict[tuple[str, ...], LossOf] = {
        names: partial(loss, **slip) for names, slip in pairs_of(slips).items()}
    return found | {(some, name): partial(some_loss, partial(loss, **slip), rows)
                    for some, rows in SOME_ROWS.items() for name, slip in slips.items()}


def gradients_with(dscores: Callable, slips: dict[str, dict],
                   rows: dict) -> dict[tuple[str, ...], GradientOf]:
    """dW with no slip, or one, by the slips' names."""
    found: dict[tuple[str, ...], GradientOf] = {(): partial(through, dscores)}
    found |= {(name,): partial(through, partial(dscores, **slip)) for name, slip in slips.items()}
    return found | {(name,): gradient for name, gradient in rows.items()}


def gradient_pairs(dscores: Callable, slips: dict[str, dict]) -> dict[tuple[str, ...], GradientOf]:
    """dW with two slips, of which one may be in the rows."""
    found: dict[tuple[str, ...], GradientOf] = {
        names: partial(through, partial(dscores, **slip))
        for names, slip in pairs_of(slips).items()}
    return found | {(some, name): partial(some_rows, partial(dscores, **slip), rows)
                    for some, rows in SOME_ROWS.items() for name, slip in slips.items()}

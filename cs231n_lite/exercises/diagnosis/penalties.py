"""What is wrong with the regularization of an answer: its factor, its form, or how reg enters."""
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import ndarray as Array

from cs231n_lite.exercises.diagnosis.anatomy import Anatomy
from cs231n_lite.exercises.diagnosis.decompose import STRENGTHS, Pieces, close
from cs231n_lite.exercises.diagnosis.faults import TABLE, fault
from cs231n_lite.exercises.verdict import Fault

OFTEN = {"1": "", "0": "missing", "1/2": "halved", "2": "doubled", "-1": "subtracted",
         "1/N": "divided by N", "N": "times N", "1/(C D)": "averaged"}


def loss_penalties(body: Anatomy) -> dict[str, list[Array]]:
    """What students have made of sum(W**2), in words."""
    shapes: dict[str, Callable[[Array], Any]] = {
        "the sum of the weights themselves": np.sum,
        "the sum of absolute values": lambda W: np.sum(np.abs(W)),
        "the root of the sum of squares": lambda W: np.sqrt(np.sum(W**2)),
        "the square of the sum": lambda W: np.sum(W) ** 2,
        "the sum of squares without the last row of W, the bias": lambda W: np.sum(W[:-1] ** 2),
        "the sum of the entries of W^T W": lambda W: np.sum(W.T @ W),
        "the sum of the entries of W W^T": lambda W: np.sum(W @ W.T),
        "a constant": lambda W: np.ones(()),
        "one over the sum of squares": lambda W: 1 / np.sum(W**2),
        "the sum of cubes": lambda W: np.sum(W**3),
        "the sum of one over each weight": lambda W: np.sum(1 / W),
        "one over the root of the sum of squares": lambda W: 1 / np.sqrt(np.sum(W**2)),
        "the root of the sum of squares, cubed": lambda W: np.sqrt(np.sum(W**2)) ** 3,
    }
    found = {name: [np.asarray(shape(p.W)) for p in body.probes] for name, shape in shapes.items()}
    times_data = [loss * squares for loss, squares in zip(body.loss, body.squares)]
    return found | {"the sum of squares times the data loss": times_data,
                    "the sum of squares of X": [np.sum(p.X**2) for p in body.probes]}


def gradient_penalties(body: Anatomy) -> dict[str, list[Array]]:
    """What students have made of the derivative of sum(W**2), in words."""
    shapes: dict[str, Callable[[Array], Any]] = {
        "one number for all entries, the sum of the weights":
            lambda W: np.full(W.shape, np.sum(W)),
        "one number for all entries, the sum of the squared weights":
            lambda W: np.full(W.shape, np.sum(W**2)),
        "the same for all of a column, the column's sum":
            lambda W: np.zeros(W.shape) + W.sum(axis=0),
        "the same for all of a row, the row's sum":
            lambda W: np.zeros(W.shape) + W.sum(axis=1, keepdims=True),
        "W without its last row, the bias": lambda W: np.vstack([W[:-1], 0 * W[-1:]]),
        "the squares of the weights": lambda W: W**2,
        "the signs of the weights": np.sign,
        "the absolute values of the weights": np.abs,
        "the same number for all entries": lambda W: np.ones(W.shape),
        "one over the weights": lambda W: 1 / W,
        "W over its norm": lambda W: W / np.linalg.norm(W),
    }
    found = {name: [shape(p.W) for p in body.probes] for name, shape in shapes.items()}
    return found | {"the data gradient again": body.gradient,
                    "the data gradient times W":
                        [dW * p.W for dW, p in zip(body.gradient, body.probes)]}


def penalty_faults(part: str, observed: list[Array], should: list[Array], shapes: dict,
                   body: Anatomy) -> list[Fault] | None:
    """What is wrong with the slope in reg; None when it is not known."""
    if (law := body.law(observed, should)) is not None:
        return [] if law == "1" else [
            fault(f"{part}: regularization {OFTEN[law]}")
            if f"{part}: regularization {OFTEN.get(law)}" in TABLE
            else fault(f"{part}: regularization scaled", law=law)]
    if (known := body.match(observed, shapes)) is not None:
        times = "" if known.law == "1" else f", times {known.law}"
        return [fault(f"{part}: regularization formed wrongly", form=known.name, times=times)]
    if form := pattern(observed, should):
        return [fault(f"{part}: regularization formed wrongly", form=form, times="")]
    return None


def pattern(observed: list[Array], should: list[Array]) -> str:
    """What all penalties have in common that are no multiple of one known; or nothing."""
    if np.ndim(observed[0]) < 2:
        return ""
    if all(close(seen, np.full_like(seen, seen.mean())) for seen in observed):
        return "one number for all entries"
    if all(close(seen, seen.mean(axis=0) + 0 * seen) for seen in observed):
        return "the same for all of a column"
    if all(close(seen, seen.mean(axis=1, keepdims=True) + 0 * seen) for seen in observed):
        return "the same for all of a row"
    shares = [np.sum(seen * W, axis=0) / np.sum(W**2, axis=0) for seen, W in zip(observed, should)]
    if all(close(seen, share * W) for seen, share, W in zip(observed, shares, should)):
        return ("W with a factor of its own for each column, as where it is added inside the "
                "loops, as often as a class comes up there")
    return ""


def mixed(part: str, pieces: Pieces, shapes: dict, body: Anatomy) -> list[Fault] | None:
    """What is wrong where reg does not enter as a factor: a slip of precedence, or reg twice.

    The data part may be wrong besides; what it is without reg tells what it should be with.
    """
    reg, data = STRENGTHS[-1], pieces.data
    N = [n for n, *_ in body.sizes]
    penalties = body.squares if part == "loss" else [2 * p.W for p in body.probes]
    for form, values in {"": penalties, **shapes}.items():
        for share in (1, 0.5, 2):
            with np.errstate(all="ignore"):
                divided = [n * d / (n + share * reg * r) for n, d, r in zip(N, data, values)]
            if body.law(pieces.whole, divided) == "1":
                wrong = [fault(f"{part}: regularization formed wrongly", form=form, times="")]
                return [fault(f"{part}: mean and penalty mixed"), *(wrong if form else [])]
    squared = [d + reg**2 * r for d, r in zip(data, penalties)]
    halved = [d + reg**2 * r / 2 for d, r in zip(data, penalties)]
    if "1" in (body.law(pieces.whole, squared), body.law(pieces.whole, halved)):
        return [fault(f"{part}: reg squared")]
    return None


def forgotten(part: str, observed: list[Array], should: list[Array], shapes: dict,
              data_faults: Callable, body: Anatomy) -> list[Fault] | None:
    """What is wrong where a penalty is there without reg, and something besides; None if neither.

    Each form of the penalty is taken off, and the rest has to be known.
    """
    usual = "the sum of W squared" if part == "loss" else "2 times W"
    forms = {usual: should, f"half of {usual}" if part == "loss" else "W":
             [value / 2 for value in should]}
    for form, values in {**forms, **shapes}.items():
        rest = [seen - value for seen, value in zip(observed, values)]
        if (known := data_faults(rest, body)) is not None:
            wrong = [fault(f"{part}: regularization formed wrongly", form=form, times="")]
            return [fault(f"{part}: reg forgotten", form=form),
                    *(wrong if form not in forms else []), *known]
    return None

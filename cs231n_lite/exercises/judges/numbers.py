"""Judges the short questions whose answer is a number.

The number is worked out here once more, and so is what the likeliest slips make of it.
"""
import math
from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy import ndarray as Array

from cs231n_lite.exercises.diagnosis.faults import fault
from cs231n_lite.exercises.judges.calling import attempt, described, is_real_number
from cs231n_lite.exercises.judges.referee import cross_entropy_of, hinge_of
from cs231n_lite.exercises.verdict import Fault, Trial

# Far above the rounding of any order of summation, also in float32; far below what any slip does.
DIGITS = 1e-6


class Number(NamedTuple):
    """A number that is asked for, and what slips make of it."""

    id: str
    want: float
    slips: dict[str, tuple[float, ...]]


def ship_score() -> Number:
    """The score of the third class in the notes' example of four pixels."""
    x = np.array([56, 231, 24, 2])
    W = np.array([[0.2, -0.5, 0.1, 2.0], [1.5, 1.3, 2.1, 0.0], [0, 0.25, 0.2, -0.3]])
    b = np.array([1.1, 3.2, -1.2])
    products, scores = W @ x, W @ x + b
    return Number("ship_score", scores[2], {
        "bias left out": (products[2],),  # the same as 0.3 for -0.3
        "bias subtracted": (products[2] - b[2],),  # the same as 0.3 for -0.3 without the bias
        "another class": (*scores[:2], *products[:2]),
        "another bias": (products[2] + b[0], products[2] + b[1]),
        "bias in each product": (products[2] + len(x) * b[2],),
        "all classes added": (scores.sum(), products.sum()),
    })


def sample_svm_loss() -> Number:
    """The multiclass SVM loss of one sample whose second class is right."""
    scores, label = np.array([4, 1.5, 3.2, -2]), 1
    loss = hinge_of(scores, label)
    margins = np.delete(scores, label) - scores[label] + 1
    clipped = np.maximum(0, margins)
    return Number("sample_svm_loss", loss, {
        "correct class counted": (loss + 1,),
        "margin left out": (np.maximum(0, margins - 1).sum(),),
        "margin subtracted": (np.maximum(0, margins - 2).sum(),),
        "not clipped": (margins.sum(), margins.sum() + 1),
        "another class for the correct one": tuple(hinge_of(scores, j) for j in (0, 2, 3)),
        "mean for the sum": (loss / 3, loss / 4),
        "margins squared": ((clipped**2).sum(),),
        "only the worst class": (clipped.max(),),
        "first class left out": (clipped[1:].sum(),),
        "difference reversed": (np.maximum(0, 2 - margins).sum(),),
        "violations counted, not added up": (float((margins > 0).sum()),),
        "softmax": (cross_entropy_of(scores, label).real,),
    })


NUMBERS = {number.id: number for number in (ship_score(), sample_svm_loss())}


def judge_number(value: Any, id: str) -> list[Trial]:
    """Judge a number; the dots of an untouched cell are no attempt, nor is None."""
    if value is ... or value is None:
        raise NotImplementedError
    one = attempt("one real number", partial(type_faults, value, id))
    return [one] if one.faults else [
        one, attempt("its value", partial(value_faults, float(value), NUMBERS[id]))]


def type_faults(value: Any, id: str) -> Iterator[Fault]:
    """What is wrong with something that is no finite real number."""
    if not is_real_number(value):
        yield fault("number: type", name=id, got=described(value), means=number_means(value))
    elif not math.isfinite(value):
        yield fault("number: not finite", name=id, got=float(value))


def number_means(value: Any) -> str:
    """How something else than a number may have come about."""
    meanings = {
        str: " Leave out the quotes.",
        tuple: " A comma makes a tuple; Python writes decimals with a point.",
        bool: " `=` gives a name its value, `==` compares.",
    }
    if type(value) in (Array, list):
        return (" It holds just one; take it out." if np.size(value) == 1
                else " Which of its entries is asked for?")
    if callable(value):
        return " Call it, so that it gives one."
    return meanings.get(type(value), "")


def value_faults(value: float, number: Number) -> Iterator[Fault]:
    """The slip behind another value, or that it is none that is known."""
    def equals(other: float) -> bool:
        return math.isclose(value, other, rel_tol=DIGITS)

    if equals(number.want):
        return
    slips = [name for name, values in number.slips.items()
             if any(equals(v) or equals(round(v, 2)) for v in values)]
    if slips:
        yield fault(f"{number.id}: {slips[0]}", got=f"{value:g}")
    elif any(map(equals, coarse(number.want))):
        yield fault("number: rounded", got=f"{value:g}")
    else:
        yield fault(f"{number.id}: value", got=f"{value:g}")


def coarse(number: float) -> list[float]:
    """The number rounded, and cut off, to a whole one and to one decimal."""
    return [shorten(number * scale) / scale for scale in (1, 10) for shorten in (round, int)]

"""What is wrong with a loss and its gradient: the pieces of an answer, compared with what they should be made of."""
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy import ndarray as Array

from cs231n_lite.exercises import slips
from cs231n_lite.exercises.decompose import STRENGTHS, Match, Pieces, amounts, combination, first_match, law_between
from cs231n_lite.exercises.faults import TABLE, fault
from cs231n_lite.exercises.laws import Sizes
from cs231n_lite.exercises.problems import Problem
from cs231n_lite.exercises.verdict import Fault

OFTEN = {"1": "", "0": "missing", "1/2": "halved", "2": "doubled", "-1": "subtracted",
         "1/N": "divided by N", "N": "times N", "1/(C D)": "averaged"}
SCALES = {"0": "data part missing", "N": "not divided by N", "1/N": "divided by N twice", "-1": "sign flipped",
          "1/C": "divided by C", "1.443": "logarithm to another base", "0.4343": "logarithm to another base"}



# --------------------------------------------------------------- coefficients of the parts


def hinge_coefficients(others: str, correct: str, own: str) -> list[Fault]:
    """What it means when the parts of the hinge's gradient have these factors, and not 1, 1, 0."""
    if own != "0":
        return hinge_own(others, correct, own)
    if correct == "0":
        return [fault("gradient: correct class's part missing"), *scale_faults("gradient", others)]
    if others == "0":
        return [fault("gradient: other classes' part missing"), *scale_faults("gradient", correct)]
    if correct == negative(others):
        sign = "other classes' sign" if others.startswith("-") else "correct class's sign"
        return [fault(f"gradient: {sign}"), *scale_faults("gradient", others.removeprefix("-"))]
    return [fault("gradient: parts out of scale", a=others, b=correct)]


def hinge_own(others: str, correct: str, own: str) -> list[Fault]:
    """As `hinge_coefficients`, where the correct class's own column holds something besides."""
    if correct == "0" and own == negative(others):
        return [fault("gradient: correct class subtracted always once"), *scale_faults("gradient", others)]
    if correct == "0" and others == "1" and own == "-(C-1)":
        return [fault("gradient: correct class subtracted for every class")]
    if correct == others and own == negative(others):
        return [fault("gradient: correct class subtracted from itself"), *scale_faults("gradient", others)]
    if own == others:
        rest = hinge_coefficients(others, correct, "0") if correct != others else scale_faults("gradient", others)
        return [fault("gradient: correct class counted"), *rest]
    return [fault("gradient: parts out of scale", a=others, b=f"{correct} (and {own} per sample more)")]


def entropy_coefficients(others: str, own: str, indicator: str) -> list[Fault]:
    """What it means when other probabilities, the correct class's own and the indicator have these factors."""
    scale = indicator if others == "0" or own == indicator == negative(others) == "1" else others
    if (others, own, indicator) == (scale, scale, negative(scale)) and scale.startswith("-"):
        return [fault("gradient: probabilities subtracted"), *scale_faults("gradient", negative(scale))]
    pattern = tuple("1" if law == scale else "-1" if law == negative(scale) else law for law in (others, own, indicator))
    known = {
        ("1", "1", "0"): "indicator missing",
        ("1", "1", "-1"): "indicator added",
        ("1", "-1", "-1"): "correct class's sign",
        ("-1", "1", "1"): "other classes' sign",
        ("1", "0", "1"): "probability of the correct class missing",
        ("0", "0", "1"): "probabilities missing",
        ("0", "1", "1"): "only the correct class",
        ("1", "0", "0"): "correct class's part missing",
    }
    if pattern in known:
        return [fault(f"gradient: {known[pattern]}"), *scale_faults("gradient", scale)]
    return [fault("gradient: coefficients", a=others, b=own, c=indicator)]


def negative(law: str) -> str:
    """The law with its sign turned."""
    return law[1:] if law.startswith("-") else f"-{law}"


# --------------------------------------------------------------- the two families


@dataclass(frozen=True)
class Family:
    """A kind of loss: data loss and dW with every known slip; what dL/dscores is a sum of, and what its factors mean."""

    losses: dict
    gradients: dict
    parts: Callable[[Array, Array], tuple[Array, ...]]
    coefficients: Callable[..., list[Fault]]
    amounts: Callable[[Array, Array], tuple[float, ...]]
    amount_names: tuple[str, ...]


HINGE = Family(
    slips.losses_with(slips.hinge_loss, slips.HINGE_LOSS_SLIPS) | {("overwritten by each margin",): slips.last_margin},
    slips.gradients_with(slips.hinge_dscores, slips.HINGE_GRADIENT_SLIPS, slips.HINGE_ROW_SLIPS),
    slips.hinge_three_parts, hinge_coefficients, slips.hinge_amounts,
    ("the scores of violating classes", "minus the correct class's score for each", "the margin for each"),
)
ENTROPY = Family(
    slips.losses_with(slips.entropy_loss, slips.ENTROPY_LOSS_SLIPS),
    slips.gradients_with(slips.entropy_dscores, slips.SOFTMAX_SLIPS, slips.ENTROPY_ROW_SLIPS),
    slips.entropy_parts, entropy_coefficients, slips.entropy_amounts,
    ("the logarithm of the shifted sum", "minus the correct class's score", "the row's maximum"),
)


class Anatomy:
    """A family of losses on some probes: what each piece should be, and what slips would make of it."""

    def __init__(self, family: Family, probes: tuple[Problem, ...], of_scores: bool) -> None:
        self.family, self.probes, self.of_scores = family, probes, of_scores
        self.sizes: Sizes = tuple((len(p.X), 1 if of_scores else p.X.shape[1], p.W.shape[1]) for p in probes)
        self.losses = self.each(lambda loss, p: np.asarray(loss(p.X @ p.W, p.y)), family.losses)
        self.gradients = self.each(lambda gradient, p: gradient(p.X, p.X @ p.W, p.y), family.gradients)
        self.loss, self.gradient = self.losses[()], self.gradients[()]
        self.parts = [tuple(p.X.T @ G for G in family.parts(p.X @ p.W, p.y)) for p in probes]
        self.squares = [np.sum(p.W**2) for p in probes]

    def each(self, compute: Callable, slips: dict) -> dict[tuple[str, ...], list[Array]]:
        """What every slip comes to on each probe."""
        with np.errstate(all="ignore"):
            return {names: [compute(slip, p) for p in self.probes] for names, slip in slips.items()}

    def law(self, observed: list[Array], candidate: list[Array]) -> str | None:
        """The factor by which the candidate becomes what was observed."""
        return law_between(observed, candidate, self.sizes)

    def match(self, observed: list[Array], candidates: dict, rank: Callable = lambda name: 0) -> Match | None:
        """The candidate that becomes what was observed."""
        return first_match(observed, candidates, self.sizes, rank)


# --------------------------------------------------------------- the data part


def scale_faults(part: str, law: str) -> list[Fault]:
    """What a factor of the data part means."""
    if law == "1":
        return []
    if law.startswith("-") and law != "-1":
        return scale_faults(part, "-1") + scale_faults(part, law[1:])
    known = f"{part}: {SCALES.get(law)}"
    return [fault(known if known in TABLE else f"{part}: scaled", law=law)]


def catalogue_faults(part: str, observed: list[Array], slips: dict, body: Anatomy) -> list[Fault] | None:
    """The slip or two, and the factor, that make the right data part what was observed; None when none do."""
    known = body.match(observed, slips, rank=lambda names: 2 * len(names))
    if known is None:
        return None
    return [fault(f"{part}: {name}") for name in known.name] + scale_faults(part, known.law)


def loss_data_faults(observed: list[Array], body: Anatomy) -> list[Fault] | None:
    """What is wrong with the data part of the loss; None when it is not known."""
    if (law := body.law(observed, body.loss)) is not None:
        return scale_faults("loss", law)
    if (known := catalogue_faults("loss", observed, body.losses, body)) is not None:
        return known
    excess = [seen - should for seen, should in zip(observed, body.loss)]
    if body.law(excess, body.squares) is not None:
        return [fault("loss: reg forgotten")]
    return constant_faults(observed, excess, body) or amount_faults(observed, body)


def constant_faults(observed: list[Array], excess: list[Array], body: Anatomy) -> list[Fault] | None:
    """The loss is a constant, or too large by one."""
    one = [np.ones(())] * len(observed)
    if (law := body.law(observed, one)) is not None:
        return [fault("loss: does not depend on the scores", law=law)]
    if (law := body.law(excess, one)) is not None:
        return [fault("loss: a constant added", law=law)]
    for k, size in enumerate("NDC"):
        if (law := body.law(excess, [np.log(sizes[k]) for sizes in body.sizes])) is not None:
            return [fault("loss: a constant added", law=f"{law} log {size}")]
    return None


def amount_faults(observed: list[Array], body: Anatomy) -> list[Fault] | None:
    """The loss is made of the right things in wrong amounts."""
    parts = [body.family.amounts(p.X @ p.W, p.y) for p in body.probes]
    for divisor, per in (([1] * len(parts), ""), ([n for n, *_ in body.sizes], ", as a sum over the samples")):
        found = amounts([seen / n for seen, n in zip(observed, divisor)], parts)
        if found is not None:
            texts = [f"{number:.3g} times {name}" for number, name in zip(found, body.family.amount_names)]
            return [fault("loss: coefficients", amounts=", ".join(texts) + per + "; all should be 1 times, in the mean")]
    return None


def gradient_data_faults(observed: list[Array], body: Anatomy) -> list[Fault] | None:
    """What is wrong with the data part of the gradient; None when it is not known."""
    if (law := body.law(observed, body.gradient)) is not None:
        return scale_faults("gradient", law)
    if (laws := combination(observed, body.parts, body.sizes)) is not None:
        return body.family.coefficients(*laws)
    if (known := catalogue_faults("gradient", observed, body.gradients, body)) is not None:
        return known
    with_W = [(should, p.W) for should, p in zip(body.gradient, body.probes)]
    if (laws := combination(observed, with_W, body.sizes)) is not None:
        return [fault("gradient: reg forgotten", law=laws[1]), *scale_faults("gradient", laws[0])]
    excess = [seen - should for seen, should in zip(observed, body.gradient)]
    law = body.law(excess, [np.ones(p.W.shape) for p in body.probes])
    return None if law is None else [fault("gradient: a constant added", law=law)]


# --------------------------------------------------------------- the regularization


def loss_penalties(body: Anatomy) -> dict[str, list[Array]]:
    """What students have made of sum(W**2), in words."""
    shapes = {
        "the sum of the weights themselves": lambda W: np.sum(W),
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
    shapes = {
        "one number for all entries, the sum of the weights": lambda W: np.full(W.shape, np.sum(W)),
        "one number for all entries, the sum of the squared weights": lambda W: np.full(W.shape, np.sum(W**2)),
        "the same for all of a column, the column's sum": lambda W: np.zeros(W.shape) + W.sum(axis=0),
        "the same for all of a row, the row's sum": lambda W: np.zeros(W.shape) + W.sum(axis=1, keepdims=True),
        "W without its last row, the bias": lambda W: np.vstack([W[:-1], 0 * W[-1:]]),
        "the squares of the weights": lambda W: W**2,
        "the signs of the weights": lambda W: np.sign(W),
        "the absolute values of the weights": lambda W: np.abs(W),
        "the same number for all entries": lambda W: np.ones(W.shape),
        "one over the weights": lambda W: 1 / W,
        "W over its norm": lambda W: W / np.linalg.norm(W),
    }
    found = {name: [shape(p.W) for p in body.probes] for name, shape in shapes.items()}
    return found | {"the data gradient again": body.gradient,
                    "the data gradient times W": [dW * p.W for dW, p in zip(body.gradient, body.probes)]}


def penalty_faults(part: str, observed: list[Array], should: list[Array], shapes: dict, body: Anatomy) -> list[Fault] | None:
    """What is wrong with the slope in reg; None when it is not known."""
    if (law := body.law(observed, should)) is not None:
        return [] if law == "1" else [
            fault(f"{part}: regularization {OFTEN[law]}") if f"{part}: regularization {OFTEN.get(law)}" in TABLE
            else fault(f"{part}: regularization scaled", law=law)]
    if (known := body.match(observed, shapes)) is not None:
        times = "" if known.law == "1" else f", times {known.law}"
        return [fault(f"{part}: regularization formed wrongly", form=known.name, times=times)]
    return None


def mixed(part: str, pieces: Pieces, body: Anatomy) -> list[Fault] | None:
    """What is wrong where reg does not enter as a factor: a slip of precedence, or reg twice."""
    reg, N = STRENGTHS[-1], np.array([n for n, *_ in body.sizes])
    data = body.loss if part == "loss" else body.gradient
    penalties = body.squares if part == "loss" else [2 * p.W for p in body.probes]
    with np.errstate(all="ignore"):
        for share in (1, 0.5, 2):
            divided = [n * d / (n + share * reg * r) for n, d, r in zip(N, data, penalties)]
            if body.law(pieces.whole, divided) is not None:
                return [fault(f"{part}: mean and penalty mixed")]
    squared = [d + reg**2 * r for d, r in zip(data, penalties)]
    halved = [d + reg**2 * r / 2 for d, r in zip(data, penalties)]
    if "1" in (body.law(pieces.whole, squared), body.law(pieces.whole, halved)):
        return [fault(f"{part}: reg squared")]
    return None


# --------------------------------------------------------------- loss and gradient together


class Findings(NamedTuple):
    """The faults of the data part and of the regularization, each None where it is wrong and nobody knows why."""

    data: list[Fault] | None
    penalty: list[Fault] | None


def is_forgotten(data: list[Fault] | None) -> bool:
    """True when the penalty is there without reg: then it is not missing besides."""
    return data is not None and any(found.id.endswith("reg forgotten") for found in data)


def loss_findings(pieces: Pieces, body: Anatomy) -> Findings:
    """What is wrong with the loss."""
    if not any(np.any(value) for value in pieces.data + ([] if body.of_scores else pieces.penalty)):
        return Findings([fault("loss: zero")], [])
    data = loss_data_faults(pieces.data, body)
    if is_forgotten(data):
        return Findings(data, [])
    if not pieces.linear:
        return Findings(data, mixed("loss", pieces, body))
    return Findings(data, penalty_faults("loss", pieces.penalty, body.squares, loss_penalties(body), body))


def gradient_findings(pieces: Pieces, body: Anatomy) -> Findings:
    """What is wrong with the gradient."""
    if not any(np.any(value) for value in pieces.data + ([] if body.of_scores else pieces.penalty)):
        return Findings([fault("gradient: zero")], [])
    data = gradient_data_faults(pieces.data, body)
    if is_forgotten(data):
        return Findings(data, [])
    if not pieces.linear:
        return Findings(data, mixed("gradient", pieces, body))
    should = [2 * p.W for p in body.probes]
    return Findings(data, penalty_faults("gradient", pieces.penalty, should, gradient_penalties(body), body))

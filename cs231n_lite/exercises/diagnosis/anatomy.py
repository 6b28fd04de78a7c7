"""What a family of losses is made of: parts, their factors, and what slips would make of it."""
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy import ndarray as Array

from cs231n_lite.exercises.diagnosis.decompose import Match, first_match, law_between
from cs231n_lite.exercises.diagnosis.faults import TABLE, fault
from cs231n_lite.exercises.diagnosis.laws import Sizes
from cs231n_lite.exercises.diagnosis.mixups import (
    ENTROPY_GRADIENT_MIXUPS,
    ENTROPY_LOSS_MIXUPS,
    HINGE_GRADIENT_MIXUPS,
    HINGE_LOSS_MIXUPS,
)
from cs231n_lite.exercises.diagnosis.slips import (
    ENTROPY_GRADIENT_SLIPS,
    ENTROPY_LOSS_SLIPS,
    HINGE_GRADIENT_SLIPS,
    HINGE_LOSS_SLIPS,
    entropy_amounts,
    entropy_dscores,
    entropy_loss,
    entropy_parts,
    hinge_amounts,
    hinge_dscores,
    hinge_loss,
    hinge_three_parts,
    last_margin,
)
from cs231n_lite.exercises.diagnosis.sums import (
    ENTROPY_ROW_SLIPS,
    HINGE_ROW_SLIPS,
    gradient_pairs,
    gradients_with,
    loss_pairs,
    losses_with,
)
from cs231n_lite.exercises.judges.problems import Problem
from cs231n_lite.exercises.verdict import Fault

SCALES = {"0": "data part missing", "N": "not divided by N", "1/N": "divided by N twice",
          "-1": "sign flipped", "1/C": "divided by C", "1.443": "logarithm to another base",
          "0.4343": "logarithm to another base"}


# What a factor without a name of its own comes from.
COMES_FROM = {
    "N/C": " It is divided by the number of classes where that of the samples is meant.",
    "N/D": " It is divided by the number of features where that of the samples is meant.",
    "C": " Is it added once per class, where once per sample is meant?",
    "(C-1)": " Is it added once per wrong class, where once per sample is meant?",
}


def scale_faults(part: str, law: str) -> list[Fault]:
    """What a factor of the data part means."""
    if law == "1":
        return []
    if law.startswith("-") and law != "-1":
        return scale_faults(part, "-1") + scale_faults(part, law[1:])
    known = f"{part}: {SCALES.get(law)}"
    return [fault(known if known in TABLE else f"{part}: scaled", law=law,
                  why=COMES_FROM.get(law, ""))]


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
        return [fault("gradient: correct class subtracted always once"),
                *scale_faults("gradient", others)]
    if correct == "0" and others == "1" and own == "-(C-1)":
        return [fault("gradient: correct class subtracted for every class")]
    if correct == "0" and others == "1" and own.startswith("-"):
        return [fault("gradient: correct class subtracted a fixed number of times", times=own[1:])]
    if correct == others and own == negative(others):
        return [fault("gradient: correct class subtracted from itself"),
                *scale_faults("gradient", others)]
    if own == others:
        rest = (hinge_coefficients(others, correct, "0") if correct != others
                else scale_faults("gradient", others))
        return [fault("gradient: correct class counted"), *rest]
    return [fault("gradient: parts out of scale", a=others,
                  b=f"{correct} (and {own} per sample more)")]


def entropy_coefficients(others: str, own: str, indicator: str) -> list[Fault]:
    """What it means when other classes, the correct one and the indicator have these factors."""
    if (others, own, indicator) == ("C", "C", "1"):
        return [fault("gradient: mean for the sum")]
    scale = indicator if others == "0" or own == indicator == negative(others) == "1" else others
    if (others, own, indicator) == (scale, scale, negative(scale)) and scale.startswith("-"):
        return [fault("gradient: probabilities subtracted"),
                *scale_faults("gradient", negative(scale))]
    units = {negative(scale): "-1", scale: "1"}
    pattern = tuple(units.get(law, law) for law in (others, own, indicator))
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
    """A kind of loss: data loss and dW with every slip, then with rarer ones and two at once.

    Also their parts, and what factors of these mean.
    """

    losses: dict
    gradients: dict
    rare_losses: dict
    rare_gradients: dict
    parts: Callable[[Array, Array], tuple[Array, ...]]
    coefficients: Callable[..., list[Fault]]
    amounts: Callable[[Array, Array], tuple[float, ...]]
    amount_names: tuple[str, ...]


HINGE = Family(
    losses_with(hinge_loss, HINGE_LOSS_SLIPS) | {("overwritten by each margin",): last_margin},
    gradients_with(hinge_dscores, HINGE_GRADIENT_SLIPS, HINGE_ROW_SLIPS),
    HINGE_LOSS_MIXUPS | loss_pairs(hinge_loss, HINGE_LOSS_SLIPS),
    HINGE_GRADIENT_MIXUPS | gradient_pairs(hinge_dscores, HINGE_GRADIENT_SLIPS),
    hinge_three_parts, hinge_coefficients, hinge_amounts,
    ("the scores of violating classes", "minus the correct class's score for each",
     "the margin for each"),
)
ENTROPY = Family(
    losses_with(entropy_loss, ENTROPY_LOSS_SLIPS),
    gradients_with(entropy_dscores, ENTROPY_GRADIENT_SLIPS, ENTROPY_ROW_SLIPS),
    ENTROPY_LOSS_MIXUPS | loss_pairs(entropy_loss, ENTROPY_LOSS_SLIPS),
    ENTROPY_GRADIENT_MIXUPS | gradient_pairs(entropy_dscores, ENTROPY_GRADIENT_SLIPS),
    entropy_parts, entropy_coefficients, entropy_amounts,
    ("the logarithm of the shifted sum", "minus the correct class's score", "the row's maximum"),
)


class Anatomy:
    """A family of losses on some probes: what each piece should be, and is by each slip."""

    def __init__(self, family: Family, probes: tuple[Problem, ...], of_scores: bool) -> None:
        self.family, self.probes, self.of_scores = family, probes, of_scores
        self.sizes: Sizes = tuple((len(p.X), 1 if of_scores else p.X.shape[1], p.W.shape[1])
                                  for p in probes)
        self.losses, self.gradients = self.losses_of(family.losses), self.gradients_of(
            family.gradients)
        self.loss, self.gradient = self.losses[()], self.gradients[()]
        self.parts = [tuple(p.X.T @ G for G in family.parts(p.X @ p.W, p.y)) for p in probes]
        self.squares = [np.sum(p.W**2) for p in probes]

    def losses_of(self, slips: dict) -> dict[tuple[str, ...], list[Array]]:
        """The loss with every slip on each probe."""
        return self.each(lambda loss, p: np.asarray(loss(p.X @ p.W, p.y)), slips)

    def gradients_of(self, slips: dict) -> dict[tuple[str, ...], list[Array]]:
        """dW with every slip on each probe."""
        return self.each(lambda gradient, p: gradient(p.X, p.X @ p.W, p.y), slips)

    @cached_property
    def rare_losses(self) -> dict[tuple[str, ...], list[Array]]:
        """The loss with rarer slips, and with two; most answers can do without."""
        return self.losses_of(self.family.rare_losses)

    @cached_property
    def rare_gradients(self) -> dict[tuple[str, ...], list[Array]]:
        """dW with rarer slips, and with two."""
        return self.gradients_of(self.family.rare_gradients)

    def slips(self, part: str, observed: list[Array]) -> Match | None:
        """The slips that make the loss, or the gradient, what was observed: as few as will do."""
        usual, rare = ((self.losses, lambda: self.rare_losses) if part == "loss"
                       else (self.gradients, lambda: self.rare_gradients))

        def rank(names: tuple[str, ...]) -> int:
            return 2 * len(names)

        return self.match(observed, usual, rank) or self.match(observed, rare(), rank)

    def each(self, compute: Callable, slips: dict) -> dict[tuple[str, ...], list[Array]]:
        """What every slip comes to on each probe."""
        with np.errstate(all="ignore"):
            return {names: [compute(slip, p) for p in self.probes] for names, slip in slips.items()}

    def law(self, observed: list[Array], candidate: list[Array]) -> str | None:
        """The factor by which the candidate becomes what was observed."""
        return law_between(observed, candidate, self.sizes)

    def scale(self, observed: list[Array], candidate: list[Array]) -> str | None:
        """As `law`, or '0.3333 N' where a sum is divided by a number of its own."""
        law = self.law(observed, candidate)
        if law is not None:
            return law
        per = self.law(observed, [N * value for (N, *_), value in zip(self.sizes, candidate)])
        return None if per is None else f"{per} N"

    def match(self, observed: list[Array], candidates: dict,
              rank: Callable = lambda name: 0) -> Match | None:
        """The candidate that becomes what was observed."""
        return first_match(observed, candidates, self.sizes, rank)

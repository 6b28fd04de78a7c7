"""Known slips in the data part of a loss: each a small variation of the right computation.

A family (hinge, cross-entropy) has one computation with switches; a slip turns
one of them, a pair of slips two.  Slips that sit in the sum over samples are in
`sums`.
"""
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import ndarray as Array

LossOf = Callable[[Array, Array], float]
GradientOf = Callable[[Array, Array, Array], Array]
Slips = dict[str, dict[str, Any]]

# --------------------------------------------------------------- the hinge


def hinge_margins(scores: Array, y: Array, margin: float = 1.0, own: bool = False,
                  reversed_: bool = False, rival: bool = False, skipped: int | None = None,
                  own_sign: int = -1, first: str = "", labels_of: str = "own",
                  raised: bool = False) -> tuple[Array, Array]:
    """s_j - s_y + margin (N, C), and which of them take part: all but the correct class's."""
    rows, truth = np.arange(len(y)), np.arange(scores.shape[1]) == y[:, None]
    own_score = (scores.max(axis=1) if rival else scores[0, y] if first == "row"
                 else scores[rows, y[0]] if first == "label" else scores[rows, y])
    scores = np.maximum(scores, 0) if raised else scores
    gaps = (scores + own_sign * own_score[:, None]) * (-1 if reversed_ else 1) + margin
    takes_part = ~truth if labels_of == "own" and not own else np.ones_like(truth)
    if labels_of != "own":
        takes_part[0 if labels_of == "first" else slice(None), y] = False
    if skipped is not None:
        takes_part[:, skipped] = False
    return gaps, takes_part


def hinge_loss(scores: Array, y: Array, clipped: bool = True, counted: bool = False,
               squared: bool = False, worst: bool = False, inverted: bool = False,
               threshold: float = 0.0, floor: float = 0.0,
               ceiling: float = np.inf, **slips: Any) -> float:
    """Mean over the rows of the sum of the positive margins."""
    gaps, takes_part = hinge_margins(scores, y, **slips)
    counts = ((gaps > max(threshold, floor)) != inverted) | (not clipped)
    terms = np.where(takes_part, np.where(counts, gaps, floor), 0)
    terms = np.minimum(terms, ceiling)
    terms = (terms > 0) * 1.0 if counted else terms**2 if squared else terms
    return float((terms.max(axis=1) if worst else terms.sum(axis=1)).mean())


def hinge_parts(scores: Array, y: Array, clipped: bool = True, weighted: bool = False,
                inverted: bool = False, worst: bool = False, first_only: bool = False,
                leftover: bool = False, correct: float = 1.0,
                **slips: Any) -> tuple[Array, Array]:
    """What the other classes' scores and the correct one's add to dL/dscores, both (N, C)."""
    gaps, takes_part = hinge_margins(scores, y, **slips)
    counts = takes_part & ((gaps > 0) != inverted) if clipped else takes_part
    others = (counts * (gaps if weighted else 1.0)
              + (takes_part & ~counts) * (gaps if leftover else 0.0))
    if worst or first_only:
        chosen = np.where(counts, gaps, -np.inf).argmax(axis=1) if worst else counts.argmax(axis=1)
        others = others * (np.arange(scores.shape[1]) == chosen[:, None])
    truth = np.arange(scores.shape[1]) == y[:, None]
    counted = truth * others.sum(axis=1, keepdims=True)
    return others / len(y), -correct * counted / len(y)


def last_margin(scores: Array, y: Array) -> float:
    """The hinge loss in loops, where `loss = margin` stands for `loss += margin`."""
    gaps, takes_part = hinge_margins(scores, y)
    active = gaps[takes_part & (gaps > 0)]
    return float(active[-1]) / len(y) if active.size else 0.0


def hinge_three_parts(scores: Array, y: Array) -> tuple[Array, Array, Array]:
    """As `hinge_parts`, and what the correct class's own margin of 1 would add, if it counted."""
    truth = np.arange(scores.shape[1]) == y[:, None]
    return *hinge_parts(scores, y), 1.0 * truth / len(y)


def hinge_amounts(scores: Array, y: Array) -> tuple[float, ...]:
    """What the hinge loss is a sum of: violating scores, minus the correct ones, their number."""
    gaps, takes_part = hinge_margins(scores, y)
    active = takes_part & (gaps > 0)
    own = scores[np.arange(len(y)), y][:, None]
    return tuple(float(np.sum(active * part)) / len(y) for part in (scores, -own, 1.0))


MARGIN_SLIPS: Slips = {
    "correct class counted": dict(own=True),
    "margin left out": dict(margin=0.0),
    "margin subtracted": dict(margin=-1.0),
    "margin too large": dict(margin=2.0),
    "scores added": dict(own_sign=1),
    "correct score left out": dict(own_sign=0),
    "difference reversed": dict(reversed_=True),
    "satisfied margins for violated": dict(inverted=True),
    "only the worst class": dict(worst=True),
    "highest score for the correct one": dict(rival=True),
    "first class left out": dict(skipped=0),
    "last class left out": dict(skipped=-1),
    "first sample's scores for the correct classes": dict(first="row"),
    "first sample's label for all": dict(first="label"),
    "labels of all samples in every row": dict(labels_of="all"),
    "labels of all samples in the first row": dict(labels_of="first"),
    "maximum of the scores alone": dict(raised=True),
}
HINGE_LOSS_SLIPS: Slips = MARGIN_SLIPS | {
    "not clipped": dict(clipped=False),
    "compared with 1": dict(threshold=1.0),
    "clipped at 1": dict(floor=1.0),
    "margins cut off at 1": dict(ceiling=1.0),
    "margins squared": dict(squared=True),
    "violations counted, not added up": dict(counted=True),
}
HINGE_GRADIENT_SLIPS: Slips = MARGIN_SLIPS | {
    "inactive margins counted": dict(clipped=False),
    "weighted by the margin": dict(weighted=True),
    "satisfied margins left in": dict(leftover=True),
    "only the first violated class": dict(first_only=True),
    "labels of all samples in the first row ": dict(labels_of="first", assigned=True),
    "correct class's part missing": dict(correct=0.0),
    "correct class's sign": dict(correct=-1.0),
}


def hinge_dscores(scores: Array, y: Array, assigned: bool = False, **slips: Any) -> Array:
    """The gradient with respect to the scores; `assigned`, the correct class's part alone counts.

    That is where it stands in the place of what was there, not beside it.
    """
    others, correct = hinge_parts(scores, y, **slips)
    return others * ~((np.arange(scores.shape[1]) == y[:, None]) & assigned) + correct


# --------------------------------------------------------------- cross-entropy


def probabilities(scores: Array, axis: int | None = 1, exponential: bool | str = True,
                  normalized: bool = True, negated: bool = False, running: bool = False,
                  squared: bool = False, sigmoid: bool = False, shift: int | None = 1,
                  base: float = np.e, mean: bool = False, carried: bool = False,
                  inside: str = "", raw: bool = False, apart: str = "") -> Array:
    """Softmax of the rows, after a shift by the maximum along axis `shift`: 1 for each row's.

    `exponential` may be left to the "top" of the quotient, or to its "bottom"; `inside`, the
    exponential is taken of the quotient of the scores and the sum of the "powers" or "scores".
    Where it is forgotten, scores may be `raw`: not shifted.  Only "above" or "below" they may not
    be shifted, or below by "one" maximum for all: `apart`.
    """
    scores = -scores if negated else scores
    if sigmoid:
        return 1 / (1 + np.exp(-scores))
    bare, shifted = scores, scores - (0 if shift is None else scores.max(axis=shift, keepdims=True))
    scores = scores if raw else shifted
    if inside:
        terms = np.exp(shifted) if inside == "powers" else scores
        return np.exp(scores / terms.sum(axis=axis, keepdims=True))
    ways = {"above": (bare, shifted), "below": (shifted, bare), "one": (shifted, bare - bare.max())}
    upper, lower = ways.get(apart, (shifted, shifted))
    above = np.exp(upper) if exponential in (True, "top") else scores
    below = np.exp(lower) if exponential in (True, "bottom") else scores
    if running:
        return above / np.cumsum(below, axis=1)
    total = (below.mean if mean else below.sum)(axis=axis, keepdims=True) ** (1 / np.log(base))
    p = above / (np.cumsum(total, axis=0) if carried else total) if normalized else above
    return p * p if squared else p


def entropy_loss(scores: Array, y: Array, logarithm: bool = True, everything: bool = False,
                 inner: bool = False, complement: bool = False, highest: bool = False,
                 half: bool = False, crossed: bool = False, within: bool = False,
                 one_more: bool = False, **slips: Any) -> float:
    """Mean of -log p_y."""
    rows, p, top = np.arange(len(y)), probabilities(scores, **slips), scores.max(axis=1)
    log_sum = np.log(np.exp(scores - top[:, None]).sum(axis=1))
    if half:
        return float(np.mean(log_sum + top))
    if one_more:
        return float(np.mean(np.log1p(np.exp(log_sum)) - (scores[rows, y] - top)))
    if within:
        return float(np.mean(np.log(np.exp(log_sum) - (scores[rows, y] - top))))
    if crossed:
        return float(-np.log(p[:, y]).sum() / len(y))
    chosen = (p if everything else 1 - p[rows, y] if complement
              else p.max(axis=1) if highest else p[rows, y])
    if inner:
        return float(-np.log(chosen.mean()))
    return float(-np.sum(np.log(chosen) if logarithm else chosen) / len(y))


SOFTMAX_SLIPS: Slips = {
    "normalized over the samples": dict(axis=0),
    "normalized over the samples ": dict(axis=0, shift=None),
    "normalized over the whole batch": dict(axis=None),
    "normalized over the whole batch ": dict(axis=None, shift=None),
    "normalized over the whole batch  ": dict(axis=None, apart="below"),
    "normalized over the whole batch   ": dict(axis=None, apart="one"),
    "shift in one place only": dict(apart="above"),
    "shift in one place only ": dict(apart="below"),
    "exponential left out": dict(exponential=False),
    "exponential left out ": dict(exponential=False, shift=None),
    "not normalized": dict(normalized=False),
    "neither shifted nor normalized": dict(normalized=False, shift=None),
    "shift by each class's maximum": dict(shift=0),
    "scores negated": dict(negated=True),
    "running denominator": dict(running=True),
    "probabilities squared": dict(squared=True),
    "sigmoid for softmax": dict(sigmoid=True),
    "sum's logarithm to base 2": dict(base=2),
    "sum's logarithm to base 10": dict(base=10),
    "mean for the sum": dict(mean=True),
    "sum carried on": dict(carried=True),
    "exponential below only": dict(exponential="bottom"),
    "exponential below only ": dict(exponential="bottom", shift=None),
    "exponential below only  ": dict(exponential="bottom", raw=True),
    "exponential above only": dict(exponential="top"),
    "exponential above only ": dict(exponential="top", shift=None),
    "exponential above only  ": dict(exponential="top", raw=True),
    "quotient in the exponent": dict(inside="powers"),
    "quotient in the exponent ": dict(inside="powers", shift=None),
    "quotient in the exponent  ": dict(inside="scores"),
    "quotient in the exponent   ": dict(inside="scores", shift=None),
}
ENTROPY_LOSS_SLIPS: Slips = SOFTMAX_SLIPS | {
    "logarithm left out": dict(logarithm=False),
    "all classes counted": dict(everything=True),
    "labels of all samples in every row": dict(crossed=True),
    "logarithm after the mean": dict(inner=True),
    "probability of being wrong": dict(complement=True),
    "highest probability for the correct one": dict(highest=True),
    "score of the correct class left out": dict(half=True),
    "1 added inside the logarithm": dict(one_more=True),
    "subtracted inside the logarithm": dict(within=True),
}
ENTROPY_GRADIENT_SLIPS: Slips = SOFTMAX_SLIPS | {
    "indicator missing": dict(indicator=0.0),
    "indicator added": dict(indicator=-1.0),
}


def entropy_dscores(scores: Array, y: Array, indicator: float = 1.0, **slips: Any) -> Array:
    """The gradient with respect to the scores, p - 1{j = y} over N."""
    truth = np.arange(scores.shape[1]) == y[:, None]
    return (probabilities(scores, **slips) - indicator * truth) / len(y)


def entropy_amounts(scores: Array, y: Array) -> tuple[float, ...]:
    """What cross-entropy sums: logarithms of shifted sums, minus correct scores, and the shifts."""
    top = scores.max(axis=1)
    log_sum = np.log(np.exp(scores - top[:, None]).sum(axis=1))
    return float(log_sum.mean()), -float(scores[np.arange(len(y)), y].mean()), float(top.mean())


def entropy_parts(scores: Array, y: Array, **slips: Any) -> tuple[Array, Array, Array]:
    """What dL/dscores sums: probabilities of others, of the correct class, minus the indicator."""
    truth, p = np.arange(scores.shape[1]) == y[:, None], probabilities(scores, **slips)
    return p * ~truth / len(y), p * truth / len(y), -1.0 * truth / len(y)

"""What is wrong with a loss and its gradient: the pieces of an answer, and what they should be."""
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy import ndarray as Array

from cs231n_lite.exercises.diagnosis.anatomy import Anatomy, scale_faults
from cs231n_lite.exercises.diagnosis.decompose import Pieces, amounts, combination
from cs231n_lite.exercises.diagnosis.faults import fault
from cs231n_lite.exercises.diagnosis.penalties import (
    forgotten,
    gradient_penalties,
    loss_penalties,
    mixed,
    penalty_faults,
)
from cs231n_lite.exercises.verdict import Fault

DROWNED = 1e8
OTHER_LOSSES = {"of softmax", "of the SVM", "of squared errors"}

# --------------------------------------------------------------- the data part


def catalogue_faults(part: str, observed: list[Array], body: Anatomy) -> list[Fault] | None:
    """The slip or two and the factor that make the right data part what was observed, or None.

    A factor of another loss is no slip: what it would be of the right one, nobody knows.
    """
    known = body.slips(part, observed)
    if known is None:
        return None
    names = [name.strip() for name in known.name]
    factor = [] if set(names) & OTHER_LOSSES else scale_faults(part, known.law)
    return [fault(f"{part}: {name}") for name in names] + factor


def loss_data_faults(observed: list[Array], body: Anatomy) -> list[Fault] | None:
    """What is wrong with the data part of the loss; None when it is not known."""
    if (law := body.scale(observed, body.loss)) is not None:
        return scale_faults("loss", law)
    if (known := catalogue_faults("loss", observed, body)) is not None:
        return known
    excess = [seen - should for seen, should in zip(observed, body.loss)]
    if (law := body.law(excess, body.squares)) is not None:
        times = "" if law == "1" else f"{law} times "
        return [fault("loss: reg forgotten", form=f"{times}the sum of W squared")]
    return constant_faults(observed, excess, body) or amount_faults(observed, body)


def constant_faults(observed: list[Array], excess: list[Array],
                    body: Anatomy) -> list[Fault] | None:
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
    for divisor, per in (([1] * len(parts), ""),
                         ([N for N, _, _ in body.sizes], ", as a sum over the samples")):
        found = amounts([seen / n for seen, n in zip(observed, divisor)], parts)
        if found is not None:
            texts = [f"{number:.3g} times {name}"
                     for number, name in zip(found, body.family.amount_names)]
            wanted = "; all should be 1 times, in the mean"
            return [fault("loss: coefficients", amounts=", ".join(texts) + per + wanted)]
    return None


def gradient_data_faults(observed: list[Array], body: Anatomy) -> list[Fault] | None:
    """What is wrong with the data part of the gradient; None when it is not known."""
    if (law := body.scale(observed, body.gradient)) is not None:
        return scale_faults("gradient", law)
    if (laws := combination(observed, body.parts, body.sizes)) is not None:
        return body.family.coefficients(*laws)
    if (known := catalogue_faults("gradient", observed, body)) is not None:
        return known
    with_W = [(should, p.W) for should, p in zip(body.gradient, body.probes)]
    if (laws := combination(observed, with_W, body.sizes)) is not None:
        start = (fault("gradient: sum starts from W") if laws[1] == "1/N" else
                 fault("gradient: reg forgotten", form=f"{laws[1]} times W"))
        return [start, *scale_faults("gradient", laws[0])]
    excess = [seen - should for seen, should in zip(observed, body.gradient)]
    law = body.law(excess, [np.ones(p.W.shape) for p in body.probes])
    return None if law is None else [fault("gradient: a constant added", law=law)]


# --------------------------------------------------------------- loss and gradient together


class Findings(NamedTuple):
    """The faults of data part and regularization, each None where nobody knows why."""

    data: list[Fault] | None
    penalty: list[Fault] | None


def is_forgotten(data: list[Fault] | None) -> bool:
    """True when the penalty is there without reg: then it is not missing besides."""
    return data is not None and any(found.id.endswith("reg forgotten") for found in data)


def is_drowned(data: list[Array], penalty: list[Array]) -> bool:
    """True when the data part is so large that rounding hides what reg adds to it."""
    return any(np.max(np.abs(seen)) > DROWNED * np.max(np.abs(should))
               for seen, should in zip(data, penalty))


def loss_findings(pieces: Pieces, body: Anatomy) -> Findings:
    """What is wrong with the loss."""
    return findings("loss", pieces, body, loss_data_faults, body.squares, loss_penalties)


def gradient_findings(pieces: Pieces, body: Anatomy) -> Findings:
    """What is wrong with the gradient."""
    return findings("gradient", pieces, body, gradient_data_faults, [2 * p.W for p in body.probes],
                    gradient_penalties)


def findings(part: str, pieces: Pieces, body: Anatomy, data_faults: Callable,
             should: list, penalties: Callable) -> Findings:
    """What is wrong with a part: by `data_faults`, and by a penalty that should be `should`.

    It is often one of `penalties`.
    """
    if not any(np.any(value) for value in pieces.data + ([] if body.of_scores else pieces.penalty)):
        return Findings([fault(f"{part}: zero")], [])
    data = data_faults(pieces.data, body)
    if data is None and not body.of_scores and not any(np.any(value) for value in pieces.penalty):
        data = forgotten(part, pieces.data, should, penalties(body), data_faults, body)
    if is_forgotten(data):
        return Findings(data, [])
    if is_drowned(pieces.data, should):
        return Findings(data, None if data is None else [])
    if not pieces.linear:
        return Findings(data, mixed(part, pieces, penalties(body), body))
    return Findings(data, penalty_faults(part, pieces.penalty, should, penalties(body), body))

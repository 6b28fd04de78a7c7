"""Judges the short questions whose answer is a function of one line.

It is compared with the definition, which is written out here once more.  A wrong
one is named after the slip that does the same on every input.
"""
import math
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy import ndarray as Array
from numpy.random import Generator

from cs231n_lite.exercises.diagnosis.faults import fault
from cs231n_lite.exercises.judges.calling import (
    Faulty,
    attempt,
    call,
    check_array,
    described,
    entry,
    is_close,
    is_real_number,
)
from cs231n_lite.exercises.judges.problems import FIXED, Probes
from cs231n_lite.exercises.verdict import Fault, Trial


class Line(NamedTuple):
    """A function that is asked for: its inputs, made from the probes; its definition; its slips."""

    id: str
    arguments: tuple[str, ...]
    inputs: Callable[[Probes], dict[str, tuple]]
    definition: Callable
    slips: dict[str, Callable]


def weights_and_biases(probes: Probes) -> dict[str, tuple[Array, Array]]:
    """W and b: square first, since there b fits in beside W as well as below it."""
    rng, shapes = probes.rng(11), [(4, 4), (3, 5), (6, 2), (1, 3), (5, 1)]
    if probes != FIXED:
        shapes = [(D + probes.between(0, 9, 13) * (D > 1),
                   C + probes.between(0, 9, 13 + (D != C)) * (C > 1))
                  for D, C in shapes]
    shapes.append((probes.between(100, 300, 15), probes.between(10, 30, 15)))
    return {f"W {(D, C)}, b {(C,)}": (rng.normal(size=(D, C)), rng.normal(size=C))
            for D, C in shapes}


def sizes_and_strengths(probes: Probes) -> dict[str, tuple[int, float]]:
    """N and reg, powers of ten apart."""
    pairs = [(50, 0.1), (7, 2.5), (400, 0.01), (3, 0.1)]
    if probes != FIXED:
        rng = probes.rng(12)
        pairs = [(int(rng.integers(3, 4 * N)), float(reg * rng.uniform(0.5, 2)))
                 for N, reg in pairs]
    return {f"N = {N}, reg = {reg:g}": (N, reg) for N, reg in pairs}


BIAS_TRICK = Line(
    "bias_trick", ("W", "b"), weights_and_biases,
    lambda W, b: np.array([*W.tolist(), b.tolist()]),
    {
        "b first": lambda W, b: np.concatenate([b[None], W]),
        "b as a column": lambda W, b: np.concatenate([W, b[:, None]], axis=1),
        "b as the first column": lambda W, b: np.concatenate([b[:, None], W], axis=1),
        "transposed": lambda W, b: np.concatenate([W, b[None]]).T,
        "b added": lambda W, b: W + b,
        "b added to a row of ones": lambda W, b: np.concatenate([W, 1 + b[None]]),
        "a row of ones": lambda W, b: np.concatenate([W, np.ones((1, len(b)))]),
        "a column of ones": lambda W, b: np.concatenate([W, np.ones((len(W), 1))], axis=1),
        "b left out": lambda W, b: W.copy(),
        "b negated": lambda W, b: np.concatenate([W, -b[None]]),
        "a row of zeros": lambda W, b: np.concatenate([W, np.zeros((1, len(b)))]),
        "last row overwritten": lambda W, b: np.concatenate([W[:-1], b[None]]),
        "flattened": lambda W, b: np.concatenate([W.ravel(), b]),
    },
)
BINARY_C = Line(
    "binary_C", ("N", "reg"),
    sizes_and_strengths,
    lambda N, reg: 1 / N / reg,
    {
        "N left out": lambda N, reg: 1 / reg,
        "reg left out": lambda N, reg: 1 / N,
        "times N": lambda N, reg: N / reg,
        "halved": lambda N, reg: 1 / (2 * N * reg),
        "doubled": lambda N, reg: 2 / (N * reg),
        "reciprocal": lambda N, reg: N * reg,
        "times reg": lambda N, reg: reg / N,
        "added": lambda N, reg: 1 / (N + reg),
        "reg": lambda N, reg: reg,
        "whole numbers": lambda N, reg: 1 // (N * reg),
    },
)


def distributions(probes: Probes) -> dict[str, tuple[Array, Array]]:
    """p and q, which sum to 1; also such with a small share, and two that are equal."""
    pairs = {
        "two classes": ([0.3, 0.7], [0.6, 0.4]),
        "three classes": ([0.1, 0.2, 0.7], [0.5, 0.3, 0.2]),
        "five classes": ([0.4, 0.1, 0.05, 0.25, 0.2], [0.15, 0.3, 0.35, 0.1, 0.1]),
        "a nearly certain p": ([1e-9, 1 - 2e-9, 1e-9], [0.2, 0.5, 0.3]),
        "p equal to q": ([0.6, 0.3, 0.1], [0.6, 0.3, 0.1]),
    }
    rng = probes.rng(13)
    sizes = probes.between(6, 20, 16), probes.between(100, 300, 17)
    pairs |= {f"{C} classes": rng.uniform(0.1, 1, size=(2, C)).tolist() for C in sizes}
    return {name: share(rng, *pair) for name, pair in pairs.items()}


def share(rng: Generator, p: list[float], q: list[float]) -> tuple[Array, Array]:
    """Other shares of about that size, equal where those are equal."""
    factors = rng.uniform(0.8, 1.2, size=(2, len(p)))
    new_p, new_q = (part * shares / np.sum(part * shares) for part, shares in zip(factors, (p, q)))
    return new_p, new_p.copy() if p == q else new_q


KL_DIVERGENCE = Line(
    "kl_divergence", ("p", "q"), distributions,
    lambda p, q: sum(a * math.log(a / b) for a, b in zip(p.tolist(), q.tolist())),
    {
        "arguments swapped": lambda p, q: np.sum(q * np.log(q / p)),
        "cross-entropy": lambda p, q: -np.sum(p * np.log(q)),
        "entropy": lambda p, q: -np.sum(p * np.log(p)),
        "sign flipped": lambda p, q: -np.sum(p * np.log(p / q)),
        "bits": lambda p, q: np.sum(p * np.log2(p / q)),
        "logarithm to base 10": lambda p, q: np.sum(p * np.log10(p / q)),
        "mean for the sum": lambda p, q: np.mean(p * np.log(p / q)),
        "p left out": lambda p, q: np.sum(np.log(p / q)),
        "weighted by q": lambda p, q: np.sum(q * np.log(p / q)),
        "logarithms divided": lambda p, q: np.sum(p * np.log(p) / np.log(q)),
        "logarithms added": lambda p, q: np.sum(p * np.log(p * q)),
        "logarithm left out": lambda p, q: np.sum(p * (p - q)),
        "absolute": lambda p, q: np.sum(p * np.abs(np.log(p / q))),
        "logarithm of the sum": lambda p, q: np.log(np.sum(p / q)),
        "logarithm of the weighted sum": lambda p, q: np.log(np.sum(p * p / q)),
        "not summed": lambda p, q: p * np.log(p / q),
    },
)


def judge_line(f: Callable, line: Line, probes: Probes = FIXED) -> list[Trial]:
    """Judge a function of one line on all inputs."""
    inputs = line.inputs(probes)
    trials = [attempt(where, partial(line_faults, f, line, where, args))
              for where, args in inputs.items()]
    if (any(trial.faults for trial in trials)
        and (slip := known_slip(f, line, list(inputs.values())))):
        return [Trial(trial.name, (fault(f"{line.id}: {slip}"),) if trial.faults else ())
                for trial in trials]
    return trials


def line_faults(f: Callable, line: Line, where: str, args: tuple) -> Iterator[Fault]:
    """What is wrong with what f returns for one of the inputs."""
    got, want = call(f, *args, names=line.arguments), line.definition(*args)
    if isinstance(want, Array):
        check_array(got, "The result", want.shape)
        if not is_close(got, want):
            yield fault(f"{line.id}: value", entry=entry("result", got, want), where=where)
    elif not is_real_number(got):
        yield fault("returns", got=described(got), want="one real number")
    elif not is_close(got, want):
        yield fault(f"{line.id}: value", got=f"{got:.6g}", want=f"{want:.6g}", where=where)


def known_slip(f: Callable, line: Line, inputs: list[tuple]) -> str | None:
    """The slip that does what f does on every input, if one does."""
    observed = [outcome(f, args) for args in inputs]
    if all(seen is None for seen in observed):
        return None
    return next((name for name, slip in line.slips.items()
                 if all(map(same, observed, (outcome(slip, args) for args in inputs)))), None)


def outcome(f: Callable, args: tuple) -> Array | None:
    """The numbers that f returns; None where it stops, or returns anything else."""
    try:
        returned = np.asarray(call(f, *args))
    except (Faulty, ValueError):
        return None
    return returned.astype(np.float64) if returned.dtype.kind in "iuf" else None


def same(a: Array | None, b: Array | None) -> bool:
    """True when both are missing, or both hold the same numbers in the same shape."""
    if a is None or b is None:
        return a is b
    return a.shape == b.shape and is_close(a, b)

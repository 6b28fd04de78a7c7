"""By which factor is something wrong?  N, 1/N, 2 C: products of the sizes of a batch."""
from collections.abc import Iterator
from functools import cache
from itertools import product

import numpy as np
from numpy import ndarray as Array

Sizes = tuple[tuple[int, int, int], ...]
CLOSE = 1e-4
NUMBERS = {"": 1.0, "1/2": 0.5, "2": 2.0, "1/4": 0.25, "4": 4.0, "3": 3.0, "3/2": 1.5}


def law_of(factors: Array, sizes: Sizes) -> str | None:
    """The simplest law, as 'N', '-1/C' or '0.6931', that gives every batch's factor, or None.

    `sizes` holds N, D, C of each batch.  A factor that is NaN could not be measured, and fits
    anything.
    """
    measured = np.isfinite(factors)
    if not measured.any():
        return None
    names, values = laws(sizes)
    known = np.arange(len(names))
    for batch in np.flatnonzero(measured):
        there = values[batch, known]
        known = known[np.abs(there - factors[batch]) <= CLOSE * np.abs(there) + CLOSE * 1e-2]
        if not known.size:
            break
    else:
        return names[int(known[0])]
    first = factors[measured][0]
    return f"{first:.4g}" if np.allclose(factors[measured], first, rtol=CLOSE) else None


@cache
def laws(sizes: Sizes) -> tuple[list[str], Array]:
    """The names of all laws, the simplest first, and their values (batches, laws)."""
    N, D, C = np.array(sizes, dtype=float).T
    found = sorted(products({"N": N, "C": C, "D": D, "(C-1)": C - 1}), key=lambda law: law[0])
    names = ["1", "0"] + [name for _, name, _ in found]
    values = [np.ones_like(N), np.zeros_like(N), *(values for *_, values in found)]
    return names, np.ascontiguousarray(np.transpose(values))


def products(bases: dict[str, Array]) -> Iterator[tuple[int, str, Array]]:
    """(complexity, name, values) of sign * number * N^a C^b D^c (C-1)^d for small exponents."""
    powers_of = product(range(-2, 3), *[range(-1, 2)] * 3)
    for sign, (number, value), exponents in product(("", "-"), NUMBERS.items(), powers_of):
        complexity = 2 * sum(map(abs, exponents)) + 2 * bool(number) + bool(sign)
        if complexity <= 7:
            powers = [base**e for base, e in zip(bases.values(), exponents)]
            values = (-1 if sign else 1) * value * np.prod(powers, axis=0)
            yield complexity, sign + written(number, dict(zip(bases, exponents))), values


def written(number: str, exponents: dict[str, int]) -> str:
    """2, {N: 1, C: -1} as '2 N/C'."""
    upper, _, lower = number.partition("/")
    above, below = [upper] * (upper not in ("", "1")), [lower] * bool(lower)
    above += [base if e == 1 else f"{base}^{e}" for base, e in exponents.items() if e > 0]
    below += [base if e == -1 else f"{base}^{-e}" for base, e in exponents.items() if e < 0]
    top = " ".join(above) or "1"
    return (top if not below else f"{top}/{below[0]}" if len(below) == 1
            else f"{top}/({' '.join(below)})")

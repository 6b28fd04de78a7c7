"""Samples: new points of a preset's shape, the same in Python and in JavaScript to the last bit.

A sample is plain JSON, from which its points are drawn anew wherever they are needed:

    shape   a preset, near whose points the new ones lie
    seed    a whole number
    noise   the standard deviation of x and of y around the preset's points
    number  of points, the classes in turn
    split   whether every second point is held out from training

The draw is done in integers, thousandths of the plane, so no platform's rounding enters.
The front end's sample.js does the same.
"""
from collections.abc import Iterator
from functools import lru_cache
from math import floor
from typing import Any

from cs231n_lite.explorer.presets import PRESETS

MOST_NOISE = 0.5
SEEDS = 1_000_000  # so many samples of a kind

Sample = dict[str, Any]


def training_points(sample: Sample) -> list[list]:
    """The points that are trained on."""
    points = drawn(**sample)
    return points[::2] if sample["split"] else points


def held_out_points(sample: Sample | None) -> list[list]:
    """The points that are not; none without a sample, or where it isn't split."""
    return drawn(**sample)[1::2] if sample and sample["split"] else []


@lru_cache(maxsize=8)
def drawn(shape: str, seed: int, noise: float, number: int, split: bool) -> list[list]:
    """All points [x, y, class] of a sample, whether it is `split` or not."""
    random = integers(seed)
    points = PRESETS[shape]["state"]["points"]
    result = []
    for i in range(number):
        own = [point for point in points if point[2] == i % 3]
        near = own[next(random) % len(own)]
        x, y = (moved(thousandths(near[k]), thousandths(noise), random) for k in (0, 1))
        result.append([x / 1000, y / 1000, i % 3])
    return result


def moved(place: int, noise: int, random: Iterator[int]) -> int:
    """A place near this one, drawn again until it lies in the plane.

    The sum of three uniform numbers from -1 to 1 has a standard deviation of 1,
    and is close enough to a normal one.
    """
    while True:
        bell = sum(next(random) % 2001 for _ in range(3)) - 3000
        near = place + noise * bell // 1000
        if abs(near) <= 1000:
            return near


def thousandths(value: float) -> int:
    """The nearest whole number of thousandths."""
    return floor(1000 * value + 0.5)


def integers(seed: int) -> Iterator[int]:
    """Random integers of 32 bits for ever: a counter, well mixed.

    Source: SplitMix (Steele, Lea and Flood, 2014), with the 32-bit finalizer of MurmurHash3.
    """
    counter = seed
    while True:
        counter = (counter + 0x9E3779B9) % 2**32
        mixed = ((counter ^ counter >> 16) * 0x85EBCA6B) % 2**32
        mixed = ((mixed ^ mixed >> 13) * 0xC2B2AE35) % 2**32
        yield mixed ^ mixed >> 16

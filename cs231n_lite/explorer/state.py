"""The state of the explorer: all that a reader can change, in plain JSON.

    points  [[x, y, class], ...]          x and y from -1 to 1, three classes
    W       [[wx, wy], [wx, wy], [wx, wy]] a row per class, as the notes write it
    b       [b, b, b]
    loss    a name of arithmetic.LOSSES, or "yours"
    reg     regularization strength; biases are not regularized
    step    step size of a parameter update
    batch   0 for all points, n for a random minibatch of n
    speed   updates a frame, where they are repeated: 1, 10 or 100
    sample  None, or what the points were drawn by (see sample.py), the held-out ones too
    experiment  the guided experiment in hand (see experiments.py), or ""

The front end's state.js says the same in JavaScript.
"""
from collections.abc import Callable
from reprlib import repr as shortened
from typing import Any

from cs231n_lite.explorer.arithmetic import LARGEST, LOSSES, YOURS
from cs231n_lite.explorer.experiments import EXPERIMENTS
from cs231n_lite.explorer.presets import PRESETS, State
from cs231n_lite.explorer.sample import MOST_NOISE, SEEDS

MOST_POINTS = 100
SPEEDS = (1, 10, 100)


def check_state(state: State) -> None:
    """Raise ValueError, naming what to mend, unless `state` has every part as it should be."""
    for name, (fits, expected) in PARTS.items():
        if name not in state:
            raise ValueError(f"The state has no {name}; expected {expected}.")
        if not fits(state[name]):
            raise ValueError(f"{name} is {shortened(state[name]):.80}; expected {expected}.")
    for name in state.keys() - PARTS.keys():
        raise ValueError(f"{name} is no part of a state; expected {', '.join(PARTS)}.")


def check_batches(batches: Any, points: list) -> None:
    """Raise ValueError unless each of `batches` is None, for all, or the numbers of some points."""
    if not (isinstance(batches, list) and batches):
        raise ValueError(f"batches is {shortened(batches)}; "
                         "expected a list of one or more, each None or numbers of points.")
    for rows in batches:
        if rows is not None and not (is_list(rows, lambda row: is_row(row, points)) and rows):
            raise ValueError(f"rows is {shortened(rows)}; "
                             f"expected None or numbers of points, from 0 to {len(points) - 1}.")


def is_row(value: Any, points: list) -> bool:
    """Whether it is the number of a point, a whole one, which True and 1.0 are not."""
    return type(value) is int and 0 <= value < len(points)


def is_number(value: Any, least: float, most: float) -> bool:
    """Whether it is a number from `least` to `most`, which nan is not."""
    return (isinstance(value, (int, float)) and not isinstance(value, bool)
            and least <= value <= most)


def is_list(value: Any, fits: Callable[[Any], bool], length: int | None = None) -> bool:
    """Whether it is a list, of that length if one is given, and all that it holds fits."""
    return isinstance(value, list) and length in (None, len(value)) and all(map(fits, value))


def is_point(value: Any) -> bool:
    """Whether it is [x, y, class], in the plane."""
    return (is_list(value, lambda part: is_number(part, -1, 2), 3) and max(value[:2]) <= 1
            and value[2] in (0, 1, 2))


def is_weight(value: Any) -> bool:
    """Whether it is a number that has not diverged."""
    return is_number(value, -LARGEST, LARGEST)


def is_whole(value: Any, least: float, most: float) -> bool:
    """Whether it is a whole number from `least` to `most`."""
    return is_number(value, least, most) and value == int(value)


def is_sample(value: Any) -> bool:
    """Whether it is None, or says how points are drawn."""
    return value is None or (
        isinstance(value, dict) and value.keys() == SAMPLE_PARTS.keys()
        and all(fits(value[name]) for name, fits in SAMPLE_PARTS.items()))


SAMPLE_PARTS = {
    "shape": lambda shape: isinstance(shape, str) and shape in PRESETS,
    "seed": lambda seed: is_whole(seed, 0, SEEDS - 1),
    "noise": lambda noise: is_number(noise, 0, MOST_NOISE),
    "number": lambda number: is_whole(number, 0, MOST_POINTS),
    "split": lambda split: isinstance(split, bool),
}
PARTS = {
    "points": (lambda points: is_list(points, is_point) and len(points) <= MOST_POINTS,
               f"a list of at most {MOST_POINTS} points [x, y, class], "
               "x and y from -1 to 1, class 0, 1 or 2"),
    "W": (lambda W: is_list(W, lambda row: is_list(row, is_weight, 2), 3),
          f"three rows [wx, wy], one per class, of numbers no larger than {LARGEST:g}"),
    "b": (lambda b: is_list(b, is_weight, 3),
          f"three numbers, one per class, no larger than {LARGEST:g}"),
    "loss": (lambda loss: isinstance(loss, str) and loss in (*LOSSES, YOURS),
             f"one of {', '.join(LOSSES)}, {YOURS}"),
    "reg": (lambda reg: is_number(reg, 0, 10), "a number from 0 to 10"),
    "step": (lambda step: is_number(step, 1e-4, 10), "a number from 0.0001 to 10"),
    "batch": (lambda batch: is_whole(batch, 0, MOST_POINTS),
              f"0, for all points, or a whole number up to {MOST_POINTS}"),
    "speed": (lambda speed: type(speed) is int and speed in SPEEDS, "1, 10 or 100"),
    "sample": (is_sample,
               "None or a dict of shape (a preset), seed (a whole number from 0 to "
               f"{SEEDS - 1:,}), noise (from 0 to {MOST_NOISE:g}), number (of points, at most "
               f"{MOST_POINTS}) and split (True where half is held out)"),
    "experiment": (lambda name: isinstance(name, str) and name in ("", *EXPERIMENTS),
                   f'"" or one of {", ".join(EXPERIMENTS)}'),
}

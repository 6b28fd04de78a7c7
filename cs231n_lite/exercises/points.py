"""Points for exercises, from a table that a teacher writes; part of them where a part is right.

    exercise,points,loss,gradient
    predict,1
    svm_loss_vectorized,4,1,2

A correct answer has all points; where only the loss is right, or only the gradient, it has the
part marks of that column.  An exercise that the table does not name is worth nothing.
"""
import csv
from collections.abc import Sequence
from math import isfinite
from pathlib import Path
from typing import NamedTuple

from cs231n_lite.exercises.registry import EXERCISES
from cs231n_lite.exercises.verdict import CORRECT

COLUMNS = ("exercise", "points", "loss", "gradient")
MOST = 1e6
PARTED = ((";", "semicolons"), ("\t", "tabs"))  # as spreadsheets save CSV in other languages


class Worth(NamedTuple):
    """What a correct answer earns, and one of which only the loss, or the gradient, is right."""

    points: float
    loss: float = 0.0
    gradient: float = 0.0


Points = dict[str, Worth]


def points_in(path: str | Path) -> Points:
    """The table in a CSV file; ValueError, with file and line, for one that cannot be meant."""
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is no text in UTF-8; expected a table with the columns "
                         f"{', '.join(COLUMNS)}.") from error
    first = text.partition("\n")[0]
    if other := next((name for mark, name in PARTED if mark in first and "," not in first), ""):
        raise ValueError(f"{path} has {other} between its cells; expected commas: save it as CSV "
                         f"with commas, its first line {','.join(COLUMNS[:2])}.")
    rows = csv.reader(text.splitlines())
    if (head := tuple(cell.strip() for cell in next(rows, []))) not in (COLUMNS, COLUMNS[:2]):
        raise ValueError(f"{path}, line 1 is {','.join(head)!r}; expected {','.join(COLUMNS)}, "
                         "or the first two of them.")
    found: Points = {}
    for row in rows:
        cells = [cell.strip() for cell in row]
        if any(cells):
            here = f"{path}, line {rows.line_num}"
            if cells[0] in found:
                raise ValueError(f"{here} names {cells[0]} a second time; leave one of them.")
            found[cells[0]] = worth(here, cells)
    if not total(found):
        raise ValueError(f"{path} gives no points; expected a line for each exercise that counts, "
                         "such as predict,1.")
    return found


def worth(here: str, cells: list[str]) -> Worth:
    """What a line of the table says, which lies `here`."""
    id, *numbers = cells
    if id not in EXERCISES:
        raise ValueError(f"{here} names {id!r}; expected one of {', '.join(EXERCISES)}.")
    if not 1 <= len(numbers) < len(COLUMNS) or not numbers[0]:
        raise ValueError(f"{here} has {len(numbers)} cells behind {id}; "
                         "expected its points, and part marks for loss and gradient if any.")
    values = [number(here, name, text) for name, text in zip(COLUMNS[1:], numbers)]
    if any(values[1:]) and not EXERCISES[id].has_gradient:
        raise ValueError(f"{here} has part marks for {id}, "
                         "which asks for no loss with its gradient; leave these cells empty.")
    if max(values) > values[0]:
        raise ValueError(f"{here} gives more for a part of {id} than the {values[0]:g} "
                         "for all of it; expected less.")
    return Worth(*values)


def number(here: str, name: str, text: str) -> float:
    """The number in a cell, 0 for an empty one."""
    try:
        value = float(text or 0)
    except ValueError:
        value = -1.0
    if not (isfinite(value) and 0 <= value <= MOST):
        raise ValueError(f"{here} says {name} {text!r}; expected a number from 0 to {MOST:,.0f}.")
    return value


def total(points: Points) -> float:
    """What a student can earn."""
    return rounded(sum(each.points for each in points.values()))


def earned(points: Points, exercise: str, verdict: str, faults: Sequence[str]) -> float:
    """What an answer of that verdict earns; the ids of its faults tell which part is right."""
    each = points.get(exercise, Worth(0.0))
    if verdict == CORRECT:
        return each.points
    if all_of("gradient", faults):
        return each.loss
    return each.gradient if all_of("loss", faults) else 0.0


def all_of(part: str, faults: Sequence[str]) -> bool:
    """True when there are faults, and each is one of that part alone."""
    return bool(faults) and all(id.startswith(f"{part}: ") for id in faults)


def rounded(points: float) -> float:
    """A sum without what binary fractions add to it."""
    return round(points, 6)


def written(points: float) -> str:
    """Points as a person writes them: 2, or 0.5."""
    return f"{points:.12g}"

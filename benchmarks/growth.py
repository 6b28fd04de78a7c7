"""How cost grows: curves, their slopes on logarithmic scales, and a bound on each.

The slope is the exponent of growth, 1 for what is proportional and 0 for what stays; it is fitted
over the upper half of what was measured, where constant costs no longer hide it.
"""
from collections.abc import Iterable
from math import sqrt
from typing import NamedTuple

import numpy as np

from benchmarks import curves
from benchmarks.curves import MEMORY, TIME, Point
from benchmarks.report import markdown
from benchmarks.traffic import IMAGES, IN_A_FILE, IN_MEMORY, MOVED, of_dask

PARTS = [curves.of_losses, curves.of_files, curves.of_points, curves.of_workers,
         curves.of_students, of_dask]
AXES = {"N": "rows N", "D": "columns D", "C": "classes C", "images": "images in files",
        "points": "points of a grid", "workers": "workers of a search",
        "students": "students to grade"}
CIFAR10 = 50_000 * (3072 + 8) / 1e9  # GB: pixels and labels


INTRODUCTION = ("How cost grows, as the slopes of the curves in the picture, whose scales are "
                "logarithmic: 1 is proportional, 0 stays the same. They are fitted over the upper "
                "half of what was measured:")


class Bound(NamedTuple):
    """The most that a slope may be, and why that much."""

    most: float
    why: str


LOSSES = "svm_loss", "softmax_loss"
EACH_ROW = Bound(1.1, "each row is read twice, whatever their number")
EACH_WEIGHT = Bound(1.1, "both products are linear in it")
BLOCK = Bound(1.1, "a gradient, and a block of rows or scores")
BOUNDS: dict[tuple[str, str, str], Bound] = {
    **{(TIME, "N", name): EACH_ROW for name in LOSSES},
    **{(TIME, axis, name): EACH_WEIGHT for axis in "DC" for name in LOSSES},
    **{(MEMORY, "N", name): Bound(0.1, "rows are taken in blocks") for name in LOSSES},
    **{(MEMORY, axis, name): BLOCK for axis in "DC" for name in LOSSES},
    (TIME, "images", "moments"): Bound(0.2, "5,000 rows, from colder and colder pages"),
    (TIME, "images", "fit"): Bound(0.2, "as many batches, from colder and colder pages"),
    (TIME, "images", "predict"): Bound(1.1, "each row is read once"),
    (MEMORY, "images", "all three"): Bound(0.1, "a batch or a block of rows, but all labels"),
    (TIME, "points", "a search"): Bound(1.1, "as many products of 240 columns as fill"),
    (MEMORY, "points", "a search"): Bound(1.1, "weights, velocity and predicted labels of each"),
    (TIME, "workers", "a search"): Bound(-0.77, "two are 1.7 times as fast; but each draws "
                                                   "all batches"),
    (MEMORY, "workers", "a search"): Bound(1.1, "each has its Python and its weights"),
    (TIME, "students", "grading"): Bound(1.1, "each is graded alone"),
    (MEMORY, "students", "grading"): Bound(0.1, "of each, the verdicts alone are kept"),
    (MOVED, "workers", IN_MEMORY): Bound(1.1, "a copy of the images for each"),
    (MOVED, "workers", IN_A_FILE): Bound(1.1, "a path to each, and its best classifier back"),
    **{(MOVED, "points", name): Bound(0.1, "settings there and accuracies back")
       for name in (IN_MEMORY, IN_A_FILE)},
}


def series(quick: bool) -> list[dict]:
    """All curves, measured."""
    return gathered(point for part in PARTS for point in part(quick))


def gathered(points: Iterable[Point]) -> list[dict]:
    """Points as curves: each a quantity over an axis, with a name, its x and its y."""
    found: dict[tuple[str, str, str], list[tuple[float, float]]] = {}
    for quantity, axis, name, x, y in points:
        found.setdefault((quantity, axis, name), []).append((x, y))
    return [{"quantity": quantity, "axis": axis, "name": name, "x": list(x), "y": list(y)}
            for (quantity, axis, name), pairs in found.items() for x, y in [zip(*pairs)]]


def upper(curve: dict) -> tuple[list[float], list[float]]:
    """The points of the upper half of the range, on a logarithmic scale; two at least."""
    x = sorted(curve["x"])
    from_x = min(sqrt(x[0] * x[-1]), x[-2])
    chosen = [pair for pair in zip(curve["x"], curve["y"]) if pair[0] >= from_x]
    return [x for x, _ in chosen], [y for _, y in chosen]


def slope(curve: dict) -> float:
    """The exponent with which a curve grows there."""
    x, y = upper(curve)
    return float(np.polyfit(np.log(x), np.log(y), 1)[0])


def shown(curve: dict) -> str:
    """Its slope to two digits, and never -0.00."""
    return f"{round(slope(curve), 2) + 0:.2f}"


def kept(curve: dict) -> bool:
    """Whether the slope is within its bound; also where there is none."""
    bound = bound_of(curve)
    return bound is None or slope(curve) <= bound.most


def bound_of(curve: dict) -> Bound | None:
    """The bound on its slope; none for what is drawn to compare with."""
    return BOUNDS.get((curve["quantity"], curve["axis"], curve["name"]))


def on_page(found: list[dict]) -> str:
    """The table of slopes, and what it says about a thousand workers."""
    return f"{INTRODUCTION}\n\n{table(found)}\n\n{on_paper(found)}".strip() if found else ""


def table(found: list[dict]) -> str:
    """A row for each curve that has a bound."""
    rows = []
    for curve in found:
        if bound := bound_of(curve):
            x, _ = upper(curve)
            rows.append([f"{curve['quantity'].partition(' (')[0]}: {curve['name']}",
                         f"{AXES[curve['axis']]}, {min(x):,} to {max(x):,}",
                         f"**{shown(curve)}**", f"at most {bound.most:g}",
                         "yes" if kept(curve) else "no", bound.why])
    return markdown(["what", "over", "slope", "to reach", "ok", "because"], rows)


# --------------------------------------------------------------- a thousand workers, on paper


def on_paper(found: list[dict]) -> str:
    """What Dask moves for each worker and each point, and what that would be for a thousand."""
    moved = {(curve["axis"], curve["name"]): curve for curve in found if curve["quantity"] == MOVED}
    if not moved:
        return ""
    worker, point = (steepness(moved[axis, IN_A_FILE]) for axis in ("workers", "points"))
    images = moved["workers", IMAGES]["y"][0]
    copied = moved["workers", IN_MEMORY]
    copies = max(y / images / (workers + 1) for workers, y in zip(copied["x"], copied["y"]))
    back = worker + point  # of a thousand, in GB
    return (f"Dask moves {1000 * worker:.3g} kB for each worker, whose best classifier comes back "
            f"by way of the scheduler, and {1000 * point:.2g} kB for each point. Images in memory "
            f"it moves at most {copies:.2f} times for each worker and for the scheduler, which "
            "passes them on once; then workers have them from each other. On paper, a thousand "
            f"workers with a point each move {back:.2g} GB where CIFAR-10 is in a file that all "
            f"see, and {back + 1001 * copies * CIFAR10:.3g} GB where it is in memory.")


def steepness(curve: dict) -> float:
    """MB for each further worker or point: the line through the curve."""
    return float(np.polyfit(curve["x"], curve["y"], 1)[0])

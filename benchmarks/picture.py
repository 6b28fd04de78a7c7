"""The picture of the benchmark: what share of each bound was used, and how cost grows."""
from pathlib import Path
from textwrap import fill
from typing import Any

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import SubFigure

from benchmarks.growth import AXES, MEMORY, TIME
from benchmarks.report import Figure

TICKS = [0.1, 0.2, 0.5, 1, 2]
LABELS = {"N": "rows N", "D": "columns D", "C": "classes C", "processes": "processes of a search"}


def draw(figures: list[Figure], curves: list[dict], path: Path) -> None:
    """Bars above, curves below, as PNG."""
    plt.style.use("cs231n_lite.house")
    measured = [figure for figure in figures if figure.measured]
    sheet = plt.figure(figsize=(12, 5.6 + 0.3 * len(measured)))
    parts: Any = sheet.subfigures(2, 1, height_ratios=[0.6 + 0.3 * len(measured), 5])
    top, bottom = parts
    draw_bars(measured, top.subplots())
    if curves:
        draw_growth(curves, bottom)
    sheet.savefig(path, dpi=80, metadata={"Software": None})
    plt.close(sheet)


def draw_bars(figures: list[Figure], ax: Axes) -> None:
    """One bar per figure: what was used of the bound, which is the line at 1."""
    reached = [figure.reached for figure in figures]
    colours = ["C0" if value <= 1 else "C1" for value in reached]
    ax.barh(range(len(figures)), reached, color=colours)
    for place, (figure, value) in enumerate(zip(figures, reached)):
        ax.text(value, place,
                " " + figure.row()[2].replace("*", "") + ("" if value <= 1 else ": not reached"),
                va="center", fontsize=8,
                bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0})
    ax.axvline(1, color="black", lw=1, zorder=0)
    besides = [figure.beside.partition(":")[0] for figure in figures]
    names = [figure.what + (f", beside {beside}" if beside else "")
             for figure, beside in zip(figures, besides)]
    ax.set_yticks(range(len(figures)),
                  [fill(name.replace("`", ""), 90) for name in names], fontsize=7)
    ax.set(xscale="log", xlim=(0.05, 5),
           title="what was measured over what is to be reached: up to 1 is well")
    ax.set_xticks(TICKS, [f"{tick:g}" for tick in TICKS])
    ax.minorticks_off()
    ax.invert_yaxis()


def draw_growth(curves: list[dict], sheet: SubFigure) -> None:
    """Time in the first row, memory in the second, a column for each axis; scales logarithmic."""
    axes = [*AXES, "processes"]
    grid = sheet.subplots(2, len(axes), sharex="col")
    for curve in curves:
        ax = grid[[TIME, MEMORY].index(curve["quantity"]), axes.index(curve["axis"])]
        ax.loglog(curve["x"], curve["y"], "o-" if "loss" in curve["name"] else "o--", ms=3,
                  label=curve["name"])
    for ax, axis in zip(grid[1], axes):
        ax.set_xlabel(LABELS[axis])
    for row, quantity in zip(grid, (TIME, MEMORY)):
        row[0].set_ylabel(quantity)
        row[0].legend(fontsize=7)
    for ax in grid[:, -1]:
        sizes = sorted({x for curve in curves if curve["axis"] == "processes" for x in curve["x"]})
        ax.set_xticks(sizes, map(str, sizes))
        ax.set_xticks([], minor=True)

"""The pictures of the benchmark: the share of each bound, how cost grows, who is there first."""
from pathlib import Path
from textwrap import fill
from typing import Any

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import SubFigure
from matplotlib.ticker import LogLocator, NullFormatter

from benchmarks.curves import MEMORY, TIME
from benchmarks.growth import AXES, bound_of, kept, shown
from benchmarks.peers import GOAL, OURS, PEERS
from benchmarks.report import Figure
from benchmarks.traffic import MOVED

TICKS = [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2]
SECONDS = [0.2, 0.5, 1, 2, 5, 10, 20, 50, 100]
PANELS = [[(TIME, axis) for axis in ("N", "D", "C", "images")],
          [(MEMORY, axis) for axis in ("N", "D", "C", "images")],
          [*((TIME, axis) for axis in ("points", "workers", "students")), (MOVED, "workers")],
          [*((MEMORY, axis) for axis in ("points", "workers", "students")), (MOVED, "points")]]


def draw(figures: list[Figure], curves: list[dict], path: Path) -> None:
    """Bars above, curves below, as PNG."""
    plt.style.use("cs231n_lite.house")
    measured = [figure for figure in figures if figure.measured]
    sheet = plt.figure(figsize=(14, 12.6 + 0.3 * len(measured)))
    parts: Any = sheet.subfigures(2, 1, height_ratios=[0.6 + 0.3 * len(measured), 12])
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
    ax.set(xscale="log", xlim=(0.01, 5),
           title="what was measured over what is to be reached: up to 1 is well")
    ax.set_xticks(TICKS, [f"{tick:g}" for tick in TICKS])
    ax.minorticks_off()
    ax.invert_yaxis()


def draw_growth(curves: list[dict], sheet: SubFigure) -> None:
    """A panel for each quantity over each axis, with the slopes of its curves and their bounds."""
    grid = sheet.subplots(len(PANELS), len(PANELS[0]))
    for ax, panel in zip(grid.flat, [panel for row in PANELS for panel in row]):
        quantity, axis = panel
        for curve in curves:
            if (curve["quantity"], curve["axis"]) == panel:
                bound = bound_of(curve)
                ax.loglog(curve["x"], curve["y"], "o-" if bound else ":", ms=3, label=told(curve))
        ax.set(xlabel=AXES[axis], ylabel=quantity)
        low, high = ax.get_ylim()
        ax.set_ylim(low / 2, 2 * high * (high / low) ** 0.6)  # room for the legend
        ax.legend(fontsize=8, loc="upper left")
        for scale, (low, high) in ((ax.xaxis, ax.get_xlim()), (ax.yaxis, ax.get_ylim())):
            scale.set_major_locator(LogLocator(subs=(1, 2, 5) if high < 50 * low else (1,)))
            scale.set_major_formatter("{x:,g}")
            scale.set_minor_formatter(NullFormatter())


def told(curve: dict) -> str:
    """Its name, its slope and what that is to be."""
    bound = bound_of(curve)
    within = f" (≤ {bound.most:g}{'' if kept(curve) else ': not kept'})" if bound else ""
    return f"{curve['name']}: {shown(curve)}{within}"


def draw_peers(curves: list[dict], path: Path) -> None:
    """Accuracy over seconds of all, and the objective over accuracy where it is the same."""
    plt.style.use("cs231n_lite.house")
    sheet, (left, right) = plt.subplots(1, 2, figsize=(12, 6), layout="constrained")
    for number, curve in enumerate(curve for curve in curves if "missing" not in curve):
        thick = curve["name"] == OURS
        look: dict[str, Any] = dict(
            label=curve["name"], marker="osD^v<>Ph*Xd"[number], ms=6, color=f"C{number}",
            ls="-" if number < 7 else "--", lw=3 if thick else 1, zorder=3 if thick else 2)
        left.plot(curve["seconds"], curve["accuracy"], **look)
        if PEERS[curve["name"]].loss == "softmax":
            right.plot(curve["accuracy"], curve["objective"], **look)
    left.set_xscale("log")
    left.set_xticks(SECONDS, [f"{tick:g}" for tick in SECONDS])
    left.axhline(GOAL, color="black", lw=1, zorder=0)
    left.set(xlabel="processor seconds from the raw pixels, on one thread",
             ylabel="accuracy on all test images (per cent)", title="accuracy at equal time")
    right.set(xlabel="accuracy on all test images (per cent)",
              ylabel="mean cross-entropy (nats) + 0.01 × squared weights",
              title="the softmax's objective at equal accuracy")
    left.minorticks_off()
    sheet.legend(*left.get_legend_handles_labels(), fontsize=8, loc="outside lower center", ncols=4)
    sheet.savefig(path, dpi=80, metadata={"Software": None})
    plt.close(sheet)

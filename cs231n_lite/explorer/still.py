"""A still picture of the explorer, for GitHub, nbval, and whatever else runs no JavaScript."""
import re

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patheffects import withStroke
from numpy import ndarray as Array

from cs231n_lite import plots
from cs231n_lite.absent import Absent
from cs231n_lite.checks import Loss
from cs231n_lite.explorer.arithmetic import YOURS, arrays, evaluate, lead, name_of
from cs231n_lite.explorer.presets import State
from cs231n_lite.explorer.sample import held_out_points

TITLES = {
    "weston_watkins": "Weston–Watkins",
    "squared_hinge": "squared hinge",
    "structured": "structured (Crammer–Singer)",
    "one_vs_all": "one-vs-all",
    "softmax": "softmax",
}
NOTHING = 1e-12  # a loss no larger than this is 0
TICKS = (-1, -0.5, 0, 0.5, 1)


def still(state: State, loss: Loss | None = None) -> plots.Picture:
    """The plane of a state under its loss's name and sum; the text says the same in words."""
    W, X, y = arrays(state)
    name = (f"{YOURS}: {name_of(loss)}" if state["loss"] == YOURS and loss
            else TITLES.get(state["loss"], YOURS))
    with plt.style.context("cs231n_lite.house"):
        figure, ax = plt.subplots(figsize=(4.2, 4.6))
        plots.plot_plane(W, X, y, ["class 0", "class 1", "class 2"], ax, reach=1.1)
        fares = how_they_fare(state, loss)
        for c in range(3):  # large enough for a mark
            ax.plot(*X[y == c, :2].T, plots.MARKERS[c], color=plots.COLOURS[c], mec="white", ms=12)
            around = [withStroke(linewidth=4, foreground=plots.COLOURS[c])]
            for fare, sign in (("wrong", "x"), ("short", "_")):
                ax.plot(*X[(y == c) & (fares == fare), :2].T, sign, color="white", ms=5.5, mew=1.6,
                        path_effects=around)
        for x, y_, c in held_out_points(state["sample"]):
            ax.plot(x, y_, plots.MARKERS[c], color=plots.COLOURS[c], mfc="white", ms=6)
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.08), ncols=3, handletextpad=0.2)
        ax.set(xticks=TICKS, yticks=TICKS)
        ax.set_title(f"{name}\n{sums(state, loss)}\n{counts(state, loss)}")
        return plots.Picture(figure, in_words(state, name, loss))


def sums(state: State, loss: Loss | None) -> str:
    """Data loss and regularization, added up, or that there is no loss."""
    try:
        result = evaluate(state, loss=loss)
    except Absent:
        return "the losses are those of the browser"
    except ValueError as error:
        open_yet = isinstance(error.__cause__, NotImplementedError)
        return f"no loss, since the function {'is not written yet' if open_yet else 'failed'}"
    return "data {data:.3f} + regularization {regularization:.3f} = {total:.3f}".format(**result)


def how_they_fare(state: State, loss: Loss | None) -> Array:
    """For each point "wrong", "short" of the margin, or "right" (N,), as marks.js says it."""
    W, X, y = arrays(state)
    is_right = lead(X @ W, y) > 0
    try:
        is_free = np.array(evaluate(state, loss=loss)["losses"]) <= NOTHING
    except (Absent, ValueError):  # `sums` says so
        is_free = np.full(len(y), True)
    name = name_of(loss) if loss else state["loss"]
    if re.search("softmax|entropy", name, re.IGNORECASE):
        is_free[:] = True  # probabilities ask for no margin
    return np.select([~is_right, ~is_free], ["wrong", "short"], "right")


def counts(state: State, loss: Loss | None) -> str:
    """How many points are right, and how many of them short of the margin."""
    fares = how_they_fare(state, loss)
    short = (fares == "short").sum()
    return f"{(fares != 'wrong').sum()} of {len(fares)} right" + (f", {short} short of the margin"
                                                                  if short else "")


def in_words(state: State, name: str, loss: Loss | None) -> str:
    """The picture for those who do not see it."""
    numbers = [sum(point[2] == c for point in state["points"]) for c in range(3)]
    seen = ("A plane with {}, {} and {} points of classes 0, 1 and 2, "
            "and the line of zero score of each".format(*numbers))
    return f"{seen}. Loss ({name}): {sums(state, loss)}; {counts(state, loss)}{held(state, loss)}."


def held(state: State, loss: Loss | None) -> str:
    """What the held-out points make of it, where there are any."""
    try:
        result = evaluate(state, loss=loss)
    except (Absent, ValueError):  # `sums` says so
        return ""
    if "held_data" not in result:
        return ""
    return "; held out: data {held_data:.3f}, {held_accuracy:.0%} right".format(**result)

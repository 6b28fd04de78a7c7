"""What is stored beside a picture: its data changes it, and how it is drawn does not."""
import json

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure

from cs231n_lite import plots
from cs231n_lite.contents import contents
from cs231n_lite.contents.alike import Leeway, change

CLASSES = ["cat", "dog", "ship"]
X = np.linspace(-1, 1, 201)


def held(*draws, **style):
    """What a figure holds, each of whose axes one of `draws` has drawn, in a style."""
    with plt.rc_context(style):
        figure = Figure()
        for draw, ax in zip(draws, figure.subplots(1, len(draws), squeeze=False).flat):
            draw(ax)
        return contents(figure)


def curves(ax, power=2, names=("line", "curve")):
    for exponent, name in zip((1, power), names):
        ax.plot(X, X**exponent, label=name)
    ax.annotate("the corner", (0, 0), (0.2, 0.5), arrowprops={"arrowstyle": "->"})
    ax.set(xlabel="x", title="two curves")
    ax.legend()


def bars(ax, heights=(3.0, 1.0, 2.0), names=CLASSES, dark=1):
    plots.plot_bars(np.array(heights), names[:len(heights)], ax, "score")
    ax.patches[dark].set_color("black")


def scatter(ax, swapped=False, scale="log"):
    points = np.array([[1e-7, 1e4], [2e-7, 1e4], [1e-7, 2e4]])
    ax.scatter(*points.T, c=[3.0, 1.0, 2.0] if swapped else [1.0, 3.0, 2.0])
    ax.set(xscale=scale, yscale=scale)


def samples(ax, order=(0, 1, 2), noise=0.0):
    shades = 80.0 * np.arange(3)[list(order)]
    plots.plot_samples(np.ones((3, 4, 4, 3)) * (shades[:, None, None, None] + noise) / 255,
                       np.arange(3), CLASSES, ax, per_class=1)


def moved(ax):
    curves(ax)
    line = ax.lines[1]
    line.set_ydata(np.where(X > 0.5, 0.25, line.get_ydata()))


def pair(ax, order=(0, 1), styles=("-", "--")):
    lines = [ax.plot(X, X**(i + 1), style)[0] for i, style in enumerate(styles)]
    ax.legend([lines[i] for i in order], ["training", "validation"], title="accuracy")


def groups(ax, colours=("C0", "C1", "C0"), marker="o", sizes=(20, 30, 40), **how):
    ax.scatter([0, 1, 2], [2, 1, 0], sizes, colours, marker=marker, **how)


def named(ax, ticks=(0, 1, 2), colours=("C0", "C1", "C0")):
    ax.bar([0, 1, 2], [3, 1, 2], color=colours)
    ax.set_xticks(ticks, CLASSES)


def heat(ax, cmap="viridis", origin="upper", **how):
    ax.imshow(X[:16].reshape(4, 4), cmap=cmap, origin=origin, extent=(0, 4, 0, 4), **how)


def arrows(ax, along=1, style="->", colour="C0"):
    ax.plot(X, X, "C0", X, -X, "C1")
    ax.quiver([0, 1], [0, 1], [along, 2], [3, 4])
    ax.annotate("", (1, 1), (0, 0), arrowprops={"arrowstyle": style, "color": colour})


def inset(ax, power=1, title="left", cells="ab"):
    ax.inset_axes((0.5, 0.5, 0.4, 0.4)).plot(X, X**power)
    ax.set_title(title, loc="left")
    ax.table([[*cells]])


def but(draw, change):
    """Draw, and then change something."""
    def both(ax):
        draw(ax)
        change(ax)
    return both


def rates(ax, first=1e-7):
    ax.plot([first, 1e-5, 1e-3], [1, 2, 3])
    ax.set_xscale("log")


def crowd(ax, swapped=False):
    for i in range(30):
        ax.plot([0, 1], [i, 2 * i if not swapped or i != 7 else 5])


CHANGED = {
    "a wrong curve": (curves, lambda ax: curves(ax, power=3), "axes[0].lines[1] y"),
    "a part of a curve": (curves, moved, "axes[0].lines[1] y"),
    "another name of a curve": (curves, lambda ax: curves(ax, names=("curve", "line")),
                                "axes[0].legend holds `curve | line` where `line | curve`"),
    "a missing bar": (bars, lambda ax: bars(ax, (3.0, 1.0)),
                      "axes[0].patches holds `2` where `3` is stored"),
    "a wrong bar": (bars, lambda ax: bars(ax, (3.0, 1.1, 2.0)), "axes[0].patches[1] x"),
    "two swapped bars": (bars, lambda ax: bars(ax, (1.0, 3.0, 2.0)), "axes[0].patches[0] x"),
    "two swapped names": (bars, lambda ax: bars(ax, names=["dog", "cat", "ship"]),
                          "axes[0].yticklabels holds `dog | cat | ship` where `cat | dog | ship`"),
    "another bar in black": (bars, lambda ax: bars(ax, dark=2), "axes[0].patches look holds"),
    "two swapped points": (scatter, lambda ax: scatter(ax, swapped=True), "collections[0] values"),
    "another scale": (scatter, lambda ax: scatter(ax, scale="linear"), "axes[0].xlim, log"),
    "two swapped classes": (samples, lambda ax: samples(ax, (1, 0, 2)), "axes[0].images[0] pixels"),
    "one line of many": (crowd, lambda ax: crowd(ax, swapped=True), "axes[0].lines y"),
    "legend entries of the wrong lines": (pair, lambda ax: pair(ax, (1, 0)),
                                          "axes[0].legend look holds `C1 -- | C0 -`"),
    "another style": (pair, lambda ax: pair(ax, styles=("--", "-")), "lines look"),
    "a hidden line": (pair, but(pair, lambda ax: ax.lines[1].set_visible(False)),
                      "lines look holds `C0 - | unseen` where `C0 - | C1 --`"),
    "a transparent line": (pair, but(pair, lambda ax: ax.lines[1].set_alpha(0)), "unseen"),
    "a line without width": (pair, but(pair, lambda ax: ax.lines[1].set_linewidth(0)), "unseen"),
    "a line without style": (pair, but(pair, lambda ax: ax.lines[1].set_ls("None")), "unseen"),
    "a white line": (pair, but(pair, lambda ax: ax.lines[1].set_color("white")), "`C0 - | 0 --`"),
    "a hidden legend": (pair, but(pair, lambda ax: ax.get_legend().set_visible(False)), "legend"),
    "a hidden title": (curves, but(curves, lambda ax: ax.title.set_alpha(0)), "title holds"),
    "hidden axes": (pair, but(pair, lambda ax: ax.set_visible(False)), "legend holds `nothing`"),
    "axes without labels": (curves, but(curves, lambda ax: ax.axis("off")), "xlabel"),
    "a hidden bar": (named, but(named, lambda ax: ax.patches[0].set_alpha(0)), "unseen"),
    "the other of two bars in black": (lambda ax: bars(ax, (3, 1)),
                                       lambda ax: bars(ax, (3, 1), dark=0),
                                       "look holds `1 | C0` where `C0 | 1`"),
    "colours of other bars": (named, lambda ax: named(ax, colours=("C1", "C0", "C0")), "look"),
    "names at the wrong bars": (named, lambda ax: named(ax, (1, 0, 2)), "dog | cat | ship"),
    "names beside the bars": (named, lambda ax: named(ax, (1, 2, 3)), "axes[0].x"),
    "points of another group": (groups, lambda ax: groups(ax, ("C0", "C0", "C1")), "colours"),
    "another marker": (groups, lambda ax: groups(ax, marker="^"), "look holds `^` where `o`"),
    "points of other sizes": (groups, lambda ax: groups(ax, sizes=(40, 30, 20)), "sizes"),
    "another colour map of points": (lambda ax: groups(ax, [1, 2, 3]),
                                     lambda ax: groups(ax, [1, 2, 3], cmap="viridis_r"), "look"),
    "another colour map": (heat, lambda ax: heat(ax, "gray"), "look holds `gray`"),
    "other colours of its own": (lambda ax: heat(ax, ListedColormap(["red", "blue"])),
                                 lambda ax: heat(ax, ListedColormap(["blue", "red"])), "look"),
    "an image upside down": (heat, lambda ax: heat(ax, origin="lower"), "viridis lower"),
    "a hidden image": (heat, lambda ax: heat(ax, alpha=0), "unseen"),
    "another arrow of many": (arrows, lambda ax: arrows(ax, along=-1), "arrows x"),
    "an arrow the other way": (arrows, lambda ax: arrows(ax, style="<-"), "pointers look"),
    "an arrow of another class": (arrows, lambda ax: arrows(ax, colour="C1"), "pointers look"),
    "a curve in an inset": (inset, lambda ax: inset(ax, power=2), "axes[1].ylim"),
    "a title on the left": (inset, lambda ax: inset(ax, title="right"), "title"),
    "a table": (inset, lambda ax: inset(ax, cells="ba"), "tables holds `b | a`"),
    "a small number on a large scale": (rates, lambda ax: rates(ax, 2e-7), "xlim, log"),
}


@pytest.mark.parametrize("stored, now, words", CHANGED.values(), ids=CHANGED)
def test_what_a_picture_shows_otherwise_is_named(stored, now, words):
    assert words in change(held(stored), held(now), Leeway.LETTER)


@pytest.mark.parametrize("style", [
    {"font.family": "monospace", "font.size": 17}, {"figure.dpi": 50, "figure.figsize": (9, 2)},
    {"lines.linewidth": 4, "axes.prop_cycle": plt.cycler(color=["#0072b2", "#d55e00"])}],
    ids=["font", "size", "lines and colours"])
def test_another_font_size_or_colour_shows_the_same(style):
    draws = curves, bars, scatter, samples, pair, named, groups, heat, arrows, inset
    assert change(held(*draws), held(*draws, **style), Leeway.LETTER) is None


def test_the_last_digits_of_another_machine_show_the_same():
    noisy = held(lambda ax: samples(ax, noise=1e-3))
    assert change(held(samples), noisy, Leeway.LETTER) is None


@pytest.mark.parametrize("name, is_seen", [
    ("a wrong curve", False), ("a wrong bar", False), ("a missing bar", True),
    ("another bar in black", True), ("legend entries of the wrong lines", True),
    ("names at the wrong bars", True), ("a hidden line", True), ("another colour map", True),
    ("two swapped names", True), ("another name of a curve", True)])
def test_where_something_was_trained_words_and_counts_are_told_apart_and_numbers_are_not(
        name, is_seen):
    stored, now, _ = CHANGED[name]
    assert bool(change(held(stored), held(now), Leeway.SHAPE)) == is_seen


def test_numbers_in_words_are_told_apart_unless_something_was_trained():
    stored, now = ({"words": {"title": f"first {loss}, last 2"}} for loss in (-27.5, 3e-5))
    assert change(stored, now, Leeway.LETTER) and not change(stored, now, Leeway.SHAPE)


def test_a_picture_that_nothing_is_stored_beside_is_another():
    assert change({}, held(bars), Leeway.SHAPE) == "axes holds `1` where `nothing` is stored"


KINDS = [
    lambda ax: ax.axline((0, 0), slope=2), lambda ax: ax.axline(np.zeros(2), np.ones(2)),
    lambda ax: ax.axvspan(0, 1), lambda ax: ax.axhline(3), lambda ax: ax.pie([1, 2]),
    lambda ax: ax.fill_between(X, X**2), lambda ax: ax.imshow(np.ma.masked_less(np.eye(3), 1)),
    lambda ax: ax.plot([], []), lambda ax: ax.plot([np.nan, 1], [1, np.inf]),
    lambda ax: ax.hist(X, histtype="step"), lambda ax: ax.pcolormesh(np.eye(3)),
    lambda ax: ax.contour(np.eye(3)), lambda ax: ax.bar(CLASSES, [1, 2, 3]),
    lambda ax: ax.errorbar([1, 2], [3, 4], yerr=1), lambda ax: ax.quiver([1], [2], [3], [4]),
    lambda ax: ax.scatter([], []), lambda ax: ax.boxplot([X, X**2]),
]


def test_whatever_is_drawn_can_be_told_and_is_the_same_again():
    assert change(held(*KINDS), held(*KINDS), Leeway.LETTER) is None


def test_an_account_is_the_same_before_and_after_drawing_and_as_json():
    figure, ax = plt.subplots()
    bars(ax)
    before = contents(figure)
    after = plots.Picture(figure, "three bars")._repr_png_()[1]["contents"]
    assert json.loads(json.dumps(after)) == after == before


def test_an_account_is_short():
    images = [lambda ax: [ax.imshow(np.ones((4, 4, 3))) for _ in range(200)]]
    assert len(json.dumps(held(*images))) < 1000

"""Pictures: each function draws on the axes that it is given and returns them.

Takes arrays and labels and knows no model.  Images are (H, W, 3), as uint8 or
as floats from 0 to 1.  The house style is plt.style.use("cs231n_lite.house").
"""
from base64 import b64encode
from collections.abc import Sequence
from html import escape
from io import BytesIO
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from numpy import ndarray as Array

from cs231n_lite.checks_basic import check_counts
from cs231n_lite.checks_pictures import (
    check_axes,
    check_bars,
    check_classes,
    check_curve,
    check_figure,
    check_logarithmic,
    check_picture,
    check_pictures,
    check_plane,
    check_points,
    check_results,
    check_weights_drawn,
    several_axes,
)
from cs231n_lite.contents import contents

GAP = 2  # pixels between the images of a sheet

# Darker shades of colours by Okabe and Ito: colour-blind people can tell them apart, and they stand
# out from white and from all tints. A shape goes with each: no class is told by colour alone.
COLOURS = ("#005f94", "#b04a00", "#007a58")
MARKERS = ("o", "s", "^")


class Picture:
    """A finished figure with a text that says what it shows, for those who cannot see it.

    What it holds is stored beside it, for tests to compare.
    """

    def __init__(self, figure: Figure, alt: str) -> None:
        check_figure(figure, alt)
        buffer = BytesIO()
        figure.savefig(buffer, format="png", metadata={"Software": None})
        self.png, self.alt, self.contents = buffer.getvalue(), alt, contents(figure)
        plt.close(figure)

    def _repr_png_(self) -> tuple[bytes, dict[str, Any]]:
        return self.png, {"alt": self.alt, "contents": self.contents}

    def _ipython_display_(self) -> None:
        """Show the picture, and its text below, folded.

        JupyterLab and nbconvert leave out what the metadata say, but show HTML.
        """
        from IPython.display import publish_display_data  # a script does without

        png, about = self._repr_png_()
        publish_display_data({"image/png": b64encode(png).decode(), "text/plain": self.alt},
                             {"image/png": about})
        publish_display_data({"text/html": "<details><summary>In words</summary>"
                                           f"{escape(self.alt)}</details>"})

    def __repr__(self) -> str:
        return self.alt


def sheet(images: Array, columns: int) -> Array:
    """One image made of many: (N, H, W, 3) in rows of `columns`, on white."""
    check_pictures(images, at_least=1)
    check_counts(1, columns=columns)
    N, H, W, _ = images.shape
    rows = -(-N // columns)
    page = np.full((rows * (H + GAP) - GAP, columns * (W + GAP) - GAP, 3),
                   images.dtype.type(white_of(images)))
    for i, image in enumerate(images):
        top, left = i // columns * (H + GAP), i % columns * (W + GAP)
        page[top:top + H, left:left + W] = image
    return page


def white_of(images: Array) -> int:
    """The brightest value of the images' type: 255 for uint8, 1 for floats."""
    return 255 if images.dtype == np.uint8 else 1


def plot_samples(images: Array, y: Array, classes: Sequence[str], ax: Axes,
                 per_class: int = 7) -> Axes:
    """Draw a column per class of its first `per_class` images; white where there are fewer."""
    check_axes(ax)
    check_counts(1, per_class=per_class)
    check_pictures(images)
    check_classes(y, len(images), classes)
    chosen = np.full((per_class * len(classes), *images.shape[1:]), white_of(images), images.dtype)
    for c in range(len(classes)):
        own = np.flatnonzero(y == c)[:per_class]
        chosen[c::len(classes)][:len(own)] = images[own]
    ax.imshow(sheet(chosen, len(classes)))
    width = images.shape[2] + GAP
    ax.set_xticks(np.arange(len(classes)) * width + images.shape[2] / 2, classes)
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    return bare(ax)


def plot_image(image: Array, ax: Axes, title: str = "") -> Axes:
    """Draw one image under its title."""
    check_axes(ax)
    check_picture(image)
    ax.imshow(image)
    ax.set(xticks=[], title=title)
    return bare(ax)


def bare(ax: Axes) -> Axes:
    """Take away the frame and the vertical ticks, which say nothing about a picture."""
    ax.set_yticks([])
    ax.spines[:].set_visible(False)
    return ax


def plot_losses(losses: Sequence[float], ax: Axes, unit: str = "") -> Axes:
    """Draw the minibatch loss at each iteration."""
    check_axes(ax)
    check_curve(losses)
    ax.plot(losses, lw=0.7)
    ax.set(xlabel="iteration", ylabel=f"minibatch loss ({unit})" if unit else "minibatch loss",
           title=f"first {losses[0]:.4g}, last {losses[-1]:.4g}" if len(losses)
           else "no iterations")
    return ax


def plot_search(results: dict[tuple[float, float], tuple[float, float]],
                axes: Sequence[Axes]) -> Sequence[Axes]:
    """Draw both accuracies, in per cent, over learning rate and regularization strength.

    Both pictures share one colour scale; in the second one, the best point is ringed.
    """
    check_results(results)
    check_logarithmic(results)
    first, second, *_ = several_axes(axes, 2)
    rates, regs = np.array(list(results)).T
    accuracies = 100 * np.array(list(results.values()))
    best = accuracies[:, 1].argmax()
    for ax, percent, name in zip((first, second), accuracies.T, ("training", "validation")):
        points = ax.scatter(rates, regs, c=percent, s=900, vmin=accuracies.min(),
                            vmax=accuracies.max(), edgecolors="0.4")
        for rate, reg, value in zip(rates, regs, percent):
            ax.text(rate, reg, f"{value:.1f}", ha="center", va="center", fontsize=8,
                    color=ink_on(points.to_rgba(value)))
        ax.set(xscale="log", yscale="log", xlabel="learning rate", title=f"{name} accuracy (%)")
        ax.set_xticks(np.unique(rates), [f"{rate:g}" for rate in np.unique(rates)])
        ax.set_yticks(np.unique(regs), [f"{reg:g}" for reg in np.unique(regs)])
        ax.minorticks_off()
        ax.margins(0.25)
    second.scatter(rates[best], regs[best], s=1200, facecolors="none", edgecolors=COLOURS[1], lw=2)
    first.set_ylabel("regularization strength")
    return axes


def search_in_words(results: dict[tuple[float, float], tuple[float, float]]) -> str:
    """What plot_search shows, for those who cannot see it."""
    check_results(results)
    points = (f"{rate:g}, {reg:g}: {100 * training:.1f}, {100 * validation:.1f}"
              for (rate, reg), (training, validation) in results.items())
    return ("Training and validation accuracy in per cent at each learning rate and "
            "regularization strength; " + "; ".join(points))


def ink_on(colour: Array) -> str:
    """Black or white, whichever has more contrast with a colour (R, G, B): at least 4.5 to 1."""
    linear = ((np.asarray(colour)[:3] + 0.055) / 1.055) ** 2.4  # of sRGB
    return "black" if linear @ [0.2126, 0.7152, 0.0722] > 0.179 else "white"


def plot_templates(W: Array, classes: Sequence[str], axes: Array,
                   shape: tuple[int, int, int] = (32, 32, 3)) -> Array:
    """Draw each column of W (D, C), without bias, as an image; one scale, 0 is mid-grey."""
    drawn_on = several_axes(axes)
    check_weights_drawn(W, shape, classes)
    templates = W[:np.prod(shape)].T.reshape(-1, *shape)
    reach = np.quantile(np.abs(templates), 0.995) or np.abs(templates).max() or 1
    for ax, template, name in zip(drawn_on, templates, classes):
        plot_image(np.clip(0.5 + template / (2 * reach), 0, 1), ax, name)
    return axes


def plot_mistakes(images: Array, y: Array, predicted: Array, classes: Sequence[str],
                  axes: Array) -> Array:
    """Draw the first misclassified images, each under 'true class → predicted class'."""
    drawn_on = several_axes(axes)
    check_pictures(images)
    check_classes(y, len(images), classes)
    check_classes(predicted, len(images), classes, "predicted")
    wrong = np.flatnonzero(predicted != y)
    for ax, i in zip(drawn_on, wrong):
        plot_image(images[i], ax, f"{classes[y[i]]}\n→ {classes[predicted[i]]}")
    return axes


def plot_bars(values: Array, names: Sequence[str], ax: Axes, xlabel: str) -> Axes:
    """Draw one horizontal bar per name, the first on top."""
    check_axes(ax)
    check_bars(values, names)
    ax.barh(np.arange(len(values)), values)
    ax.set(yticks=np.arange(len(values)), yticklabels=names, xlabel=xlabel)
    ax.invert_yaxis()
    return ax


def plot_plane(W: Array, X: Array, y: Array, classes: Sequence[str], ax: Axes,
               reach: float | None = None) -> Axes:
    """Draw points in a plane, tinted by the class of highest score, and a line for each class.

    W (3, C) holds the biases in its last row; X (N, 2) or (N, 3) holds the points, with
    or without their ones.  The line of class c is where its score is 0, and the arrow
    on it points to where that score increases, one unit of score long where there is
    room.  The picture is a square that reaches from -reach to reach.
    """
    check_axes(ax)
    check_plane(W, classes, len(COLOURS))
    check_points(X, y, classes, reach)
    points = X[:, :2]
    reach = float(1.1 * np.abs(points).max()) or 1.0 if reach is None else reach
    tint_by_class(W, reach, ax)
    for c, name in enumerate(classes):
        colour = COLOURS[c]
        ax.plot(*points[y == c].T, MARKERS[c], color=colour, mec="white", ms=6, ls="", label=name)
        slope, bias = W[:2, c], W[2, c]
        if (steepness := np.linalg.norm(slope)) > 0 and abs(bias) < 1.4 * reach * steepness:
            # The point of the line that is nearest to the origin.
            foot = -bias * slope / steepness**2
            ax.axline(foot, foot + np.array([-slope[1], slope[0]]), color=colour)
            ax.annotate("", foot + slope / steepness * min(1 / steepness, reach / 2), foot,
                        arrowprops={"arrowstyle": "-|>", "color": colour, "shrinkA": 0,
                                    "shrinkB": 0, "lw": 1.8})
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach))
    return ax


def tint_by_class(W: Array, reach: float, ax: Axes) -> None:
    """Tint a square by the class of highest score, with a line where classes meet."""
    ticks = np.linspace(-reach, reach, 401)
    grid = np.stack([*np.meshgrid(ticks, ticks), np.ones((401, 401))], axis=-1)
    highest = (grid @ W).argmax(axis=-1)
    tint = np.array([to_rgb(colour) for colour in COLOURS])[highest]
    ax.imshow(0.75 + 0.25 * tint, origin="lower", extent=(-reach, reach, -reach, reach))
    if len(seen := np.unique(highest)) > 1:
        ax.contour(ticks, ticks, highest, levels=seen[:-1] + 0.5, colors="0.4", linewidths=0.8)

"""The numbers that a figure shows, as they lie on its scales: of a logarithmic one the logarithms.

They are rounded, and of many a few are told, since their last digits differ between machines.
"""
import warnings
from collections.abc import Iterator
from functools import singledispatch
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import Collection
from matplotlib.image import AxesImage
from matplotlib.lines import AxLine, Line2D
from matplotlib.patches import FancyArrowPatch, Patch
from matplotlib.quiver import Quiver
from matplotlib.text import Annotation, Text
from numpy import ndarray as Array

from cs231n_lite.contents.looks import Numbered, colours_in
from cs231n_lite.contents.parts import named_ticks, parts_of

SHORT = 12  # so many numbers stand as they are, and so many artists of a kind one by one
FLOOR = -400  # lower than the logarithm of any number: there is none


def numbers_of(ax: Axes, numbered: Numbered) -> Iterator[tuple[str, Array]]:
    """(name, values) for where axes end, where named ticks and texts stand, and what is drawn."""
    ends = on_scale(ax, np.transpose([ax.get_xlim(), ax.get_ylim()])).T
    for name, axis, end in zip("xy", (ax.xaxis, ax.yaxis), ends):
        falling = ", falling" if end[0] > end[1] else ""
        yield f"{name}lim, {axis.get_scale()}{falling}", end
        if found := named_ticks(ax, name):
            yield f"{name}ticks", np.array([*found])
    if ax.texts:
        yield from in_plane(ax, "texts ", np.concatenate([places(text) for text in ax.texts]))
    for kind, parts in parts_of(ax).items():
        yield from one_by_one(kind, [values_of(part, ax, numbered) for part in parts])


def one_by_one(kind: str, found: list[dict[str, Array]]) -> Iterator[tuple[str, Array]]:
    """(name, values) for each artist of a kind, or, where there are many, for all together."""
    if len(found) <= SHORT:
        for i, parts in enumerate(found):
            yield from ((f"{kind}[{i}] {name}", values) for name, values in parts.items())
    else:
        for name in dict.fromkeys(name for parts in found for name in parts):
            yield (f"{kind} {name}",
                   np.concatenate([np.ravel(parts.get(name, ())) for parts in found]))


@singledispatch
def values_of(artist: Artist, ax: Axes, numbered: Numbered) -> dict[str, Array]:
    """The values of an artist; none that are known."""
    return {}


@values_of.register
def of_line(line: Line2D, ax: Axes, numbered: Numbered) -> dict[str, Array]:
    """The points of a line; of an endless one a point and another, or the slope."""
    if isinstance(line, AxLine):
        end = (1, line.get_slope()) if line.get_xy2() is None else line.get_xy2()
        return dict(in_plane(ax, "", [line.get_xy1(), end]))
    return dict(in_plane(ax, "", line.get_xydata()))


@values_of.register
def of_patch(patch: Patch, ax: Axes, numbered: Numbered) -> dict[str, Array]:
    """The corners of a bar, a wedge or a polygon."""
    corners = patch.get_patch_transform().transform(patch.get_path().vertices)
    return dict(in_plane(ax, "", corners))


@values_of.register(FancyArrowPatch)
def of_arrow(arrow: Any, ax: Axes, numbered: Numbered) -> dict[str, Array]:
    """Tail and head of an arrow; those of a text's are known only once it is drawn."""
    ends = arrow._posA_posB if arrow in ax.patches else None
    return {} if ends is None else dict(in_plane(ax, "", ends))


@values_of.register
def of_image(image: AxesImage, ax: Axes, numbered: Numbered) -> dict[str, Array]:
    """The pixels and the place of an image; where colours stand for numbers, their range."""
    pixels = plain(image.get_array())
    scale = {"range": np.array(image.get_clim(), float)} if pixels.ndim == 2 else {}
    return {"pixels": pixels, "place": np.array(image.get_extent(), float)} | scale


@values_of.register
def of_collection(collection: Collection, ax: Axes, numbered: Numbered) -> dict[str, Array]:
    """The places of points, or the corners of areas, with sizes, arrows, colours and numbers."""
    points = plain(collection.get_offsets())
    if not (points.any() or isinstance(collection, Quiver)):
        points = np.concatenate([path.vertices for path in collection.get_paths()] or [points])
    found = dict(in_plane(ax, "", points))
    if isinstance(collection, Quiver):
        found |= {"arrows x": plain(collection.U), "arrows y": plain(collection.V)}
    for name, values in (("sizes", getattr(collection, "get_sizes", list)()),
                         ("colours", colours_in(collection, numbered))):
        if len({*values}) > 1:
            found[name] = plain(values)
    if (values := collection.get_array()) is not None:
        found |= {"values": plain(values), "range": np.array(collection.get_clim(), float)}
    return found


def places(text: Text) -> Array:
    """Where a text stands, and what it points to."""
    ends = [text.get_position(), text.xy] if isinstance(text, Annotation) else [text.get_position()]
    return np.array(ends, float)


def in_plane(ax: Axes, name: str, points: Any) -> Iterator[tuple[str, Array]]:
    """Points (N, 2), their two coordinates apart, since each has a scale of its own."""
    points = on_scale(ax, points)
    yield f"{name}x", points[:, 0]
    yield f"{name}y", points[:, 1]


def on_scale(ax: Axes, points: Any) -> Array:
    """Points (N, 2) as they lie on the scales of the axes, nan where they have no place."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        placed = plain(ax.transScale.transform(plain(points).reshape(-1, 2)))
    has_floor = np.array([axis.get_scale() == "log" for axis in (ax.xaxis, ax.yaxis)])
    return np.where(has_floor & (placed < FLOOR), np.nan, placed)


def plain(values: Any) -> Array:
    """The values as floats, with nan for what is masked."""
    return np.ma.filled(np.ma.asarray(values, float), np.nan)


def told(values: Array) -> str:
    """Few numbers as they are; of many their ends, range, mean and pattern, and how many are lost.

    The ends are means of the first and the last tenth.  The pattern are sums with signs that were
    drawn once: whatever is exchanged changes them.  Lost are those that are no finite numbers.
    """
    flat = np.ravel(values).astype(float)
    if flat.size <= SHORT:
        return rounded(flat)
    known = flat[np.isfinite(flat)] if np.isfinite(flat).any() else np.zeros(1)
    tenth, lost = -(-known.size // 10), flat.size - known.size
    signs = np.random.default_rng(231).integers(0, 2, (3, known.size), np.int8) * 2.0 - 1
    return (f"({flat.size}) begins {rounded(known[:tenth].mean())}, ends "
            f"{rounded(known[-tenth:].mean())}, lowest {rounded(known.min())}, highest "
            f"{rounded(known.max())}, mean {rounded(known.mean())}, pattern "
            f"{rounded(signs @ known / known.size**0.5)}" + (f", lost {lost}" if lost else ""))


def rounded(values: Any) -> str:
    """The numbers, with five digits each."""
    return " ".join(f"{value:.5g}" for value in np.atleast_1d(values))

"""How the parts of a figure look, as far as that tells them apart: colour, style, marker, unseen.

A colour is told by its place in the house's cycle, as C0 is in Matplotlib, or else by a number, 0
for the background and the others as they come: which blue the house draws in says nothing.
"""
from collections.abc import Iterable
from functools import cache, singledispatch
from itertools import groupby
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.cm import ScalarMappable
from matplotlib.collections import Collection
from matplotlib.colors import to_hex, to_rgba_array
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.markers import MarkerStyle
from matplotlib.patches import FancyArrowPatch, Patch

UNDRAWN = ("None", "none", " ", "", None)  # as a style or a marker


class Numbered:
    """Colours, numbered as they come; those of the cycle have their places, below zero."""

    def __init__(self, backgrounds: Iterable[Any]) -> None:
        cycle = mpl.rcParams["axes.prop_cycle"].by_key().get("color", ())
        self.numbers = {to_hex(colour): -1 - i for i, colour in enumerate(cycle)}
        self.numbers |= {to_hex(colour): 0 for colour in backgrounds}

    def __call__(self, colours: Any) -> list[int]:
        """The numbers of one or more colours, without those that are transparent."""
        return [self.numbers.setdefault(to_hex(colour), max(0, *self.numbers.values()) + 1)
                for colour in to_rgba_array(colours) if colour[3] > 0]


def looks(artists: Iterable[Artist], numbered: Numbered) -> str:
    """The look of each artist, with bars between them."""
    alike = ((look, sum(1 for _ in some)) for look, some
             in groupby(look_of(artist, numbered) for artist in artists))
    return " | ".join(look if count == 1 else f"{count} times {look}"
                      for look, count in alike if look)


def look_of(artist: Artist, numbered: Numbered) -> str:
    """The numbers of an artist's colours, and its style in Matplotlib's words, or "unseen"."""
    alpha: Any = 1 if artist.get_alpha() is None else artist.get_alpha()
    is_hidden = not artist.get_visible() or not np.any(alpha)
    look = None if is_hidden else styled(artist, numbered)
    return "unseen" if look is None else look


@singledispatch
def styled(artist: Artist, numbered: Numbered) -> str | None:
    """The look of an artist that is not hidden, or None where there is nothing to see of it."""
    return type(artist).__name__


@styled.register
def of_line(line: Line2D, numbered: Numbered) -> str | None:
    """Colours, style and marker of a line."""
    style = str(line.get_linestyle()) if line.get_linewidth() else None
    marker = line.get_marker() if line.get_markersize() else None
    colours = [] if style in UNDRAWN else numbered(line.get_color())
    words = [style, line.get_drawstyle().replace("default", "")] if colours else []
    if marker not in UNDRAWN:
        edges = numbered(line.get_markeredgecolor()) if line.get_markeredgewidth() else []
        colours += numbered(line.get_markerfacecolor()) + edges
        words.append(marker if isinstance(marker, str) else "marker")
    return told(colours, *words) if colours else None


@styled.register
def of_patch(patch: Patch, numbered: Numbered) -> str | None:
    """Colour, of the edge where nothing is filled, and hatch of a patch."""
    edges = numbered(patch.get_edgecolor()) if patch.get_linewidth() else []
    colours = (numbered(patch.get_facecolor()) if patch.get_fill() else []) or edges
    return told(colours, patch.get_hatch()) if colours else None


@styled.register
def of_arrow(arrow: FancyArrowPatch, numbered: Numbered) -> str | None:
    """Colour of an arrow, and which of its ends have heads."""
    colours = numbered(arrow.get_edgecolor()) if arrow.get_linewidth() else []
    return told(colours, type(arrow.get_arrowstyle()).__name__) if colours else None


@styled.register(Collection)
def of_collection(collection: Any, numbered: Numbered) -> str | None:
    """Colour, or the scale of colours, and marker of a collection."""
    sizes = getattr(collection, "get_sizes", lambda: ())()
    colours = colours_in(collection, numbered)
    if (len(sizes) and not np.any(sizes)) or not (colours or is_mapped(collection)):
        return None
    paths = collection.get_paths() if len(sizes) else []
    marker = markers().get(corners(paths[0].vertices), "marker") if len(paths) == 1 else ""
    scale = scale_of(collection) if is_mapped(collection) else ""
    dashes = "dashed" if any(on for _, on in collection.get_linestyle()) else ""
    return told(colours if len({*colours}) == 1 else [], scale, marker, collection.get_hatch(),
                dashes)


@styled.register(AxesImage)
def of_image(image: Any, numbered: Numbered) -> str:
    """The scale of colours where they stand for numbers, and whether it stands on its head."""
    return told([], scale_of(image) if np.ndim(image.get_array()) == 2 else "",
                "lower" if image.origin == "lower" else "")


def colours_in(collection: Collection, numbered: Numbered) -> list[int]:
    """The number of the colour of each member; of a scale those of its members are values."""
    edges = numbered(collection.get_edgecolor()) if np.any(collection.get_linewidth()) else []
    return [] if is_mapped(collection) else numbered(collection.get_facecolor()) or edges


def is_mapped(collection: Collection) -> bool:
    """Whether colours stand for numbers."""
    return collection.get_array() is not None


def scale_of(mappable: ScalarMappable) -> str:
    """Which colours stand for numbers: the name of the map, or the colours of one without; norm."""
    cmap, norm = mappable.get_cmap(), type(mappable.norm).__name__.replace("Normalize", "")
    if cmap.name in mpl.colormaps:
        return told([], cmap.name, norm)
    own = map(to_hex, cmap(np.linspace(0, 1, min(cmap.N, 5))))
    return told([], *dict.fromkeys(own), norm)


def told(colours: Iterable[int], *words: str | None) -> str:
    """Colours, each once, and words."""
    names = (f"C{-1 - number}" if number < 0 else str(number) for number in dict.fromkeys(colours))
    return " ".join([*names, *filter(None, words)])


@cache
def markers() -> dict[str, str]:
    """The name of each marker that can be filled, by its corners."""
    drawn = {name: MarkerStyle(name) for name in reversed(Line2D.filled_markers)}
    return {corners(style.get_path().transformed(style.get_transform()).vertices): name
            for name, style in drawn.items()}


def corners(vertices: Any) -> str:
    """The corners of a marker, as something that can be looked up."""
    return str(np.round(vertices, 3).tolist()).replace("-0.0", "0.0")

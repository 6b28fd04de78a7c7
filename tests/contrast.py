"""The contrast of what a figure shows with what lies behind it, as WCAG 2.1 measures it."""
from collections.abc import Iterator

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.collections import Collection
from matplotlib.colors import to_rgba_array
from matplotlib.contour import ContourSet
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, Patch
from matplotlib.spines import Spine
from matplotlib.text import Annotation, Text
from numpy import ndarray as Array

TEXT, MARK = 4.5, 3.0  # the least that is asked
WIDE = 0.75  # points: an edge as wide as this is seen

# What a colour becomes for those who lack one kind of cone (Machado, Oliveira, Fernandes, 2009).
BLIND = {
    "none": np.eye(3),
    "red": [[.152286, 1.052583, -.204868],
            [.114503, .786281, .099216], [-.003882, -.048116, 1.051998]],
    "green": [[.367322, .860646, -.227968],
              [.280085, .672501, .047413], [-.01182, .04294, .968881]],
    "blue": [[1.255528, -.076749, -.178779],
             [-.078411, .930809, .147602], [.004733, .691367, .3039]],
}


def linear(colours: Array) -> Array:
    """The light of sRGB colours, both from 0 to 1."""
    return np.where(colours <= .04045, colours / 12.92, ((colours + .055) / 1.055)**2.4)


def luminance(colours: Array) -> Array:
    """The relative luminance of sRGB colours (..., 3) from 0 to 1."""
    return linear(colours) @ [.2126, .7152, .0722]


def ratio(one: Array, other: Array) -> Array:
    """The contrast of two colours, from 1 to 21."""
    a, b = luminance(one), luminance(other)
    return (np.maximum(a, b) + 0.05) / (np.minimum(a, b) + 0.05)


def lab(colours: Array, blindness: object) -> Array:
    """CIE Lab of sRGB colours (..., 3) from 0 to 255, as somebody with this blindness sees them."""
    light = np.clip(linear(np.asarray(colours) / 255) @ np.transpose(blindness), 0, 1)
    to_xyz = np.array([[.4124, .3576, .1805], [.2126, .7152, .0722], [.0193, .1192, .9505]])
    xyz = light @ to_xyz.T / [.9505, 1, 1.089]
    f = np.where(xyz > .008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]),
                     200 * (f[..., 1] - f[..., 2])], axis=-1)


def flaws(figure: Figure) -> list[str]:
    """The texts and marks of a figure that cannot be told from what was painted before them.

    Lines and arrows are told from areas alone: they may cross points, and each other.
    """
    canvas = FigureCanvasAgg(figure)
    canvas.draw()  # so that all have their places
    size = (*canvas.get_width_height(), figure.dpi)
    areas, page, alone = RendererAgg(*size), RendererAgg(*size), RendererAgg(*size)
    found = []
    for artist in painted(figure):
        for part in parts(artist):
            alone.clear()
            part.draw(alone)
            contrast = contrast_of(part, alone, areas if is_line(part) else page)
            if contrast < (TEXT if isinstance(part, Text) else MARK):
                found.append(f"{part} has a contrast of {contrast:.2f}")
        if not is_line(artist):
            artist.draw(page)
            if isinstance(artist, AxesImage | Patch):
                artist.draw(areas)
    return found


def painted(figure: Figure) -> Iterator[Artist]:
    """What a figure consists of, from back to front."""
    yield figure.patch
    for ax in figure.axes:
        yield ax.patch
        children = [child for child in ax.get_children() if child is not ax.patch]
        yield from sorted(children, key=Artist.get_zorder)
    yield from (*figure.legends, *figure.texts)


def parts(artist: Artist) -> Iterator[Artist]:
    """The texts, lines, bars and points in it; the pages and images behind them have none."""
    if artist in [page.patch for page in (artist.figure, *artist.figure.axes)]:
        return
    for part in artist.findobj(lambda each: isinstance(each, Text | Line2D | Patch | Collection)):
        if isinstance(part, Annotation) and part.arrow_patch:
            yield part.arrow_patch
        if part.get_visible() and not (isinstance(part, Text) and not part.get_text().strip()):
            yield part


def is_line(artist: Artist) -> bool:
    """Whether it is a line, an arrow or an edge of the axes."""
    return (isinstance(artist, ContourSet | FancyArrowPatch | Spine)
            or (isinstance(artist, Line2D) and artist.get_linestyle() != "None"))


def contrast_of(part: Artist, alone: RendererAgg, page: RendererAgg) -> float:
    """How well a part is seen on a page: as well as this, or better, in four fifths of its pixels.

    Where it has a face and an edge, it is seen by the better one.
    """
    drawn = np.asarray(alone.buffer_rgba())
    where = drawn[..., 3] > drawn[..., 3].max() / 2
    if not where.any():  # it holds no points
        return np.inf
    behind = np.asarray(page.buffer_rgba())[where][:, :3] / 255
    colours = [drawn[where] / 255, *colours_of(part)]
    seen = [ratio(behind + (each[..., :3] - behind) * each[..., 3:], behind) for each in colours]
    return float(np.quantile(np.max(seen, axis=0), 0.2))


def colours_of(part: Artist) -> Array:
    """The colours (n, 4) that a part is drawn in all over, if they are wide enough to be seen."""
    if isinstance(part, Text):
        return to_rgba_array(part.get_color())
    if isinstance(part, Line2D):
        face, edge = part.get_markerfacecolor(), part.get_markeredgecolor()
        marks = [face] + [edge] * (part.get_markeredgewidth() >= WIDE)
        return to_rgba_array([part.get_color()] * (part.get_linestyle() != "None")
                             + marks * (part.get_marker() != "None"))
    face, edge = (np.unique(to_rgba_array(colours), axis=0)
                  for colours in (part.get_facecolor(), part.get_edgecolor()))
    if np.max(part.get_linewidth(), initial=0) < WIDE:
        edge = edge[:0]
    return np.concatenate([each for each in (face, edge) if len(each) == 1] or [face[:0]])

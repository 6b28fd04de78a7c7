"""What a figure holds, in words and in numbers: a wrong curve changes it, another font does not.

`contents` goes into the metadata of a stored picture; `change` tells two such accounts apart.
Numbers are rounded and compared as numbers, since their last digits differ between machines.
"""
import operator
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.collections import Collection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.legend import Legend
from matplotlib.lines import AxLine, Line2D
from matplotlib.patches import FancyArrowPatch, Patch
from matplotlib.text import Annotation, Text
from matplotlib.ticker import LogFormatter, ScalarFormatter
from numpy import ndarray as Array

Contents = dict[str, dict[str, Any]]  # "counts", "words" and "numbers", each by what they are of
SHORT = 12  # so many numbers stand as they are, and so many artists of a kind one by one
CLOSE = 2e-3  # of the largest number beside it; two machines agree better, and no eye sees less
NUMBER = re.compile(r"[-+\N{MINUS SIGN}]?\d+(?:\.\d+)?(?:e[-+]?\d+)?|\bnan\b")


def contents(figure: Figure) -> Contents:
    """What the figure says and shows; things are named as Matplotlib names them."""
    counts: dict[str, Any] = {"axes": len(figure.axes)}
    words = words_of(figure)
    numbers: dict[str, str] = {}
    for i, ax in enumerate(figure.axes):
        kinds = drawn(ax)
        counts |= {f"axes[{i}].{kind}": len(found) for kind, found in kinds.items() if found}
        counts |= {f"axes[{i}].{name}": told(values) for name, values in colours(ax)}
        words |= {f"axes[{i}].{name}": text for name, text in words_of_axes(ax).items()}
        values = [*around(ax), *(part for each in kinds.items() for part in one_by_one(*each))]
        numbers |= {f"axes[{i}].{name}": told(value) for name, value in values}
    return {"counts": counts, "words": {name: text for name, text in words.items() if text},
            "numbers": numbers}


def words_of(figure: Figure) -> dict[str, str]:
    """Texts and legends that stand beside the axes."""
    return {"texts": joined(figure.texts), "legends": joined(entries(figure.legends))}


def words_of_axes(ax: Axes) -> dict[str, str]:
    """Title, labels, ticks in words, texts and legend."""
    legends = [legend for legend in [ax.get_legend()] if legend]
    return {"title": ax.get_title(), "xlabel": ax.get_xlabel(), "ylabel": ax.get_ylabel(),
            "xticklabels": joined(ticks(ax.xaxis)), "yticklabels": joined(ticks(ax.yaxis)),
            "texts": joined(ax.texts), "legend": joined(entries(legends))}


def ticks(axis: Axis) -> Sequence[Text]:
    """The labels at the ticks, unless they are numbers that the axis has chosen itself."""
    chosen = isinstance(axis.get_major_formatter(), (ScalarFormatter, LogFormatter))
    return [] if chosen else axis.get_ticklabels()


def entries(legends: Iterable[Legend]) -> Iterator[Text]:
    """The texts of legends."""
    return (text for legend in legends for text in legend.get_texts())


def joined(texts: Iterable[Text]) -> str:
    """The texts, with bars between them."""
    return " | ".join(text.get_text() for text in texts if text.get_text())


def around(ax: Axes) -> Iterator[tuple[str, Array]]:
    """(name, values) for where the axes end, and where texts stand."""
    yield f"xlim, {ax.get_xscale()}", np.array(ax.get_xlim())
    yield f"ylim, {ax.get_yscale()}", np.array(ax.get_ylim())
    if ax.texts:
        yield from in_plane("texts ", np.concatenate([places(text) for text in ax.texts]))


def colours(ax: Axes) -> Iterator[tuple[str, Array]]:
    """Which lines and patches are alike in colour: their colours, numbered as they come."""
    found = [to_hex(line.get_color()) for line in ax.lines]
    found += [to_hex(patch.get_facecolor()) for patch in ax.patches]
    if found:
        order = list(dict.fromkeys(found))
        yield "colours", np.array([*map(order.index, found)])


def drawn(ax: Axes) -> dict[str, list[dict[str, Array]]]:
    """The values of each line, patch, image and collection in the axes."""
    patches = [patch for patch in ax.patches if not isinstance(patch, FancyArrowPatch)]
    return {"lines": [dict(of_line(line)) for line in ax.lines],
            "patches": [dict(of_patch(patch)) for patch in patches],
            "images": [dict(of_image(image)) for image in ax.images],
            "collections": [dict(of_collection(each)) for each in ax.collections]}


def one_by_one(kind: str, found: list[dict[str, Array]]) -> Iterator[tuple[str, Array]]:
    """(name, values) for each artist of a kind, or, where there are many, for all together."""
    if len(found) <= SHORT:
        for i, parts in enumerate(found):
            yield from ((f"{kind}[{i}] {name}", values) for name, values in parts.items())
    else:
        for name in found[0]:
            yield (f"{kind} {name}",
                   np.concatenate([np.ravel(parts.get(name, ())) for parts in found]))


def in_plane(name: str, points: Any) -> Iterator[tuple[str, Array]]:
    """Points (N, 2), their two coordinates apart, since each has a scale of its own."""
    points = plain(points).reshape(-1, 2)
    yield f"{name}x", points[:, 0]
    yield f"{name}y", points[:, 1]


def places(text: Text) -> Array:
    """Where a text stands, and what it points to."""
    ends = [text.get_position(), text.xy] if isinstance(text, Annotation) else [text.get_position()]
    return np.array(ends, float)


def of_line(line: Line2D) -> Iterator[tuple[str, Array]]:
    """The points of a line; of an endless one a point and another, or the slope."""
    if isinstance(line, AxLine):
        end = (1, line.get_slope()) if line.get_xy2() is None else line.get_xy2()
        return in_plane("", [line.get_xy1(), end])
    return in_plane("", line.get_xydata())


def of_patch(patch: Patch) -> Iterator[tuple[str, Array]]:
    """The corners of a bar, a wedge or a polygon."""
    return in_plane("", patch.get_patch_transform().transform(patch.get_path().vertices))


def of_image(image: AxesImage) -> Iterator[tuple[str, Array]]:
    """The pixels and the place of an image; where colours stand for numbers, their range."""
    pixels = plain(image.get_array())
    yield "pixels", pixels
    yield "place", np.array(image.get_extent(), float)
    if pixels.ndim == 2:
        yield "range", np.array(image.get_clim(), float)


def of_collection(collection: Collection) -> Iterator[tuple[str, Array]]:
    """The places of points, or the corners of areas, and the numbers that colours stand for."""
    points = plain(collection.get_offsets())
    if not points.any():
        points = np.concatenate([path.vertices for path in collection.get_paths()] or [points])
    yield from in_plane("", points)
    if (values := collection.get_array()) is not None:
        yield "values", plain(values)


def plain(values: Any) -> Array:
    """The values as floats, with nan for what is masked."""
    return np.ma.filled(np.ma.asarray(values, float), np.nan)


def told(values: Array) -> str:
    """Few numbers as they are; of many their first and last, their range, mean and pattern.

    The pattern are sums with signs that were drawn once: whatever is exchanged changes them.
    """
    flat = np.ravel(values).astype(float)
    if flat.size <= SHORT:
        return rounded(flat)
    known = flat[np.isfinite(flat)] if np.isfinite(flat).any() else np.zeros(1)
    signs = np.random.default_rng(231).integers(0, 2, (3, known.size), np.int8) * 2.0 - 1
    return (f"({flat.size}) first {rounded(flat[:1])}, last {rounded(flat[-1:])}, lowest "
            f"{rounded(known.min())}, highest {rounded(known.max())}, mean {rounded(known.mean())}"
            f", pattern {rounded(signs @ known / known.size**0.5)}")


def rounded(values: Any) -> str:
    """The numbers, with five digits each."""
    return " ".join(f"{value:.5g}" for value in np.atleast_1d(values))


def change(stored: Contents, now: Contents, trained: bool) -> str | None:
    """What a picture holds otherwise than it is stored, in a clause, or None.

    Where it shows what was `trained`, numbers may differ, also those within texts.
    """
    for kind, alike in (("counts", operator.eq), ("words", partial(same_words, trained=trained)),
                        ("numbers", partial(same_numbers, trained=trained))):
        before, after = stored.get(kind, {}), now.get(kind, {})
        for name in dict.fromkeys([*before, *after]):
            then, this = before.get(name, "nothing"), after.get(name, "nothing")
            if (name in before) != (name in after) or not alike(then, this):
                return f"{name} holds `{this}` where `{then}` is stored"
    return None


def same_words(then: str, this: str, trained: bool) -> bool:
    """Whether two texts are the same, where numbers within them differ only if `trained`."""
    return then == this or (trained and NUMBER.sub("#", then) == NUMBER.sub("#", this))


def same_numbers(then: str, this: str, trained: bool) -> bool:
    """Whether two accounts by `told` differ no more than two machines, unless `trained`."""
    (words, numbers), (other_words, others) = parted(then), parted(this)
    if trained or (words, numbers.size) != (other_words, others.size):
        return trained
    scale = np.abs(numbers, where=np.isfinite(numbers), out=np.zeros(numbers.size)).max(initial=0)
    return np.allclose(numbers, others, rtol=0, atol=CLOSE * scale, equal_nan=True)


def parted(account: str) -> tuple[list[str], Array]:
    """The words and the numbers in an account by `told`."""
    words, numbers = [], []
    for word in account.replace(",", "").split():
        try:
            numbers.append(float(word))
        except ValueError:
            words.append(word)
    return words, np.array(numbers)

"""The parts of a figure, and what they say: titles, labels, ticks in words, texts, legends."""
from collections.abc import Iterable, Iterator
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.category import StrCategoryLocator
from matplotlib.legend import Legend
from matplotlib.patches import FancyArrowPatch
from matplotlib.text import Annotation, Text
from matplotlib.ticker import FixedLocator, LogFormatter, ScalarFormatter


def parts_of(ax: Axes) -> dict[str, list[Any]]:
    """The artists of each kind in the axes; pointers are the arrows of texts."""
    arrows = [patch for patch in ax.patches if isinstance(patch, FancyArrowPatch)]
    pointers = [text.arrow_patch for text in ax.texts
                if isinstance(text, Annotation) and text.arrow_patch]
    return {"lines": [*ax.lines], "patches": [part for part in ax.patches if part not in arrows],
            "images": [*ax.images], "collections": [*ax.collections], "arrows": arrows,
            "pointers": pointers}


def named_ticks(ax: Axes, name: str) -> dict[float, Text]:
    """The labels at ticks of axis x or y by place, from below, unless it has chosen one or both."""
    axis = getattr(ax, f"{name}axis")
    if (isinstance(axis.get_major_formatter(), (ScalarFormatter, LogFormatter))
            or not isinstance(axis.get_major_locator(), (FixedLocator, StrCategoryLocator))):
        return {}
    found = {float(text.get_position()["xy".index(name)]): text for text in axis.get_ticklabels()}
    return dict(sorted(found.items()))


def legends_in(ax: Axes) -> list[Legend]:
    """The legends of the axes."""
    return [part for part in ax.get_children() if isinstance(part, Legend) and part.get_visible()]


def handles(legends: Iterable[Legend]) -> list[Artist]:
    """What stands before the texts of legends."""
    return [handle for legend in legends for handle in legend.legend_handles
            if isinstance(handle, Artist)]


def words_of(ax: Axes) -> dict[str, str]:
    """The words of the axes, by where they stand."""
    if not ax.get_visible():
        return {"title": "unseen"}
    titles = [part for part in ax.get_children() if isinstance(part, Text) and part not in ax.texts]
    cells = (cell.get_text() for table in ax.tables
             for _, cell in sorted(table.get_celld().items()))
    words = {"title": joined(titles), "texts": joined(ax.texts), "tables": joined(cells),
             "legend": joined(entries(legends_in(ax)))}
    if ax.axison:
        words |= {"xlabel": joined([ax.xaxis.label]), "ylabel": joined([ax.yaxis.label]),
                  "xticklabels": joined(named_ticks(ax, "x").values()),
                  "yticklabels": joined(named_ticks(ax, "y").values())}
    return words


def joined(texts: Iterable[Text]) -> str:
    """The texts that are seen, with bars between them."""
    return " | ".join(text.get_text() for text in texts
                      if text.get_text() and text.get_visible() and text.get_alpha() != 0)


def entries(legends: Iterable[Legend]) -> Iterator[Text]:
    """The titles and the texts of legends."""
    return (text for legend in legends for text in (legend.get_title(), *legend.get_texts()))

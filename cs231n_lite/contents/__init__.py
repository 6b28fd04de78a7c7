"""What a figure holds, in words and in numbers: a wrong curve changes it, another font does not.

`contents` goes into the metadata of a stored picture; alike.py compares two such accounts.
"""
from typing import Any

from matplotlib.figure import Figure

from cs231n_lite.contents.looks import Numbered, looks
from cs231n_lite.contents.numbers import numbers_of, told
from cs231n_lite.contents.parts import entries, handles, joined, legends_in, parts_of, words_of

Contents = dict[str, dict[str, Any]]  # "counts", "words" and "numbers", each by what they are of


def contents(figure: Figure) -> Contents:
    """What the figure says and shows; things are named as Matplotlib names them."""
    every: list[Any] = [part for ax in figure.axes for part in (ax, *ax.child_axes)]
    numbered = Numbered(ax.get_facecolor() for ax in every)
    counts: dict[str, Any] = {"axes": len(every)}
    above = [text for part in (figure, *figure.subfigs) for text in part.texts]
    words = {"texts": joined(above), "legends": joined(entries(figure.legends))}
    numbers: dict[str, str] = {}
    for i, ax in enumerate(every):
        for kind, parts in parts_of(ax).items():
            counts |= {f"axes[{i}].{kind}": len(parts),
                       f"axes[{i}].{kind} look": looks(parts, numbered)}
        counts[f"axes[{i}].legend look"] = looks(handles(legends_in(ax)), numbered)
        words |= {f"axes[{i}].{name}": text for name, text in words_of(ax).items()}
        numbers |= {f"axes[{i}].{name}": told(values) for name, values in numbers_of(ax, numbered)}
    counts["legends look"] = looks(handles(figure.legends), numbered)
    return {"counts": {name: count for name, count in counts.items() if count},
            "words": {name: text for name, text in words.items() if text}, "numbers": numbers}

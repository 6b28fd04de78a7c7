"""Values of a notebook as JSON and arrays, and back: nothing is ever unpickled.

Plain values, lists, tuples, dictionaries, arrays and trained classifiers can be packed; a
classifier without the functions that trained it.
"""
from typing import Any

import numpy as np
from numpy import ndarray as Array

from cs231n_lite import classifiers

PLAIN = (type(None), bool, int, float, str)
CURVE = 20  # so many floats, or more, are kept as an array


def packed(value: Any, arrays: list[Array]) -> Any:
    """The value as JSON that refers to `arrays`, to which its arrays are added.

    Raises TypeError for what cannot be packed.
    """
    if type(value) in PLAIN:
        return value
    if isinstance(value, (np.ndarray, np.generic)) and value.dtype.kind in "biufU":
        return numbered("array", value, arrays)
    if isinstance(value, list) and len(value) >= CURVE and set(map(type, value)) == {float}:
        return numbered("floats", value, arrays)
    if type(value) in (list, tuple):
        return {type(value).__name__: [packed(each, arrays) for each in value]}
    if isinstance(value, dict):
        return {"dict": [[packed(each, arrays) for each in pair] for pair in value.items()]}
    if isinstance(value, classifiers.LinearClassifier):
        return {"classifier": type(value).__name__, "parts": parts(value, arrays)}
    raise TypeError(f"{type(value).__name__} cannot be packed.")


def numbered(kind: str, value: Any, arrays: list[Array]) -> dict[str, int | str]:
    """Where among the arrays the value is."""
    arrays.append(np.asarray(value))
    return {kind: len(arrays) - 1}


def parts(model: classifiers.LinearClassifier, arrays: list[Array]) -> dict[str, Any]:
    """Of a classifier whatever can be packed; None in the place of functions."""
    found = {}
    for name, value in vars(model).items():
        try:
            found[name] = packed(None if callable(value) else value, arrays)
        except TypeError:  # its generator, of which nobody asks
            continue
    return found


def unpacked(tree: Any, arrays: Any) -> Any:
    """The value that was packed."""
    if not isinstance(tree, dict):
        return tree
    match tree:
        case {"array": number}:
            return arrays[str(number)][()]
        case {"floats": number}:
            return arrays[str(number)].tolist()
        case {"list": values}:
            return [unpacked(each, arrays) for each in values]
        case {"tuple": values}:
            return tuple(unpacked(each, arrays) for each in values)
        case {"dict": pairs}:
            return {unpacked(name, arrays): unpacked(value, arrays) for name, value in pairs}
        case {"classifier": name, "parts": found}:
            model = getattr(classifiers, name)()
            vars(model).update((part, unpacked(value, arrays)) for part, value in found.items())
            return model
    raise ValueError(f"{list(tree)} was never packed.")

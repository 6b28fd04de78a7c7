"""What is refused of arrays, numbers and functions of any kind; see `checks`."""
from inspect import signature
from math import isfinite
from numbers import Integral, Real
from typing import Any, TypeGuard

import numpy as np
from numpy import ndarray as Array
from numpy.random import Generator

FORMS = {  # of functions by their arguments, and what else is to be known of them
    "W, X, y, reg": ", which returns (loss, dW)",
    "W": ", as in lambda W: loss(W, X, y, reg)[0]",
    "learning_rate, reg": ", as in lambda learning_rate, reg: "
                          "Softmax(learning_rate=learning_rate, reg=reg)",
}


def check_floats(name: str, array: Array) -> None:
    """Raise ValueError unless this is a plain array of floats in rows and columns, not empty."""
    check_plain(name, array)
    if array.ndim != 2 or not array.size:
        raise ValueError(f"{name} has shape {array.shape}; expected two dimensions, "
                         f"neither empty{rows_of(name, array.shape)}.")
    if not np.issubdtype(array.dtype, np.floating):
        made = "preprocess(split(load())) makes them, or " if name == "X" else "pass "
        why = ", since integers wrap and truncate" if array.dtype.kind in "iub" else ""
        raise ValueError(f"{name} holds {array.dtype}; expected floats{why}: "
                         f"{made}{name}.astype(np.float32).")


def rows_of(name: str, shape: tuple[int, ...]) -> str:
    """How one row, or images, become rows; "" for what is neither."""
    if name == "W":
        return ": W is (D, C), a column for each class"
    if len(shape) == 1:
        return f": pass {name}[None] of one row"
    if len(shape) in (3, 4) and name == "X":
        one = "[None]" * (len(shape) == 3)
        return f": pass preprocess.flatten({name}{one}) of images, or the rows of preprocess()"
    return ""


def check_plain(name: str, array: Array) -> None:
    """Raise ValueError unless this is an array whose arithmetic is that of every array."""
    if not isinstance(array, Array) or isinstance(array, (np.matrix, np.ma.MaskedArray)):
        raise ValueError(f"{name} is {kind_of(array)}; "
                         f"expected a plain NumPy array{made_plain(name, array)}.")


def kind_of(value: object) -> str:
    """What a value is, in two words."""
    kind = "array" if type(value) is Array else type(value).__name__
    return "None" if value is None else f"a{'n' * (kind[0] in 'aeiouAEIO')} {kind}"


def short(value: object) -> str:
    """The beginning of its text, on one line."""
    return " ".join(f"{value!r:.60}".split())


def made_plain(name: str, value: object) -> str:
    """How a value becomes an array, where it can."""
    if name == "W" and (value is None or hasattr(value, "W")):
        return ": pass the W of a classifier that was trained"
    if name == "y" and is_whole(value):
        return f": pass np.array([{value}]) of one label"
    if fields := getattr(value, "_fields", None):
        return f": pass one of its parts, such as {name}.{fields[0]}"
    if hasattr(value, "toarray"):
        return f": pass {name}.toarray() of what is sparse"
    if isinstance(value, tuple):
        return ": take the part that is meant, as in loss, dW = ..."
    arrays = isinstance(value, list) or hasattr(value, "__array__")
    return f": pass np.asarray({name})" if arrays and not isinstance(value, np.generic) else ""


def check_function(name: str, function: Any, arguments: str) -> None:
    """Raise ValueError unless this is a function that takes these arguments."""
    found, names = short(function), arguments.split(", ")
    if callable(function):
        try:
            own = signature(function)
        except ValueError:  # some that are written in C do not tell
            return
        first = list(own.parameters)[:len(names)]
        try:
            own.bind(*names)
            if first == names or set(first) != set(names):  # else they are in another order
                return
            raise TypeError
        except TypeError:
            called = getattr(function, "__name__", type(function).__name__)
            found = f"{called}({', '.join(own.parameters)})"
    form = FORMS.get(arguments, "")
    if found.startswith(("hinge(", "cross_entropy(")):
        form = ": pass functools.partial(regularized, it) of a loss on scores"
    raise ValueError(f"{name} is {found}; expected a function of ({arguments}){form}.")


def check_model(name: str, model: Any, *methods: str) -> None:
    """Raise ValueError unless this is a classifier with these methods; a class is none."""
    if isinstance(model, type) or not all(hasattr(model, method) for method in methods):
        found = f"the class {model.__name__}" if isinstance(model, type) else kind_of(model)
        raise ValueError(f"{name} is {found}; "
                         f"expected a classifier, with {' and '.join(methods)}.")


def check_rows_come(name: str, X: Any) -> None:
    """Raise ValueError unless X can be counted, as rows can."""
    if isinstance(X, (str, dict)) or not hasattr(X, "__len__"):
        raise ValueError(f"{name} is {kind_of(X)}; expected an array (N, D), one row per sample.")


def check_alike(name: str, y: Any, others: Any, theirs: str) -> None:
    """Raise ValueError where labels in words would be compared with numbers, and never be equal."""
    if None in np.ravel(y)[:1].tolist():
        raise ValueError(f"{name} holds None; expected a label for each row.")
    if in_words(y) != in_words(others):
        kinds = ("words", "numbers") if in_words(y) else ("numbers", "words")
        raise ValueError(f"{name} holds labels in {kinds[0]}, and {theirs} are in {kinds[1]}, so "
                         "that none would be right; expected the same for both: "
                         "np.array(dataset.classes)[y] makes words of numbers.")


def in_words(labels: Any) -> bool:
    """True for labels of which the first is a text."""
    return any(isinstance(label, (str, bytes)) for label in np.ravel(labels)[:1].tolist())


def check_numbers(name: str, array: Array) -> None:
    """Raise ValueError unless this plain array holds finite real numbers alone."""
    check_plain(name, array)
    if array.dtype.kind not in "fiub":
        raise ValueError(f"{array.dtype} was found in {name}; expected numbers.")
    if not np.isfinite(array).all():
        raise ValueError(f"{array[~np.isfinite(array)][0]} was found in {name}; expected finite "
                         "numbers: look where it comes from, a training that diverged, say.")


def check_parts(name: str, value: Any, kind: type, remedy: str) -> None:
    """Raise ValueError unless this is a named tuple of that kind."""
    if getattr(value, "_fields", None) != kind._fields:  # type: ignore[attr-defined]
        raise ValueError(f"{name} is {kind_of(value)}; expected {kind.__name__}: {remedy}.")


def check_shape(shape: Any) -> None:
    """Raise ValueError unless this is the shape of images, colours last."""
    fits = isinstance(shape, (tuple, list)) and len(shape) == 3 and all(map(is_whole, shape))
    if not fits or min(shape) < 1 or shape[0] == 3 != shape[2]:
        raise ValueError(f"shape is {short(shape)}; expected that of an image, colours last, as "
                         "(32, 32, 3).")


def check_generator(rng: Generator) -> None:
    """Raise ValueError unless rng is one of NumPy's generators, which a seed is not."""
    if not isinstance(rng, Generator):
        seed = rng if isinstance(rng, Integral) else 231
        raise ValueError(f"rng is {short(rng)}; expected a generator: "
                         f"pass np.random.default_rng({seed}).")


def generator_of(random_state: Any) -> Generator:
    """The generator that a seed of any kind stands for; raises ValueError for what is none."""
    seed = random_state
    if isinstance(seed, np.random.RandomState):
        seed = seed._bit_generator
    try:
        return np.random.default_rng(seed)
    except (TypeError, ValueError):
        raise ValueError(f"random_state is {short(random_state)}; expected None, a whole number, "
                         "0 or more, or a generator of NumPy's.") from None


def check_counts(least: int, **numbers: Any) -> None:
    """Raise ValueError unless each of these is a whole number, at least so large."""
    for name, number in numbers.items():
        if not is_whole(number) or number < least:
            raise ValueError(f"{name} is {number!r:.60}; expected a whole number, {least} or more.")


def is_whole(value: object) -> TypeGuard[int]:
    """True for one whole number; truth values are none."""
    return isinstance(value, Integral) and not isinstance(value, bool)


def is_number(value: object) -> bool:
    """True for one real number, within the range of floats; truth values are none."""
    if isinstance(value, Array) and value.ndim == 0:
        value = value[()]
    try:
        return isinstance(value, Real) and not isinstance(value, bool) and isfinite(value)
    except OverflowError:
        return False

"""What enters an estimator, as scikit-learn checks it; what is refused comes with its remedy."""
from math import ceil
from typing import Any

import numpy as np
from numpy import ndarray as Array
from sklearn.utils.validation import validate_data

from cs231n_lite.checks import check_one_each
from cs231n_lite.checks_basic import is_number, kind_of


def validated(model: Any, X: Any, *y: Any, reset: bool = True) -> Any:
    """X, or X and y, as scikit-learn's `validate_data` returns them, finite or not.

    What it refuses is explained by `explain`, if that can; all else keeps its own words.
    """
    try:
        return validate_data(model, X, *y, reset=reset, ensure_all_finite=False)
    except (TypeError, ValueError) as error:
        refused = error
    explain(model, X, y, None if reset else model.n_features_in_)
    raise refused


def explain(model: Any, X: Any, y: tuple, features: int | None) -> None:
    """Raise ValueError, naming the remedy, for shapes that cannot be trained on or predicted.

    `features` is the number of columns that a trained model expects.
    """
    if hasattr(X, "_fields"):
        raise ValueError(f"X is {kind_of(X)}; expected an array: pass X.X_train, say, of it.")
    if hasattr(X, "toarray"):  # sparse, of which scikit-learn says what to do
        return
    if isinstance(X, (str, dict)) or not hasattr(X, "__len__"):
        raise ValueError(f"X is {kind_of(X)}; expected an array (N, D), one row per sample.")
    if (kind := getattr(X, "dtype", np.dtype(float))).kind in "cUS":
        real = "Complex data not supported: " if kind.kind == "c" else ""
        raise ValueError(f"{real}X holds {kind}; expected real numbers.")
    try:
        shape, shape_y = np.shape(X), np.shape(y[0]) if y and y[0] is not None else None
    except ValueError:  # a list of rows that are not equally long
        return
    if len(shape) > 2:
        one = "[None]" if len(shape) == 3 else ""
        raise ValueError(f"X has shape {shape}; expected (N, D), one row per sample: "
                         f"pass preprocess.flatten(X{one}) of images.")
    if len(shape) < 2:
        raise ValueError(f"X has shape {shape}; expected (N, D), one row per sample. Reshape your "
                         "data: X[None] is the row of one sample, X[:, None] one feature of all.")
    if features not in (None, shape[1]):
        raise ValueError(f"X has {shape[1]} features, but {type(model).__name__} is expecting "
                         f"{features} features as input{ones(model, X, shape[1])}.")
    if shape_y is not None:
        check_one_each("y", y[0], shape[0])


def ones(model: Any, X: Any, columns: int) -> str:
    """What to do where X has one column too many or too few, which may be that of the ones."""
    if columns == model.n_features_in_ + 1 and np.all(np.asarray(X)[:, -1] == 1):
        return ": it was trained without the column of ones, so pass X[:, :-1]"
    if columns == model.n_features_in_ - 1 and len(model.W_) == model.n_features_in_:
        return ": it was trained on rows that end in a 1, so pass preprocess.add_bias(X)"
    return ", as many as it was trained on"


def at_least_two(name: str, labels: Any) -> Array:
    """The classes that there are; ValueError for one alone, as scikit-learn's linear ones do."""
    classes = np.unique(labels)
    if len(classes) < 2:
        raise ValueError(f"{name} holds one class alone, {classes.tolist()}; expected two or more: "
                         "shuffle rows that are sorted by class before you take a part of them.")
    return classes


def check_held_out(fraction: Any, labels: Array, classes: Array) -> None:
    """Raise ValueError unless that part of the rows can be held out, with some of every class.

    A class may have no row at all, where all that it had weigh nothing.
    """
    if not is_number(fraction) or not 0 < fraction < 1:
        raise ValueError(f"validation_fraction is {fraction!r:.60}; "
                         "expected a number between 0 and 1.")
    counts = np.bincount(labels, minlength=len(classes))
    N, C, few = len(labels), np.count_nonzero(counts), classes[counts == 1].tolist()
    if few:
        raise ValueError(f"early stopping holds out samples of every class, and of {few!r:.200} "
                         "there is only one each; add some, leave these out, or set "
                         "early_stopping=False.")
    held = ceil(fraction * N)
    if min(held, N - held) < C:
        raise ValueError(f"validation_fraction={fraction:g} holds out {held} of {N} samples; "
                         f"expected at least {C}, one of each class, and as many to train on: "
                         "change it, or set early_stopping=False.")

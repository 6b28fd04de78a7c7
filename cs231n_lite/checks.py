"""What is refused, and in which sentence: what was got, what was needed, and the next move.

A check is one line where a reader's data enters, or a decorator that keeps the
mathematics below it free of all this.  All of them raise ValueError, but for a
descent that diverges, which is a FloatingPointError.  What is refused of arrays,
numbers and functions of any kind stands in `checks_basic`, of gradients in
`checks_gradients`, of images and pictures in `checks_pictures`.
"""
import warnings
from collections.abc import Callable
from functools import wraps
from inspect import signature
from math import isfinite
from typing import Any, TypeVar

import numpy as np
from numpy import ndarray as Array
from numpy.random import Generator

from cs231n_lite.checks_basic import (
    FORMS,
    check_alike,
    check_counts,
    check_floats,
    check_function,
    check_generator,
    check_plain,
    check_rows_come,
    is_number,
    rows_of,
    short,
)
from cs231n_lite.checks_gradients import ScoresLoss, pair_of

T = TypeVar("T")
Loss = Callable[[Array, Array, Array, float], tuple[float, Array]]

# --------------------------------------------------------------- decorators


def checked_scores(function: Callable[..., T]) -> Callable[..., T]:
    """The same function of scores, or of scores, labels and margin, refusing what does not fit."""
    form = signature(function)

    @wraps(function)
    def checked(scores: Array, *more: Any, **named: Any) -> T:
        if named.keys() - form.parameters:
            return function(scores, *more, **named)  # which says so itself
        check = check_scores if more or named else check_finite
        check(scores, *more, **named)
        if "margin" not in form.parameters:  # where scores go through exp
            warn_of_probabilities(scores)
        return function(widened(scores), *more, **named)

    return checked


def finite_loss(loss: ScoresLoss) -> ScoresLoss:
    """The same loss of scores, as a Python float, refusing scores on which it overflows."""

    @wraps(loss)
    def checked(scores: Array, y: Array, *margin: float, **named: float) -> tuple[float, Array]:
        with np.errstate(over="ignore", invalid="ignore"):  # said below, in a sentence
            value, dscores = loss(widened(scores), y, *margin, **named)
        if not isfinite(value):
            raise NotFinite(
                f"the loss is {value:g} on scores that reach {np.abs(scores).max():.0e}; "
                "expected a finite number: scale down X or W."
            )
        return float(value), dscores

    return checked


def checked_batch(loss: Loss) -> Loss:
    """The same loss of (W, X, y, reg), refusing what does not fit and what overflows.

    The loss that it returns is a Python float, and the gradient has W's dtype.
    """

    @wraps(loss)
    def checked(W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
        check_batch(W, X, reg)
        if not scores_are_finite(W, X):
            with np.errstate(over="ignore", invalid="ignore"):
                check_finite(X @ W)
        check_labels(y, len(X), W.shape[1])
        with np.errstate(over="ignore", invalid="ignore"):
            value, dW = loss(widened(W), widened(X), y, float(reg))
        return finite_pair(value, dW, W, X, reg)

    return checked


def checked_loop(loss: Loss) -> Loss:
    """As `checked_batch`, for a loss in loops: it adds up in double precision, whatever W's is."""

    @wraps(loss)
    def in_double(W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
        return loss(W.astype(np.float64), X, y, reg)

    return checked_batch(in_double)


def widened(array: Array) -> Array:
    """The array in single precision at least, in which sums over many rows do not overflow."""
    if not isinstance(array, Array) or array.dtype.kind != "f" or array.dtype.itemsize > 2:
        return array
    return array.astype(np.float32)


def checked_descent(descent: Callable) -> Callable:
    """The same descent, refusing what does not fit, and saying when it diverges."""

    @wraps(descent)
    def checked(loss: Loss, W: Array, X: Array, y: Array, learning_rate: float, reg: float,
                num_iters: int, batch_size: int, rng: Generator, *more: float,
                **settings: float) -> tuple[Array, list[float]]:
        check_function("loss", loss, "W, X, y, reg")
        check_floats("W", W)
        check_settings(learning_rate, reg, num_iters, batch_size)
        check_rows(X, y)
        check_generator(rng)

        def watched(W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
            return finite(loss, W, X, y, reg, learning_rate)

        with np.errstate(over="ignore", invalid="ignore"):  # said in one sentence, by these two
            W, losses = descent(watched, W, X, y, learning_rate, reg, num_iters, batch_size, rng,
                                *more, **settings)
        return arrived(W, learning_rate), losses

    return checked


# --------------------------------------------------------------- what is no longer finite


class NotFinite(ValueError):
    """Scores or losses are nan or infinite: X or W is, or arithmetic on them overflows."""


def scores_are_finite(W: Array, X: Array) -> bool:
    """Whether the scores must be finite, by the norms of X and W.

    No score exceeds their product, nor does a part of its sum (Cauchy and Schwarz).  Where this is
    False the scores may be finite all the same.
    """
    x, w = X.ravel(order="K"), W.ravel(order="K")
    with np.errstate(over="ignore", invalid="ignore"):
        return bool(np.isfinite(np.vdot(x, x) * np.vdot(w, w)))


def finite_pair(value: float, dW: Array, W: Array, X: Array, reg: float) -> tuple[float, Array]:
    """The loss as a Python float and the gradient in W's dtype; NotFinite where one is not."""
    if dW.dtype != W.dtype:
        with np.errstate(over="ignore"):
            dW = dW.astype(W.dtype)
    entries = dW.ravel(order="K")  # whose squares are summed in no time, and seldom overflow
    if isfinite(value) and (isfinite(np.vdot(entries, entries)) or np.isfinite(dW).all()):
        return float(value), dW
    raise NotFinite(
        f"the loss is {value:g} and its gradient reaches {np.abs(dW).max():g}, "
        "though the scores are finite; expected finite numbers: "
        f"scale down X, which reaches {np.abs(X).max():.0e}, "
        f"W, which reaches {np.abs(W).max():.0e}, or reg, which is {reg:g}."
    )


def finite(loss: Loss, W: Array, X: Array, y: Array, reg: float,
           learning_rate: float) -> tuple[float, Array]:
    """loss(W, X, y, reg); FloatingPointError where it is no longer finite though X is."""
    try:
        value, dW = pair_of(loss(W, X, y, reg), W)
        if np.isfinite(value):
            return value, dW
    except NotFinite:
        pass
    check_drawn(X)
    raise FloatingPointError(
        f"the loss is no longer finite: training diverged at learning_rate={learning_rate:g}; "
        "try a tenth of it, and keep 2 * learning_rate * reg below 1."
    )


def check_drawn(X: Array) -> None:
    """Raise ValueError where a minibatch holds nan or infinity."""
    if not np.isfinite(X).all():
        raise ValueError(f"X holds {X[~np.isfinite(X)][0]} in a row that was drawn; "
                         "expected finite numbers: mend such rows or leave them out.")


def arrived(W: Array, learning_rate: float) -> Array:
    """W itself, at the end of a training; FloatingPointError unless it is finite.

    No later loss would find it out.
    """
    if not np.isfinite(W).all():
        raise FloatingPointError(
            "the weights are no longer finite: "
            f"training diverged at learning_rate={learning_rate:g}; "
            "try a tenth of it, and look for nan and inf in the gradient."
        )
    return W


# --------------------------------------------------------------- losses: scores, labels, batches


def check_scores(scores: Array, y: Array, margin: float = 1.0) -> None:
    """Raise ValueError unless scores and margin are finite and y has a label for each row."""
    check_finite(scores)
    check_labels(y, *scores.shape)
    if not is_number(margin):
        raise ValueError(f"margin is {margin!r:.60}; the margin is a finite number.")


def check_finite(scores: Array) -> None:
    """Raise ValueError unless scores (N, C) are floats, at least one of them, and all finite."""
    check_floats("scores", scores)
    if not np.isfinite(scores).all():
        raise NotFinite(
            f"scores hold {scores[~np.isfinite(scores)][0]}; expected finite numbers: "
            "look for nan and inf in X and W, "
            "and scale down numbers so large that their product overflows."
        )


def warn_of_probabilities(scores: Array) -> None:
    """Warn of rows that are probabilities already: the softmax of a softmax is nobody's aim."""
    if min(scores.shape) > 1 and scores.min() > 0 and np.allclose(scores.sum(axis=1), 1, atol=1e-6):
        warnings.warn("scores are above 0 and sum up to 1 in each row, as probabilities do: pass "
                      "the scores themselves, X @ W, before softmax.", UserWarning, stacklevel=3)


def check_labels(y: Array, N: int, C: int) -> None:
    """Raise ValueError unless y (N,) holds integers 0..C-1."""
    check_plain("y", y)
    check_one_each("y", y, N)
    if y.dtype.kind not in "iu":
        remedy = "y.astype(int)" if y.dtype.kind == "f" else "np.unique(y, return_inverse=True)[1]"
        raise ValueError(f"y holds {y.dtype}; labels index the classes, so pass {remedy}.")
    if y.min() < 0 or y.max() >= C:
        raise ValueError(f"y holds labels {y.min()} to {y.max()} for at most {C} classes; "
                         f"expected 0 to {C - 1}: "
                         "np.unique(y, return_inverse=True)[1] numbers the classes of y from 0.")


def warn_of_labels_from_1(y: Array) -> None:
    """Warn of labels that are just 1 to C, as Matlab counts; a part of the data may hold these."""
    if (least := y.min()) == 1 and len(np.unique(y)) == (most := y.max()):
        warnings.warn(f"y holds labels {least} to {most} and none is 0: if they count from 1, "
                      "pass y - 1.", UserWarning, stacklevel=4)


def warn_of_no_bias(X: Array) -> None:
    """Warn of rows that have no constant in them, by which a column of W would be a bias.

    A look at the first rows is enough; the ones may stand first, too, or be scaled.
    """
    first = X[:100]
    if not np.any((first == first[:1]).all(axis=0) & (first[0] != 0)):
        warnings.warn("X has no column of ones, so that W gets no bias: pass add_bias(X), or rows "
                      "as preprocess() returns them, or, if none is meant, make the classifier "
                      "with fit_intercept=False.", UserWarning, stacklevel=4)


def warn_of_settings_unused(kind: Any, model: Any, **taken: Any) -> None:
    """Warn of settings that a classifier was made with, where `train` takes its own defaults.

    `kind` is the class that has this `train`; the model's own may have another one.
    """
    of_train, of_model = (signature(made).parameters for made in (kind.train, kind))
    unused = {name: set_to for name, value in taken.items()
              if value == of_train[name].default != (set_to := getattr(model, name))
              and set_to != of_model[name].default}
    if unused:
        given = ", ".join(f"{name}={value!r:.60}" for name, value in unused.items())
        warnings.warn(f"train has settings of its own and takes none of {given}, which are for "
                      f"fit: pass train(..., {given}).", UserWarning, stacklevel=3)


def check_one_each(name: str, y: Array, N: int) -> None:
    """Raise ValueError, naming the remedy, unless y has shape (N,)."""
    shape = np.shape(y)
    if shape != (N,):
        remedy = (f": pass {name}.ravel() of a column, {name}.argmax(axis=1) of one-hot rows"
                  if len(shape) == 2 else "")
        raise ValueError(f"{name} has shape {shape} for {N} samples; "
                         f"expected ({N},), one label per sample{remedy}.")


def check_batch(W: Array, X: Array, reg: float) -> None:
    """Raise ValueError, naming what to mend, unless W, X and reg fit together.

    `check_labels` looks at the labels.
    """
    check_floats("X", X)
    check_floats("W", W)
    check_columns(W, X)
    check_strength(reg)


def check_columns(W: Array, X: Array) -> None:
    """Raise ValueError, naming what to mend, unless X @ W can be."""
    if X.shape[1] != W.shape[0]:
        raise ValueError(f"X has {X.shape[1]} columns but W has {W.shape[0]} rows; {fitted(W, X)}.")


def fitted(W: Array, X: Array) -> str:
    """What may make X and W fit together."""
    if W.shape[0] == X.shape[1] + 1:
        return "for the bias, append the column of ones with preprocess.add_bias(X)"
    if W.shape[0] == X.shape[1] - 1:
        return "leave out the column of ones, X[:, :-1], or give W a last row of biases"
    if W.shape[1] == X.shape[1]:
        return "W is (D, C), a column for each class: pass W.T"
    if W.shape[1] == X.shape[0]:
        return "W comes first, then X; X is (N, D), W is (D, C), or both are turned: pass W.T, X.T"
    return "expected as many: X is (N, D), W is (D, C)"


def check_strength(reg: float) -> None:
    """Raise ValueError unless reg is a number that a penalty can be multiplied by."""
    if not is_number(reg) or reg < 0:
        order = ", and comes last: (W, X, y, reg)" if isinstance(reg, Array) else ""
        raise ValueError(f"reg is {short(reg)}; "
                         f"the regularization strength is a finite number, 0 or more{order}.")


def check_weights(W: Array) -> None:
    """Raise ValueError unless W has a column of numbers for each class."""
    if np.ndim(W) != 2 or np.asarray(W).dtype.kind not in "fiu":
        raise ValueError(f"W has shape {np.shape(W)}; "
                         "expected numbers (D, C), a column for each class.")


# --------------------------------------------------------------- descent: settings, rows, generator


def check_settings(learning_rate: float, reg: float, num_iters: int, batch_size: int) -> None:
    """Raise ValueError, naming what to mend, unless a training can have these settings."""
    if not is_number(learning_rate) or learning_rate < 0:
        raise ValueError(f"learning_rate is {learning_rate!r:.60}; "
                         "expected a finite number, 0 or more.")
    check_strength(reg)
    check_counts(0, num_iters=num_iters)
    check_counts(1, batch_size=batch_size)


def check_rows(X: Array, y: Array) -> None:
    """Raise ValueError unless batches can be drawn from X (N, D) and its N labels y.

    X may be whatever is indexed like an array, see `engine.standardize`.
    """
    for name, array in (("X", X), ("y", y)):
        if not hasattr(array, "shape"):
            raise ValueError(f"{name} is a {type(array).__name__}; expected a plain NumPy array: "
                             f"pass np.asarray({name}).")
    if len(X.shape) != 2 or not len(X):
        raise ValueError(f"X has shape {X.shape}; "
                         "expected (N, D), one row per sample, at least one"
                         f"{rows_of('X', X.shape)}.")
    if y.shape[:1] != (len(X),):
        raise ValueError(f"y has shape {y.shape} for {len(X)} samples; "
                         f"expected ({len(X)},), one label per sample.")


def check_momentum(momentum: float) -> None:
    """Raise ValueError unless steps along the last one die out."""
    if not is_number(momentum) or not 0 <= momentum < 1:
        raise ValueError(f"momentum is {momentum!r:.60}; expected a number from 0, and below 1.")


def checked_on(regularized: Callable) -> Callable:
    """The same of (on, W, X, y, reg), refusing what does not fit, and what `on` may not return."""

    @wraps(regularized)
    def checked(on: ScoresLoss, W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
        check_function("on", on, "scores, y")
        check_batch(W, X, reg)

        def paired(scores: Array, y: Array) -> tuple[float, Array]:
            return pair_of(on(scores, y), scores, "on", "scores")

        return regularized(paired, W, X, y, reg)

    return checked


def checked_scoring(predict: Callable[[Array, Array], Array]) -> Callable[[Array, Array], Array]:
    """The same function of W and X, refusing what cannot be multiplied."""

    @wraps(predict)
    def checked(W: Array, X: Array) -> Array:
        for name, array in (("W", W), ("X", X)):
            check_plain(name, array)
            if array.ndim != 2:
                raise ValueError(f"{name} has shape {array.shape}; expected two dimensions"
                                 f"{rows_of(name, array.shape)}.")
        check_columns(W, X)
        return predict(W, X)

    return checked


def check_templates(dW: Array, shape: tuple[int, ...]) -> None:
    """Raise ValueError unless dW has a row for each number of an image, and one for the bias."""
    if len(dW) != np.prod(shape) + 1:
        raise ValueError(f"W has {len(dW)} rows for images of shape {shape}; "
                         f"expected {np.prod(shape) + 1}, the last one for the bias.")


def listed(name: str, values: Any) -> list:
    """The values to search over; ValueError for one number instead of several."""
    if isinstance(values, (str, dict)) or not hasattr(values, "__iter__") or (
            isinstance(values, Array) and not values.ndim):
        pass_on = f"pass [{values}]" if is_number(values) else "pass a list of numbers"
        raise ValueError(f"{name} is {short(values)}; expected several: {pass_on}.")
    return list(values)


def check_make(make: Any) -> None:
    """Raise ValueError unless this makes a classifier of a learning rate and a strength.

    A classifier's class takes two arguments as well, but others.
    """
    if isinstance(make, type) and hasattr(make, "get_params"):
        raise ValueError(f"make is the class {make.__name__}; expected a function of "
                         f"(learning_rate, reg){FORMS['learning_rate, reg']}.")
    check_function("make", make, "learning_rate, reg")


def check_searched(X_train: Any, y_train: Any, X_val: Any, y_val: Any) -> None:
    """Raise ValueError unless one part can be trained on, and the other be compared with it."""
    for name, X in (("X_train", X_train), ("X_val", X_val)):
        check_rows_come(name, X)
    check_one_each("y_train", y_train, len(X_train))
    check_one_each("y_val", y_val, len(X_val))
    check_alike("y_val", y_val, y_train, "those of y_train")
    if np.shape(X_train)[1:] != np.shape(X_val)[1:]:
        raise ValueError(f"X_val has shape {np.shape(X_val)}, and X_train {np.shape(X_train)}; "
                         "expected rows of the same length: prepare both in the same way.")


def check_grid(points: list) -> None:
    """Raise ValueError unless a search has points."""
    if not points:
        raise ValueError("the grid is empty; "
                         "expected at least one of learning_rates and one of regs.")

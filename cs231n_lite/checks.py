"""What is refused, and in which sentence: what was got, what was needed, and the next move.

A check is one line where a reader's data enters, or a decorator that keeps the
mathematics below it free of all this.  All of them raise ValueError, but for a
descent that diverges, which is a FloatingPointError.
"""
from collections.abc import Callable
from functools import wraps
from math import isfinite, prod
from numbers import Integral, Real
from typing import Any, TypeGuard, TypeVar

import numpy as np
from numpy import ndarray as Array
from numpy.random import Generator

T = TypeVar("T")
Loss = Callable[[Array, Array, Array, float], tuple[float, Array]]
ScoresLoss = Callable[..., tuple[float, Array]]

# --------------------------------------------------------------- decorators


def checked_scores(function: Callable[..., T]) -> Callable[..., T]:
    """The same function of scores, or of scores, labels and margin, refusing what does not fit."""

    @wraps(function)
    def checked(scores: Array, *more: Any, **named: Any) -> T:
        check = check_scores if more or named else check_finite
        check(scores, *more, **named)
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
    @np.errstate(over="ignore", invalid="ignore")  # `finite` and `arrived` say it, in one sentence
    def checked(loss: Loss, W: Array, X: Array, y: Array, learning_rate: float, reg: float,
                num_iters: int, batch_size: int, rng: Generator, *more: float,
                **settings: float) -> tuple[Array, list[float]]:
        check_settings(learning_rate, reg, num_iters, batch_size)
        check_rows(X, y)
        check_generator(rng)

        def watched(W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
            return finite(loss, W, X, y, reg, learning_rate)

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
        value, dW = loss(W, X, y, reg)
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


def check_labels(y: Array, N: int, C: int) -> None:
    """Raise ValueError unless y (N,) holds integers 0..C-1."""
    check_plain("y", y)
    check_one_each("y", y, N)
    if y.dtype.kind not in "iu":
        raise ValueError(f"y holds {y.dtype}; labels index the classes, so pass y.astype(int).")
    if y.min() < 0 or y.max() >= C:
        raise ValueError(f"y holds labels {y.min()} to {y.max()} for at most {C} classes; "
                         f"expected 0 to {C - 1}: "
                         "np.unique(y, return_inverse=True)[1] numbers the classes of y from 0.")


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
    if X.shape[1] != W.shape[0]:
        raise ValueError(
            f"X has {X.shape[1]} columns but W has {W.shape[0]} rows; "
            "for the bias, append the column of ones with preprocess.add_bias(X)."
        )
    check_strength(reg)


def check_strength(reg: float) -> None:
    """Raise ValueError unless reg is a number that a penalty can be multiplied by."""
    if not is_number(reg) or reg < 0:
        raise ValueError(f"reg is {reg!r:.60}; "
                         "the regularization strength is a finite number, 0 or more.")


def check_weights(W: Array) -> None:
    """Raise ValueError unless W has a column for each class."""
    if np.ndim(W) != 2:
        raise ValueError(f"W has shape {np.shape(W)}; expected (D, C), a column for each class.")


def check_gradient(dW: Array, W: Array) -> None:
    """Raise ValueError unless dW has the shape of W."""
    if W.shape != dW.shape:
        raise ValueError(f"dW has shape {dW.shape} but W has {W.shape}; "
                         "a gradient has the shape of its variable.")


def check_one_number(value: object) -> None:
    """Raise ValueError where a loss came with its gradient, and one number was needed."""
    if isinstance(value, tuple):
        raise ValueError("f returned a tuple, expected one number; "
                         "take the loss without its gradient, "
                         "as in lambda W: loss(W, X, y, reg)[0].")


# --------------------------------------------------------------- descent: settings, rows, generator


def check_settings(learning_rate: float, reg: float, num_iters: int, batch_size: int) -> None:
    """Raise ValueError, naming what to mend, unless a training can have these settings."""
    if not is_number(learning_rate) or learning_rate < 0:
        raise ValueError(f"learning_rate is {learning_rate!r:.60}; "
                         "expected a finite number, 0 or more.")
    check_strength(reg)
    for name, number, least in (("num_iters", num_iters, 0), ("batch_size", batch_size, 1)):
        if not is_whole(number) or number < least:
            raise ValueError(f"{name} is {number!r:.60}; expected a whole number, {least} or more.")


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
                         "expected (N, D), one row per sample, at least one.")
    if y.shape[:1] != (len(X),):
        raise ValueError(f"y has shape {y.shape} for {len(X)} samples; "
                         f"expected ({len(X)},), one label per sample.")


def check_generator(rng: Generator) -> None:
    """Raise ValueError unless rng is one of NumPy's generators, which a seed is not."""
    if not isinstance(rng, Generator):
        seed = rng if isinstance(rng, Integral) else 231
        raise ValueError(f"rng is {rng!r:.60}; expected a generator: "
                         f"pass np.random.default_rng({seed}).")


def check_grid(points: list) -> None:
    """Raise ValueError unless a search has points."""
    if not points:
        raise ValueError("the grid is empty; "
                         "expected at least one of learning_rates and one of regs.")


# --------------------------------------------------------------- images and rows of pixels


def check_images(images: Array, at_least: int = 0) -> None:
    """Raise ValueError unless these are that many images, or more, as they are loaded."""
    check_plain("images", images)
    if images.dtype != np.uint8 or images.ndim != 4:
        raise ValueError(f"images are {images.dtype} of shape {images.shape}, "
                         "expected uint8 (N, 32, 32, 3); give them as data.load() and data.split() "
                         "return them, not preprocessed before.")
    if len(images) < at_least:
        raise ValueError(f"images have shape {images.shape}, which has no mean; "
                         "expected at least one training image.")


def check_mean(mean: Array, images: Array) -> None:
    """Raise ValueError unless the mean image has the size of the images."""
    check_plain("mean", mean)
    if mean.size != prod(images.shape[1:]):
        raise ValueError(f"mean has shape {mean.shape}; "
                         f"expected {images.shape[1:]}, as mean_image(X_train) gives it.")


def check_matrix(X: Array) -> None:
    """Raise ValueError unless X has rows and columns."""
    check_plain("X", X)
    if X.ndim != 2:
        raise ValueError(f"X has shape {X.shape}; expected (N, D): "
                         "pass flatten(X) of images, X[None] of one row.")


def check_colours(X: Array) -> None:
    """Raise ValueError unless X holds rows of three channels to a pixel, and a 1 last."""
    if X.ndim != 2 or X.shape[1] % 3 != 1 or not np.issubdtype(X.dtype, np.floating):
        raise ValueError(f"X holds {X.dtype} of shape {X.shape}, "
                         "expected floats (N, D + 1) with three channels to a pixel and a 1 last; "
                         "give rows as preprocess() and to_rows() return them.")


def check_plane(W: Array, classes: int, most: int) -> None:
    """Raise ValueError unless W (3, C) scores a plane, for as many classes as can be drawn."""
    if W.shape != (3, classes) or classes > most:
        raise ValueError(f"W has shape {W.shape} for {classes} classes; expected (3, C), with the "
                         f"biases last, a name for each class and at most {most} classes.")


# --------------------------------------------------------------- arrays and numbers of any kind


def check_floats(name: str, array: Array) -> None:
    """Raise ValueError unless this is a plain array of floats in rows and columns, not empty."""
    check_plain(name, array)
    if array.ndim != 2 or not array.size:
        raise ValueError(f"{name} has shape {array.shape}; expected two dimensions, neither empty.")
    if not np.issubdtype(array.dtype, np.floating):
        raise ValueError(
            f"{name} holds {array.dtype}; expected floats, since integers wrap and truncate: "
            "preprocess(split(load())) makes them, or .astype(np.float32)."
        )


def check_plain(name: str, array: Array) -> None:
    """Raise ValueError unless this is an array whose arithmetic is that of every array."""
    if not isinstance(array, Array) or isinstance(array, (np.matrix, np.ma.MaskedArray)):
        raise ValueError(f"{name} is a {type(array).__name__}; expected a plain NumPy array: "
                         f"pass np.asarray({name}).")


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

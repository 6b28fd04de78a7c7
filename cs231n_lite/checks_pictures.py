"""What is refused of images, of the rows made of them, and of what is to be drawn; see `checks`."""
import warnings
from collections.abc import Sequence
from math import prod
from numbers import Real
from typing import Any

import numpy as np
from numpy import ndarray as Array

from cs231n_lite.checks_basic import (
    check_numbers,
    check_plain,
    check_shape,
    is_number,
    kind_of,
    short,
)

# --------------------------------------------------------------- images, and rows of pixels


def check_images(images: Array, at_least: int = 0) -> None:
    """Raise ValueError unless these are that many images, or more, as they are loaded."""
    check_plain("images", images)
    check_channels("images", images)
    if images.dtype != np.uint8 or images.ndim != 4 or images.shape[3] != 3:
        remedy = ("pass images[None] of one image" if images.dtype == np.uint8 and images.ndim == 3
                  else "give them as data.load() and data.split() return them, not preprocessed "
                       "before")
        raise ValueError(f"images are {images.dtype} of shape {images.shape}, "
                         f"expected uint8 (N, 32, 32, 3); {remedy}.")
    if len(images) < at_least:
        raise ValueError(f"images have shape {images.shape}, which has no mean; "
                         "expected at least one training image.")


def check_channels(name: str, images: Array) -> None:
    """Raise ValueError for colour images whose channels come first, as PyTorch has them."""
    if images.ndim == 4 and images.shape[1] == 3 != images.shape[3]:
        raise ValueError(f"{name} have shape {images.shape}, expected (N, 32, 32, 3): "
                         f"pass {name}.transpose(0, 2, 3, 1), whose colours come last.")


def check_stack(images: Array) -> None:
    """Raise ValueError unless each entry of this array is an image, or a row."""
    check_plain("images", images)
    check_channels("images", images)
    if images.ndim < 2 or (images.ndim == 3 and images.shape[2] == 3):
        raise ValueError(f"images have shape {images.shape}, expected (N, ...); "
                         "pass images[None] of one image.")


def check_mean(mean: Array, images: Array) -> None:
    """Raise ValueError unless the mean image has the size of the images."""
    check_plain("mean", mean)
    flat = mean.ndim == 1 or mean.shape[-1] == mean.size
    if mean.size != prod(images.shape[1:]) or not (flat or mean.shape[-3:] == images.shape[1:]):
        raise ValueError(f"mean has shape {mean.shape}; "
                         f"expected {images.shape[1:]}, as mean_image(X_train) gives it.")
    check_numbers("mean", mean)
    if images.size and 0 < mean.max() <= 1 < (most := images[:100].max()):
        raise ValueError(f"mean reaches {mean.max():.2g} and images {most}; expected both in the "
                         "same units, 0 to 255: pass mean_image(X_train), not divided by 255.")


def check_matrix(X: Array) -> None:
    """Raise ValueError unless X has rows and columns."""
    check_plain("X", X)
    if X.ndim != 2:
        raise ValueError(f"X has shape {X.shape}; expected (N, D): "
                         "pass flatten(X) of images, X[None] of one row.")
    if X.dtype.kind not in "fiub":
        raise ValueError(f"X holds {X.dtype}; expected numbers: pass X.astype(float).")


def warn_of_two_biases(X: Array) -> None:
    """Warn of rows that end in a 1 already, if they are more than one, and not ones throughout."""
    if len(X) > 1 and np.all(X[:, -1] == 1) and not np.all(X == 1):
        warnings.warn("X ends in a column of ones already, and gets another one: leave out "
                      "add_bias, or the ones, X[:, :-1].", UserWarning, stacklevel=3)


def check_colours(X: Array) -> None:
    """Raise ValueError unless X holds rows of three channels to a pixel, and a 1 last."""
    check_plain("X", X)
    if X.ndim != 2 or X.shape[1] % 3 != 1 or not np.issubdtype(X.dtype, np.floating):
        raise ValueError(f"X holds {X.dtype} of shape {X.shape}, "
                         "expected floats (N, D + 1) with three channels to a pixel and a 1 last; "
                         "give rows as preprocess() and to_rows() return them.")
    if not np.all(X[:, -1] == 1):
        raise ValueError("X has a last column that is not all ones; expected rows as preprocess() "
                         "and to_rows() return them: pass add_bias(X) of rows without ones.")


def warn_of_scaled(X: Array) -> None:
    """Warn of rows that are as small as `scale_colours` makes them; a look at the first is enough.

    Pixels less their mean reach far above 10.
    """
    if len(X) and np.abs(X[:100, :-1]).max() < 10:
        warnings.warn("X reaches no further than 10, as rows do that scale_colours returned or "
                      "that were divided by 255: pass rows as preprocess() returns them, once.",
                      UserWarning, stacklevel=3)


# --------------------------------------------------------------- what is drawn, and where


def check_axes(ax: Any) -> None:
    """Raise ValueError unless these are axes to draw on, which an array of several is not."""
    if not hasattr(ax, "set_xlim"):  # which pyplot has not
        is_several = isinstance(ax, (Array, list, tuple)) and any(
            hasattr(each, "set_xlim") for each in np.ravel(np.array(ax, dtype=object)))
        several = ", one of them at a time" if is_several else ""
        raise ValueError(f"ax is {kind_of(ax)}; "
                         f"expected axes{several}, as fig, ax = plt.subplots() makes them.")


def several_axes(axes: Any, number: int = 1) -> list:
    """The axes one by one, however they come; ValueError unless there are at least so many."""
    found = [ax for ax in np.ravel(np.array(axes, dtype=object)) if hasattr(ax, "set_xlim")]
    if len(found) < number:
        raise ValueError(f"axes hold {len(found)} to draw on, expected {number} or more, "
                         f"as fig, axes = plt.subplots(1, {max(number, 2)}) makes them.")
    return found


def check_figure(figure: Any, alt: Any) -> None:
    """Raise ValueError unless a figure comes with the text that says what it shows."""
    if not hasattr(figure, "canvas"):  # which pyplot has not
        raise ValueError(f"figure is {kind_of(figure)}; expected the figure that plt.subplots "
                         "returns first: of axes, pass ax.figure.")
    if not (isinstance(alt, str) and alt.strip()):
        raise ValueError(f"alt is {short(alt)}; expected a text that says what the picture shows.")


def check_pictures(images: Array, at_least: int = 0) -> None:
    """Raise ValueError unless these are so many colour images (N, H, W, 3) that can be shown."""
    check_plain("images", images)
    check_channels("images", images)
    if len(images) < at_least:
        raise ValueError(f"images have shape {images.shape}; expected one or more.")
    if images.ndim != 4 or images.shape[3] != 3:
        one = ", images[None] of one image" if images.ndim == 3 else ""
        raise ValueError(f"images have shape {images.shape}, expected (N, H, W, 3); "
                         f"rows are no images: take those of data.split(){one}.")
    check_brightness("images", images[:100])


def check_picture(image: Array) -> None:
    """Raise ValueError unless this is one colour image (H, W, 3) that can be shown."""
    check_plain("image", image)
    if image.ndim != 3 or image.shape[2] != 3 or not image.size:
        first = (": pass image.transpose(1, 2, 0)" if image.ndim == 3 == image.shape[0] else
                 ": pass one of them, image[0]" if image.ndim == 4 else
                 ": pass np.stack([image] * 3, axis=-1) of a grey one" if image.ndim == 2 else
                 "; a row is no image: take one of data.split()" if image.ndim == 1 else "")
        raise ValueError(f"image has shape {image.shape}, expected (H, W, 3){first}.")
    check_brightness("image", image)


def check_brightness(name: str, image: Array) -> None:
    """Raise ValueError unless this is uint8, or from 0 to 1; a little beyond may be rounding."""
    if image.dtype == np.uint8 or not image.size:
        return
    check_numbers(name, image)
    least, most = image.min(), image.max()
    if image.dtype.kind != "f" or not -0.01 <= least <= most <= 1.01:
        remedy = f"pass {name} / 255, or {name}.astype(np.uint8)"
        if least < -0.01:
            remedy = f"add the mean image again, or pass ({name} + {-least:g}) / {most - least:g}"
        elif image.dtype.kind != "f" and most <= 1:
            remedy = f"pass {name}.astype(float)"
        raise ValueError(f"{name} holds {image.dtype} from {least:g} to {most:g}, "
                         f"expected uint8, or floats from 0 to 1: {remedy}.")


def check_classes(y: Array, number: int, classes: Any, name: str = "y") -> None:
    """Raise ValueError unless there is a label for each of so many images, and a name for each."""
    check_names(classes)
    check_plain(name, y)
    if y.shape != (number,):
        raise ValueError(f"{name} has shape {y.shape} for {number} images; "
                         f"expected ({number},), one label for each.")
    if y.dtype.kind not in "iu":
        raise ValueError(f"{name} holds {y.dtype}; expected labels as numbers, "
                         "which index the names of the classes.")
    if y.size and not 0 <= y.min() <= y.max() < len(classes):
        raise ValueError(f"{name} holds labels {y.min()} to {y.max()} for {len(classes)} names; "
                         f"expected 0 to {len(classes) - 1}.")


def check_names(names: Any, number: int | None = None) -> None:
    """Raise ValueError unless these are names, and so many of them."""
    if not hasattr(names, "__len__"):
        raise ValueError(f"names are {names!r:.60}; expected a list of them, dataset.classes say.")
    if number not in (None, len(names)):
        raise ValueError(f"there are {len(names)} names for {number} of what they name; "
                         "expected a name for each.")


def check_curve(losses: Any) -> None:
    """Raise ValueError unless these are numbers, as `train` returns them."""
    fits = (losses.ndim == 1 if isinstance(losses, Array) else
            isinstance(losses, (list, tuple)) and np.ndim(losses[:1]) == 1)
    if not fits or not all(isinstance(value, Real) for value in losses):
        raise ValueError(f"losses are {short(losses)}; expected a list of numbers, as train() "
                         "returns it and fit() leaves it in loss_curve_.")
    if not np.isfinite(losses).all():
        first = int(np.argmin(np.isfinite(losses)))
        raise ValueError(f"losses hold {losses[first]} at iteration {first}; expected finite "
                         "numbers: training diverged, so lower the learning rate, or draw "
                         f"losses[:{first}].")


def check_bars(values: Any, names: Any) -> None:
    """Raise ValueError unless there is a number for each name."""
    if isinstance(values, dict):
        raise ValueError("values is a dict; expected a number for each name: pass "
                         "list(values.values()), and list(values) for the names.")
    try:
        values = np.asarray(values)
    except ValueError:
        raise ValueError(f"values are {short(values)}, of several lengths; "
                         "expected a number for each name.") from None
    if values.ndim != 1:
        raise ValueError(f"values have shape {values.shape}; expected (N,), a number for each name"
                         f"{': pass values[0] of one row' if values.ndim == 2 else ''}.")
    check_numbers("values", values)
    check_names(names, len(values))


def check_results(results: Any) -> None:
    """Raise ValueError unless these are the results of a search, at one point at least."""
    if not isinstance(results, dict):
        first = ("; search() returns it first, as in results, best_val, best = search(...)"
                 if isinstance(results, tuple) else "")
        raise ValueError(f"results are {kind_of(results)}, expected a dictionary{first}.")
    if not results:
        raise ValueError("results are empty, expected one point or more: search first.")
    for point, pair in results.items():
        if np.shape(point) != (2,) or np.shape(pair) != (2,):
            raise ValueError(f"results hold {point!r:.30}: {pair!r:.30}; expected "
                             "(learning_rate, reg): (training accuracy, validation accuracy).")
        if not all(map(is_number, (*point, *pair))) or not 0 <= min(pair) <= max(pair) <= 1:
            raise ValueError(f"results hold {point!r:.60}: {pair!r:.60}; expected numbers, and "
                             "accuracies from 0 to 1: divide those in per cent by 100.")


def check_logarithmic(results: dict) -> None:
    """Raise ValueError for points that have no place on logarithmic axes."""
    for point in results:
        if min(point) <= 0:
            raise ValueError(f"results hold the point {point!r:.60}; expected numbers above 0, "
                             "since the axes are logarithmic.")


def check_weights_drawn(W: Array, shape: tuple[int, ...], classes: Sequence) -> None:
    """Raise ValueError unless each column of W is an image, with or without a bias, and has a name.

    Of weights of other features there are no pictures.
    """
    check_shape(shape)
    check_plain("W", W)
    D = prod(shape)
    if W.ndim != 2 or W.shape[0] not in (D, D + 1):
        turned = (": pass W.T" if W.ndim == 2 and W.shape[1] in (D, D + 1) else
                  "; rows that end in a 1 are for fit with fit_intercept=False"
                  if W.shape[:1] == (D + 2,) else "")
        raise ValueError(f"W has shape {W.shape}, expected ({D}, C) or, with biases last, "
                         f"({D + 1}, C), for images of shape {shape}{turned}.")
    check_numbers("W", W)
    check_names(classes, W.shape[1])


def check_plane(W: Array, names: Any, most: int) -> None:
    """Raise ValueError unless W (3, C) scores a plane, for as many classes as can be drawn."""
    check_names(names)
    check_numbers("W", W)
    if W.shape != (3, len(names)) or len(names) > most:
        raise ValueError(f"W has shape {W.shape} for {len(names)} classes; expected (3, C), with "
                         f"the biases last, a name for each class and at most {most} classes.")


def check_points(X: Array, y: Array, classes: Any, reach: Any) -> None:
    """Raise ValueError unless these are points of a plane with labels, drawn as far as that."""
    check_numbers("X", X)
    if X.ndim != 2 or X.shape[1] not in (2, 3):
        raise ValueError(f"X has shape {X.shape}; expected points (N, 2), or (N, 3) with ones.")
    if X.shape[1] == 3 and not np.all(X[:, 2] == 1):
        raise ValueError("X has a third column that is not all ones; expected points (N, 2), or "
                         "(N, 3) with ones: pass X[:, :2] of the two features to draw.")
    if reach is None and not len(X):
        raise ValueError("X holds no point; expected one or more, or a number for reach.")
    if reach is not None and (not is_number(reach) or reach <= 0):
        raise ValueError(f"reach is {short(reach)}; expected a number above 0.")
    check_classes(y, len(X), classes)

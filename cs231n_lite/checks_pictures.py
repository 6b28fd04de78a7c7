"""What is refused of images, of the rows made of them, and of what is to be drawn; see `checks`."""
from collections.abc import Sequence
from math import prod
from numbers import Real
from typing import Any

import numpy as np
from numpy import ndarray as Array

from cs231n_lite.checks_basic import check_plain, kind_of, short

# --------------------------------------------------------------- images, and rows of pixels


def check_images(images: Array, at_least: int = 0) -> None:
    """Raise ValueError unless these are that many images, or more, as they are loaded."""
    check_plain("images", images)
    check_channels("images", images)
    if images.dtype != np.uint8 or images.ndim != 4 or images.shape[3] != 3:
        raise ValueError(f"images are {images.dtype} of shape {images.shape}, "
                         "expected uint8 (N, 32, 32, 3); give them as data.load() and data.split() "
                         "return them, not preprocessed before.")
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


def check_matrix(X: Array) -> None:
    """Raise ValueError unless X has rows and columns."""
    check_plain("X", X)
    if X.ndim != 2:
        raise ValueError(f"X has shape {X.shape}; expected (N, D): "
                         "pass flatten(X) of images, X[None] of one row.")


def check_colours(X: Array) -> None:
    """Raise ValueError unless X holds rows of three channels to a pixel, and a 1 last."""
    check_plain("X", X)
    if X.ndim != 2 or X.shape[1] % 3 != 1 or not np.issubdtype(X.dtype, np.floating):
        raise ValueError(f"X holds {X.dtype} of shape {X.shape}, "
                         "expected floats (N, D + 1) with three channels to a pixel and a 1 last; "
                         "give rows as preprocess() and to_rows() return them.")


# --------------------------------------------------------------- what is drawn, and where


def check_axes(ax: Any) -> None:
    """Raise ValueError unless these are axes to draw on, which an array of several is not."""
    if not hasattr(ax, "set_xlim"):  # which pyplot has not
        several = ", one of them at a time" if isinstance(ax, (Array, list, tuple)) else ""
        raise ValueError(f"ax is {kind_of(ax)}; "
                         f"expected axes{several}, as fig, ax = plt.subplots() makes them.")


def check_several_axes(axes: Any, number: int = 1) -> None:
    """Raise ValueError unless these are axes, at least so many."""
    found = [ax for ax in np.ravel(np.array(axes, dtype=object)) if hasattr(ax, "set_xlim")]
    if len(found) < number:
        raise ValueError(f"axes hold {len(found)} to draw on, expected {number} or more, "
                         f"as fig, axes = plt.subplots(1, {max(number, 2)}) makes them.")


def check_figure(figure: Any, alt: Any) -> None:
    """Raise ValueError unless a figure comes with the text that says what it shows."""
    if not hasattr(figure, "savefig"):
        raise ValueError(f"figure is {kind_of(figure)}; expected the figure that plt.subplots "
                         "returns first: of axes, pass ax.figure.")
    if not (isinstance(alt, str) and alt.strip()):
        raise ValueError(f"alt is {short(alt)}; expected a text that says what the picture shows.")


def check_pictures(images: Array) -> None:
    """Raise ValueError unless these are colour images (N, H, W, 3) that can be shown."""
    check_plain("images", images)
    check_channels("images", images)
    if images.ndim != 4 or images.shape[3] != 3:
        raise ValueError(f"images have shape {images.shape}, expected (N, H, W, 3); "
                         "rows are no images: take those of data.split().")
    check_brightness("images", images[:100])


def check_picture(image: Array) -> None:
    """Raise ValueError unless this is one colour image (H, W, 3) that can be shown."""
    check_plain("image", image)
    if image.ndim != 3 or image.shape[2] != 3:
        first = ": pass image.transpose(1, 2, 0)" if image.ndim == 3 == image.shape[0] else ""
        raise ValueError(f"image has shape {image.shape}, expected (H, W, 3){first}.")
    check_brightness("image", image)


def check_brightness(name: str, image: Array) -> None:
    """Raise ValueError unless this is uint8, or from 0 to 1; a little beyond may be rounding."""
    if image.dtype != np.uint8 and image.size and not -0.01 <= image.min() <= image.max() <= 1.01:
        raise ValueError(f"{name} holds {image.dtype} from {image.min():g} to {image.max():g}, "
                         f"expected uint8, or floats from 0 to 1: pass {name} / 255, or "
                         f"{name}.astype(np.uint8).")


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
    fits = isinstance(losses, (list, tuple, Array)) and np.ndim(losses[:1]) == 1
    if not fits or not all(isinstance(value, Real) for value in losses):
        raise ValueError(f"losses are {short(losses)}; expected a list of numbers, as train() "
                         "returns it and fit() leaves it in loss_curve_.")


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
        if min(point) <= 0:
            raise ValueError(f"results hold the point {point!r:.60}; expected numbers above 0, "
                             "since the axes are logarithmic.")


def check_weights_drawn(W: Array, shape: tuple[int, ...], classes: Sequence) -> None:
    """Raise ValueError unless each column of W is an image, with or without a bias, and has a name.

    Of weights of other features there are no pictures.
    """
    check_plain("W", W)
    D = prod(shape)
    if W.ndim != 2 or W.shape[0] not in (D, D + 1):
        turned = ": pass W.T" if W.ndim == 2 and W.shape[1] in (D, D + 1) else ""
        raise ValueError(f"W has shape {W.shape}, expected ({D}, C) or, with biases last, "
                         f"({D + 1}, C), for images of shape {shape}{turned}.")
    check_names(classes, W.shape[1])


def check_plane(W: Array, classes: int, most: int) -> None:
    """Raise ValueError unless W (3, C) scores a plane, for as many classes as can be drawn."""
    check_plain("W", W)
    if W.shape != (3, classes) or classes > most:
        raise ValueError(f"W has shape {W.shape} for {classes} classes; expected (3, C), with the "
                         f"biases last, a name for each class and at most {most} classes.")


def check_points(X: Array, y: Array, classes: Any) -> None:
    """Raise ValueError unless these are points of a plane with labels of the classes."""
    check_plain("X", X)
    if X.ndim != 2 or X.shape[1] not in (2, 3):
        raise ValueError(f"X has shape {X.shape}; expected points (N, 2), or (N, 3) with ones.")
    check_classes(y, len(X), classes)

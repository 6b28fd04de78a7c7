"""Images to the rows that a linear classifier takes: flatten, subtract the mean image, append ones.

The course's notes write one image as a column x and its scores as W x + b, with W (K, D) and b
(K,).  We write N images as the rows of X, their scores as X @ W: our W (D + 1, K) is the notes' W
transposed, above b as its last row, which the 1 at the end of every row of X multiplies (the bias
trick).

Every function returns a new array or a view and changes nothing that it is given.
Source: CS231n notes, "Linear classification", bias trick and image data preprocessing.
"""
from math import prod
from pathlib import Path

import numpy as np
from numpy import ndarray as Array

from cs231n_lite.checks_basic import check_parts
from cs231n_lite.checks_pictures import (
    check_colours,
    check_images,
    check_matrix,
    check_mean,
    check_stack,
    warn_of_scaled,
    warn_of_two_biases,
)
from cs231n_lite.data import Dataset, Splits, load, split


def prepare(name: str | Path = "auto") -> tuple[Dataset, Splits, Splits]:
    """Load, split and preprocess the dataset `name`, as in data.load.

    Returns it, its splits as images, and its splits as rows.
    """
    dataset = load(name)
    splits = split(dataset)
    return dataset, splits, preprocess(splits)


def preprocess(splits: Splits) -> Splits:
    """The same splits as float32 rows (N, D + 1), less the mean of the training images, a 1 last.

    Raises ValueError for anything but uint8 images, also for splits preprocessed already.
    """
    check_parts("splits", splits, Splits, "pass data.split(data.load())")
    mean = mean_image(splits.X_train)
    return splits._replace(X_train=to_rows(splits.X_train, mean), X_val=to_rows(splits.X_val, mean),
                           X_test=to_rows(splits.X_test, mean), X_dev=to_rows(splits.X_dev, mean))


def mean_image(images: Array) -> Array:
    """The mean of uint8 images (N, 32, 32, 3), float64 (32, 32, 3).

    The sums are whole numbers below 2**53, hence exact, and the same on every machine.
    """
    check_images(images, at_least=1)
    return images.mean(axis=0)


def to_rows(images: Array, mean: Array) -> Array:
    """float32 rows (N, D + 1) of uint8 images: flattened, less the mean image, a 1 last.

    It is add_bias(flatten(images) - flatten(mean)) without the arrays in between, each as large.
    """
    check_images(images)
    check_mean(mean, images)
    rows = np.empty((len(images), mean.size + 1), np.float32)
    np.subtract(flatten(images), mean.ravel().astype(np.float32), out=rows[:, :-1])
    rows[:, -1] = 1
    return rows


def flatten(images: Array) -> Array:
    """Images (N, ...) as rows (N, D), a view where memory allows."""
    check_stack(images)
    return images.reshape(len(images), prod(images.shape[1:]))


def add_bias(X: Array) -> Array:
    """A new array: the rows X (N, D) with a column of ones last, (N, D + 1), in X's dtype."""
    check_matrix(X)
    warn_of_two_biases(X)
    return np.column_stack([X, np.ones(len(X), X.dtype)])


def scale_colours(X: Array) -> Array:
    """New rows (N, D + 1), brightness divided by 80 and colour by 40; the 1 at the end stays.

    X holds rows from `preprocess`.  The brightness of a pixel is the mean of its
    three channels, its colour what each channel differs from it.  In photographs
    colour varies less than brightness, so gradient descent would hear less of it.
    """
    check_colours(X)
    warn_of_scaled(X)
    scaled = np.empty_like(X)
    scaled[:, -1] = 1
    # In blocks that stay in the cache, and channel by channel, which are long sums.
    for start in range(0, len(X), 50):
        pixels, result = X[start:start + 50, :-1], scaled[start:start + 50, :-1]
        channels = [pixels[:, channel::3] for channel in range(3)]
        brightness = sum(channels) / 3
        for channel, values in enumerate(channels):
            result[:, channel::3] = brightness / 80 + (values - brightness) / 40
    return scaled

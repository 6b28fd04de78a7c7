"""How long a classifier takes from the raw pixels of CIFAR-10 to 41 per cent on all test images.

Every way gets what helps it: pixels scaled to size 1 in float32 by its own means, or by ours where
it learns faster from those, all processors, and settings found beforehand: the fewest iterations
that reach the goal, else the best accuracy that was found.  The time is that of scaling the
training images and of training.
"""
import os
import re
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import ndarray as Array
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression, RidgeClassifier, SGDClassifier

from benchmarks import cifar10
from benchmarks.measure import by_number, fresh_process, medians, paired, seconds
from benchmarks.report import Figure
from cs231n_lite.data import read_CIFAR10
from cs231n_lite.engine.losses import softmax_loss
from cs231n_lite.optim import mirrored, momentum_sgd
from cs231n_lite.preprocess import mean_image, scale_colours, to_rows

WHAT = "softmax from raw pixels to 41 per cent"
Predict = Callable[[Array], Array]  # from images to labels


class Drawn:
    """Images as our rows: centred, brightness and colours scaled, a 1 last; made when drawn."""

    def __init__(self, images: Array, mean: Array) -> None:
        self.images, self.mean = images, mean
        self.shape = len(images), mean.size + 1

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, which: Array | slice) -> Array:
        return scale_colours(to_rows(self.images[which], self.mean))


def ours(images: Array, y: Array) -> Predict:
    """The recipe of "further with the same linear classifier", with fewer and smaller batches."""
    mean = mean_image(images)
    W = descend(Drawn(images, mean), y, 300)
    return lambda some: (whole(Drawn(some, mean)) @ W).argmax(axis=1)


def descend(X: Any, y: Array, num_iters: int) -> Array:
    """The weights of that recipe; X is Drawn, which minibatches index as an array."""
    rng = np.random.default_rng(0)
    W = 1e-4 * rng.standard_normal((X.shape[1], 10), np.float32)
    return momentum_sgd(mirrored(softmax_loss), W, X, y, learning_rate=3e-3, reg=0.01,
                        num_iters=num_iters, batch_size=200, rng=rng)[0]


def lbfgs(images: Array, y: Array) -> Predict:
    """LogisticRegression(C=1e-3, solver="lbfgs", max_iter=100), on pixels less their mean, over 60."""  # noqa: E501  the words of a table
    mean = images.mean(axis=0).ravel().astype(np.float32)
    return trained(LogisticRegression(C=1e-3, solver="lbfgs", max_iter=100),
                   lambda some: (some.reshape(len(some), -1) - mean) / np.float32(60), images, y)


def lbfgs_on_ours(images: Array, y: Array) -> Predict:
    """LogisticRegression(C=3.4e-4, max_iter=20), on our scaled rows."""
    return trained(LogisticRegression(C=3.4e-4, max_iter=20, fit_intercept=False),
                   by_ours(images), images, y)


def by_sgd(images: Array, y: Array) -> Predict:
    """SGDClassifier(loss="log_loss", alpha=0.01, eta0=3e-4, average=True, max_iter=1), on our scaled rows."""  # noqa: E501
    model = SGDClassifier(loss="log_loss", alpha=0.01, learning_rate="constant", eta0=3e-4,
                          average=True, max_iter=1, tol=None, n_jobs=-1, fit_intercept=False,
                          random_state=0)
    return trained(model, by_ours(images), images, y)


def ridge(images: Array, y: Array) -> Predict:
    """RidgeClassifier(alpha=3e4, solver="cholesky"), on our scaled rows."""
    return trained(RidgeClassifier(alpha=3e4, solver="cholesky", fit_intercept=False),
                   by_ours(images), images, y)


def by_ours(images: Array) -> Callable[[Array], Array]:
    """From images to our rows, by the mean of these."""
    mean = mean_image(images)
    return lambda some: whole(Drawn(some, mean))


def whole(drawn: Drawn) -> Array:
    """All rows at once, for who does not draw them."""
    rows = np.empty(drawn.shape, np.float32)
    for start in range(0, len(drawn), 100):  # in blocks that stay in the cache
        block = slice(start, start + 100)
        rows[block] = drawn[block]
    return rows


def trained(model: Any, rows: Callable[[Array], Array], images: Array, y: Array) -> Predict:
    """Train a model on rows of images."""
    model.fit(rows(images), y)
    return lambda some: model.predict(rows(some))


def time_and_accuracy(way: str, folder: str) -> list[float]:
    """Seconds of one way, and the accuracy on all test images in per cent."""
    warnings.simplefilter("ignore", ConvergenceWarning)
    X, y, X_test, y_test = read_CIFAR10(folder)
    models = []
    time = seconds(lambda: models.append(globals()[way](X[:49_000], y[:49_000])))
    return [time, 100 * float(np.mean(models[0](X_test) == y_test))]


def figures(quick: bool) -> list[Figure]:
    """Ours beside each of scikit-learn's."""
    folder = cifar10.folder()
    if folder is None:
        return [Figure(WHAT, "scikit-learn: how many times as fast", [], 15, at_least=True,
                       note=cifar10.MISSING)]
    return [beside(way, str(folder), bound, 1 if quick else 3)
            for way, bound in ((lbfgs, 15), (lbfgs_on_ours, 1), (by_sgd, 1),
                               (ridge, 1))[-1 if quick else 0:]]


def beside(way: Callable[[Array, Array], Predict], folder: str, bound: float,
           repeats: int) -> Figure:
    """The row of one of them; nothing is measured if ours misses the goal."""
    threads = os.cpu_count() or 1
    runs = paired(lambda: fresh_process(time_and_accuracy, "ours", folder, threads=threads),
                  lambda: fresh_process(time_and_accuracy, way.__name__, folder,
                                        threads=threads), repeats)
    times, accuracies = by_number(runs)
    (mine, theirs), (my_accuracy, their_accuracy) = medians(times), medians(accuracies)
    kind, settings, rows = re.findall(r"(\w+)\((.*)\), (.*)\.", way.__doc__ or "")[0]
    beside = f"scikit-learn's `{kind}`, {rows}: how many times as fast"
    note = (f"{mine:.3g} s to {my_accuracy:.1f} per cent beside {theirs:.3g} s to "
            f"{their_accuracy:.1f}, at {settings}")
    reached = [theirs / mine for mine, theirs in times] if my_accuracy >= 41 else []
    return Figure(WHAT, beside, reached, bound, at_least=True, note=note)

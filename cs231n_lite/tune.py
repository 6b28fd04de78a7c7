"""Hyperparameter search: train at every point of a grid, choose on the validation data.

The points are independent of each other, so joblib trains them: one after the
other by itself, on several cores inside `with joblib.parallel_config(n_jobs=2):`,
and on a cluster inside `with joblib.parallel_config(backend="dask"):`.
"""
import warnings
from collections.abc import Callable, Iterable
from itertools import product

import numpy as np
from joblib import Parallel, delayed
from numpy import ndarray as Array

from cs231n_lite.losses import check_one_each


def accuracy(model, X: Array, y: Array) -> float:
    """The share of rows whose predicted label is the right one, from 0 to 1.

    Raises ValueError unless there is one label for each row: other shapes would be compared by broadcasting.
    """
    check_one_each("y", y, len(X))
    return float(np.mean(model.predict(X) == y))


def search(make: Callable, X_train: Array, y_train: Array, X_val: Array, y_val: Array,
           learning_rates: Iterable[float], regs: Iterable[float]) -> tuple[dict, float, object]:
    """Train make(learning_rate, reg) at every pair and keep the best on the validation data.

    Returns results, a dictionary from (learning_rate, reg) to (training accuracy,
    validation accuracy); best_val, the highest validation accuracy; and best, the
    trained classifier that reached it, the first of equals.  A training that
    diverges is a RuntimeWarning and counts as accuracies of 0; where all of them
    do, FloatingPointError is raised, and ValueError where the grid is empty or the
    labels have not the shape (N,).
    Source: CS231n notes, "Image classification", validation sets for hyperparameter tuning.
    """
    points = list(product(learning_rates, regs))
    if not points:
        raise ValueError("the grid is empty; expected at least one of learning_rates and one of regs.")
    check_one_each("y_train", y_train, len(X_train))
    check_one_each("y_val", y_val, len(X_val))
    models = Parallel()(delayed(trained)(make, *point, X_train, y_train, X_val, y_val) for point in points)
    results = {point: accuracies for point, (_, accuracies) in zip(points, models)}
    best, (_, best_val) = max(converged(points, models), key=lambda model: model[1][1])
    return results, best_val, best


def trained(make: Callable, learning_rate: float, reg: float, X_train: Array, y_train: Array,
            X_val: Array, y_val: Array) -> tuple[object | None, tuple[float, float]]:
    """One point of the grid: the classifier, trained, and its accuracies on the training and the validation data.

    Where training diverges these are None and 0.0 twice.
    """
    model = make(learning_rate, reg)
    try:
        model.fit(X_train, y_train)
    except FloatingPointError:
        return None, (0.0, 0.0)
    return model, (accuracy(model, X_train, y_train), accuracy(model, X_val, y_val))


def converged(points: list[tuple[float, float]], models: list[tuple]) -> list[tuple]:
    """The models that there are; FloatingPointError if there are none, and a RuntimeWarning for each that diverged."""
    diverged = [point for point, (model, _) in zip(points, models) if model is None]
    for learning_rate, reg in diverged:
        warnings.warn(f"training diverged at learning_rate={learning_rate:g}, reg={reg:g}; the point counts as "
                      "accuracy 0.", RuntimeWarning, stacklevel=3)
    if len(diverged) == len(points):
        raise FloatingPointError(f"training diverged at all points, down to learning_rate={min(points)[0]:g}; "
                                 "search lower rates.")
    return [model for model in models if model[0] is not None]

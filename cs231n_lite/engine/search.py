"""A grid of settings, whose points are independent of each other, so joblib trains them.

One after the other by itself, on several cores inside `with
joblib.parallel_config(n_jobs=2):`, and on a cluster inside `with
joblib.parallel_config(backend="dask"):`.
"""
import warnings
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from numpy import ndarray as Array

from cs231n_lite.engine.estimator import LinearEstimator

Point = tuple[float, float]
Trained = tuple[Any, tuple[float, float]]


def is_own(model: Any) -> bool:
    """Whether this is one of the package's classifiers, and nothing of a student's trains it."""
    return isinstance(model, LinearEstimator) and model.is_plain


def search_in_parallel(make: Callable, X_train: Array, y_train: Array, X_val: Array, y_val: Array,
                       learning_rates: list[float], regs: list[float]) -> tuple[dict, float, Any]:
    """As `tune.search`.

    A training that diverges is a RuntimeWarning and counts as accuracies of 0; where all of them
    do, FloatingPointError is raised.
    """
    points, data = list(product(learning_rates, regs)), (X_train, y_train, X_val, y_val)
    done = Parallel()(delayed(trained)(make(*point), *data) for point in points)
    results = {point: accuracies for point, (_, accuracies) in zip(points, done)}
    best, (_, best_val) = max(converged(points, done), key=lambda model: model[1][1])
    return results, best_val, best


def trained(model: Any, X_train: Array, y_train: Array, X_val: Array, y_val: Array) -> Trained:
    """One point of the grid: the trained classifier, its training and its validation accuracy.

    Where training diverges these are None and 0.0 twice.
    """
    try:
        model.fit(X_train, y_train)
    except FloatingPointError:
        return None, (0.0, 0.0)
    train, val = (float(np.mean(model.predict(X) == y))
                  for X, y in ((X_train, y_train), (X_val, y_val)))
    return model, (train, val)


def converged(points: list[Point], models: list[Trained]) -> list[Trained]:
    """The models that there are; FloatingPointError if there are none.

    A RuntimeWarning names each point that diverged.
    """
    diverged = [point for point, (model, _) in zip(points, models) if model is None]
    for learning_rate, reg in diverged:
        warnings.warn(f"training diverged at learning_rate={learning_rate:g}, reg={reg:g}; "
                      "the point counts as accuracy 0.", RuntimeWarning, stacklevel=4)
    if len(diverged) == len(points):
        raise FloatingPointError("training diverged at all points, "
                                 f"down to learning_rate={min(points)[0]:g}; search lower rates.")
    return [model for model in models if model[0] is not None]

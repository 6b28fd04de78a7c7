"""Hyperparameter search: train at every point of a grid, choose on the validation data.

The points are independent of each other, so joblib trains them: one after the
other by itself, on several cores inside `with joblib.parallel_config(n_jobs=2):`,
and on a cluster inside `with joblib.parallel_config(backend="dask"):`.
"""
from collections.abc import Callable, Iterable
from itertools import product

import numpy as np
from joblib import Parallel, delayed
from numpy import ndarray as Array


def accuracy(model, X: Array, y: Array) -> float:
    """The share of rows whose predicted label is the right one, from 0 to 1."""
    return float(np.mean(model.predict(X) == y))


def search(make: Callable, X_train: Array, y_train: Array, X_val: Array, y_val: Array,
           learning_rates: Iterable[float], regs: Iterable[float]) -> tuple[dict, float, object]:
    """Train make(learning_rate, reg) at every pair and keep the best on the validation data.

    Returns results, a dictionary from (learning_rate, reg) to (training accuracy,
    validation accuracy); best_val, the highest validation accuracy; and best, the
    trained classifier that reached it, the first of equals.
    Source: CS231n notes, "Image classification", validation sets for hyperparameter tuning.
    """
    points = list(product(learning_rates, regs))
    models = Parallel()(delayed(trained)(make, *point, X_train, y_train, X_val, y_val) for point in points)
    results = {point: accuracies for point, (_, accuracies) in zip(points, models)}
    best, (_, best_val) = max(models, key=lambda model: model[1][1])
    return results, best_val, best


def trained(make: Callable, learning_rate: float, reg: float, X_train: Array, y_train: Array,
            X_val: Array, y_val: Array) -> tuple[object, tuple[float, float]]:
    """One point of the grid: the classifier, trained, and its accuracies on the training and the validation data."""
    model = make(learning_rate, reg)
    model.fit(X_train, y_train)
    return model, (accuracy(model, X_train, y_train), accuracy(model, X_val, y_val))

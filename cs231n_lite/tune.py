"""Hyperparameter search: train at every point of a grid, choose on the validation data."""
from collections.abc import Callable, Iterable
from itertools import product

import numpy as np
from numpy import ndarray as Array


def accuracy(model, X: Array, y: Array) -> float:
    """The share of rows whose predicted label is the right one, from 0 to 1."""
    return float(np.mean(model.predict(X) == y))


def search(make: Callable, X_train: Array, y_train: Array, X_val: Array, y_val: Array,
           learning_rates: Iterable[float], regs: Iterable[float]) -> tuple[dict, float, object]:
    """Train make(learning_rate, reg) at every pair and keep the best on the validation data.

    Returns results, a dictionary from (learning_rate, reg) to (training accuracy,
    validation accuracy); best_val, the highest validation accuracy; and best, the
    trained classifier that reached it.
    Source: CS231n notes, "Image classification", validation sets for hyperparameter tuning.
    """
    results, best_val, best = {}, -1.0, None
    for learning_rate, reg in product(learning_rates, regs):
        model = make(learning_rate, reg)
        model.fit(X_train, y_train)
        results[learning_rate, reg] = accuracy(model, X_train, y_train), accuracy(model, X_val, y_val)
        if results[learning_rate, reg][1] > best_val:
            best_val, best = results[learning_rate, reg][1], model
    return results, best_val, best

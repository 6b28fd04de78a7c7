"""Hyperparameter search: train at every point of a grid, choose on the validation data.

Where the classifiers are this package's, and so are loss and optimizer, the engine
trains the grid: as one matrix, in parallel inside `with
joblib.parallel_config(n_jobs=2):`, and going on with the other points where one
diverges.  See `engine.search`.
"""
from collections.abc import Callable, Iterable
from functools import wraps
from itertools import product
from typing import Any

import numpy as np
from numpy import ndarray as Array

from cs231n_lite.checks import check_grid, check_make, check_one_each, check_searched, listed
from cs231n_lite.checks_basic import check_alike, check_model, check_rows_come


def accuracy(model: Any, X: Array, y: Array) -> float:
    """The share of rows whose predicted label is the right one, from 0 to 1.

    Raises ValueError unless there is one label for each row, as other shapes would be compared by
    broadcasting, and the labels are words where the predictions are.
    """
    check_model("model", model, "predict")
    check_rows_come("X", X)
    check_one_each("y", y, len(X))
    predicted = model.predict(X)
    check_alike("y", y, predicted, "the predictions")
    return float(np.mean(predicted == y))


def by_engine(search: Callable) -> Callable:
    """The same search, which the engine takes over where the first classifier is its own.

    Raises ValueError where the grid is empty, or the two parts of the data do not fit together.
    """

    @wraps(search)
    def searched(make: Callable, X_train: Array, y_train: Array, X_val: Array, y_val: Array,
                 learning_rates: Iterable[float],
                 regs: Iterable[float]) -> tuple[dict, float, Any]:
        check_make(make)
        rates, strengths = listed("learning_rates", learning_rates), listed("regs", regs)
        points = list(product(rates, strengths))
        check_grid(points)
        check_searched(X_train, y_train, X_val, y_val)
        from cs231n_lite.engine.search import is_own, search_in_parallel  # not before it is needed
        first = [make(*points[0])]
        check_model("what make returned", first[0], "fit", "predict")

        def each(learning_rate: float, reg: float) -> Any:
            return first.pop() if first else make(learning_rate, reg)

        run = search_in_parallel if is_own(first[0]) else search
        return run(each, X_train, y_train, X_val, y_val, rates, strengths)

    return searched


@by_engine
def search(make: Callable, X_train: Array, y_train: Array, X_val: Array, y_val: Array,
           learning_rates: Iterable[float], regs: Iterable[float]) -> tuple[dict, float, Any]:
    """Train make(learning_rate, reg) at every pair and keep the best on the validation data.

    Returns results, a dictionary from (learning_rate, reg) to (training accuracy,
    validation accuracy); best_val, the highest validation accuracy; and best, the
    trained classifier that reached it, the first of equals.
    Source: CS231n notes, "Image classification", validation sets for hyperparameter tuning.
    """
    results, best_val, best = {}, -1.0, None
    for learning_rate in learning_rates:
        for reg in regs:
            model = make(learning_rate, reg)
            model.fit(X_train, y_train)
            train = float(np.mean(model.predict(X_train) == y_train))
            val = float(np.mean(model.predict(X_val) == y_val))
            results[(learning_rate, reg)] = (train, val)
            if val > best_val:
                best_val, best = val, model
    return results, best_val, best

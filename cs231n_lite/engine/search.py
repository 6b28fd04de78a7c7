"""A grid of settings, whose points are independent of each other.

Points that can be fitted together are trained as one matrix, see `grid`; several cores, inside
`with joblib.parallel_config(n_jobs=2):`, and a cluster, inside `with
joblib.parallel_config(backend="dask"):`, train as many matrices as there are workers.
"""
import warnings
from collections.abc import Callable, Iterator
from copy import copy
from itertools import product
from typing import Any

import numpy as np
from joblib import Parallel, delayed, effective_n_jobs
from numpy import ndarray as Array

from cs231n_lite.engine.estimator import LinearEstimator
from cs231n_lite.engine.grid import fit_together, kinship, predict_together
from cs231n_lite.engine.mapped import NotHere, received, to_send

Point = tuple[float, float]
Accuracies = tuple[float, float]  # on the training and on the validation data
Trained = tuple[list[Accuracies | None], Any]
DIVERGED: Accuracies = (0.0, 0.0)


def is_own(model: Any) -> bool:
    """Whether this is one of the package's classifiers, trained in one of the package's ways."""
    return isinstance(model, LinearEstimator) and model.is_plain


def search_in_parallel(make: Callable, X_train: Array, y_train: Array, X_val: Array, y_val: Array,
                       learning_rates: list[float], regs: list[float]) -> tuple[dict, float, Any]:
    """As `tune.search`.

    A training that diverges is a RuntimeWarning and counts as accuracies of 0; where all of them
    do, FloatingPointError is raised.
    """
    points, run = list(product(learning_rates, regs)), Parallel()
    models = [copy(make(*point)) for point in points]  # which may set one object anew each time
    jobs = list(shared_out(models, effective_n_jobs(run.n_jobs)))
    arrays = X_train, y_train, X_val, y_val

    def at_work(*data: Any) -> list[Trained]:
        return run(delayed(trained)([models[index] for index in job], *data) for job in jobs)

    try:
        done = at_work(*map(to_send, arrays))
    except NotHere:  # on a cluster whose machines share no files
        done = at_work(*arrays)
    found = {index: one for job, (those, _) in zip(jobs, done) for index, one in zip(job, those)}
    pairs = [found[index] for index in range(len(points))]
    report_diverged(points, pairs)
    results = {point: pair or DIVERGED for point, pair in zip(points, pairs)}
    first, (_, best_val) = max(((index, pair) for index, pair in enumerate(pairs) if pair),
                               key=lambda one: one[1][1])
    best = next(model for job, (_, model) in zip(jobs, done) if first in job)
    return results, best_val, best


def shared_out(models: list, workers: int) -> Iterator[list[int]]:
    """The numbers of the models in jobs: what can be fitted together, in a part for each worker.

    Parts are taken in turns, so that points which diverge, and soon cost nothing, are in all.
    """
    families: dict[Any, list[int]] = {}
    for index, model in enumerate(models):
        families.setdefault(kinship(model) or index, []).append(index)
    for family in families.values():
        parts = min(workers, len(family))
        yield from (family[part::parts] for part in range(parts))


def trained(models: list, *data: Any) -> Trained:
    """The training and validation accuracy of each classifier, trained, and the best of them.

    `data` are X_train, y_train, X_val and y_val.  Accuracies are None where training diverges, and
    the best is where all do.  It is the first with the highest validation accuracy, as in the
    search, and alone comes back: weights would be nearly all that a worker sends.
    """
    X_train, y_train, X_val, y_val = map(received, data)
    if len(models) > 1:
        well = fit_together(models, X_train, y_train)
    else:
        well = [fits(models[0], X_train, y_train)]
    fitted = [model for model, fine in zip(models, well) if fine]
    pairs = list(zip(accuracies(fitted, X_train, y_train), accuracies(fitted, X_val, y_val)))
    best, _ = max(zip(fitted, pairs), key=lambda one: one[1][1], default=(None, None))
    in_turn = iter(pairs)
    return [next(in_turn) if fine else None for fine in well], best


def fits(model: Any, X: Array, y: Array) -> bool:
    """Fit one model; False where that diverges."""
    try:
        model.fit(X, y)
    except FloatingPointError:
        return False
    return True


def accuracies(models: list, X: Array, y: Array) -> list[float]:
    """The share of rows that each model predicts right."""
    labels = (predict_together(models, X) if len(models) > 1
              else [model.predict(X) for model in models])
    return [float(np.mean(predicted == y)) for predicted in labels]


def report_diverged(points: list[Point], pairs: list[Accuracies | None]) -> None:
    """A RuntimeWarning for each point that diverged; FloatingPointError if all did."""
    for (learning_rate, reg), pair in zip(points, pairs):
        if pair is None:
            warnings.warn(f"training diverged at learning_rate={learning_rate:g}, reg={reg:g}; "
                          "the point counts as accuracy 0.", RuntimeWarning, stacklevel=4)
    if not any(pairs):
        raise FloatingPointError("training diverged at all points, "
                                 f"down to learning_rate={min(points)[0]:g}; search lower rates.")

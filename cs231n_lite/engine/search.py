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
Trained = tuple[Any, tuple[float, float]]


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

    def at_work(*data: Any) -> list[list[Trained]]:
        return run(delayed(trained)([models[index] for index in job], *data) for job in jobs)

    try:
        done = at_work(*map(to_send, arrays))
    except NotHere:  # on a cluster whose machines share no files
        done = at_work(*arrays)
    found = {index: one for job, those in zip(jobs, done) for index, one in zip(job, those)}
    ordered = [found[index] for index in range(len(points))]
    results = {point: accuracies for point, (_, accuracies) in zip(points, ordered)}
    best, (_, best_val) = max(converged(points, ordered), key=lambda model: model[1][1])
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


def trained(models: list, *data: Any) -> list[Trained]:
    """Each classifier, trained, with its training and its validation accuracy.

    `data` are X_train, y_train, X_val and y_val.  Where training diverges these are None and 0.0
    twice.
    """
    X_train, y_train, X_val, y_val = map(received, data)
    if len(models) > 1:
        well = fit_together(models, X_train, y_train)
    else:
        well = [fits(models[0], X_train, y_train)]
    fitted = [model for model, fine in zip(models, well) if fine]
    pairs = iter(zip(fitted, zip(accuracies(fitted, X_train, y_train),
                                 accuracies(fitted, X_val, y_val))))
    return [next(pairs) if fine else (None, (0.0, 0.0)) for fine in well]


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

"""A grid of settings, whose points are independent of each other.

Points that can be fitted together are trained as one matrix, see `grid`; several cores, inside
`with joblib.parallel_config(n_jobs=2):`, and a cluster, inside `with
joblib.parallel_config(backend="dask"):`, train as many matrices as there are workers.
"""
import warnings
from collections.abc import Callable, Iterator
from copy import copy
from functools import partial
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from joblib import Parallel, delayed, effective_n_jobs
from numpy import ndarray as Array

from cs231n_lite.engine.estimator import LinearEstimator
from cs231n_lite.engine.grid import Kin, kinship
from cs231n_lite.engine.mapped import NotHere, received, to_send
from cs231n_lite.engine.matrix import Accuracies, Point

DIVERGED: Accuracies = (0.0, 0.0)


class Job(NamedTuple):
    """Some points of a grid, by their numbers, and what tries them on the data, in any process.

    `trial` gives their accuracies, None where training diverges, and of the best of them something
    that `classifier` makes the trained classifier of.  `kin` are those that it trains together.
    """

    points: list[int]
    trial: Callable
    data: tuple[Array, Array, Array, Array]
    classifier: Callable
    kin: Kin | None = None


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
    jobs = list(shared_out(models, (X_train, y_train, X_val, y_val), effective_n_jobs(run.n_jobs)))

    def at_work(send: Callable) -> list[tuple]:
        return run(delayed(job.trial)(*map(send, job.data)) for job in jobs)

    try:
        done = at_work(to_send)
    except NotHere:  # on a cluster whose machines share no files
        done = at_work(lambda array: array)
    found: dict[int, Accuracies | None] = {}
    for job, (those, _) in zip(jobs, done):
        if job.kin and None in those:
            job.kin.refuse_infinite()
        found.update(zip(job.points, those))
    pairs = [found[index] for index in range(len(points))]
    report_diverged(points, pairs)
    results = {point: pair or DIVERGED for point, pair in zip(points, pairs)}
    first, (_, best_val) = max(((index, pair) for index, pair in enumerate(pairs) if pair),
                               key=lambda one: one[1][1])
    job, best = next((job, best) for job, (_, best) in zip(jobs, done) if first in job.points)
    return results, best_val, job.classifier(best)


def shared_out(models: list, data: tuple, workers: int) -> Iterator[Job]:
    """What can be trained together, in a job for each worker, and the others one by one.

    Parts are taken in turns, so that points which diverge, and soon cost nothing, are in all.
    """
    families: dict[Any, list[int]] = {}
    for index, model in enumerate(models):
        families.setdefault(kinship(model) or index, []).append(index)
    for key, family in families.items():
        if key == family[0]:
            yield Job(family, partial(tried_alone, models[key]), data, lambda model: model)
            continue
        kin = Kin([models[index] for index in family], *data)
        parts = min(workers, len(family))
        for part in range(parts):
            places = list(range(part, len(family), parts))
            yield Job([family[place] for place in places], kin.trial(places), kin.data,
                      partial(kin.classifier, places), kin)


def tried_alone(model: Any, *data: Any) -> tuple[list[Accuracies | None], Any]:
    """The training and validation accuracy of one model, trained, and the model.

    Both are None where training diverges.
    """
    X_train, y_train, X_val, y_val = map(received, data)
    try:
        model.fit(X_train, y_train)
    except FloatingPointError:
        return [None], None
    train, val = (float(np.mean(model.predict(X) == y))
                  for X, y in ((X_train, y_train), (X_val, y_val)))
    return [(train, val)], model


def report_diverged(points: list[Point], pairs: list[Accuracies | None]) -> None:
    """A RuntimeWarning for each point that diverged; FloatingPointError if all did."""
    for (learning_rate, reg), pair in zip(points, pairs):
        if pair is None:
            warnings.warn(f"training diverged at learning_rate={learning_rate:g}, reg={reg:g}; "
                          "the point counts as accuracy 0.", RuntimeWarning, stacklevel=4)
    if not any(pairs):
        raise FloatingPointError("training diverged at all points, "
                                 f"down to learning_rate={min(points)[0]:g}; search lower rates.")

"""tune.search over 24 points as one matrix beside one by one, on two processes beside one.

Also the memory that each further process takes.

Images are uint8 in a file that all processes map into memory, as data.load(mmap=True) gives them.
"""
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import pairwise, product
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy import ndarray as Array

from benchmarks.measure import fresh_process, medians, paired, ratios, seconds
from benchmarks.out_of_core import D, write
from benchmarks.report import Figure

RATES, REGS = [1e-8, 3e-8, 1e-7, 3e-7], [1e1, 3e1, 1e2, 3e2, 1e3, 3e3]
VALIDATION = 1_000


def mapped(folder: str, N: int) -> tuple[Array, Array]:
    """The images, N for training and then those for validation, and their labels."""
    X = np.memmap(Path(folder) / "pixels", np.uint8, "r", shape=(N + VALIDATION, D))
    return X, np.load(Path(folder) / "labels.npy", mmap_mode="r")


def maker(num_iters: int) -> Callable:
    """What makes the classifier of a point."""
    from cs231n_lite.classifiers import Softmax
    return lambda learning_rate, reg: Softmax(learning_rate=learning_rate, reg=reg,
                                              num_iters=num_iters)


def one_by_one(folder: str, N: int, num_iters: int) -> float:
    """Seconds of `fit` and of both accuracies at each point, one after the other."""
    (X, y), make = mapped(folder, N), maker(num_iters)

    def run() -> None:
        for point in product(RATES, REGS):
            model = make(*point).fit(X[:N], y[:N])
            model.score(X[:N], y[:N])
            model.score(X[N:], y[N:])

    return seconds(run)


def search_on(folder: str, N: int, n_jobs: int | None, num_iters: int, watched: bool = False,
              rates: Sequence[float] = RATES, regs: Sequence[float] = REGS,
              in_memory: bool = False) -> float:
    """Seconds of one search with N training images; watched, the most MiB that it owns."""
    import joblib

    from cs231n_lite.tune import search
    (X, y), make = mapped(folder, N), maker(num_iters)
    if in_memory:
        X, y = np.array(X), np.array(y)

    def run() -> None:
        search(make, X[:N], y[:N], X[N:], y[N:], rates, regs)

    with joblib.parallel_config(n_jobs=n_jobs):
        if not watched:
            return seconds(run)
        with own_memory() as sums:
            run()
        return max(sums)


@contextmanager
def own_memory(every: float = 0.05) -> Iterator[list[float]]:
    """A list to which a thread adds the MiB that this process and its children alone have."""
    import psutil
    sums, done = [0.0], threading.Event()

    def watch() -> None:
        while not done.wait(every):
            sums.append(sum(unique_memory(process)
                            for process in [me, *me.children(recursive=True)]))

    def unique_memory(process: psutil.Process) -> float:
        try:
            return process.memory_full_info().uss / 2**20
        except psutil.Error:  # it has just ended
            return 0.0

    me, thread = psutil.Process(), threading.Thread(target=watch)
    thread.start()
    try:
        yield sums
    finally:
        done.set()
        thread.join()


def sizes(quick: bool) -> tuple[int, int]:
    """Training images and iterations."""
    return (2_000, 10) if quick else (49_000, 1500)


@contextmanager
def images(N: int) -> Iterator[str]:
    """A temporary folder with the files."""
    with TemporaryDirectory() as folder:
        write(Path(folder), N + VALIDATION)
        yield folder


def figures(quick: bool) -> list[Figure]:
    """The matrix beside the points one by one, two processes beside one, and memory."""
    N, num_iters = sizes(quick)
    repeats = 1 if quick else 3
    with images(N) as folder:
        one, two = (partial(fresh_process, search_on, folder, N, n_jobs, num_iters)
                    for n_jobs in (1, 2))
        alone = paired(partial(fresh_process, one_by_one, folder, N, num_iters), one, repeats)
        pairs = paired(one, two, repeats)
        sums = [fresh_process(search_on, folder, N, n_jobs, 10, True) for n_jobs in (2, 3, 4)]
    what = f"a search over 24 points of {num_iters:,} iterations"
    note = "{1:.3g} s beside {0:.3g} s"
    return [Figure(f"{what}: one matrix", "`fit` point by point: how many times as fast",
                   ratios(alone), 5, at_least=True, note=note.format(*medians(alone))),
            Figure(f"{what}: two processes", "one process: how many times as fast", ratios(pairs),
                   1.7, at_least=True, note=note.format(*medians(pairs))),
            Figure("memory of each further process of a search", "",
                   [b - a for a, b in pairwise(sums)], 150, "MiB")]

"""tune.search over 24 points on two processes beside one, and the memory that each further takes.

Images are uint8 in a file that all processes map into memory, as data.load(mmap=True) gives them.
"""
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.measure import fresh_process, medians, paired, ratios, seconds
from benchmarks.out_of_core import D, write
from benchmarks.report import Figure

RATES, REGS = [1e-8, 3e-8, 1e-7, 3e-7], [1e1, 3e1, 1e2, 3e2, 1e3, 3e3]
VALIDATION = 1_000


def search_on(folder: str, N: int, n_jobs: int, num_iters: int, watched: bool = False) -> float:
    """Seconds of one search with N training images; watched, the most MiB that it owns."""
    import joblib

    from cs231n_lite.classifiers import Softmax
    from cs231n_lite.tune import search
    X = np.memmap(Path(folder) / "pixels", np.uint8, "r", shape=(N + VALIDATION, D))
    y = np.load(Path(folder) / "labels.npy", mmap_mode="r")

    def make(learning_rate: float, reg: float) -> Softmax:
        return Softmax(learning_rate=learning_rate, reg=reg, num_iters=num_iters)

    def run() -> None:
        search(make, X[:N], y[:N], X[N:], y[N:], RATES, REGS)

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
    """How many times as fast two processes are as one, and the memory of each beyond the second."""
    N, num_iters = sizes(quick)
    with images(N) as folder:
        pairs = paired(lambda: fresh_process(search_on, folder, N, 1, num_iters),
                       lambda: fresh_process(search_on, folder, N, 2, num_iters), 1 if quick else 3)
        sums = [fresh_process(search_on, folder, N, n_jobs, 10, True) for n_jobs in (2, 3, 4)]
    what = f"a search over 24 points of {num_iters:,} iterations"
    one, two = medians(pairs)
    return [Figure(f"{what}: two processes", "one process: how many times as fast", ratios(pairs),
                   1.8, at_least=True, note=f"{two:.3g} s beside {one:.3g} s"),
            Figure("memory of each further process of a search", "",
                   [b - a for a, b in pairwise(sums)], 150, "MiB")]

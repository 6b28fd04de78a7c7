"""What the curves of growth are made of: time and memory at one size after the other."""
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

import numpy as np

from benchmarks.grading import graded
from benchmarks.losses import LOSSES, problem, two_products
from benchmarks.measure import fresh_process, medians, no_collector, paired, peak_memory, seconds
from benchmarks.out_of_core import D, write
from benchmarks.search import REGS, images, search_on, sizes

TIME, MEMORY = "time (ms)", "memory (MiB)"
SIZES = {
    "N": [100, 300, 1_000, 3_000, 10_000, 30_000, 100_000],
    "D": [30, 100, 300, 1_000, 3_000, 10_000, 30_000],
    "C": [2, 5, 10, 30, 100, 300, 1_000],
}
USUAL = {"N": 1_000, "D": 3_073, "C": 10}
FILES = [5_000, 15_000, 50_000, 150_000, 500_000]
POINTS = [1, 3, 10, 24, 80, 240]
STUDENTS = [1, 10, 100, 1000]

Point = tuple[str, str, str, float, float]  # quantity, axis, name of the curve, x, y


def of_losses(quick: bool) -> Iterator[Point]:
    """The engine's losses over rows, columns and classes."""
    for axis, lengths in SIZES.items():
        for size in lengths[:2 if quick else None]:
            for name, quantity, value in at_size(**USUAL | {axis: size}):
                yield quantity, axis, name, size, value


def at_size(N: int, D: int, C: int) -> list[tuple[str, str, float]]:
    """At one size, by name: the losses' time and memory, the products' time, and the size of X."""
    W, X, y = problem(N, D, C)
    works = {loss.__name__: lambda loss=loss: loss(W, X, y, 1e-3) for loss in LOSSES}
    G = X[:, :1] * W[:1]
    times = works | {"the two products": lambda: two_products(W, X, G)}
    return [*((name, TIME, 1000 * typical(work)) for name, work in times.items()),
            *((name, MEMORY, added_memory(work) / 2**20) for name, work in works.items()),
            ("X itself", MEMORY, X.nbytes / 2**20)]


def typical(work: Callable) -> float:
    """The median of seven times, in processor seconds, after one that does not count."""
    work()
    with no_collector():
        return median(seconds(work, clock=process_time) for _ in range(7))


def added_memory(work: Callable) -> int:
    """The most memory, in bytes, that NumPy has for it while it runs."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def of_files(quick: bool) -> Iterator[Point]:
    """Training and predicting out of core, over the number of images in the files."""
    lengths, num_iters = ([500, 1_000], 10) if quick else (FILES, 300)
    with TemporaryDirectory() as folder:
        write(Path(folder), lengths[-1])
        for N in lengths:
            times, peak = fresh_process(from_files, folder, N, num_iters)
            for name, time in times.items():
                yield TIME, "images", name, N, 1000 * time
            yield MEMORY, "images", "all three", N, peak


def from_files(folder: str, N: int, num_iters: int) -> tuple[dict[str, float], float]:
    """Seconds of three works on the first N images, and the peak memory of the process in MiB."""
    from cs231n_lite.classifiers import Softmax
    from cs231n_lite.engine.standardize import moments
    X = np.memmap(Path(folder) / "pixels", np.uint8, "r", shape=(N, D))
    y = np.load(Path(folder) / "labels.npy", mmap_mode="r")[:N]
    model = Softmax(num_iters=num_iters)
    works = {"moments": lambda: moments(X, np.random.default_rng(0)),
             "fit": lambda: model.fit(X, y),
             "predict": lambda: model.predict(X)}
    return {name: seconds(work) for name, work in works.items()}, peak_memory() / 2**20


def of_points(quick: bool) -> Iterator[Point]:
    """A search in one process over the points of its grid."""
    N, num_iters = (1_000, 10) if quick else (10_000, 100)
    with images(N) as folder:
        for points in POINTS[:2 if quick else None]:
            grid = [*np.geomspace(1e-8, 1e-7, points)], REGS[:1]
            for quantity, scale, watched in ((TIME, 1000, False), (MEMORY, 1, True)):
                value = fresh_process(search_on, folder, N, 1, num_iters, watched, *grid)
                yield quantity, "points", "a search", points, scale * value


def of_workers(quick: bool) -> Iterator[Point]:
    """A search over 24 points on one process and on two; memory on up to four."""
    N, num_iters = sizes(quick)
    with images(N) as folder:
        pairs = paired(lambda: fresh_process(search_on, folder, N, 1, num_iters),
                       lambda: fresh_process(search_on, folder, N, 2, num_iters), 1 if quick else 3)
        for n_jobs, time in zip((1, 2), medians(pairs)):
            yield TIME, "workers", "a search", n_jobs, 1000 * time
        for n_jobs in (1, 2) if quick else (1, 2, 3, 4):
            own = fresh_process(search_on, folder, N, n_jobs, 10, True)
            yield MEMORY, "workers", "a search", n_jobs, own


def of_students(quick: bool) -> Iterator[Point]:
    """Grading over the number of students, two at once; memory is the grader's own process's."""
    for students in [1, 2] if quick else STUDENTS:
        time, peak = fresh_process(graded_in, students)
        yield TIME, "students", "grading", students, 1000 * time
        yield MEMORY, "students", "grading", students, peak


def graded_in(students: int) -> tuple[float, float]:
    """Seconds to grade so many students, and the peak memory of this process in MiB."""
    return graded(students), peak_memory() / 2**20

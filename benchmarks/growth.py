"""How time and memory grow with rows N, columns D, classes C, and the number of processes."""
import tracemalloc
from collections.abc import Callable
from statistics import median
from time import process_time

from benchmarks.losses import LOSSES, problem, two_products
from benchmarks.measure import fresh_process, no_collector, seconds
from benchmarks.search import images, search_on, sizes

TIME, MEMORY = "time (ms)", "memory (MiB)"
AXES = {
    "N": [100, 300, 1_000, 3_000, 10_000, 30_000, 100_000],
    "D": [30, 100, 300, 1_000, 3_000, 10_000, 30_000],
    "C": [2, 5, 10, 30, 100, 300, 1_000],
}
USUAL = {"N": 1_000, "D": 3_073, "C": 10}


def series(quick: bool) -> list[dict]:
    """Curves for the picture: each a quantity over an axis, with a name, its x and its y."""
    curves: dict[tuple[str, str, str], list[tuple[int, float]]] = {}
    for axis, lengths in AXES.items():
        for size in lengths[:2 if quick else None]:
            for name, quantity, value in at_size(**USUAL | {axis: size}):
                curves.setdefault((quantity, axis, name), []).append((size, value))
    N, num_iters = sizes(quick)
    with images(N) as folder:
        for n_jobs in [1, 2] if quick else [1, 2, 3, 4]:
            milliseconds = 1000 * fresh_process(search_on, folder, N, n_jobs, num_iters // 10)
            curves.setdefault((TIME, "processes", "search"), []).append((n_jobs, milliseconds))
            own = fresh_process(search_on, folder, N, n_jobs, 10, True)
            curves.setdefault((MEMORY, "processes", "search"), []).append((n_jobs, own))
    return [{"quantity": quantity, "axis": axis, "name": name, "x": list(x), "y": list(y)}
            for (quantity, axis, name), points in curves.items() for x, y in [zip(*points)]]


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

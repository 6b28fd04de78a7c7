"""What a busy machine does to a training, and to the tests: four processes that never wait, beside.

Threads that wait for each other spin, and burn the processor time that the others want.
"""
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from time import perf_counter, process_time

from benchmarks.measure import ROOT, THREADS, fresh_process, medians, paired, ratios
from benchmarks.report import Figure

OTHERS = 4
TESTS = {
    "`pytest --nbval notebooks`": [sys.executable, "-m", "pytest", "-q", "--nbval", "notebooks"],
    "`make test`": ["make", "test"],
}


@contextmanager
def busy() -> Iterator[None]:
    """A machine on which others are at work."""
    others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(OTHERS)]
    try:
        yield
    finally:
        for process in others:
            process.kill()
            process.wait()


def training(num_iters: int) -> tuple[float, float]:
    """Seconds of `Softmax.fit`, by the clock on the wall and of the processors."""
    import numpy as np

    from cs231n_lite.classifiers import Softmax
    rng = np.random.default_rng(231)
    X = rng.normal(scale=60, size=(10_000, 3072)).astype(np.float32)
    y = rng.integers(10, size=len(X))
    model = Softmax(learning_rate=1e-7, num_iters=num_iters)
    model.fit(X, y)  # once that does not count: the first starts the threads
    start = perf_counter(), process_time()
    model.fit(X, y)
    return perf_counter() - start[0], process_time() - start[1]


def trained(num_iters: int) -> tuple[float, float]:
    """The same in a process whose BLAS has as many threads as it likes."""
    return tuple(fresh_process(training, num_iters, threads=os.cpu_count() or 1))


def spent(command: list[str]) -> float:
    """Processor seconds of a command that must pass, its children included."""
    cartoons = {"CS231N_LITE_DATA": "cartoon"}
    environment = {name: os.environ[name] for name in os.environ.keys() - set(THREADS)} | cartoons
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def beside_others(work: Callable[[], float]) -> Callable[[], float]:
    """The same on a busy machine."""

    def measured() -> float:
        with busy():
            return work()

    return measured


def figures(quick: bool) -> list[Figure]:
    """Time beside four busy processes over time alone, and processor time likewise."""
    num_iters, repeats = (20, 1) if quick else (500, 5)
    what, beside = f"{num_iters} minibatches of `Softmax.fit`", f"beside {OTHERS} busy processes"

    def compared(work: Callable[[], float], repeats: int) -> list[tuple[float, float]]:
        return paired(beside_others(work), work, repeats)

    walls = compared(lambda: trained(num_iters)[0], repeats)
    shares = [used / wall for wall, used in (trained(num_iters) for _ in range(repeats))]
    rows = [Figure(f"{what} {beside}", "itself alone", ratios(walls), 3,
                   note="{:.3g} s beside {:.3g} s".format(*medians(walls))),
            Figure(f"{what}: processor time", "time by the clock", shares, 1)]
    for name, command in [] if quick else TESTS.items():
        times = compared(partial(spent, command), 1)
        rows.append(Figure(f"{name} {beside}: processor time", "itself alone", ratios(times), 1.3,
                           note="{:.0f} s beside {:.0f} s".format(*medians(times))))
    return rows

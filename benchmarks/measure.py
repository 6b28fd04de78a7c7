"""Two ways to do the same thing, measured in turns, for a shared machine's times drift.

Imports nothing but the standard library, so that a fresh process starts out light.
"""
import gc
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any, TypeVar

ROOT = Path(__file__).resolve().parent.parent
THREADS = "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"
CHILD = "import sys; from benchmarks.measure import answer; answer(*sys.argv[1:])"

T = TypeVar("T")
Pairs = list[tuple[float, float]]


def paired(ours: Callable[[], T], other: Callable[[], T], repeats: int) -> list[tuple[T, T]]:
    """What ours() and other() return, in the order A B B A A B ..., so that drift cancels out."""
    pairs = []
    for repeat in range(repeats):
        order = (ours, other) if repeat % 2 == 0 else (other, ours)
        numbers = {measure: measure() for measure in order}
        pairs.append((numbers[ours], numbers[other]))
    return pairs


def timed(ours: Callable, other: Callable, repeats: int, calls: int = 1) -> Pairs:
    """Processor seconds per call of two functions, in turns of `calls`, once both were called.

    With one thread this is what the clock on the wall shows on an idle machine, and on any other
    what it would show.
    """
    ours(), other()
    with no_collector():
        return paired(lambda: seconds(ours, calls, process_time),
                      lambda: seconds(other, calls, process_time), repeats)


def seconds(work: Callable, calls: int = 1, clock: Callable[[], float] = perf_counter) -> float:
    """Seconds per call."""
    start = clock()
    for _ in range(calls):
        work()
    return (clock() - start) / calls


def by_number(runs: list[tuple[list[float], list[float]]]) -> list[Pairs]:
    """The pairs of each number, where both sides return several."""
    return [list(zip(ours, other)) for ours, other in zip(*(zip(*side) for side in zip(*runs)))]


def ratios(pairs: Pairs) -> list[float]:
    """The first of each pair over the second."""
    return [ours / other for ours, other in pairs]


def medians(pairs: Pairs) -> list[float]:
    """The median of the first and of the second."""
    return [median(column) for column in zip(*pairs)]


@contextmanager
def no_collector() -> Iterator[None]:
    """Keep Python's garbage collector out of what is measured."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def fresh_process(function: Callable, *arguments: Any, threads: int = 1) -> Any:
    """What a function of some module of benchmarks returns in a new interpreter.

    BLAS gets `threads` threads there.
    Arguments and result are what JSON can hold.  Its package is this checkout's, whatever is
    installed.
    """
    command = [sys.executable, "-c", CHILD, function.__module__, function.__name__,
               json.dumps(arguments)]
    paths = filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])
    environment = (os.environ | dict.fromkeys(THREADS, str(threads))
                   | {"PYTHONPATH": os.pathsep.join(paths)})
    run = subprocess.run(command, cwd=ROOT, env=environment, check=True,
                         stdout=subprocess.PIPE, text=True)
    return json.loads(run.stdout.splitlines()[-1])


def answer(module: str, function: str, arguments: str) -> None:
    """The other side of `fresh_process`."""
    result = getattr(import_module(module), function)(*json.loads(arguments))
    print("\n" + json.dumps(result))


def peak_memory() -> int:
    """The most memory, in bytes, that this process has had resident."""
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss counts on from the process that started this one
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return 1024 * int(line.split()[1])
    import resource  # not on Windows
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            * (1 if sys.platform == "darwin" else 1024))

"""BLAS on one thread while the products are small.

The threads of a small product spin while they wait for each other, which on a busy machine takes
many times as long as the product itself; one thread is never slower there.
Source: threadpoolctl, which sets what OMP_NUM_THREADS and its like set, in a running process.
"""
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock

from threadpoolctl import ThreadpoolController

VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS",
             "GOTO_NUM_THREADS")
MOST = 64  # threads that NumPy's own OpenBLAS is built for
taken = Lock()


@cache
def blas() -> ThreadpoolController:
    """What sets the threads of the BLAS libraries; looked for once, since that takes a while."""
    return ThreadpoolController().select(user_api="blas")


@contextmanager
def one_thread() -> Iterator[None]:
    """BLAS with one thread; afterwards the caller's setting is back.

    The setting is the whole process's.  So where trainings overlap, in several threads of Python,
    the first alone sets it and gives it back.
    """
    if not taken.acquire(blocking=False):
        yield
        return
    try:
        with blas().limit(limits=1):
            yield
    finally:
        taken.release()


def in_kernel() -> bool:
    """Whether this process is the kernel of a notebook: Jupyter's, Colab's or VS Code's."""
    shell = "IPython" in sys.modules and sys.modules["IPython"].get_ipython()
    return hasattr(shell, "kernel")


def calm_notebook() -> None:
    """Give BLAS one thread for as long as this notebook's kernel runs, whose products are small.

    Elsewhere nothing is changed; nor where one of the usual variables, or another limit than as
    many threads as there are processors, says that the user has chosen.  What is set later wins.
    """
    if in_kernel() and not any(os.environ.get(name) for name in VARIABLES):
        default = min(processors(), MOST)
        if all(library["num_threads"] >= default for library in blas().info()):
            blas().limit(limits=1)


def processors() -> int:
    """How many of them this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

"""What a search moves on a Dask cluster: bytes over workers and over points of the grid.

Every byte is counted that a client, the scheduler or a worker writes into a connection; one that
goes from the client to a worker does so twice, since the scheduler is between.  The workers are in
one process, but talk as if they were not.
"""
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from benchmarks.curves import Point
from benchmarks.measure import fresh_process
from benchmarks.search import REGS, images, search_on

MOVED = "moved by Dask (MB)"
IMAGES, IN_MEMORY, IN_A_FILE = "the images", "images in memory", "images in a file"
N, NUM_ITERS, WORKERS, POINTS = 2_000, 100, [2, 4, 8, 16], [4, 12, 24, 80, 240]
USUAL_WORKERS, USUAL_POINTS = 4, 48


def of_dask(quick: bool) -> Iterator[Point]:
    """The curves."""
    rows = 500 if quick else N
    with images(rows) as folder:
        size = sum(file.stat().st_size for file in Path(folder).iterdir()) / 1e6
        for workers in WORKERS[:2 if quick else None]:
            yield MOVED, "workers", IMAGES, workers, size
        for name in (IN_MEMORY, IN_A_FILE):
            for workers in WORKERS[:2 if quick else None]:
                yield (MOVED, "workers", name, workers,
                       fresh_process(moved, folder, rows, workers, USUAL_POINTS, name))
            for points in POINTS[:2 if quick else None]:
                yield (MOVED, "points", name, points,
                       fresh_process(moved, folder, rows, USUAL_WORKERS, points, name))


def moved(folder: str, rows: int, workers: int, points: int, place: str) -> float:
    """The MB that one search moves."""
    import dask
    import joblib
    from distributed import Client, LocalCluster
    # Dask is told that trainings take long, as those of a real grid do.
    dask.config.set({"distributed.scheduler.unknown-task-duration": "60s"})
    cluster = LocalCluster(n_workers=workers, threads_per_worker=1, processes=False,
                           protocol="tcp://", host="127.0.0.1", dashboard_address=None)
    rates = [*np.geomspace(1e-8, 1e-7, points)]
    with cluster, Client(cluster), counted() as sizes, joblib.parallel_config(backend="dask"):
        search_on(folder, rows, None, NUM_ITERS, False, rates, REGS[:1], place == IN_MEMORY)
    return sum(sizes) / 1e6


@contextmanager
def counted() -> Iterator[list[int]]:
    """A list to which each message adds its size in bytes."""
    from distributed.comm.tcp import TCP
    sizes, write = [], TCP.write

    async def noted(self: TCP, *message: Any, **how: Any) -> int:
        size = await write(self, *message, **how)
        sizes.append(size)
        return size

    with patch.object(TCP, "write", noted):
        yield sizes

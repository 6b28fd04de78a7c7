"""Training from files that need not fit into memory: ten CIFARs beside one, each in its process.

The files are uint8 pixels, mapped into memory with np.memmap, in a temporary folder: 1.5 GB.
"""
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.measure import (
    by_number,
    fresh_process,
    medians,
    paired,
    peak_memory,
    ratios,
    seconds,
)
from benchmarks.report import Figure

D, BLOCK = 3072, 10_000


def write(folder: Path, N: int) -> None:
    """Random images, N of them, and their labels."""
    rng = np.random.default_rng(231)
    with (folder / "pixels").open("wb") as file:
        for start in range(0, N, BLOCK):
            rng.integers(256, size=(min(BLOCK, N - start), D), dtype=np.uint8).tofile(file)
    np.save(folder / "labels.npy", rng.integers(10, size=N))


def train(folder: str, N: int, num_iters: int) -> list[float]:
    """Fit softmax on the first N images: seconds per iteration, and the peak memory in MiB."""
    from cs231n_lite.classifiers import Softmax
    X = np.memmap(Path(folder) / "pixels", np.uint8, "r", shape=(N, D))
    y = np.load(Path(folder) / "labels.npy", mmap_mode="r")[:N]
    time = seconds(lambda: Softmax(num_iters=num_iters).fit(X, y))
    return [time / num_iters, peak_memory() / 2**20]


def figures(quick: bool) -> list[Figure]:
    """Peak memory and time per iteration, on all of the files beside a tenth of them."""
    N, num_iters, repeats = (5_000, 20, 1) if quick else (500_000, 1500, 5)
    with TemporaryDirectory() as folder:
        write(Path(folder), N)
        runs = paired(lambda: fresh_process(train, folder, N, num_iters),
                      lambda: fresh_process(train, folder, N // 10, num_iters), repeats)
    times, peaks = by_number(runs)
    what, beside = f"training from files of {N:,} images: ", "itself on a tenth of them"
    times_note = "{:.3g} ms beside {:.3g} ms".format(*(1000 * time for time in medians(times)))
    peaks_note = "{:.4g} MiB beside {:.4g} MiB".format(*medians(peaks))
    return [Figure(what + "peak memory", beside, ratios(peaks), 1.1, note=peaks_note),
            Figure(what + "time per iteration", beside, ratios(times), 1.5, note=times_note)]

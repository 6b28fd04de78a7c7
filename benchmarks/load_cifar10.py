"""From CIFAR-10's files to rows of floats: this package beside the course's way.

Every run is a fresh process that finds the files in the page cache; imports are not timed.
"""
import pickle
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks import cifar10
from benchmarks.measure import by_number, fresh_process, medians, paired, peak_memory, ratios
from benchmarks.report import Figure
from cs231n_lite.download import DATASETS, FOLDER


def ours(folder: Path) -> Iterator[None]:
    """Load, split and preprocess as the notebooks do; verified if they are the fetched files."""
    from cs231n_lite import data, preprocess
    yield
    dataset = (data.load("CIFAR-10") if folder == DATASETS / FOLDER
               else data.load(folder, verify=False))
    yield
    splits = data.split(dataset)
    yield
    rows = preprocess.preprocess(splits)
    yield
    assert rows.X_train.shape == (49_000, 3_073)


def course(folder: Path) -> Iterator[None]:
    """The same as the course does it: float64 from the start, concatenate, hstack.

    It unpickles, so it runs only on files that this package has read before.
    """
    import numpy as np
    yield
    X_train, y_train, X_test, y_test = load_as_the_course(folder)
    yield
    mask: Any = range(49_000, 50_000)
    X_val, _y_val = X_train[mask], y_train[mask]
    mask = range(49_000)
    X_train, y_train = X_train[mask], y_train[mask]
    mask = range(1_000)
    X_test, y_test = X_test[mask], y_test[mask]
    mask = np.random.default_rng(231).choice(49_000, 500, replace=False)
    X_dev, _y_dev = X_train[mask], y_train[mask]
    yield
    X_train, X_val, X_test, X_dev = (np.reshape(X, (X.shape[0], -1))
                                     for X in (X_train, X_val, X_test, X_dev))
    mean_image = np.mean(X_train, axis=0)
    X_train -= mean_image
    X_val -= mean_image
    X_test -= mean_image
    X_dev -= mean_image
    X_train = np.hstack([X_train, np.ones((X_train.shape[0], 1))])
    X_val = np.hstack([X_val, np.ones((X_val.shape[0], 1))])
    X_test = np.hstack([X_test, np.ones((X_test.shape[0], 1))])
    X_dev = np.hstack([X_dev, np.ones((X_dev.shape[0], 1))])
    yield
    assert X_train.shape == (49_000, 3_073)


def load_as_the_course(folder: Path) -> tuple:
    """Five float64 batches in a list, concatenated while it is still there, then the test batch."""
    import numpy as np

    def load_batch(name: str) -> tuple:
        with open(folder / name, "rb") as file:
            batch = pickle.load(file, encoding="latin1")
        return (batch["data"].reshape(10_000, 3, 32, 32).transpose(0, 2, 3, 1).astype("float"),
                np.array(batch["labels"]))

    images, labels = zip(*(load_batch(f"data_batch_{i}") for i in range(1, 6)))
    return np.concatenate(images), np.concatenate(labels), *load_batch("test_batch")


WAYS = {"ours": ours, "course": course}


def measure(way: str, folder: str) -> list[float]:
    """Run one way in this process: seconds of all steps together, and peak memory in GiB."""
    start, *_, end = (perf_counter() for _ in WAYS[way](Path(folder)))
    return [end - start, peak_memory() / 2**30]


def figures(quick: bool) -> list[Figure]:
    """Peak memory and time, after a run of each that warms caches and verifies."""
    folder, what = cifar10.folder(), "load, split and preprocess all of CIFAR-10"
    if folder is None:
        return [Figure(what, "the course's way", [], 0.333, note=cifar10.MISSING)]
    runs = paired(lambda: fresh_process(measure, "ours", str(folder)),
                  lambda: fresh_process(measure, "course", str(folder)), 2 if quick else 8)[1:]
    times, peaks = by_number(runs)
    in_gib, in_seconds = ("{:.3g} {unit} beside {:.3g} {unit}".format(*medians(pairs), unit=unit)
                          for pairs, unit in ((peaks, "GiB"), (times, "s")))
    return [Figure(f"{what}: peak memory", "the course's way", ratios(peaks), 0.333, note=in_gib),
            Figure(f"{what}: time", "", [mine for mine, _ in times], 0.5, "s",
                   note=f"{in_seconds} the course's way")]

"""Time and memory from CIFAR-10's files to rows of floats: this package beside the course's way.

    python benchmarks/load_cifar10.py [FOLDER] [--runs N]

FOLDER is or holds cifar-10-batches-py; without it, $CS231N_LITE_DATA or what get_datasets.sh fetched is taken.  Every run is a
fresh process that finds the files in the page cache; imports are not timed; the table gives medians.  Needs Linux
or macOS.
"""
import argparse
import json
import os
import pickle
import statistics
import subprocess
import sys
import time
from pathlib import Path

from cs231n_lite.download import DATASETS, FOLDER

STEPS = ["load", "split", "preprocess", "total", "peak GiB"]


def ours(folder):
    """Load, split and preprocess as the notebooks do; the files are verified if they are the fetched ones."""
    from cs231n_lite import data, preprocess
    yield
    dataset = data.load("CIFAR-10") if folder == DATASETS / FOLDER else data.load(folder, verify=False)
    yield
    splits = data.split(dataset)
    yield
    rows = preprocess.preprocess(splits)
    yield
    assert rows.X_train.shape == (49_000, 3_073)


def course(folder):
    """The same as the course's assignment does it: float64 from the start, joined by concatenate, copied by hstack.

    It unpickles, so it runs only on files that this package has read before.
    """
    import numpy as np
    yield
    X_train, y_train, X_test, y_test = load_as_the_course(folder)
    yield
    mask = range(49_000, 50_000)
    X_val, y_val = X_train[mask], y_train[mask]
    mask = range(49_000)
    X_train, y_train = X_train[mask], y_train[mask]
    mask = range(1_000)
    X_test, y_test = X_test[mask], y_test[mask]
    mask = np.random.default_rng(231).choice(49_000, 500, replace=False)
    X_dev, y_dev = X_train[mask], y_train[mask]
    yield
    X_train, X_val, X_test, X_dev = (np.reshape(X, (X.shape[0], -1)) for X in (X_train, X_val, X_test, X_dev))
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


def load_as_the_course(folder):
    """Five batches as float64 in a list, joined by concatenate while the list is still there, then the test batch."""
    import numpy as np

    def load_batch(name):
        with open(folder / name, "rb") as file:
            batch = pickle.load(file, encoding="latin1")
        return batch["data"].reshape(10_000, 3, 32, 32).transpose(0, 2, 3, 1).astype("float"), np.array(batch["labels"])

    images, labels = zip(*(load_batch(f"data_batch_{i}") for i in range(1, 6)))
    return np.concatenate(images), np.concatenate(labels), *load_batch("test_batch")


WAYS = {"ours": ours, "course": course}


def measure(way, folder):
    """Run one way in this process: seconds of each step and of all, and the peak of resident memory."""
    import resource
    times = [time.perf_counter() for _ in way(folder)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    seconds = [end - start for start, end in zip(times, times[1:])]
    return [*seconds, sum(seconds), peak / 2**30]


def in_fresh_processes(way, folder, runs):
    """Medians over `runs` processes, after one that warms the page cache and the record of verification."""
    command = [sys.executable, "-W", "ignore", __file__, str(folder), "--way", way]
    outputs = [subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout for _ in range(runs + 1)]
    results = [json.loads(output.splitlines()[-1]) for output in outputs[1:]]
    return [statistics.median(column) for column in zip(*results)]


def main():
    """Print the table, or with --way the measurements of one run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=os.environ.get("CS231N_LITE_DATA", DATASETS))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    folder = arguments.folder / FOLDER if (arguments.folder / FOLDER).is_dir() else arguments.folder
    if arguments.way:
        print(json.dumps(measure(WAYS[arguments.way], folder)))
        return
    if not (folder / "data_batch_1").is_file():
        sys.exit(f"{folder} holds no CIFAR-10; fetch it with ./get_datasets.sh, or name a folder that holds it.")
    table = [in_fresh_processes(way, folder, arguments.runs) for way in WAYS]
    print(f"{'seconds':>12} {'ours':>8} {'course':>8} {'ratio':>8}")
    for step, mine, theirs in zip(STEPS, *table):
        print(f"{step:>12} {mine:8.3f} {theirs:8.3f} {theirs / mine:8.1f}")


if __name__ == "__main__":
    main()

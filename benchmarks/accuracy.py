"""Accuracy of every configuration that the READMEs and the notebooks mention, over several seeds.

    python -m benchmarks.accuracy [--seeds N] [--quick]
    python -m benchmarks.accuracy --readme [FILE]

On the cartoons, and on CIFAR-10 where that is at hand.  Prints the table and writes every number
into build/results.json.  With --readme nothing is trained: FILE, or build/results.json, becomes
what benchmarks/README.md shows, and a few medians of it what README.md does.
"""
import argparse
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from joblib import Parallel, delayed

from benchmarks import cifar10
from benchmarks.report import BUILD, FRONT_PAGE, HERE, PAGE, markdown, publish, read, store
from cs231n_lite.checks import Loss
from cs231n_lite.classifiers import LinearClassifier, LinearSVM, Softmax
from cs231n_lite.data import Splits, load, split
from cs231n_lite.engine.losses import softmax_loss, svm_loss
from cs231n_lite.optim import mirrored, momentum_sgd
from cs231n_lite.preprocess import flatten, mean_image, preprocess, scale_colours, to_rows
from cs231n_lite.tune import accuracy, search

Kind = type[LinearClassifier]
KINDS: dict[str, Kind] = {"SVM": LinearSVM, "softmax": Softmax}
GRIDS: dict[Kind, tuple[list[float], list[float]]] = {
    LinearSVM: ([1e-7, 2e-7, 1e-6], [1e3, 5e3, 2.5e4]),
    Softmax: ([3e-7, 1e-6, 4e-6], [1e2, 1e3, 1e4]),
}
FURTHER: dict[Kind, tuple[Loss, float, float]] = {
    LinearSVM: (svm_loss, 3e-4, 0.05),
    Softmax: (softmax_loss, 2e-3, 0.01),
}


def with_settings(kind: Kind, rows: Splits, seed: int, learning_rate: float = 1e-7,
                  reg: float = 2.5e4, num_iters: int = 1500) -> LinearClassifier:
    """Plain descent on rows of pixels, by default with the course's settings."""
    return kind(learning_rate=learning_rate, reg=reg, num_iters=num_iters, fit_intercept=False,
                random_state=seed).fit(rows.X_train, rows.y_train)


def searched(kind: Kind, rows: Splits, seed: int) -> LinearClassifier:
    """The best on the validation images of the notebook's grid."""
    def make(learning_rate: float, reg: float) -> LinearClassifier:
        return kind(learning_rate=learning_rate, reg=reg, num_iters=1500, fit_intercept=False,
                    random_state=seed)

    best: Any = search(make, rows.X_train, rows.y_train, rows.X_val, rows.y_val, *GRIDS[kind])[2]
    return best


def further(kind: Kind, rows: Splits, seed: int) -> LinearClassifier:
    """The recipe of "further with the same linear classifier", on scaled rows."""
    loss, rate, reg = FURTHER[kind]
    return kind(mirrored(loss), optimizer=momentum_sgd, learning_rate=rate, reg=reg, num_iters=1500,
                batch_size=1000, fit_intercept=False, random_state=seed,
                ).fit(rows.X_train, rows.y_train)


def by_default(kind: Kind, rows: Splits, seed: int) -> LinearClassifier:
    """`fit` with nothing set, on plain pixels."""
    return kind(random_state=seed).fit(rows.X_train, rows.y_train)


# How each configuration is trained, and on which of the arrays of `splits_of`.
CONFIGURATIONS = {f"{title}, {name}": (partial(train, kind), which) for name, train, which in (
    ("the course's settings", with_settings, "rows"),
    ("best of the search", searched, "rows"),
    ("further", further, "scaled"),
    ("`fit` with nothing set", by_default, "pixels"),
) for title, kind in KINDS.items()} | {
    "SVM, beside softmax":
        (partial(with_settings, LinearSVM, learning_rate=2e-7, reg=1e3), "rows"),
    "softmax, the first one":
        (partial(with_settings, Softmax, learning_rate=1e-6, reg=1e3), "rows"),
    "softmax, smooth templates":
        (partial(with_settings, Softmax, learning_rate=1e-6, reg=1e4, num_iters=600), "rows"),
}

IN_SHORT = ["the course's settings", "best of the search", "further"]
SHORT_NOTE = """\
Accuracy on all test images in per cent, the median over {seeds} seeds; *best of the search* is \
the grid in the notebooks, *further* the last section of svm.ipynb and softmax.ipynb, still one \
linear classifier of the pixels:"""

REPORTED = {
    "SVM, the course's settings": "validation 36.5",
    "softmax, the course's settings": "validation 34.4",
    "SVM, best of the search": "111 public notebooks, test: median 36.7, best 39.0",
    "softmax, best of the search":
        "the course expects about 39 (validation); 111 public notebooks, test: median 34.4, "
        "best 39.5",
}

NOTE = f"""\
Accuracy in per cent, as the median (minimum to maximum) over {{seeds}} seeds, on the validation \
images and on all test images, and processor seconds of training, on one thread; for the search, \
of all its trainings. *The course's settings* are a learning rate of {1e-7:g} and a \
regularization strength of {2.5e4:g} on raw pixels; *best of the search* is the grid of \
{len(GRIDS[LinearSVM][0]) * len(GRIDS[LinearSVM][1])} points in the notebooks, chosen on the \
validation images; *further* is the last section of svm.ipynb and softmax.ipynb, still one \
linear classifier of the pixels, with settings chosen on held-out training images by \
`benchmarks/choose_recipe.py`; *beside softmax*, *the first one* and *smooth templates* are \
single classifiers that the notebooks train on the way."""


def splits_of(name: str | Path) -> dict[str, Splits]:
    """One dataset as rows of raw pixels, scaled rows and plain pixels, with all its test images."""
    dataset = load(name, verify=False)
    splits = split(dataset)
    X_test = to_rows(dataset.X_test, mean_image(splits.X_train))
    rows = preprocess(splits)._replace(X_test=X_test, y_test=dataset.y_test)
    parts = "X_train", "X_val", "X_test"
    scaled = rows._replace(**{part: scale_colours(getattr(rows, part)) for part in parts})
    pixels = rows._replace(X_train=flatten(splits.X_train), X_val=flatten(splits.X_val),
                           X_test=flatten(dataset.X_test))
    return {"rows": rows, "scaled": scaled, "pixels": pixels}


def measured(name: str, splits: Splits, seed: int) -> list[float]:
    """One training: accuracy on the validation and on the test images, in per cent, and seconds."""
    start = process_time()
    model = CONFIGURATIONS[name][0](splits, seed)
    seconds = process_time() - start
    judged_on = (splits.X_val, splits.y_val), (splits.X_test, splits.y_test)
    return [*(100 * accuracy(model, *images) for images in judged_on), seconds]


def results(names: list[str], datasets: dict[str, str | Path], seeds: int) -> dict:
    """Every number, by dataset, configuration and kind; as many trainings at once as processors.

    joblib leaves each of them one thread for BLAS.
    """
    found: dict[str, Any] = {"seeds": seeds, "datasets": {}}
    for title, place in datasets.items():
        splits = splits_of(place)
        jobs = [(name, splits[CONFIGURATIONS[name][1]], seed) for name in names
                for seed in range(seeds)]
        runs = Parallel(n_jobs=-1)(delayed(measured)(*job) for job in jobs)
        columns = [list(zip(*runs[i:i + seeds])) for i in range(0, len(runs), seeds)]
        found["datasets"][title] = {
            name: dict(zip(("validation", "test", "seconds"), map(list, column)))
            for name, column in zip(names, columns)}
    return found


def on_page(found: dict) -> str:
    """The text of the section in benchmarks/README.md."""
    cartoon, real = found["datasets"]["cartoon"], found["datasets"].get("CIFAR-10", {})
    head = ["", "CIFAR-10, validation", "CIFAR-10, test", "seconds", "cartoons, test",
            "reported elsewhere, CIFAR-10"]
    rows = [[name,
             *(cell(real.get(name, {}).get(kind), kind)
               for kind in ("validation", "test", "seconds")),
             cell(cartoon[name]["test"], "test"), REPORTED.get(name, "")] for name in cartoon]
    return f"{markdown(head, rows)}\n\n{NOTE.format(seeds=found['seeds'])}"


def on_front_page(found: dict) -> str:
    """The text of the section in README.md: medians alone, both losses side by side."""
    columns = [(title, kind) for title in ("CIFAR-10", "cartoon") for kind in KINDS]

    def medians(way: str) -> Iterator[str]:
        for title, kind in columns:
            numbers = found["datasets"].get(title, {}).get(f"{kind}, {way}", {})
            yield middle(numbers.get("test"))

    head = ["", *(f"{kind}, {title}" for title, kind in columns)]
    table = markdown(head, [[way, *medians(way)] for way in IN_SHORT])
    return f"{SHORT_NOTE.format(seeds=found['seeds'])}\n\n{table}"


def cell(numbers: list[float] | None, kind: str) -> str:
    """Median, minimum and maximum; of seconds the median alone."""
    if not numbers or kind == "seconds":
        return middle(numbers)
    return f"**{middle(numbers)}** ({min(numbers):.1f} to {max(numbers):.1f})"


def middle(numbers: list[float] | None) -> str:
    """The median."""
    return f"{median(numbers):.1f}" if numbers else "not measured"


def main(words: list[str] | None = None) -> None:
    """Measure, or publish."""
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--quick", action="store_true",
                        help="one configuration on the cartoons: does it run?")
    parser.add_argument("--readme", nargs="?", type=Path, const=BUILD / "results.json",
                        metavar="FILE")
    arguments = parser.parse_args(words)
    if arguments.readme:
        found = read(arguments.readme)
        store(found, HERE / "results.json")
        publish("make results", on_page(found), PAGE)
        publish("make results", on_front_page(found), FRONT_PAGE)
        return
    datasets: dict[str, str | Path] = {"cartoon": "cartoon"}
    if not arguments.quick and (folder := cifar10.folder()):
        datasets["CIFAR-10"] = folder
    elif not arguments.quick:
        print("There is no CIFAR-10 here, so the cartoons have to do; "
              "./get_datasets.sh fetches it.")
    found = results(list(CONFIGURATIONS)[:1 if arguments.quick else None], datasets,
                    arguments.seeds)
    store(found, BUILD / "results.json")
    print(f"\n{on_page(read(BUILD / 'results.json'))}")


if __name__ == "__main__":
    main()

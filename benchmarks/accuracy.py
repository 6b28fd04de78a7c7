"""The accuracies of the README's table: every configuration of the notebooks, over several seeds.

    python benchmarks/accuracy.py [--seeds N]

On the data that data.load() finds.  Prints a Markdown table: median (minimum to
maximum) over the seeds of the accuracy on the validation images and on all test
images, in per cent, and the median time of one training, in seconds; for a
search, of all its trainings together.
"""
import argparse
from collections.abc import Callable
from statistics import median
from time import perf_counter

from cs231n_lite.classifiers import LinearClassifier, LinearSVM, Softmax
from cs231n_lite.losses import mirrored, softmax_loss_vectorized, svm_loss_vectorized
from cs231n_lite.optim import momentum_sgd
from cs231n_lite.preprocess import mean_image, prepare, scale_colours, to_rows
from cs231n_lite.tune import accuracy, search

SVM_GRID = [1e-7, 2e-7, 1e-6], [1e3, 5e3, 2.5e4]
SOFTMAX_GRID = [3e-7, 1e-6, 4e-6], [1e2, 1e3, 1e4]


def course(kind: type, rows, seed: int) -> LinearClassifier:
    """The course's hyperparameters for raw pixels."""
    settings = dict(learning_rate=1e-7, reg=2.5e4, num_iters=1500, random_state=seed)
    return kind(**settings, fit_intercept=False).fit(rows.X_train, rows.y_train)


def searched(kind: type, rows, seed: int) -> LinearClassifier:
    """The best on the validation images of the notebook's grid."""
    def make(learning_rate: float, reg: float) -> LinearClassifier:
        return kind(learning_rate=learning_rate, reg=reg, num_iters=1500, fit_intercept=False, random_state=seed)

    grid = SVM_GRID if kind is LinearSVM else SOFTMAX_GRID
    return search(make, rows.X_train, rows.y_train, rows.X_val, rows.y_val, *grid)[2]


def further(kind: type, rows, seed: int) -> LinearClassifier:
    """The recipe of "further with the same linear classifier", on scaled rows."""
    loss, rate, reg = (svm_loss_vectorized, 3e-4, 0.05) if kind is LinearSVM else (softmax_loss_vectorized, 2e-3, 0.01)
    settings = dict(learning_rate=rate, reg=reg, num_iters=1500, batch_size=1000, random_state=seed)
    return kind(mirrored(loss), optimizer=momentum_sgd, **settings, fit_intercept=False).fit(rows.X_train, rows.y_train)


def measured(train: Callable, kind: type, rows, seeds: int) -> str:
    """The cells of one row of the table."""
    val, test, seconds = [], [], []
    for seed in range(seeds):
        start = perf_counter()
        model = train(kind, rows, seed)
        seconds.append(perf_counter() - start)
        val.append(100 * accuracy(model, rows.X_val, rows.y_val))
        test.append(100 * accuracy(model, rows.X_test, rows.y_test))
    return " | ".join([*(f"{median(a):.1f} ({min(a):.1f} to {max(a):.1f})" for a in (val, test)), f"{median(seconds):.1f}"])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=10)
    seeds = parser.parse_args().seeds
    dataset, splits, rows = prepare()
    rows = rows._replace(X_test=to_rows(dataset.X_test, mean_image(splits.X_train)), y_test=dataset.y_test)
    ways = {"the course's settings": course, "best of the search": searched, "further": further}
    print(f"\n| {dataset.name} | validation | test | seconds |\n|---|---|---|---|", flush=True)
    for name, train in ways.items():
        if train is further:
            rows = rows._replace(**{part: scale_colours(getattr(rows, part)) for part in ("X_train", "X_val", "X_test")})
        for kind, title in ((LinearSVM, "SVM"), (Softmax, "softmax")):
            print(f"| {title}, {name} | {measured(train, kind, rows, seeds)} |", flush=True)


if __name__ == "__main__":
    main()

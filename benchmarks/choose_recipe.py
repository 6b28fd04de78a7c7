"""How the settings of "further with the same linear classifier" were chosen: on training images.

    python benchmarks/choose_recipe.py

For each of three blocks of 5,000 training images of CIFAR-10, trains on the other
45,000 at every point of a grid and prints the accuracy on the block, in per cent,
averaged over the blocks.  No test image is looked at.
Takes some minutes.
"""
import sys
from itertools import product

import numpy as np
from numpy import ndarray as Array

from cs231n_lite import data
from cs231n_lite.classifiers import LinearSVM, Softmax
from cs231n_lite.engine.losses import softmax_loss, svm_loss
from cs231n_lite.optim import mirrored, momentum_sgd
from cs231n_lite.preprocess import mean_image, scale_colours, to_rows

BLOCKS = [0, 4, 8]  # of ten
GRIDS = {
    LinearSVM: (svm_loss, [3e-4, 6e-4, 1.2e-3], [0.05, 0.1, 0.2]),
    Softmax: (softmax_loss, [2e-3, 4e-3, 8e-3], [0.005, 0.01, 0.02]),
}


def held_out(block: int, dataset: data.Dataset) -> tuple[Array, Array, Array, Array]:
    """Rows and labels to train on, and rows and labels of the block that is held out."""
    out = np.arange(len(dataset.X_train)) // 5000 == block
    images, mean = dataset.X_train, mean_image(dataset.X_train[~out])
    return (scale_colours(to_rows(images[~out], mean)), dataset.y_train[~out],
            scale_colours(to_rows(images[out], mean)), dataset.y_train[out])


def main() -> None:
    """Print one table for each classifier."""
    dataset = data.load()
    if dataset.name != "CIFAR-10":
        sys.exit("the recipe was chosen on CIFAR-10; "
                 "fetch it with ./get_datasets.sh, or name it in CS231N_LITE_DATA.")
    accuracies: dict[tuple, list[float]] = {}
    for block in BLOCKS:
        X, y, X_out, y_out = held_out(block, dataset)
        for kind, (loss, rates, regs) in GRIDS.items():
            for rate, reg in product(rates, regs):
                model = kind(mirrored(loss), optimizer=momentum_sgd, learning_rate=rate, reg=reg,
                             num_iters=1500, batch_size=1000, fit_intercept=False).fit(X, y)
                accuracies.setdefault((kind, rate, reg), []).append(
                    100 * np.mean(model.predict(X_out) == y_out))
    for kind, (_, rates, regs) in GRIDS.items():
        print(f"\n{kind.__name__:<14}" + "".join(f"  reg {reg:<7g}" for reg in regs))
        for rate in rates:
            print(f"  rate {rate:<7g}" + "".join(f"  {np.mean(accuracies[kind, rate, reg]):<11.2f}"
                                                 for reg in regs))


if __name__ == "__main__":
    main()

"""Draw the README's picture, .github/overview.png, from the cartoons.

    python .github/overview.py
"""
import os
from pathlib import Path

import matplotlib

matplotlib.use("agg")
os.environ["CS231N_LITE_DATA"] = "cartoon"
import matplotlib.pyplot as plt

from cs231n_lite import plots
from cs231n_lite.classifiers import Softmax
from cs231n_lite.preprocess import prepare

PICTURE = Path(__file__).resolve().with_name("overview.png")


def main() -> None:
    """Samples on the left, the templates of a softmax classifier on the right."""
    plt.style.use("cs231n_lite.house")
    dataset, _, rows = prepare()
    model = Softmax(learning_rate=1e-6, reg=3e3, num_iters=1500,
                    fit_intercept=False).fit(rows.X_train, rows.y_train)
    figure = plt.figure(figsize=(11, 3.3))
    left, right = figure.subfigures(1, 2, width_ratios=[1.15, 1])
    plots.plot_samples(dataset.X_train, dataset.y_train, dataset.classes,
                       left.subplots(), per_class=5)
    left.axes[0].tick_params(labelsize=6.5)
    plots.plot_templates(model.W, dataset.classes, right.subplots(2, 5))
    left.suptitle("what it sees", fontsize=11)
    right.suptitle("what it learns: one template per class", fontsize=11)
    figure.savefig(PICTURE, dpi=80)


if __name__ == "__main__":
    main()

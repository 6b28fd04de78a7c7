"""What the README's table promises, on real CIFAR-10: one seed, with a margin for other processors' rounding."""
from pathlib import Path

import pytest
from benchmarks.accuracy import course, further, searched

from cs231n_lite.classifiers import LinearSVM, Softmax
from cs231n_lite.data import Splits, load, split
from cs231n_lite.preprocess import mean_image, preprocess, scale_colours, to_rows
from cs231n_lite.tune import accuracy

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def rows(cifar10: Path) -> Splits:
    """CIFAR-10 as the notebooks prepare it, with all test images."""
    dataset = load(cifar10, verify=False)
    splits = split(dataset)
    X_test = to_rows(dataset.X_test, mean_image(splits.X_train))
    return preprocess(splits)._replace(X_test=X_test, y_test=dataset.y_test)


def test_the_courses_settings_reach_the_courses_accuracy(rows):
    assert accuracy(course(LinearSVM, rows, seed=0), rows.X_val, rows.y_val) > 0.36


@pytest.mark.parametrize("kind", [LinearSVM, Softmax])
def test_the_search_reaches_39_per_cent_of_the_validation_images(rows, kind):
    assert accuracy(searched(kind, rows, seed=0), rows.X_val, rows.y_val) >= 0.39


@pytest.mark.parametrize("kind, share", [(LinearSVM, 0.40), (Softmax, 0.415)])
def test_further_training_reaches_what_is_promised_on_all_test_images(rows, kind, share):
    scaled = rows._replace(X_train=scale_colours(rows.X_train), X_test=scale_colours(rows.X_test))
    assert accuracy(further(kind, scaled, seed=0), scaled.X_test, rows.y_test) >= share

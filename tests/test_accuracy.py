"""What the README's table promises, on real CIFAR-10: one seed, and a margin for rounding."""
from pathlib import Path

import pytest

from benchmarks.accuracy import further, searched, splits_of, with_settings
from cs231n_lite.classifiers import LinearSVM, Softmax
from cs231n_lite.data import Splits
from cs231n_lite.tune import accuracy

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def splits(cifar10: Path) -> dict[str, Splits]:
    """CIFAR-10 as the command prepares it, with all test images."""
    return splits_of(cifar10)


def test_the_courses_settings_reach_the_courses_accuracy(splits):
    rows = splits["rows"]
    assert accuracy(with_settings(LinearSVM, rows, seed=0), rows.X_val, rows.y_val) > 0.36


@pytest.mark.parametrize("kind", [LinearSVM, Softmax])
def test_the_search_reaches_39_per_cent_of_the_validation_images(splits, kind):
    rows = splits["rows"]
    assert accuracy(searched(kind, rows, seed=0), rows.X_val, rows.y_val) >= 0.39


@pytest.mark.parametrize("kind, share", [(LinearSVM, 0.40), (Softmax, 0.415)])
def test_further_training_reaches_what_is_promised_on_all_test_images(splits, kind, share):
    scaled = splits["scaled"]
    assert accuracy(further(kind, scaled, seed=0), scaled.X_test, scaled.y_test) >= share

import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from official_files import official  # noqa: F401  (a fixture)

from cs231n_lite import cartoon
from cs231n_lite.data import Splits
from cs231n_lite.preprocess import (
    add_bias,
    flatten,
    mean_image,
    prepare,
    preprocess,
    scale_colours,
    to_rows,
)


@pytest.fixture
def splits():
    """Small splits of noise."""
    rng = np.random.default_rng(3)
    parts = [(rng.integers(256, size=(n, 32, 32, 3)).astype(np.uint8), rng.integers(10, size=n))
             for n in (7, 3, 4, 2)]
    return Splits(*(array for part in parts for array in part))


def test_rows_are_the_images_less_the_training_mean_with_a_one_last(splits):
    mean = splits.X_train.astype(np.float64).mean(axis=0).ravel()
    for images, rows in zip(splits[::2], preprocess(splits)[::2]):
        assert np.allclose(rows[:, :-1], images.reshape(len(images), -1) - mean, rtol=0, atol=1e-4)
        assert np.all(rows[:, -1] == 1) and rows.shape == (len(images), 3073)


def test_rows_are_contiguous_float32_and_labels_as_they_were(splits):
    rows = preprocess(splits)
    assert all(part.dtype == np.float32 and part.flags.c_contiguous for part in rows[::2])
    assert all(np.array_equal(before, after) for before, after in zip(splits[1::2], rows[1::2]))


def test_preprocessing_twice_gives_the_same_and_changes_nothing_that_it_was_given(splits):
    before = [array.copy() for array in splits]
    first, second = preprocess(splits), preprocess(splits)
    assert all(np.array_equal(a, b) for a, b in zip(first, second))
    assert all(np.array_equal(a, b) for a, b in zip(splits, before))
    assert not any(np.shares_memory(a, b) for a, b in zip(first[::2], second[::2]))


def test_rows_are_refused_where_images_are_wanted(splits):
    rows = preprocess(splits)
    sentence = (r"images are float32 of shape \(7, 3073\), expected uint8 \(N, 32, 32, 3\); "
                r"give them as data.load\(\)")
    with pytest.raises(ValueError, match=sentence):
        preprocess(rows)
    with pytest.raises(ValueError, match=sentence):
        to_rows(rows.X_train, mean_image(splits.X_train))


@pytest.mark.parametrize("change", [lambda images: images / 255, flatten])
def test_scaled_and_flattened_images_are_refused(splits, change):
    with pytest.raises(ValueError, match="expected uint8"):
        mean_image(change(splits.X_train))
    with pytest.raises(ValueError, match="expected uint8"):
        to_rows(change(splits.X_train), mean_image(splits.X_train))


@pytest.mark.parametrize("change", [
    lambda X: X.astype(np.uint8), lambda X: X[:, :-1], lambda X: X[0]])
def test_scale_colours_refuses_what_are_no_rows(splits, change):
    with pytest.raises(ValueError, match=r"X holds \w+ of shape .*expected floats \(N, D \+ 1\)"):
        scale_colours(change(preprocess(splits).X_train))


def test_a_split_without_images_has_no_rows_and_one_to_train_on_is_needed(splits):
    nothing = splits.X_val[:0]
    assert preprocess(splits._replace(X_val=nothing)).X_val.shape == (0, 3073)
    assert flatten(nothing).shape == (0, 3072)
    with pytest.raises(ValueError,
                       match=r"shape \(0, 32, 32, 3\), which has no mean; expected at least one"):
        preprocess(splits._replace(X_train=nothing))


def test_to_rows_is_flatten_subtract_and_add_bias(splits):
    mean = mean_image(splits.X_train)
    slowly = add_bias(flatten(splits.X_val) - mean.ravel())
    assert np.allclose(to_rows(splits.X_val, mean), slowly, rtol=0, atol=1e-4)


def test_the_mean_is_exact_where_float32_sums_would_round():
    images = np.full((70_000, 2, 1, 3), 255, np.uint8)  # 70,000 * 255 is beyond 2**24
    images[0, 0] = 254
    mean = mean_image(images)
    assert mean.shape == (2, 1, 3) and mean.dtype == np.float64
    assert mean[0, 0, 0] == float(Fraction(70_000 * 255 - 1, 70_000)) and mean[1, 0, 0] == 255


def test_flatten_gives_one_row_for_each_image_without_a_copy(splits):
    rows = flatten(splits.X_train)
    assert rows.shape == (7, 3072) and np.shares_memory(rows, splits.X_train)
    assert np.array_equal(rows[5, :3], splits.X_train[5, 0, 0])


def test_add_bias_appends_ones_to_a_new_array_of_the_same_type():
    X = np.arange(6, dtype=np.float32).reshape(2, 3)
    rows = add_bias(X)
    assert rows.tolist() == [[0, 1, 2, 1], [3, 4, 5, 1]] and rows.dtype == np.float32
    assert X.shape == (2, 3) and not np.shares_memory(rows, X)


@pytest.mark.parametrize("X, message", [
    ([[1.0]], r"X is a list.*np.asarray\(X\)"),
    (np.ones(3), r"X has shape \(3,\); expected \(N, D\)"),
    (np.ones((2, 2, 2)), r"X has shape \(2, 2, 2\); .*flatten"),
])
def test_add_bias_refuses_what_are_no_rows(X, message):
    with pytest.raises(ValueError, match=message):
        add_bias(X)


def test_to_rows_refuses_lists_and_the_mean_of_other_images(splits):
    images, mean = splits.X_val, mean_image(splits.X_train)
    with pytest.raises(ValueError, match="images is a list"):
        to_rows(images.tolist(), mean)
    with pytest.raises(ValueError, match="mean is a list"):
        to_rows(images, mean.tolist())
    with pytest.raises(ValueError,
                       match=r"mean has shape \(3,\); expected \(32, 32, 3\).*mean_image"):
        to_rows(images, mean[0, 0])


def test_our_rows_give_the_scores_of_the_notes_columns():
    rng = np.random.default_rng(1)
    W, b, x = rng.normal(size=(10, 5)), rng.normal(size=10), rng.normal(size=5)
    ours = np.vstack([W.T, b])
    assert np.allclose(add_bias(x[None]) @ ours, (W @ x + b)[None])


def test_one_call_prepares_everything(monkeypatch, capsys):
    rng = np.random.default_rng(2)
    images = rng.integers(256, size=(12_000, 32, 32, 3)).astype(np.uint8)
    labels = rng.integers(10, size=12_000)
    arrays = images[2000:], labels[2000:], images[:2000], labels[:2000]
    monkeypatch.setattr(cartoon, "load", lambda *_: arrays)
    dataset, splits, rows = prepare("cartoon")
    assert dataset.name == "cartoon"
    assert capsys.readouterr().out.startswith("cartoon: 10,000 training and 2,000 test")
    assert splits.X_train.shape == (8_500, 32, 32, 3) and rows.X_train.shape == (8_500, 3073)
    assert np.abs(rows.X_train[:, :-1].mean(axis=0)).max() < 1e-3


PREPARE_ALL = """
from cs231n_lite.preprocess import prepare
dataset, splits, rows = prepare()
assert rows.X_train.shape == (49000, 3073) and rows.X_train.dtype == "float32" \
and len(dataset.X_test) == 10000
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(),
                    reason="the peak of a process is read from Linux's /proc")
def test_preparing_all_of_cifar10_needs_at_most_nine_tenths_of_a_gibibyte(official):
    environment = os.environ | {"CS231N_LITE_DATA": str(official.folder)}
    command = [sys.executable, "-c", PREPARE_ALL]
    output = subprocess.check_output(command, env=environment, text=True)
    assert int(output.split()[-1]) <= 0.9 * 2**20  # kB

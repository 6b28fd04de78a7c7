"""The engine computes what the textbook says, in blocks of rows, however these lie in memory."""
from functools import partial

import numpy as np
import pytest

from benchmarks.losses import TWINS
from cs231n_lite import losses
from cs231n_lite.classifiers import LinearSVM, Softmax
from cs231n_lite.engine.losses import BLOCK, ON_SCORES, in_blocks, on_scores, svm_loss

PAIRS = pytest.mark.parametrize("plain, fast", TWINS, ids=lambda loss: loss.__name__)


def batch(N, D=5, C=3, seed=7, dtype=np.float64):
    rng = np.random.default_rng(seed)
    W, X = rng.normal(size=(D, C)).astype(dtype), rng.normal(size=(N, D)).astype(dtype)
    return W, X, rng.integers(C, size=N)


@pytest.mark.parametrize("dtype, precision", [(np.float64, 1e-12), (np.float32, 1e-5)])
@pytest.mark.parametrize("N, D, C", [(1, 3, 2), (7, 11, 10), (200, 30, 17), (2 * BLOCK + 7, 5, 3)])
@pytest.mark.parametrize("seed", range(5))
@PAIRS
def test_engine_and_textbook_agree_on_random_problems(plain, fast, N, D, C, seed, dtype, precision):
    W, X, y = batch(N, D, C, seed, dtype)
    (value, dW), (want, want_dW) = fast(W, X, y, 0.1), plain(W, X, y, 0.1)
    bound = precision * max(want, np.abs(X @ W).max(), 1)
    assert type(value) is float and dW.dtype == dtype
    np.testing.assert_allclose(value, want, rtol=0, atol=bound)
    np.testing.assert_allclose(dW, want_dW, rtol=0, atol=bound * np.abs(X).max())


def mapped(array, path):
    """The same values in a file that is mapped into memory, not to be written to."""
    array.tofile(path)
    return np.memmap(path, array.dtype, "r", shape=array.shape)


@pytest.mark.parametrize("arrange", [
    mapped,
    lambda a, _: a.astype(a.dtype.newbyteorder(">")),
    lambda a, _: np.asfortranarray(a),
    lambda a, _: np.repeat(a, 3, axis=0)[::3],
    lambda a, _: a[::-1].copy()[::-1],
    lambda a, _: np.lib.stride_tricks.as_strided(a, writeable=False),
], ids=["mapped", "big-endian", "Fortran", "strided", "reversed", "read-only"])
@PAIRS
def test_many_rows_may_lie_in_memory_as_they_like(plain, fast, arrange, tmp_path):
    given = batch(BLOCK + 9)
    value, dW = plain(*given, 0.1)
    arranged = [arrange(array, tmp_path / name) for array, name in zip(given, "WXy", strict=True)]
    again, dW_again = fast(*arranged, 0.1)
    assert again == pytest.approx(value, rel=1e-12)
    np.testing.assert_allclose(dW_again, dW, rtol=1e-12, atol=1e-14)
    assert all(np.array_equal(a, b) for a, b in zip(arranged, given, strict=True))


@PAIRS
def test_one_row_repeated_by_broadcasting_counts_as_one(plain, fast):
    W, X, y = batch(1)
    many = np.broadcast_to(X, (2 * BLOCK, 5)), np.broadcast_to(y, 2 * BLOCK)
    assert fast(W, *many, 0.1)[0] == pytest.approx(plain(W, X, y, 0.1)[0], rel=1e-12)


def test_a_bad_label_among_many_rows_is_refused_before_anything_is_computed():
    W, X, y = batch(2 * BLOCK)
    y[-1] = 3
    with pytest.raises(ValueError, match="labels 0 to 3 .* expected 0 to 2"):
        svm_loss(W, X, y, 0.1)


@pytest.mark.parametrize("loss, on", ON_SCORES)
def test_each_loss_of_w_is_the_loss_on_scores_that_it_is_said_to_be(loss, on):
    W, X, y = batch(BLOCK + 7)
    (value, dW), (want, want_dW) = in_blocks(on, W, X, y, 0.1), loss(W, X, y, 0.1)
    assert value == pytest.approx(want, rel=1e-12)
    np.testing.assert_allclose(dW, want_dW, rtol=0, atol=1e-12)


@pytest.mark.parametrize("kind", [LinearSVM, Softmax])
def test_a_classifier_trains_in_blocks_where_its_loss_is_one_on_scores_or_as_given(kind):
    textbooks, on = next((plain, on) for plain, on in ON_SCORES
                         if on is on_scores(kind().own_loss))

    def students(W, X, y, reg):
        return textbooks(W, X, y, reg)

    def on_students_scores(scores, y):
        return on(scores, y)

    assert kind()._scores_loss is kind(textbooks)._scores_loss is on
    assert kind(textbooks).get_params()["loss"] is textbooks
    assert kind(partial(losses.regularized, on_students_scores))._scores_loss is on_students_scores
    for whole in (students, losses.svm_loss_naive, partial(textbooks, reg=0.1)):
        assert kind(whole)._scores_loss is None and kind(whole)._loss_function is whole

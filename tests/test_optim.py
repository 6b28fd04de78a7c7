"""Descent moves against the gradient, on batches whose rows and labels belong together."""
import numpy as np
import pytest

from cs231n_lite.losses import softmax_loss_vectorized
from cs231n_lite.optim import minibatches, momentum_sgd, sgd


def test_rows_and_labels_of_a_minibatch_belong_together():
    X = np.arange(20.0)[:, None]
    for _, (X_batch, y_batch) in zip(range(5), minibatches(X, np.arange(20), 7, np.random.default_rng(0))):
        assert len(X_batch) == 7 and np.array_equal(X_batch[:, 0], y_batch)


def separable():
    X = np.array([[2.0, 1.0], [1.5, 1.0], [-2.0, 1.0], [-1.0, 1.0]])
    return X, np.array([0, 0, 1, 1])


def test_sgd_takes_one_step_against_the_gradient_in_each_iteration():
    W, _ = sgd(lambda W, X, y, reg: (0.0, np.ones_like(W)), np.zeros((2, 3)), *separable(), 0.5, 0.0, 4, 2,
               np.random.default_rng(0))
    np.testing.assert_array_equal(W, np.full((2, 3), -2.0))


def test_sgd_brings_the_loss_down_and_reports_it():
    W0 = np.zeros((2, 2))
    W, losses = sgd(softmax_loss_vectorized, W0, *separable(), 0.5, 0.0, 200, 4, np.random.default_rng(0))
    assert len(losses) == 200 and losses[-1] < 0.1 * losses[0]
    assert not W0.any()


def test_one_seed_gives_one_result():
    def run():
        return sgd(softmax_loss_vectorized, np.zeros((2, 2)), *separable(), 0.5, 0.0, 20, 4, np.random.default_rng(3))

    assert np.array_equal(run()[0], run()[0])


def test_no_iterations_return_the_weights_as_they_were():
    W, losses = sgd(softmax_loss_vectorized, np.ones((2, 2)), *separable(), 0.5, 0.0, 0, 4, np.random.default_rng(0))
    assert losses == [] and np.array_equal(W, np.ones((2, 2)))


@pytest.mark.parametrize("descent", [sgd, momentum_sgd])
@pytest.mark.parametrize("rate, reg", [(1e6, 1.0), (3e38, 0.0), (1e200, 0.0)])
def test_divergence_is_an_error_that_names_the_learning_rate(descent, rate, reg):
    X, y = np.full((4, 2), 2, np.float32), np.array([0, 1, 0, 1])  # no weights suit both labels, so steps stay long
    W, rng = np.ones((2, 2), np.float32), np.random.default_rng(0)
    with pytest.raises(FloatingPointError, match=f"rate={rate:g}".replace("+", ".")), np.errstate(all="ignore"):
        descent(softmax_loss_vectorized, W, X, y, rate, reg, 1000, 3, rng)


def test_a_pixel_that_is_no_number_is_not_called_divergence():
    X, y = separable()
    with pytest.raises(ValueError, match="scores hold nan.*in X"), np.errstate(all="ignore"):
        sgd(softmax_loss_vectorized, np.ones((2, 2)), X * np.nan, y, 0.1, 0.0, 10, 4, np.random.default_rng(0))

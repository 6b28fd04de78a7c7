"""A right gradient passes, a wrong one is seen, and a kink is called a kink."""
import numpy as np
import pytest

from cs231n_lite.gradcheck import grad_check_sparse, numerical_gradient, numerical_slope
from cs231n_lite.losses import margins, svm_loss_vectorized

RNG = np.random.default_rng(2)
X, y = RNG.normal(size=(6, 4)), RNG.integers(3, size=6)
W = RNG.normal(size=(4, 3))


def loss(W):
    return svm_loss_vectorized(W, X, y, 0.3)[0]


def test_numerical_gradient_of_a_square_is_twice_its_argument():
    np.testing.assert_allclose(numerical_gradient(lambda x: np.sum(x**2), W), 2 * W, rtol=1e-8)


def test_slopes_are_taken_in_double_precision_whatever_W_is():
    slope = numerical_slope(lambda x: float(x[0] ** 2), np.ones(1, np.float32), (0,))
    assert slope == pytest.approx(2, rel=1e-9)


def test_a_right_gradient_passes():
    _, dW = svm_loss_vectorized(W, X, y, 0.3)
    assert grad_check_sparse(loss, W, dW, num_checks=12).max_error < 1e-6


@pytest.mark.parametrize("reg_in_gradient", [0.0, 0.15])
def test_a_gradient_with_the_wrong_regularization_is_seen(reg_in_gradient):
    _, dW = svm_loss_vectorized(W, X, y, reg_in_gradient)
    assert grad_check_sparse(loss, W, dW).max_error > 1e-3


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_gradient_with_one_entry_that_is_no_finite_number_is_seen(value):
    for at in np.ndindex(W.shape):
        dW = 2 * W
        dW[at] = value
        assert grad_check_sparse(lambda W: np.sum(W**2), W, dW, num_checks=12).max_error == np.inf


def test_a_right_gradient_at_a_kink_is_labelled_and_not_counted():
    x, label = np.array([[1.0, 1.0]]), np.array([0])
    W = np.array([[1.0, 0.0], [0.0, 0.0]])  # the margin is exactly 0
    dW = svm_loss_vectorized(W, x, label, 0.0)[1]

    def at_the_kink(margins_of):
        return grad_check_sparse(lambda W: svm_loss_vectorized(W, x, label, 0.0)[0], W, dW,
                                 margins=margins_of)

    told = at_the_kink(lambda W: margins(x @ W, label))
    assert told.kinks == 4 and told.max_error == 0.0 and "at a kink" in repr(told)
    assert at_the_kink(None).max_error == 1.0


def test_the_table_has_a_row_for_every_entry_compared():
    table = grad_check_sparse(loss, W, W, num_checks=5)
    assert len(repr(table).splitlines()) == 6
    assert table._repr_html_().count("<tr>") == 6


def test_a_loss_that_comes_with_its_gradient_is_refused_with_the_remedy():
    with pytest.raises(ValueError,
                       match=r"f returned a tuple.*lambda W: loss\(W, X, y, reg\)\[0\]"):
        grad_check_sparse(lambda W: svm_loss_vectorized(W, X, y, 0.3), W, W)


def test_a_seed_in_the_place_of_a_generator_is_refused():
    with pytest.raises(ValueError, match=r"rng is 7; .*np.random.default_rng\(7\)"):
        grad_check_sparse(loss, W, W, rng=7)


def test_a_gradient_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"dW has shape \(3, 4\) but W has \(4, 3\)"):
        grad_check_sparse(loss, W, W.T)

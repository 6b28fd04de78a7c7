"""Descent moves against the gradient, on batches whose rows and labels belong together."""
import numpy as np
import pytest

from cs231n_lite.losses import softmax_loss_vectorized
from cs231n_lite.optim import momentum_sgd, sgd


@pytest.mark.parametrize("descent", [sgd, momentum_sgd])
def test_rows_and_labels_of_a_minibatch_belong_together(descent):
    X, seen = np.arange(20.0)[:, None], []

    def loss(W, X, y, reg):
        seen.append(len(X) == 7 and np.array_equal(X[:, 0], y))
        return 0.0, np.zeros_like(W)

    descent(loss, np.zeros((1, 20)), X, np.arange(20), 0.1, 0.0, 5, 7, np.random.default_rng(0))
    assert seen == [True] * 5


def test_momentum_keeps_a_part_of_each_step_and_the_steps_shrink_to_nothing():
    W, _ = momentum_sgd(lambda W, X, y, reg: (0.0, np.ones_like(W)), np.zeros((2, 3)), *separable(),
                        1.0, 0.0, 2, 2, np.random.default_rng(0), momentum=0.5)
    np.testing.assert_array_equal(W, np.full((2, 3), -(1 + (0.5 + 0.5))))


def separable():
    X = np.array([[2.0, 1.0], [1.5, 1.0], [-2.0, 1.0], [-1.0, 1.0]])
    return X, np.array([0, 0, 1, 1])


def test_sgd_takes_one_step_against_the_gradient_in_each_iteration():
    W, _ = sgd(lambda W, X, y, reg: (0.0, np.ones_like(W)), np.zeros((2, 3)), *separable(),
               0.5, 0.0, 4, 2, np.random.default_rng(0))
    np.testing.assert_array_equal(W, np.full((2, 3), -2.0))


def test_sgd_brings_the_loss_down_and_reports_it():
    W0 = np.zeros((2, 2))
    _, losses = sgd(softmax_loss_vectorized, W0, *separable(), 0.5, 0.0, 200, 4,
                    np.random.default_rng(0))
    assert len(losses) == 200 and losses[-1] < 0.1 * losses[0]
    assert not W0.any()


def test_one_seed_gives_one_result():
    def run():
        return sgd(softmax_loss_vectorized, np.zeros((2, 2)), *separable(), 0.5, 0.0, 20, 4,
                   np.random.default_rng(3))

    assert np.array_equal(run()[0], run()[0])


def test_no_iterations_return_the_weights_as_they_were():
    W, losses = sgd(softmax_loss_vectorized, np.ones((2, 2)), *separable(), 0.5, 0.0, 0, 4,
                    np.random.default_rng(0))
    assert losses == [] and np.array_equal(W, np.ones((2, 2)))


@pytest.mark.filterwarnings("error::RuntimeWarning")
@pytest.mark.parametrize("descent", [sgd, momentum_sgd])
@pytest.mark.parametrize("rate, reg", [(1e6, 1.0), (3e38, 0.0), (1e200, 0.0)])
def test_divergence_is_an_error_that_names_the_learning_rate(descent, rate, reg):
    # no weights suit both labels, so steps stay long
    X, y = np.full((4, 2), 2, np.float32), np.array([0, 1, 0, 1])
    W, rng = np.ones((2, 2), np.float32), np.random.default_rng(0)
    with pytest.raises(FloatingPointError, match=f"rate={rate:g}".replace("+", ".")):
        descent(softmax_loss_vectorized, W, X, y, rate, reg, 1000, 3, rng)


def test_a_pixel_that_is_no_number_is_not_called_divergence():
    X, y = separable()
    for loss in (softmax_loss_vectorized, lambda W, X, y, reg: (np.sum(X @ W), np.ones_like(W))):
        with pytest.raises(ValueError, match="X holds nan .* mend such rows"):
            sgd(loss, np.ones((2, 2)), X * np.nan, y, 0.1, 0.0, 10, 4, np.random.default_rng(0))


@pytest.mark.filterwarnings("error::RuntimeWarning")
@pytest.mark.parametrize("descent", [sgd, momentum_sgd])
@pytest.mark.parametrize("slope, rate", [(np.nan, 0.1), (-np.inf, 0.1), (1e10, 1e300)])
def test_a_last_step_that_diverges_is_an_error_that_names_the_learning_rate(descent, slope, rate):
    def loss(W, X, y, reg):
        return 1.0, np.full_like(W, slope)

    for num_iters in (1, 3):
        message = f"weights .* learning_rate={rate:g}".replace("+", ".")
        with pytest.raises(FloatingPointError, match=message):
            descent(loss, np.ones((2, 2)), *separable(), rate, 0.0, num_iters, 4,
                    np.random.default_rng(0))


SETTINGS = dict(W=np.ones((2, 2)), X=separable()[0], y=separable()[1],
                learning_rate=0.1, reg=0.0, num_iters=1, batch_size=2)
REFUSED = [
    ("learning_rate", np.nan, "learning_rate is nan; expected a finite number, 0 or more"),
    ("learning_rate", np.inf, "learning_rate is inf"),
    ("learning_rate", -0.1, "learning_rate is -0.1"),
    ("learning_rate", "fast", "learning_rate is 'fast'"),
    ("learning_rate", None, "learning_rate is None"),
    ("reg", -1.0, "reg is -1.0"),
    ("reg", np.nan, "reg is nan"),
    ("num_iters", -1, "num_iters is -1; expected a whole number, 0 or more"),
    ("num_iters", 1.5, "num_iters is 1.5"),
    ("num_iters", True, "num_iters is True"),
    ("batch_size", 0, "batch_size is 0; expected a whole number, 1 or more"),
    ("batch_size", -1, "batch_size is -1"),
    ("batch_size", 2.0, "batch_size is 2.0"),
    ("batch_size", None, "batch_size is None"),
    ("X", SETTINGS["X"][:0], r"X has shape \(0, 2\)"),
    ("X", SETTINGS["X"][0], r"X has shape \(2,\)"),
    ("X", SETTINGS["X"].tolist(), "X is a list"),
    ("y", [0, 0, 1, 1], "y is a list"),
    ("X", SETTINGS["X"].astype(np.uint8), "X holds uint8; expected floats"),
    ("X", np.ones((4, 3)), "X has 3 columns but W has 2 rows"),
    ("W", np.ones((3, 2)), "X has 2 columns but W has 3 rows"),
    ("y", np.zeros(5, int), r"y has shape \(5,\) for 4 samples"),
    ("y", np.zeros(3, int), r"y has shape \(3,\) for 4"),
    ("y", np.zeros((4, 1), int), r"y has shape \(2, 1\) for 2 samples"),
    ("y", np.full(4, 2), "labels 2 to 2 for at most 2 classes"),
]


@pytest.mark.parametrize("descent", [sgd, momentum_sgd])
@pytest.mark.parametrize("name, value, message", REFUSED)
def test_what_does_not_fit_is_refused_in_a_sentence(descent, name, value, message):
    with pytest.raises(ValueError, match=message):
        descent(softmax_loss_vectorized, **SETTINGS | {name: value}, rng=np.random.default_rng(0))


@pytest.mark.parametrize("descent", [sgd, momentum_sgd])
def test_a_seed_in_the_place_of_a_generator_is_refused(descent):
    with pytest.raises(ValueError,
                       match=r"rng is 0; expected a generator: pass np.random.default_rng\(0\)"):
        descent(softmax_loss_vectorized, **SETTINGS, rng=0)


def test_a_batch_may_be_larger_than_the_data():
    def loss(W, X, y, reg):
        assert X.shape == (50, 2) and y.shape == (50,)
        return softmax_loss_vectorized(W, X, y, reg)

    assert len(sgd(loss, **SETTINGS | {"batch_size": 50}, rng=np.random.default_rng(0))[1]) == 1

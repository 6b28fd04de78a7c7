"""The losses beside an independent referee: 50 digits for values, differences of them for gradients, whatever the input.

The referee writes every loss out from its definition, sample by sample, in
mpmath.  What is random is drawn by hypothesis, the same examples at every run.
"""
import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mpf
from numpy.testing import assert_allclose

from cs231n_lite import losses

mpmath.mp.dps = 50
settings.register_profile("numbers", derandomize=True, deadline=None, max_examples=60, database=None)
settings.load_profile("numbers")


# --------------------------------------------------------------- the referee


def hinge(s, right):
    return sum(max(mpf(0), s[j] - s[right] + 1) for j in range(len(s)) if j != right)


def squared_hinge(s, right):
    return sum(max(mpf(0), s[j] - s[right] + 1) ** 2 for j in range(len(s)) if j != right)


def structured(s, right):
    return max([mpf(0), *(s[j] - s[right] + 1 for j in range(len(s)) if j != right)])


def one_vs_all(s, right):
    return sum(max(mpf(0), 1 - (s[j] if j == right else -s[j])) for j in range(len(s)))


def cross_entropy(s, right):
    return mpmath.log1p(sum(mpmath.exp(s[j] - s[right]) for j in range(len(s)) if j != right))


REFEREE = {
    "svm_loss_naive": hinge, "svm_loss_half_vectorized": hinge, "svm_loss_vectorized": hinge,
    "squared_hinge_loss": squared_hinge, "structured_loss": structured, "one_vs_all_loss": one_vs_all,
    "softmax_loss_naive": cross_entropy, "softmax_loss_vectorized": cross_entropy,
}
NAMES = list(REFEREE)


def exact(name, W, X, y, reg):
    """The loss in 50 digits, of these very floats."""
    return exact_moved(name, W, 0, np.zeros_like(W), X, y, reg)


def exact_moved(name, W, h, step, X, y, reg):
    """The loss at W + h * step, in 50 digits."""
    W = [[mpf(float(value)) + h * float(s) for value, s in zip(*pair)] for pair in zip(W, step)]
    X = [[mpf(float(value)) for value in row] for row in X]
    D, C = len(W), len(W[0])
    scores = [[sum(x[d] * W[d][c] for d in range(D)) for c in range(C)] for x in X]
    data = sum(REFEREE[name](s, int(right)) for s, right in zip(scores, y)) / len(X)
    return data + mpf(float(reg)) * sum(value**2 for row in W for value in row)


# --------------------------------------------------------------- what is drawn


@st.composite
def batches(draw, scales=(1e-300, 1e-150, 1e-8, 1e-2, 1.0, 30.0, 1e3, 1e150, 1e300), smallest=1, regs=(0.0, 1e-300, 1e-12, 0.1, 2.5e4, 1e300)):
    """W, X, y and reg of small shapes; the scores are of one of the scales."""
    N, D, C = draw(st.integers(smallest, 6)), draw(st.integers(1, 5)), draw(st.integers(smallest, 5))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    W = draw(st.sampled_from(scales)) * rng.normal(size=(D, C))
    return W, rng.normal(size=(N, D)), rng.integers(C, size=N), draw(st.sampled_from(regs))


def ordinary(smallest=1):
    """Batches whose scores are neither so large nor so small that differences of losses lose their digits."""
    return batches(scales=(1e-2, 1.0, 10.0), smallest=smallest, regs=(0.0, 1e-12, 0.1, 2.5e4))


def of_W(names=tuple(REFEREE)):
    """One test for each loss of W."""
    return pytest.mark.parametrize("loss", [getattr(losses, name) for name in names], ids=names)


@pytest.mark.filterwarnings("ignore:overflow")
@of_W()
@given(batch=batches())
def test_values_agree_with_the_referee_to_twelve_digits(loss, batch):
    value, want = loss(*batch)[0], exact(loss.__name__, *batch)
    if want > np.finfo(float).max:  # squares of 1e300 are no floats any more
        assert value == np.inf
    else:
        assert abs(value - want) <= 1e-12 * abs(want) + rounding(loss, *batch)


@of_W(NAMES[-2:])
@pytest.mark.parametrize("gap", [1e-9, 1.0, 30.0, 50.0, 700.0])
@given(batch=batches(scales=(1.0,)))
def test_a_softmax_loss_near_zero_has_twelve_digits_in_loops_and_vectors(loss, gap, batch):
    W, *_, y, _ = batch
    W = np.round(W[:1], 3)
    W[0, y[0]] = W.max() + gap  # one feature that is 1, so that the scores are the very weights
    X, y = np.ones((1, 1)), y[:1]
    value, dW = loss(W, X, y, 0.0)
    want = exact(loss.__name__, W, X, y, 0.0)
    assert abs(value - want) <= 1e-12 * want
    assert abs(dW[0, y[0]] + 1 - mpmath.exp(-want)) <= 1e-15
    assert W.shape[1] == 1 or abs(dW[0, y[0]] / mpmath.expm1(-want) - 1) <= 1e-12


@pytest.mark.parametrize("names", [NAMES[:3], NAMES[-2:]], ids=["svm", "softmax"])
@pytest.mark.parametrize("scale", [1e17, 1e300])
def test_classes_that_tie_far_ahead_share_the_gradient(names, scale):
    for name in names:
        _, dW = getattr(losses, name)(scale * np.array([[0.0, 1.0, 1.0]]), np.ones((1, 1)), np.array([0]), 0.0)
        assert dW[0].tolist() == ([-2, 1, 1] if "svm" in name else [-1, 0.5, 0.5])


@of_W()
@pytest.mark.filterwarnings("error")
def test_sums_over_many_rows_of_half_precision_do_not_overflow(loss):
    rng = np.random.default_rng(0)
    W, X = (3 * rng.normal(size=(4, 5))).astype(np.float16), (20 * rng.normal(size=(600, 4))).astype(np.float16)
    y = rng.integers(5, size=600)
    value, dW = loss(W, X, y, 0.5)
    want, want_dW = loss(W.astype(float), X.astype(float), y, 0.5)
    assert_allclose(value, want, rtol=2e-3)
    assert dW.dtype == np.float16
    assert_allclose(dW, want_dW, rtol=2e-3, atol=2e-3 * np.abs(want_dW).max())


@pytest.mark.parametrize("names", [NAMES[:3], NAMES[-2:]], ids=["svm", "softmax"])
@pytest.mark.filterwarnings("error")
def test_loops_and_vectors_agree_on_scores_that_half_precision_cannot_hold(names):
    rng = np.random.default_rng(0)
    W, X = (100 * rng.normal(size=(5, 3))).astype(np.float16), (300 * rng.normal(size=(8, 5))).astype(np.float16)
    y = rng.integers(3, size=8)
    (value, dW), *others = (getattr(losses, name)(W, X, y, 0.0) for name in names)
    assert np.abs(X.astype(float) @ W.astype(float)).max() > np.finfo(np.float16).max
    for other_value, other_dW in others:
        assert_allclose(other_value, value, rtol=1e-6)
        assert_allclose(other_dW, dW, rtol=2e-3)


@given(batch=batches())
def test_a_cross_entropy_near_zero_has_twelve_digits_too(batch):
    W, X, *_ = batch
    scores = X @ W
    y = scores.argmax(axis=1)
    want = sum(cross_entropy([mpf(float(score)) for score in row], right) for row, right in zip(scores, y)) / len(y)
    assert abs(losses.cross_entropy(scores, y)[0] - want) <= 1e-12 * abs(want) + mpf("1e-307")


@of_W()
@pytest.mark.parametrize("W, X, reg, dtype", [
    (1e200, 1e-200, 1e-300, float), (1e-170, 1.0, 1e300, float), (1e20, 1e-20, 0.1, np.float32),
    (0.0, 1.0, 1e300, np.float32), (0.0, 1.0, 1.7e308, float), (1e-30, 1.0, 1e39, np.float32),
])
def test_a_penalty_is_right_wherever_it_is_a_float_itself(loss, W, X, reg, dtype):
    W, X, y = np.full((1, 2), W, dtype), np.full((1, 1), X, dtype), np.array([0])
    value, dW = loss(W, X, y, reg)
    without = loss(W, X, y, 0.0)[1]
    assert value == pytest.approx(float(exact(loss.__name__, W, X, y, reg)), rel=1e-12 if dtype is float else 1e-6)
    slope = float(2 * mpf(reg) * mpf(float(W[0, 0])))
    assert_allclose(dW, without + slope, rtol=1e-6)


def rounding(loss, W, X, y, reg):
    """What the scores lose by rounding before a loss sees them: none can bring it back where scores cancel."""
    largest = float(np.abs(X).sum(axis=1).max() * np.abs(W).max())
    return 1e-15 * W.shape[1] * largest * (2 * (1 + largest) if loss is losses.squared_hinge_loss else 1)


@of_W()
@given(batch=ordinary())
def test_gradients_predict_how_the_referee_changes(loss, batch):
    W, X, y, reg = batch
    step = np.random.default_rng(0).normal(size=W.shape)
    h = mpf(10) ** -25  # so small that a kink is met only where the scores stand on it
    ahead, behind = (exact_moved(loss.__name__, W, sign * h, step, X, y, reg) for sign in (1, -1))
    slope = float((ahead - behind) / (2 * h))
    dW = loss(*batch)[1]
    assert abs(np.sum(dW * step) - slope) <= 1e-6 * np.sum(np.abs(dW * step)) + 1e-12


@pytest.mark.filterwarnings("ignore:overflow")
@of_W()
@settings(max_examples=30)
@given(batch=batches())
def test_gradients_of_any_scale_have_six_digits(loss, batch):
    W, X, y, reg = batch
    step = np.random.default_rng(0).normal(size=W.shape)
    dW = loss(*batch)[1]
    with mpmath.workdps(1300):  # for a loss of 1e600 that changes by 1e-320
        h = mpf(10) ** -320
        ahead, behind = (exact_moved(loss.__name__, W, sign * h, step, X, y, reg) for sign in (1, -1))
        slope = float((ahead - behind) / (2 * h))
    if np.isfinite(dW).all():
        assert abs(np.sum(dW * step) - slope) <= 1e-6 * np.sum(np.abs(dW * step)) + 1e-12
    else:
        assert abs(slope) > 1e305


# --------------------------------------------------------------- what must not matter


@pytest.mark.filterwarnings("ignore:overflow")  # of a penalty that is no float any more
@pytest.mark.parametrize("names", [NAMES[:3], NAMES[-2:]], ids=["svm", "softmax"])
@given(batch=batches())
def test_loops_and_vectors_agree(names, batch):
    (loss, dW), *others = (getattr(losses, name)(*batch) for name in names)
    for other_loss, other_dW in others:
        assert_allclose(other_loss, loss, rtol=1e-12, atol=1e-12 * min(1, loss) + rounding(losses.hinge, *batch))
        assert_allclose(other_dW, dW, rtol=1e-9, atol=1e-12 * max(1e-300, np.abs(dW).max()))


@of_W()
@given(batch=ordinary(smallest=2), seed=st.integers(0, 99))
def test_the_order_of_rows_and_of_classes_does_not_matter(loss, batch, seed):
    W, X, y, reg = batch
    rng = np.random.default_rng(seed)
    rows, classes = rng.permutation(len(X)), rng.permutation(W.shape[1])
    value, dW = loss(W, X, y, reg)
    moved, moved_dW = loss(W[:, classes], X[rows], np.argsort(classes)[y[rows]], reg)
    assert_allclose(moved, value, rtol=1e-12)
    assert_allclose(moved_dW, dW[:, classes], rtol=1e-9, atol=1e-12 * np.abs(dW).max())


@given(batch=ordinary(), shift=st.floats(-1e3, 1e3))
def test_a_shift_of_all_scores_of_a_row_does_not_matter_to_softmax(batch, shift):
    W, X, y, _ = batch
    scores = X @ W
    (loss, dscores), (moved, moved_dscores) = losses.cross_entropy(scores, y), losses.cross_entropy(scores + shift, y)
    assert_allclose(moved, loss, rtol=1e-9, atol=1e-12)
    assert_allclose(moved_dscores, dscores, atol=1e-12)


@of_W()
@given(batch=ordinary(), dtype=st.sampled_from(["<f4", ">f4", "<f8", ">f8"]),
       layout=st.sampled_from(["C", "F", "strided", "reversed", "read-only"]))
def test_neither_dtype_nor_layout_matters_beyond_rounding(loss, batch, dtype, layout):
    W, X, y, reg = batch
    value, dW = loss(W.astype(dtype).astype(float), X.astype(dtype).astype(float), y, reg)
    W, X, y = laid_out(W.astype(dtype), layout), laid_out(X.astype(dtype), layout), laid_out(y.astype(np.uint8), layout)
    kept = W.copy(), X.copy(), y.copy()
    got, got_dW = loss(W, X, y, reg)
    error = 40 * np.finfo(dtype).eps
    assert_allclose(got, value, rtol=error, atol=error * np.abs(X).sum() * np.abs(W).max())
    assert got_dW.dtype == W.dtype and got_dW.shape == W.shape
    assert all(np.array_equal(after, before) for after, before in zip((W, X, y), kept))


def laid_out(array, layout):
    """The same values elsewhere in memory."""
    if layout == "strided":
        return np.repeat(array, 2, axis=0)[::2]
    if layout == "reversed":
        return array[::-1].copy()[::-1]
    copy = np.array(array, order="F" if layout == "F" else "C")
    copy.flags.writeable = layout != "read-only"
    return copy


# --------------------------------------------------------------- how the losses compare


@given(batch=batches(scales=(1e-2, 1.0, 30.0), smallest=2))
def test_the_losses_keep_their_order(batch):
    W, X, y, _ = batch
    C = W.shape[1]
    svm, largest, entropy = (loss(X @ W, y)[0] for loss in (losses.hinge, losses.structured_hinge, losses.cross_entropy))
    assert 0 <= largest <= svm * (1 + 1e-12) and svm <= (C - 1) * largest * (1 + 1e-12) + 1e-12
    assert 0 <= entropy <= largest + np.log(C) + 1e-12  # log of C terms, none above the largest of them

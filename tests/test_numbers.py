"""The losses beside an independent referee: values of 50 digits, their differences for gradients.

The referee writes every loss out from its definition, sample by sample, in
mpmath.  What is random is drawn by hypothesis, the same examples at every run.
The rule: in float64 a loss is right to 1e-12 of the largest of itself, the largest
score and 1, a gradient to that times the largest entry of X; in float32 to 1e-5.
It holds away from kinks, and up to scores of 1,000; beyond that what comes out is
finite, or refused in a sentence.
"""
import re

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from mpmath import mpf
from numpy.testing import assert_allclose

from cs231n_lite import losses
from cs231n_lite.engine.losses import softmax_loss, svm_loss

mpmath.mp.dps = 50
few = settings(max_examples=15)


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
    losses.svm_loss_naive: hinge,
    losses.svm_loss_half_vectorized: hinge,
    losses.svm_loss_vectorized: hinge,
    svm_loss: hinge,
    losses.squared_hinge_loss: squared_hinge,
    losses.structured_loss: structured,
    losses.one_vs_all_loss: one_vs_all,
    losses.softmax_loss_naive: cross_entropy,
    losses.softmax_loss_vectorized: cross_entropy,
    softmax_loss: cross_entropy,
}
SVM = [loss for loss, referee in REFEREE.items() if referee is hinge]
SOFTMAX = [loss for loss, referee in REFEREE.items() if referee is cross_entropy]
LOOPS = [losses.svm_loss_naive, losses.svm_loss_half_vectorized, losses.softmax_loss_naive]
PRECISION = {np.float64: 1e-12, np.float32: 1e-5}


def exact(loss, W, X, y, reg, h=0, step=None):
    """The loss at W + h * step, in 50 digits, of these very floats."""
    step = np.zeros(W.shape) if step is None else step
    moved = [[mpf(float(w)) + h * float(s) for w, s in zip(*pair)] for pair in zip(W, step)]
    D, C = W.shape
    scores = [[sum(mpf(float(x[d])) * moved[d][c] for d in range(D)) for c in range(C)] for x in X]
    data = sum(REFEREE[loss](s, int(right)) for s, right in zip(scores, y)) / len(X)
    return data + mpf(float(reg)) * sum(w**2 for row in moved for w in row)


def slope(loss, W, X, y, reg, step):
    """How the exact loss changes along a direction."""
    h = mpf(10) ** -25  # so small that a kink is met only where the scores stand on it
    ahead, behind = (exact(loss, W, X, y, reg, sign * h, step) for sign in (1, -1))
    return (ahead - behind) / (2 * h)


# --------------------------------------------------------------- what is drawn


@st.composite
def batches(draw, scales=(1e-8, 1e-2, 1.0, 30.0, 300.0), smallest=1, regs=(0.0, 1e-12, 0.1, 2.5)):
    """W, X, y and reg of small shapes; the scores are of one of the scales."""
    N, D, C = (draw(st.integers(smallest, 5)) for _ in range(3))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    W = draw(st.sampled_from(scales)) * rng.normal(size=(D, C))
    return W, rng.normal(size=(N, D)), rng.integers(C, size=N), draw(st.sampled_from(regs))


def each(*chosen):
    """One test for each loss."""
    return pytest.mark.parametrize("loss", chosen, ids=lambda loss: loss.__name__)


def scale_of(W, X, value):
    """What the rule compares with: the largest of the loss, the largest score and 1."""
    return max(abs(float(value)), np.abs(X.astype(float) @ W.astype(float)).max(), 1)


def is_clear_of_kinks(W, X, y, distance):
    """Whether no margin, of whatever formulation, is that near to 0, nor a tie of two scores."""
    scores = X.astype(float) @ W.astype(float)
    own = scores[np.arange(len(y)), y][:, None]
    gaps = np.abs(np.stack([scores - own + 1, scores - 1, scores + 1]))
    ties = np.diff(np.sort(scores, axis=1), axis=1)
    return gaps.min() > distance and (ties > distance).all()


@pytest.mark.parametrize("dtype", PRECISION, ids=lambda dtype: dtype.__name__)
@each(*REFEREE)
@few
@given(batch=batches())
def test_losses_and_gradients_keep_the_rule(loss, dtype, batch):
    W, X, y, reg = batch
    W, X = W.astype(dtype), X.astype(dtype)
    value, dW = loss(W, X, y, reg)
    want = exact(loss, W, X, y, reg)
    bound = PRECISION[dtype] * scale_of(W, X, want)
    assert abs(value - want) <= bound
    step = np.random.default_rng(0).normal(size=W.shape)
    assume(is_clear_of_kinks(W, X, y, bound))
    error = abs(float(np.sum(dW.astype(float) * step)) - slope(loss, W, X, y, reg, step))
    assert error <= bound * max(np.abs(X).max(), 1) * np.abs(step).sum()


# --------------------------------------------------------------- at the ends of the float range


HUGE = (1e-300, 1e-150, 1e4, 1e17, 1e150, 1e300, 2e307)


@pytest.mark.filterwarnings("error::RuntimeWarning")
@each(*REFEREE)
@few
@given(batch=batches(scales=HUGE, regs=(0.0, 1e-300, 0.1, 1e300)), size=st.sampled_from(HUGE))
def test_what_comes_of_any_finite_input_is_finite_or_refused_in_a_sentence(loss, batch, size):
    W, X, y, reg = batch
    X = size * X
    assume(np.isfinite(W).all() and np.isfinite(X).all())
    try:
        value, dW = loss(W, X, y, reg)
    except ValueError as error:
        sentence = str(error)
        assert "expected" in sentence and "scale down" in sentence
    else:
        assert np.isfinite(value) and np.isfinite(dW).all()


@pytest.mark.filterwarnings("error::RuntimeWarning")
@pytest.mark.parametrize("top", [9e307, 1.7e308])
@each(*SVM)
def test_a_sum_that_overflows_before_its_mean_is_no_infinite_loss(loss, top):
    W, X, y = np.array([[-top / 2, top / 2]]), np.ones((4, 1)), np.zeros(4, int)
    try:
        value, dW = loss(W, X, y, 0.0)
    except ValueError as error:
        sentence = str(error)
        assert re.match("the loss is (inf|nan)", sentence) and "scale down" in sentence
    else:
        assert value == pytest.approx(top, rel=1e-12) and dW.tolist() == [[-1.0, 1.0]]


@pytest.mark.filterwarnings("error::RuntimeWarning")
@each(*SVM)
def test_an_infinite_gradient_beside_a_finite_loss_is_refused(loss):
    W, X, y = np.zeros((2, 3)), np.full((4, 2), 1.5e308), np.zeros(4, int)
    with pytest.raises(ValueError, match=r"its gradient reaches (inf|nan).*scale down X"):
        loss(W, X, y, 0.0)


@pytest.mark.filterwarnings("error::RuntimeWarning")
@each(*REFEREE)
@pytest.mark.parametrize("N", [1000, 70_000])
def test_sums_over_many_rows_lose_nothing_in_half_precision(loss, N):
    W, X = np.zeros((1, 3), np.float16), np.ones((N, 1), np.float16)
    y = np.zeros(N, int)
    if N > 1000 and loss in LOOPS:
        return  # a minute each
    value, dW = loss(W, X, y, 0.5)
    want, want_dW = loss(W.astype(float), X.astype(float), y, 0.5)
    assert value == pytest.approx(want, rel=1e-3) and dW.dtype == np.float16
    assert_allclose(dW, want_dW, rtol=1e-3)


@pytest.mark.parametrize("N", [2000, 5000])
@each(*SVM, *SOFTMAX)
def test_sums_over_many_rows_keep_the_rule_in_single_precision(loss, N):
    W, X = np.array([[0.3, -0.1], [0.0, 0.0]], np.float32), np.tile(np.float32([[0.1, 1]]), (N, 1))
    y = np.zeros(N, int)
    value, dW = loss(W, X, y, 0.0)
    want, want_dW = loss(W.astype(float), X.astype(float), y, 0.0)
    assert abs(value - want) <= 1e-5
    assert_allclose(dW, want_dW, rtol=0, atol=1e-5)


@pytest.mark.filterwarnings("error::RuntimeWarning")
@each(*REFEREE)
def test_a_gradient_too_large_for_the_type_of_W_is_refused_without_a_warning(loss):
    W, X = np.full((1, 2), 1e-30, np.float32), np.full((2, 1), 1e39)
    with pytest.raises(ValueError, match="its gradient reaches inf"):
        loss(W, X, np.zeros(2, int), 0.0)


# --------------------------------------------------------------- what must not matter


@each(*REFEREE)
@few
@given(batch=batches(smallest=2), seed=st.integers(0, 99))
def test_the_order_of_rows_and_of_classes_does_not_matter(loss, batch, seed):
    W, X, y, reg = batch
    assume(is_clear_of_kinks(W, X, y, 1e-12 * scale_of(W, X, 1)))
    rng = np.random.default_rng(seed)
    rows, classes = rng.permutation(len(X)), rng.permutation(W.shape[1])
    value, dW = loss(W, X, y, reg)
    moved, moved_dW = loss(W[:, classes], X[rows], np.argsort(classes)[y[rows]], reg)
    bound = 1e-12 * scale_of(W, X, value)
    assert_allclose(moved, value, rtol=0, atol=bound)
    assert_allclose(moved_dW, dW[:, classes], rtol=0, atol=bound * max(np.abs(X).max(), 1))


@few
@given(batch=batches(), shift=st.floats(-1e3, 1e3))
def test_a_shift_of_all_scores_of_a_row_does_not_matter_to_softmax(batch, shift):
    W, X, y, _ = batch
    scores = X @ W
    value, dscores = losses.cross_entropy(scores, y)
    moved, moved_dscores = losses.cross_entropy(scores + shift, y)
    assert_allclose(moved, value, rtol=1e-9, atol=1e-12 * np.abs(scores).max() + 1e-12)
    assert_allclose(moved_dscores, dscores, atol=1e-12)


@each(*REFEREE)
@few
@given(batch=batches(), dtype=st.sampled_from(["<f4", ">f4", "<f8", ">f8"]),
       layout=st.sampled_from(["C", "F", "strided", "reversed", "read-only"]))
def test_neither_dtype_nor_layout_matters_beyond_rounding(loss, batch, dtype, layout):
    W, X, y, reg = batch
    W, X = W.astype(dtype), X.astype(dtype)
    assume(is_clear_of_kinks(W, X, y, 1e-5 * scale_of(W, X, 1)))
    value, dW = loss(W.astype(float), X.astype(float), y, reg)
    given_ = W, X, y = [laid_out(a, layout) for a in (W, X, y.astype(np.uint8))]
    kept = [a.copy() for a in given_]
    got, got_dW = loss(W, X, y, reg)
    bound = (1e-5 if dtype.endswith("4") else 1e-12) * scale_of(W, X, value)
    assert_allclose(got, value, rtol=0, atol=bound)
    assert_allclose(got_dW, dW, rtol=0, atol=bound * max(np.abs(X).max(), 1))
    assert got_dW.dtype == W.dtype and got_dW.shape == W.shape
    assert all(np.array_equal(after, before) for after, before in zip(given_, kept))


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


@few
@given(batch=batches(scales=(1e-2, 1.0, 30.0), smallest=2))
def test_the_losses_keep_their_order(batch):
    W, X, y, _ = batch
    C = W.shape[1]
    svm, largest, entropy = (
        loss(X @ W, y)[0]
        for loss in (losses.hinge, losses.structured_hinge, losses.cross_entropy)
    )
    assert 0 <= largest <= svm * (1 + 1e-12) and svm <= (C - 1) * largest * (1 + 1e-12) + 1e-12
    # the log of C terms, none above the largest of them
    assert 0 <= entropy <= largest + np.log(C) + 1e-12

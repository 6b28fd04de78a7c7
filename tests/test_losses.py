"""What must be true of every loss, whatever the numbers."""
import numpy as np
import pytest

from cs231n_lite import losses
from cs231n_lite.engine.losses import softmax_loss, svm_loss
from cs231n_lite.losses import (
    cross_entropy,
    hinge,
    margins,
    one_vs_all_hinge,
    one_vs_all_loss,
    softmax,
    softmax_loss_naive,
    softmax_loss_vectorized,
    squared_hinge,
    squared_hinge_loss,
    structured_hinge,
    structured_loss,
    svm_loss_half_vectorized,
    svm_loss_naive,
    svm_loss_vectorized,
)

SVM = [svm_loss_naive, svm_loss_half_vectorized, svm_loss_vectorized]
SOFTMAX = [softmax_loss_naive, softmax_loss_vectorized]
OTHERS = [squared_hinge_loss, structured_loss, one_vs_all_loss]
ENGINE = [svm_loss, softmax_loss]
OF_W = SVM + SOFTMAX + OTHERS + ENGINE
OF_SCORES = [hinge, squared_hinge, structured_hinge, one_vs_all_hinge, cross_entropy]

# The starting picture of the course's interactive demo: nine points of three classes in a plane,
# and the ones.
POINTS = np.array([[.5, .4, 1], [.8, .3, 1], [.3, .8, 1], [-.4, .3, 1], [-.3, .7, 1], [-.7, .2, 1],
                   [.7, -.4, 1], [.5, -.6, 1], [-.4, -.5, 1]])
CLASSES = np.repeat([0, 1, 2], 3)
LINES = np.array([[2.06, .44, 2.27], [1.48, -1.82, -2.04], [-.42, .52, -.10]])


def batch(N=8, D=5, C=3, seed=7, dtype=np.float64):
    rng = np.random.default_rng(seed)
    return (rng.normal(size=(D, C)).astype(dtype), rng.normal(size=(N, D)).astype(dtype),
            rng.integers(C, size=N))


@pytest.mark.parametrize("reg", [0.0, 0.1])
@pytest.mark.parametrize("loss", OF_W)
def test_gradient_predicts_the_rise_along_a_random_direction(loss, reg):
    W, X, y = batch()
    step = 1e-6 * np.random.default_rng(1).normal(size=W.shape)
    rise = loss(W + step, X, y, reg)[0] - loss(W - step, X, y, reg)[0]
    assert rise == pytest.approx(2 * np.sum(step * loss(W, X, y, reg)[1]), rel=1e-6)


@pytest.mark.parametrize("loss, value", [
    (svm_loss_vectorized, .6446),
    (softmax_loss_vectorized, .6754),
    (structured_loss, .6446),
    (one_vs_all_loss, 2.453),
])
@pytest.mark.parametrize("reg", [0.0, 0.1])
def test_losses_of_the_courses_demo_come_out(loss, value, reg):
    expected = value + reg * np.sum(LINES**2)
    assert loss(LINES, POINTS, CLASSES, reg)[0] == pytest.approx(expected, abs=5e-5)


def test_formulations_of_the_svm_differ_where_two_classes_violate_the_margin():
    scores, y = np.array([[0.0, 2.0, 0.5]]), np.array([0])  # margins 3 and 1.5
    values = [loss(scores, y)[0]
              for loss in (hinge, squared_hinge, structured_hinge, one_vs_all_hinge)]
    assert values == [4.5, 11.25, 3.0, 5.5]


def test_structured_hinge_gives_the_gradient_at_a_tie_to_one_class():
    _, dscores = structured_hinge(np.array([[0.0, 2.0, 2.0]]), np.array([0]))
    assert dscores.tolist() == [[-1.0, 1.0, 0.0]]


@pytest.mark.parametrize("family", [SVM, SOFTMAX])
@pytest.mark.parametrize("N, D, C", [(1, 4, 3), (9, 2, 5), (4, 7, 2), (3, 3, 1)])
def test_loops_and_vectors_give_the_same_loss_and_gradient(family, N, D, C):
    W, X, y = batch(N, D, C)
    reference_loss, reference_dW = family[0](W, X, y, 0.1)
    for loss in family[1:]:
        value, dW = loss(W, X, y, 0.1)
        assert value == pytest.approx(reference_loss, rel=1e-12)
        np.testing.assert_allclose(dW, reference_dW, rtol=1e-12, atol=1e-14)


def test_svm_loss_of_an_image_is_worked_out_by_hand():
    assert hinge(np.array([[3.2, 5.1, -1.7]]), np.array([0]))[0] == pytest.approx(2.9)


def test_hinge_with_margin_10_counts_8_for_the_scores_of_the_notes():
    assert hinge(np.array([[13.0, -7.0, 11.0]]), np.array([0]), margin=10.0)[0] == 8.0


def test_hinge_takes_the_zero_subgradient_at_a_kink():
    assert not hinge(np.array([[1.0, 0.0]]), np.array([0]))[1].any()


def test_margin_of_the_correct_class_is_zero():
    assert margins(np.array([[3.0, 1.0]]), np.array([0])).tolist() == [[0.0, -1.0]]


@pytest.mark.parametrize("loss", SVM)
def test_svm_loss_at_zero_weights_is_the_number_of_wrong_classes(loss):
    W, X, y = batch(C=10)
    assert loss(0 * W, X, y, 1.0)[0] == 9.0


@pytest.mark.parametrize("loss", SOFTMAX)
def test_softmax_loss_at_zero_weights_is_the_logarithm_of_the_number_of_classes(loss):
    W, X, y = batch(C=10)
    assert loss(0 * W, X, y, 1.0)[0] == pytest.approx(np.log(10), rel=1e-15)


def test_softmax_of_the_scores_of_the_notes_is_finite_and_sums_to_one():
    p = softmax(np.array([[123.0, 456.0, 789.0]]))
    assert p.sum() == 1 and p[0, 2] == 1


@pytest.mark.parametrize("gap", [800.0, 100_000.0])
def test_cross_entropy_is_the_gap_itself_where_the_correct_class_is_far_behind(gap):
    loss, dscores = cross_entropy(np.array([[0.0, gap, 0.0]]), np.array([0]))
    assert loss == gap and dscores.tolist() == [[-1.0, 1.0, 0.0]]


@pytest.mark.parametrize("gap", [800.0, 100_000.0])
@pytest.mark.parametrize("loss", SOFTMAX)
def test_softmax_loss_stays_finite_and_right_at_large_score_gaps(loss, gap):
    W, X, y = np.array([[0.0, gap]]), np.array([[1.0]]), np.array([0])
    value, dW = loss(W, X, y, 0.0)
    assert value == gap and dW.tolist() == [[-1.0, 1.0]]


@pytest.mark.parametrize("loss", [loss for loss in OF_SCORES if loss is not one_vs_all_hinge])
def test_adding_one_number_to_all_scores_of_a_row_changes_nothing(loss):
    scores, y = np.array([[1.0, -2.0, 0.5], [0.0, 3.0, 1.0]]), np.array([2, 0])
    shifted = scores + np.array([[1000.0], [-1000.0]])
    assert loss(shifted, y)[0] == pytest.approx(loss(scores, y)[0], rel=1e-12)
    np.testing.assert_allclose(loss(shifted, y)[1], loss(scores, y)[1], atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("loss", OF_W)
def test_loss_is_a_python_float_and_the_gradient_has_the_dtype_of_W(loss, dtype):
    W, X, y = batch(dtype=dtype)
    value, dW = loss(W, X, y, np.float64(0.1))
    assert type(value) is float and dW.dtype == dtype and dW.shape == W.shape


@pytest.mark.parametrize("loss", OF_W)
def test_inputs_are_left_as_they_were(loss):
    given = batch()
    kept = [array.copy() for array in given]
    loss(*given, 0.1)
    assert all(np.array_equal(a, b) for a, b in zip(given, kept))


REFUSED = {
    "a feature missing": (lambda W, X, y, reg: (W, X[:, 1:], y, reg),
                          r"X has 4 columns but W has 5 rows"),
    "integer pixels": (lambda W, X, y, reg: (W, X.astype(np.uint8), y, reg),
                       "X holds uint8.*preprocess"),
    "labels as a column": (lambda W, X, y, reg: (W, X, y[:, None], reg),
                           r"y has shape \(8, 1\).*y.ravel\(\)"),
    "too few labels": (lambda W, X, y, reg: (W, X, y[1:], reg),
                       r"y has shape \(7,\) for 8 samples"),
    "float labels": (lambda W, X, y, reg: (W, X, y * 1.0, reg), "y holds float64.*astype"),
    "boolean labels": (lambda W, X, y, reg: (W, X, y > 0, reg), "y holds bool"),
    "labels of time": (lambda W, X, y, reg: (W, X, y.astype("m8[s]"), reg), "y holds timedelta64"),
    "a negative label": (lambda W, X, y, reg: (W, X, y - 1, reg),
                         "labels -1 to 1 .* expected 0 to 2"),
    "a label too large": (lambda W, X, y, reg: (W, X, y + 1, reg),
                          "labels 1 to 3 .* 0 to 2.* return_inverse=True"),
    "no samples": (lambda W, X, y, reg: (W, X[:0], y[:0], reg), r"X has shape \(0, 5\)"),
    "one image as a vector": (lambda W, X, y, reg: (W, X[0], y[:1], reg), r"X has shape \(5,\)"),
    "an image with a pixel that is no number":
        (lambda W, X, y, reg: (W, np.where(X == X[3, 2], np.nan, X), y, reg),
         "scores hold nan.*look for nan and inf in X and W"),
    "an infinite pixel": (lambda W, X, y, reg: (W, np.where(X == X[3, 2], np.inf, X), y, reg),
                          "scores hold (nan|-?inf)"),
    "a weight that is no number": (lambda W, X, y, reg: (W * np.nan, X, y, reg), "scores hold nan"),
    "scores that overflow": (lambda W, X, y, reg: (1e200 * W, 1e200 * X, y, reg),
                             "scores hold -?inf.*overflows"),
    "a negative strength": (lambda W, X, y, reg: (W, X, y, -1.0), "reg is -1.0"),
    "an infinite strength": (lambda W, X, y, reg: (W, X, y, np.inf), "reg is inf"),
    "a strength that is no number": (lambda W, X, y, reg: (W, X, y, np.nan), "reg is nan"),
    "no strength": (lambda W, X, y, reg: (W, X, y, None),
                    "reg is None; .* a finite number, 0 or more"),
    "a strength as text": (lambda W, X, y, reg: (W, X, y, "0.1"), "reg is '0.1'"),
    "a strength in a list": (lambda W, X, y, reg: (W, X, y, [0.1]), r"reg is \[0.1\]"),
    "two strengths": (lambda W, X, y, reg: (W, X, y, np.array([0.1, 1])), r"reg is array\(\[0.1"),
    "a complex strength": (lambda W, X, y, reg: (W, X, y, 1j), "reg is 1j"),
    "a truth value as strength": (lambda W, X, y, reg: (W, X, y, True), "reg is True"),
    "a strength beyond the floats": (lambda W, X, y, reg: (W, X, y, 10**400), "reg is 10000000"),
    "images as lists": (lambda W, X, y, reg: (W, X.tolist(), y, reg),
                        r"X is a list; .* pass np.asarray\(X\)"),
    "labels as a list": (lambda W, X, y, reg: (W, X, y.tolist(), reg),
                         r"y is a list; .* pass np.asarray\(y\)"),
    "no images": (lambda W, X, y, reg: (W, None, y, reg), "X is None"),
    "a matrix of NumPy's": (lambda W, X, y, reg: (W, np.asmatrix(X), y, reg), "X is a matrix"),
    "masked images": (lambda W, X, y, reg: (W, np.ma.masked_less(X, 0), y, reg),
                      "X is a MaskedArray"),
    "masked labels": (lambda W, X, y, reg: (W, X, np.ma.masked_equal(y, 1), reg),
                      "y is a MaskedArray"),
    "complex weights": (lambda W, X, y, reg: (W * 1j, X, y, reg),
                        "W holds complex128; expected floats"),
    "labels one-hot": (lambda W, X, y, reg: (W, X, np.eye(3, dtype=int)[y], reg),
                       r"y has shape \(8, 3\).*y.argmax\(axis=1\)"),
}


# NumPy's own remark comes first
@pytest.mark.filterwarnings("ignore:(invalid value|overflow):RuntimeWarning")
@pytest.mark.parametrize("spoil, message", REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("loss", OF_W)
def test_bad_input_is_refused_in_a_sentence(loss, spoil, message):
    W, X, y = batch()
    y[:3] = 0, 1, 2
    with pytest.raises(ValueError, match=message):
        loss(*spoil(W, X, y, 0.1))


@pytest.mark.parametrize("loss", [*OF_SCORES, margins, lambda scores, y: softmax(scores)])
@pytest.mark.parametrize("scores, message", [
    (np.array([[3, 5]], np.uint8), "scores holds? uint8; expected floats"),
    ([[3.0, 5.0]], "scores is a list"), (np.array([3.0, 5.0]), r"scores has shape \(2,\)"),
    (np.empty((0, 2)), r"scores has shape \(0, 2\)"),
    (np.array([[3.0, np.nan]]), "scores hold nan"),
])
def test_scores_that_do_not_fit_are_refused_in_a_sentence(loss, scores, message):
    with pytest.raises(ValueError, match=message):
        loss(scores, np.array([1]))


@pytest.mark.parametrize("margin", [np.nan, np.inf, None, "1", True])
@pytest.mark.parametrize("loss", [loss for loss in OF_SCORES if loss is not cross_entropy])
def test_a_margin_that_is_no_finite_number_is_refused(loss, margin):
    with pytest.raises(ValueError, match=f"margin is '?{margin}'?; the margin is a finite number"):
        loss(np.array([[3.0, 5.0]]), np.array([1]), margin)


def test_a_strength_may_be_a_number_of_any_real_kind():
    W, X, y = batch()
    kinds = (int, float, np.float32, np.int8, np.array)
    assert len({svm_loss_vectorized(W, X, y, kind(2))[0] for kind in kinds}) == 1


@pytest.mark.parametrize("loss", OF_SCORES)
def test_losses_on_scores_refuse_labels_that_do_not_fit(loss):
    with pytest.raises(ValueError, match="labels 0 to 3 .* expected 0 to 2"):
        loss(np.zeros((2, 3)), np.array([0, 3]))


def test_every_public_loss_of_W_is_tested_here():
    named = {name for name in vars(losses) if "_loss" in name} - {"finite_loss"}
    assert named == {loss.__name__ for loss in OF_W if loss not in ENGINE}

"""Break it: wrong losses that students expose by a small problem of their own."""
import re
from inspect import getsource

import numpy as np
import pytest

from cs231n_lite import losses
from cs231n_lite.exercises.checking import judge
from cs231n_lite.exercises.judges.exposing import judge_exposing, relative_error
from cs231n_lite.exercises.registry import EXERCISES
from cs231n_lite.exercises.suspects import (
    SUSPECTS,
    suspicious_softmax_loss,
    suspicious_svm_loss,
)
from cs231n_lite.gradcheck import numerical_gradient

RIGHT = {suspicious_svm_loss: losses.svm_loss_vectorized,
         suspicious_softmax_loss: losses.softmax_loss_vectorized}
rng = np.random.default_rng(14)
W, X, y = rng.normal(size=(4, 3)), rng.normal(size=(5, 4)), rng.integers(3, size=5)


def with_course_s_settings(N=10):
    """As the course looks at a gradient, at pixels: what it would return here."""
    return (1e-4 * rng.normal(size=(9, 10)), 64 * rng.normal(size=(N, 9)),
            rng.integers(10, size=N), 5e-6)


def verdict_on(problem, id="break_svm_loss"):
    """The faults of returning this problem, and all that is said of them."""
    trials = judge_exposing(lambda: problem, SUSPECTS[id])
    faults = [fault for trial in trials for fault in trial.faults]
    texts = [*(fault.text for fault in faults), *(trial.told for trial in trials)]
    return [fault.id for fault in faults], " ".join(filter(None, texts))


# ---- the suspects


@pytest.mark.parametrize("suspect", RIGHT)
def test_a_suspect_is_right_without_regularization_and_wrong_with_it(suspect):
    for reg in (0.0, 2.0):
        (loss, dW), (right, right_dW) = suspect(W, X, y, reg), RIGHT[suspect](W, X, y, reg)
        assert np.allclose(dW, right_dW, atol=1e-8) == (reg == 0)
        assert np.isclose(loss, right) == (reg == 0 or suspect is suspicious_svm_loss)


@pytest.mark.parametrize("suspect, finds", [(suspicious_svm_loss, True),
                                            (suspicious_softmax_loss, False)])
def test_a_gradient_check_finds_the_slip_of_the_svm_and_not_that_of_softmax(suspect, finds):
    slope = numerical_gradient(lambda W: suspect(W, X, y, 2.0)[0], W)
    assert np.allclose(slope, suspect(W, X, y, 2.0)[1], rtol=1e-5) != finds


@pytest.mark.parametrize("suspect", RIGHT)
def test_the_text_of_a_suspect_does_not_tell_its_slip(suspect):
    text = getsource(suspect)
    assert text.strip().startswith("def loss(W") and len(text.splitlines()) < 12
    assert not [slip for slip in ("reg * W", "/ N", "hinge", "entropy") if slip in text]


@pytest.mark.parametrize("suspect", RIGHT)
@pytest.mark.parametrize("id", [id for id in EXERCISES if "_loss_" in id])
def test_no_suspect_passes_a_check_nor_does_it_with_its_regularization_mended(suspect, id):
    def mended(W, X, y, reg):
        loss, dW = suspect(W, X, y, 0.0)
        return loss + reg * np.sum(W**2), dW + 2 * reg * W

    assert judge(suspect, EXERCISES[id]).status == judge(mended, EXERCISES[id]).status == "wrong"


ONES = np.ones((2, 2))
UNFIT = [
    ([[1.0]], X, y, 1.0, "W is a list of 1; expected a NumPy array"),
    (W, np.ma.array(X), y, 1.0, "X is a MaskedArray"),
    (W > 0, X, y, 1.0, "W is an array of bool"),
    (W.astype(complex), X, y, 1.0, "W is an array of complex128"),
    (W[:, 0], X, y, 1.0, "W has shape (4,); expected (D, C)"),
    (W, X[:0], y[:0], 1.0, "X has shape (0, 4); expected (N, D)"),
    (np.ones((11, 2)), np.ones((2, 11)), y[:2], 1.0, "at most 10 samples, features and classes"),
    (W * np.inf, X, y, 1.0, "W holds a number of size inf"),
    (W, X * np.nan, y, 1.0, "X holds a number of size nan"),
    (W * 1e4, X, y, 1.0, "expected finite ones of at most 1000"),
    (W[:3], X, y, 1.0, "X has 4 columns but W has 3 rows"),
    (W[:, :1], X, 0 * y, 1.0, "W has 1 column"),
    (W, X, y, -1.0, "reg is -1; expected one number from 0"),
    (W, X, y, np.nan, "reg is nan"),
    (W, X, y, np.inf, "reg is inf"),
    (W, X, y, 10**400, "reg is an int"),
    (W, X, y, True, "reg is a bool"),
    (W, X, y, "1", "reg is a str"),
    (W, X, y, np.ones(1), "reg is an array of float64 with shape (1,)"),
    (W, X, y.tolist(), 1.0, "y is a list of 5"),
    (W, X, y * 1.0, 1.0, "y is an array of float64"),
    (W, X, y[:, None], 1.0, "y has shape (5, 1); expected (5,)"),
    (W, X, y + 3, 1.0, "expected 0 to 2, since W has 3 columns"),
    (W, X, y - 3, 1.0, "y holds labels from -"),
]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("case", UNFIT, ids=[case[-1] for case in UNFIT])
def test_what_is_no_small_problem_is_refused_and_judged_in_one_sentence(case):
    *problem, words = case
    with pytest.raises(ValueError, match=re.escape(words)) as refused:
        suspicious_svm_loss(*problem)
    faults, text = verdict_on(problem)
    assert (faults, text) == (["break: no small problem"], str(refused.value))


@pytest.mark.parametrize("W, X, y, reg", [
    (W.astype(np.float32), X.astype(np.float32), y.astype(np.uint8), np.float32(2)),
    (np.eye(4, 3, dtype=int), X.round().astype(int), y, 2),
    (1000 * np.sign(W), 1000 * np.sign(X), y, 1e6),
])
def test_numbers_of_any_real_type_will_do_up_to_the_largest(W, X, y, reg):
    for suspect in RIGHT:
        loss, dW = suspect(W, X, y, reg)
        assert np.isfinite(loss) and np.isfinite(dW).all() and dW.shape == W.shape


# ---- the verdicts


@pytest.mark.parametrize("id", SUSPECTS)
@pytest.mark.parametrize("problem, fault, words", [
    ((W, X, y, 0.0), "break: reg is 0", "switched off"),
    ((0 * W, X, y, 2.0), "break: weights are 0", "All weights are 0"),
    ((W, X, y, 1e-6), "break: too small to show", "decide how much it counts?"),
    (with_course_s_settings(), "break: too small to show", "The course itself looks like that"),
])
def test_what_does_not_show_is_told_why_and_never_the_slip(id, problem, fault, words):
    faults, text = verdict_on(problem, id)
    assert faults == [fault] and words in text and text.startswith("Not exposed: the relative err")
    assert not [slip for slip in ("half", "divided by N", "factor") if slip in text]
    assert ("course" in text) == ("course" in words)


def test_one_sample_hides_what_only_many_show():
    assert verdict_on((W, X[:1], y[:1], 2.0), "break_softmax_loss")[0] == ["break: one sample"]
    assert verdict_on((W, X[:1], y[:1], 2.0))[0] == []


def test_at_a_kink_it_is_said_that_other_gradients_are_right_too():
    at_kink = np.array([[1.0, 0.0]]), np.ones((1, 1)), np.array([0]), 0.0
    assert "at such a kink several gradients are right" in verdict_on(at_kink)[1]
    assert "kink" not in verdict_on(at_kink, "break_softmax_loss")[1]


@pytest.mark.parametrize("id, problem, by, more", [
    ("break_svm_loss", EXERCISES["break_svm_loss"].answer(), "the gradient alone",
     "do not even share a direction"),
    ("break_svm_loss", (W, 0 * X, y, 2.0), "the gradient alone", "An error of 1 is possible"),
    ("break_svm_loss", (W, 9 * X, y, 0.2), "the gradient alone", "It can show far more"),
    ("break_softmax_loss", EXERCISES["break_softmax_loss"].answer(), "loss and gradient",
     "do not even share a direction"),
    ("break_softmax_loss", (0.01 * W, 0 * X, y, 2.0), "the gradient alone", "An error of 1 is"),
    ("break_softmax_loss", (W, 9 * X, y, 0.2), "loss and gradient", "It can show far more"),
])
def test_what_shows_is_told_by_which_part_how_clearly_and_the_slip(id, problem, by, more):
    faults, text = verdict_on(problem, id)
    assert not faults and text.startswith(f"Exposed, by {by}: ") and more in text
    assert ("half of what its loss asks for" in text) == (id == "break_svm_loss")
    assert ("divided by N" in text) == (id == "break_softmax_loss")


def test_a_relative_error_lies_between_0_and_1_and_is_0_for_two_zeros():
    assert relative_error(np.zeros(3), np.zeros(3)) == relative_error(2.0, 2.0) == 0
    assert relative_error(1.0, 3.0) == 0.5 and relative_error(np.zeros(2), np.ones(2)) == 1
    assert relative_error(np.ones(2), -np.ones(2)) == 1


@pytest.mark.parametrize("odd", [
    3, "WXyr", {}, (), (W, X, y), (W, X, y, 1.0, 2), [None] * 4, [np.array([None])] * 4, len,
    (W, X, y, object()), [np.array("x")] * 4, np.ones((4, 2, 2)),
])
def test_nothing_that_is_returned_is_too_odd_for_a_verdict(odd):
    faults, text = verdict_on(odd)
    assert faults in (["returns"], ["break: no small problem"]) and text.endswith(".")

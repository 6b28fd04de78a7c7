"""What the text of a wrong answer tells, and what is said of results of another type."""
from textwrap import dedent

import numpy as np
import pytest
from answers import right
from answers.wrong import compiled, spoilt

from cs231n_lite.exercises.checking import judge
from cs231n_lite.exercises.diagnosis.locate import located
from cs231n_lite.exercises.diagnosis.rounding import rounded
from cs231n_lite.exercises.registry import EXERCISES


def message(answer, exercise: str) -> str:
    """What the card says."""
    exercise = EXERCISES[exercise]
    return located(judge(answer, exercise), answer, exercise.judge).message


def written(text: str):
    return compiled(dedent(text), "f", {"np": np})


IN_LOOPS = {
    "predict": """
        def f(W, X):
            y_pred = np.zeros(len(X))
            for i in range(len(X)):
                y_pred[i] = np.argmax(X[i] @ W)
                return y_pred
        """,
    "softmax": """
        def f(scores):
            for row in scores:
                e = np.exp(row - row.max())
                return e / e.sum()
        """,
    "kl_divergence": """
        def f(p, q):
            total = 0.0
            for a, b in zip(p, q):
                total += a * np.log(a / b)
                return total
        """,
}


@pytest.mark.parametrize("exercise", IN_LOOPS)
def test_a_return_inside_a_loop_is_told_in_any_exercise(exercise):
    assert message(written(IN_LOOPS[exercise]), exercise).startswith("It returns inside the loop")


def test_a_return_that_a_condition_guards_is_not_told():
    answer = spoilt(right.svm_in_loops, ("loss += margin", "loss = margin"),
                    ("                continue", "                continue\n"
                     "            if not X.any():\n                return loss, dW"))
    assert "It returns inside" not in message(answer, "svm_loss_naive")


@pytest.mark.parametrize("old, new", [
    ("    dscores /= num_train", "    dscores /= X_dev.shape[0]"),
    ("num_train = X.shape[0]", "num_train = len(X_dev)"),
])
def test_an_array_of_the_notebook_is_told_once(old, new):
    answer = spoilt(right.softmax_with_log_p, (old, new))
    answer.__globals__["X_dev"] = np.ones((500, 3073))
    assert message(answer, "softmax_loss_vectorized").count("`X_dev` comes from the notebook") == 1


def test_np_matrix_is_told_with_what_to_write_instead():
    answer = spoilt(right.svm_with_masks,
                    ("    num_train", "    W, X = np.matrix(W), np.matrix(X)\n    num_train"))
    assert "write `@`" in message(answer, "svm_loss_vectorized")


@pytest.mark.parametrize("exercise, text", [
    ("softmax", "def f(scores):\n    return list(scores)\n"),
    ("bias_trick", "def f(W, b):\n    return [W, b]\n"),
    ("bias_trick", "def f(W, b):\n    return list(W) + [b]\n"),
])
def test_a_list_is_called_a_list(exercise, text):
    told = message(written(text), exercise)
    assert "a list of" in told and "make one array of its parts" in told and "view" not in told


def test_the_course_s_untouched_loss_is_told_what_to_do():
    untouched = written("def f(W, X, y, reg):\n    return 0.0, np.zeros_like(W)\n")
    told = message(untouched, "svm_loss_naive")
    assert "compute loss and gradient" in told and "NotImplementedError" not in told


def test_a_batch_that_is_none_is_still_to_be_drawn():
    answer = spoilt(right.sgd_with_choice, ("X_batch = X[idx]", "X_batch = None"))
    assert "still to be drawn" in judge(answer, EXERCISES["sgd"]).message


@pytest.mark.parametrize("got, want, told", [
    ([0.25, 1.5], [0.2513, 1.4986], "2 decimals"),
    ([7, 0], [7.9, 0.3], "whole numbers"),
    ([0.0, 0.0], [0.2, 0.3], ""),
    ([0.25, 1.5], [0.2513, 1.6], ""),
    ([np.nan], [1.0], ""),
])
def test_what_is_rounded_is_told_to_how_many_decimals(got, want, told):
    assert rounded(list(zip(got, want))) == told

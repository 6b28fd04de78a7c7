"""A slip that numbers give no name is told by the change that mends it: by what stands there."""
import linecache
import re

import pytest
from answers import right
from answers.wrong import spoilt

from cs231n_lite.exercises.checking import judge
from cs231n_lite.exercises.diagnosis.locate import located
from cs231n_lite.exercises.registry import EXERCISES

IN_LOSS, IN_BOTH = "In the data part of the loss, ", "In the data part of loss and gradient, "
IN_GRADIENT = "In the data part of the gradient, "
SPOILT = [
    ("svm_loss_naive", right.svm_in_loops, "continue", "break",
     f"{IN_BOTH}`break` ends `for j in range(num_classes):` before its last round."),
    ("svm_loss_naive", right.svm_in_loops, "+= X[i]", "+= X[j % num_train]",
     f"{IN_GRADIENT}`X[j % num_train]` picks other entries than are meant."),
    ("svm_loss_vectorized", right.svm_with_masks, "correct + 1)", "correct + 1).astype(int)",
     f"{IN_BOTH}`np.maximum(0, scores - correct + 1).astype(int)` cuts every number down"),
    ("softmax_loss_naive", right.softmax_in_loops, "p[y[i]])", "p[y[i]] + 0.01)",
     f"{IN_LOSS}the number `0.01` in `p[y[i]] + 0.01` is not the one that is needed."),
    ("softmax_loss_naive", right.softmax_in_loops, "p[j] * X[i]", "p[j] * X[i - 1]",
     f"{IN_GRADIENT}`i - 1` in `X[i - 1]` picks other entries than are meant."),
    ("softmax_loss_naive", right.softmax_in_loops, "        loss += -np.log(p[y[i]])",
     "        if p.argmax() != y[i]:\n            loss += -np.log(p[y[i]])",
     f"{IN_LOSS}`p.argmax() != y[i]` is not the condition that is needed."),
    ("svm_loss_naive", right.svm_in_loops, "score = scores[y[i]]", "score = scores[y[i - 1]]",
     f"{IN_BOTH}`y[i - 1]` picks other entries than are meant."),
    ("cross_entropy", right.cross_entropy_with_one_hot, "(np.exp(scores - lse) - truth) /",
     "(np.exp(scores - lse) - truth) * np.exp(scores - lse) * (1 - np.exp(scores - lse)) /",
     f"{IN_GRADIENT}`np.exp(scores - lse)` and `1 - np.exp(scores - lse)` in "),
    ("softmax_loss_naive", right.softmax_in_loops, "np.sum(W * W)", "np.sum(W[:, 0] ** 2)",
     "In the regularization of the loss, `W[:, 0]` is one part where the whole is meant."),
    ("search", right.search_in_loops, "                best_val = val_acc\n", "",
     "`best_val` keeps its old value after "),
]


def message(exercise: str, answer) -> str:
    """What the card of an answer says."""
    asked = EXERCISES[exercise]
    return located(judge(answer, asked), answer, asked.judge).message


@pytest.mark.parametrize("exercise, base, old, new, says", [
    *SPOILT[:3], *(pytest.param(*case, marks=pytest.mark.slow) for case in SPOILT[3:])])
def test_a_slip_without_a_name_is_told_by_what_stands_there(exercise, base, old, new, says):
    assert says in message(exercise, spoilt(base, (old, new)))


def test_one_change_that_mends_both_parts_is_one_slip():
    found = message("svm_loss_naive", spoilt(right.svm_in_loops, ("continue", "break")))
    assert "1. " not in found and found.count("data part") == 1


def test_only_what_the_student_wrote_is_quoted_also_after_another_change():
    answer = spoilt(right.softmax_in_loops, ("p[y[i]])", "p[y[i]] + 0.01)"),
                    ("p[j] * X[i]", "p[j] * X[i - 1]"))
    source = "".join(linecache.cache[answer.__code__.co_filename][2])
    quoted = re.findall("`([^`]*)`", message("softmax_loss_naive", answer))
    assert len(quoted) > 3 and all(text.removesuffix(" ...") in source for text in quoted)


@pytest.mark.slow
def test_a_penalty_is_told_by_its_pattern_where_it_is_no_multiple_of_a_known_one():
    inside = spoilt(right.svm_in_loops, ("    dW += 2 * reg * W\n", ""),
                    ("dW[:, j] += X[i]", "dW[:, j] += X[i] + 2 * reg * W[:, j]"))
    assert "W with a factor of its own for each column" in message("svm_loss_naive", inside)
    number = spoilt(right.svm_in_loops, ("2 * reg * W", "2 * reg * W.T.dot(W).sum()"))
    assert "one number for all entries" in message("svm_loss_naive", number)

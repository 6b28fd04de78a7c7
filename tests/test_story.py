"""A card is short: three slips in full at most, the first to mend on top, 120 words in all."""
import re

import pytest
from answers import right
from answers.rare import RARE
from answers.wrong import WRONG, Wrong, spoilt
from test_one_story import FAMILIES, answer_with, together

from cs231n_lite.exercises.checking import judge
from cs231n_lite.exercises.diagnosis.faults import TABLE
from cs231n_lite.exercises.diagnosis.locate import located
from cs231n_lite.exercises.diagnosis.story import Slip, beginning, within
from cs231n_lite.exercises.registry import EXERCISES
from cs231n_lite.exercises.verdict import Verdict

BANK = [*WRONG, *RARE]
FOUR_SLIPS = spoilt(
    right.svm_in_loops, ("range(num_train)", "range(num_train - 1)"), ("_score + 1", "_score"),
    ("dW += 2 * reg", "dW += reg"), ("loss += reg", "loss += 0.25 * reg"))


def card(answer, exercise: str) -> Verdict:
    """The verdict with its lines, as a check shows it."""
    asked = EXERCISES[exercise]
    return located(judge(answer, asked), answer, asked.judge)


def told(verdict: Verdict) -> str:
    """What stands before the list of what was tried."""
    return "\n".join([verdict.head, verdict.message, *verdict.notes])


def assert_short(verdict: Verdict) -> None:
    numbers = [int(number) for number in re.findall(r"^(\d+)\. ", verdict.message, re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1)) and len(numbers) <= 3
    assert len(told(verdict).split()) <= 120, told(verdict)
    assert "{" not in re.sub(r"`[^`]*`", "", told(verdict))


@pytest.mark.parametrize("wrong", [
    pytest.param(wrong, id=f"{wrong.exercise}: {wrong.name}",
                 marks=[] if n % 120 == 0 else [pytest.mark.slow])
    for n, wrong in enumerate(BANK) if n % 120 == 0 or n % 8 == 1])
def test_no_card_is_longer_than_120_words_or_tells_more_than_three_slips(wrong: Wrong):
    assert_short(card(wrong.answer, wrong.exercise))


@pytest.mark.parametrize("exercise", FAMILIES)
@pytest.mark.parametrize("size, step", [
    (3, 40009), *(pytest.param(*one, marks=pytest.mark.slow) for one in ((2, 199), (3, 9001)))])
def test_no_pair_or_triple_of_slips_has_a_longer_card(exercise, size, step):
    family = FAMILIES[exercise]
    for slips in together(family, size)[::step]:
        assert_short(judge(answer_with(family, slips), EXERCISES[exercise]))


def test_every_slip_is_told_in_full_or_named_and_what_both_parts_share_comes_first():
    lines = card(FOUR_SLIPS, "svm_loss_naive").message.splitlines()
    assert lines[0] == "Loss and gradient are both wrong."
    assert lines[1].startswith("1. In the data part of loss and gradient, the last sample")
    assert lines[2].startswith("2. In the data part of loss and gradient, the margin of 1")
    assert "regularization" in " ".join(lines[3:5]) and any(
        line.startswith("Besides: ") and "regularization halved, in the gradient" in line
        for line in lines)


def test_of_two_long_slips_the_second_is_told_in_short_and_named_only_where_that_is_too_long():
    first = Slip("The first one. " + "It is long. " * 20, "first, in the loss")
    second = Slip("In the loss, `a: b` is added: look there. " + "It is long. " * 20, "slip id")
    assert within("Both.", [first, second], 200).count("It is long.") == 40
    assert within("Both.", [first, second], 90).endswith("Besides: in the loss, `a: b` is added.")
    assert beginning("W stays. It is long.") == "W stays"
    assert within("Both.", [first, second], 66).endswith("Besides: slip id.")


def test_a_single_slip_has_no_number():
    answer = spoilt(right.svm_in_loops, ("    loss /= num_train\n", ""))
    message = judge(answer, EXERCISES["svm_loss_naive"]).message
    assert message.startswith("The gradient is right, the loss is not. The data loss is N times")


def test_what_is_not_told_of_both_alike_is_told_of_each():
    answer = spoilt(right.svm_in_loops, ("loss /= num_train", "loss /= 3"),
                    ("dW /= num_train", "dW /= 7"))
    message = judge(answer, EXERCISES["svm_loss_naive"]).message
    assert "The data loss is 0.3333 N times" in message
    assert "The data part of the gradient is 0.1429 N times" in message


def test_no_sentence_only_repeats_what_numpy_warns_of():
    message = card(spoilt(right.softmax_in_loops, ("np.log(p[y[i]])", "np.log(p[y[i]] - 1)")),
                   "softmax_loss_naive").message
    assert "log gets a negative number" in message and "encountered" not in message


def test_a_loss_that_is_not_finite_by_the_slip_of_its_gradient_is_told_that_slip():
    faults = judge(spoilt(right.softmax_in_loops, ("np.sum(exps)", "np.sum(scores)")),
                   EXERCISES["softmax_loss_naive"]).faults
    assert faults == ("loss: exponential above only", "gradient: exponential above only")


def test_nothing_is_said_of_a_regularization_that_rounding_hides():
    answer = spoilt(right.svm_in_loops, ("dW[:, j] += X[i]", "dW[:, j] += 1e12 * X[i]"))
    faults = judge(answer, EXERCISES["svm_loss_naive"]).faults
    assert faults and not any("regularization" in fault for fault in faults)


@pytest.mark.parametrize("edit, hint", [
    (("2 * reg * W", "2 * min(reg, 1) * W"), "Is reg used as it is given, however large?"),
    (("np.maximum(0, scores - correct + 1)", "np.clip(scores - correct + 1, 0, 100)"),
     "Is a large number cut off?")])
def test_where_only_one_batch_is_wrong_the_card_asks_for_what_is_special_there(edit, hint):
    message = judge(spoilt(right.svm_with_masks, edit), EXERCISES["svm_loss_vectorized"]).message
    assert message.endswith(hint)


def test_every_sentence_leaves_room_for_others():
    assert max(len(text.split()) for text in TABLE.values()) <= 50


def test_no_line_speaks_against_probabilities_that_an_integer_type_cuts_to_0():
    cut = spoilt(right.softmax_with_logsumexp,
                 ("Y = np.zeros(P.shape)", "Y = np.zeros(P.shape, dtype=int)"),
                 ("Y[np.arange(len(y)), y] = 1", "Y[:] = P\n    Y[np.arange(len(y)), y] -= 1"),
                 ("(P - Y)", "Y"))
    message = card(cut, "softmax_loss_vectorized").message
    assert "cut to 0" in message and "division by the number of samples" not in message

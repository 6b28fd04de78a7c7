"""Right answers broken mechanically are all called wrong, and nearly all are told part and slip."""
from collections.abc import Iterable
from functools import cache

import pytest
from mutants import Mutant, mutants

from cs231n_lite.exercises.checking import judge
from cs231n_lite.exercises.registry import EXERCISES
from cs231n_lite.exercises.verdict import Verdict

# What these faults say is which part is wrong, with a number, but not why.
UNEXPLAINED = {
    "loss: data", "loss: regularization", "loss: special",
    "gradient: data", "gradient: regularization", "gradient: special",
    "probabilities: sum", "probabilities: shares", "probabilities: special",
    "predict: labels",
    "sgd: step", "sgd: history",
    "search: results", "search: best", "search: best_val",
}
# A mutant that does what the right answer does is no wrong answer.
EQUIVALENT = {
    "svm_with_masks: correct = scores[np.arange(num_train), y].reshape(-1, 1) -> "
    "correct = scores[np.arange(num_train), y].reshape(-2, 1)":
        "reshape takes any negative number for the rest",
    "cross_entropy_with_one_hot: truth = np.arange(scores.shape[1]) == np.reshape(y, (-1, 1)) -> "
    "truth = np.arange(scores.shape[1]) == np.reshape(y, (-2, 1))":
        "reshape takes any negative number for the rest",
    "bias_concatenated: return np.concatenate((W, b.reshape(1, -1)), axis=0) -> "
    "return np.concatenate((W, b.reshape(1, -2)), axis=0)":
        "reshape takes any negative number for the rest",
    "bias_into_zeros: both = np.zeros((D + 1, C)) -> both = np.ones((D + 1, C))":
        "every entry is overwritten",
    "svm_in_blocks_of_rows: N, block = (len(X), 500) -> N, block = (len(X), 501)":
        "any size of a block is right",
    "svm_in_double_precision: W, X = (W.astype(np.float64), X.astype(np.float64)) -> pass":
        "single precision is right, too",
    "softmax_row_by_row: p = np.zeros(scores.shape) -> p = np.ones(scores.shape)":
        "every entry is overwritten",
    "softmax_with_probabilities_cut_off: "
    "loss = -np.log(np.clip(P[rows, y], 1e-12, 1)).mean() + reg * np.sum(W ** 2) -> "
    "loss = -np.log(np.clip(P[rows, y], 1e-12, 2)).mean() + reg * np.sum(W ** 2)":
        "no probability is above 1",
    "predict_into_zeros: y_pred = np.zeros(X.shape[0]) -> y_pred = np.ones(X.shape[0])":
        "every entry is overwritten",
    "sgd_with_the_global_generator: "
    "W, losses = (np.array(W), np.zeros(num_iters)) -> "
    "W, losses = (np.array(W), np.ones(num_iters))":
        "every entry is overwritten",
    "sgd_with_the_global_generator: "
    "rows = np.random.choice(np.arange(len(X)), batch_size, replace=True) -> "
    "rows = np.random.choice(np.arange(len(X)), batch_size, replace=False)":
        "a batch without repeated rows is as good",
    **{f"predict_as_a_list: best, label = (-np.inf, -1) -> best, label = (-np.inf, {label})":
           "always overwritten"
       for label in ("1", "+1", "-0", "-2")},
    "search_in_loops: best_val, best = (-1, None) -> best_val, best = (-0, None)":
        "some accuracy is above 0",
    "search_in_loops: best_val, best = (-1, None) -> best_val, best = (-2, None)":
        "every accuracy is above -1",
    **{"search_in_loops: "
       "model.train(X_train, y_train, learning_rate=lr, reg=reg, num_iters=100) -> "
       f"model.train(X_train, y_train, learning_rate=lr, reg=reg, num_iters={number})":
           "how long to train is the caller's choice"
       for number in ("-99", "101")},
}


@cache
def all_mutants() -> list[Mutant]:
    """All of them, made when the first test asks for them."""
    return list(mutants())


def judged(chosen: Iterable[Mutant]) -> list[tuple[Mutant, Verdict]]:
    return [(mutant, judge(mutant.function(), EXERCISES[mutant.exercise])) for mutant in chosen]


def assert_caught(verdicts: list[tuple[Mutant, Verdict]]) -> None:
    passed = [mutant.name for mutant, verdict in verdicts
              if verdict.status != "wrong" and mutant.name not in EQUIVALENT]
    assert not passed, "\n".join(passed)


def share_explained(verdicts: list[tuple[Mutant, Verdict]]) -> float:
    """The share of wrong ones whose verdict says part and slip for all that is wrong."""
    wrong = [set(verdict.faults) for _, verdict in verdicts if verdict.status == "wrong"]
    return sum(not faults & UNEXPLAINED for faults in wrong) / len(wrong)


@pytest.mark.slow
def test_a_sample_of_broken_answers_is_caught(record_property):
    verdicts = judged(all_mutants()[::16])
    assert_caught(verdicts)
    wrong = sum(mutant.name not in EQUIVALENT for mutant, _ in verdicts)
    explained = f"{share_explained(verdicts):.0%} told part and slip"
    record_property("ratio", f"mutants caught: all of {wrong}, {explained}")


def test_what_is_listed_as_equivalent_exists_and_is_correct():
    found = judged(mutant for mutant in all_mutants() if mutant.name in EQUIVALENT)
    assert {mutant.name for mutant, _ in found} == EQUIVALENT.keys()
    assert [mutant.name for mutant, verdict in found if verdict.status != "correct"] == []


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_every_broken_answer_is_caught_and_most_are_explained(record_property):
    verdicts = judged(all_mutants())
    assert_caught(verdicts)
    share = share_explained(verdicts)
    wrong = len(verdicts) - len(EQUIVALENT)
    record_property("ratio", f"mutants caught: all of {wrong}, {share:.0%} told part and slip")
    assert share > 0.85

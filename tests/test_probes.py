"""Answers are judged on fresh inputs as they are on the usual ones."""
import numpy as np
import pytest
from answers.right import RIGHT
from answers.wrong import WRONG

from cs231n_lite.exercises.checking import judge
from cs231n_lite.exercises.judges.choices import tells_all_apart
from cs231n_lite.exercises.judges.problems import BEHIND, FIXED, Probes, far_above, loss_problems
from cs231n_lite.exercises.judges.search import grid_of
from cs231n_lite.exercises.registry import EXERCISES

FRESH = [Probes(1, 1), Probes(2, 1), Probes(3, 2), Probes(2**62, 2**61)]
# How many draws the whole bank is tried on; in the fast tier a sample is, on fewer.
DRAWS = {"search": 50, "sgd": 50}
BANK = {id: [*((name, answer, "correct") for name, answer in RIGHT[id].items()),
             *((wrong.name, wrong.answer, "wrong") for wrong in WRONG if wrong.exercise == id)]
        for id in RIGHT if not EXERCISES[id].is_number}


def differing(id, answers, draws):
    """Those whose verdict on fresh inputs is not that of the check, which the bank says."""
    return {f"{name}, {probes}": verdict for name, answer, status in answers for probes in draws
            if (verdict := judge(answer, EXERCISES[id], probes=probes)).status != status}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("id", BANK)
def test_check_and_grader_come_to_one_verdict(id):
    right = [one for one in BANK[id] if one[-1] == "correct"]
    few = FRESH[:3] if id in DRAWS else FRESH[:1]
    assert not differing(id, right, few) and not differing(id, BANK[id][len(right)::6], few)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("id", BANK)
def test_check_and_grader_come_to_one_verdict_on_the_whole_bank(id):
    draws = [FIXED, *(Probes(seed, 2 * seed) for seed in range(10, 10 + DRAWS.get(id, 3)))]
    assert differing(id, BANK[id], draws) == {}


ZEROS = {
    "predict": lambda W, X: np.zeros(len(X), int),
    "softmax": np.zeros_like,
    "svm_loss_naive": lambda W, X, y, reg: (0.0, np.zeros_like(W)),
    "svm_loss_vectorized": lambda W, X, y, reg: (0.0, np.zeros_like(W)),
    "softmax_loss_naive": lambda W, X, y, reg: (0.0, np.zeros_like(W)),
    "softmax_loss_vectorized": lambda W, X, y, reg: (0.0, np.zeros_like(W)),
    "cross_entropy": lambda scores, y: (0.0, np.zeros_like(scores)),
    "bias_trick": lambda W, b: np.zeros((len(W) + 1, len(b))),
    "kl_divergence": lambda p, q: 0.0,
    "sgd": lambda loss, W, *rest: (W, [0.0]),
    "search": lambda make, *rest: ({}, 0.0, make),
}


@pytest.mark.parametrize("id", ZEROS)
def test_what_is_right_on_tiny_inputs_alone_is_wrong_on_the_large_ones(id):
    right = EXERCISES[id].answer

    def tiny(*args):
        size = max(len(arg) for arg in args if isinstance(arg, np.ndarray))
        return right(*args) if size < 65 else ZEROS[id](*args)

    assert {judge(tiny, EXERCISES[id], probes=probes).status for probes in (FIXED, FRESH[0])} == {
        "wrong"}


@pytest.mark.parametrize("id", ["bias_trick", "kl_divergence", "sgd"])
def test_no_size_of_the_check_is_all_there_is_on_fresh_inputs(id):
    known, right = set(), EXERCISES[id].answer

    def sizes(args):
        return tuple(np.shape(arg) for arg in args if isinstance(arg, np.ndarray))

    def remembers(*args):
        known.add(sizes(args))
        return right(*args)

    def recognizes(*args):
        return right(*args) if sizes(args) in known else ZEROS[id](*args)

    assert judge(remembers, EXERCISES[id]).status == "correct"
    assert judge(recognizes, EXERCISES[id], probes=Probes(5, 6)).status == "wrong"


def test_one_score_far_above_the_others_cannot_be_recognized():
    def recognizes(scores):
        if scores.shape == (2, 4) and scores.max() == 3000:
            return np.array([[0.0, 0, 0, 1], [0, 1, 0, 0]])
        powers = np.exp(scores - scores.mean(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)

    assert judge(recognizes, EXERCISES["softmax"], probes=FRESH[0]).status == "wrong"
    shapes = {far_above(Probes(n, n)).scores.shape for n in range(20)}
    assert len(shapes) > 5 and far_above().scores.shape == (2, 4)


def test_other_values_leave_the_sizes_and_other_sizes_change_them():
    one, other, larger = (loss_problems(probes) for probes in (FRESH[0], FRESH[1], FRESH[2]))
    assert [p.X.shape for p in one] == [p.X.shape for p in other] != [p.X.shape for p in larger]
    assert not any(np.array_equal(p.X, q.X) for p, q in zip(one, other))


@pytest.mark.parametrize("seeds", [range(40), pytest.param(range(40, 400), marks=pytest.mark.slow)])
def test_the_correct_class_can_always_be_put_far_behind(seeds):
    for seed in seeds:  # in one of 400 no sample was misclassified, and the weights were infinite
        problems = {p.name: p for p in loss_problems(Probes(seed, seed))}
        W, X, y = problems[BEHIND][1:4]
        behind = (X @ W).max(axis=1) - (X @ W)[np.arange(len(y)), y]
        assert behind.max() == pytest.approx(7.5)


@pytest.mark.parametrize("seeds", [range(20), pytest.param(range(1000), marks=pytest.mark.slow)])
def test_on_every_grid_every_wrong_way_to_choose_shows(seeds):
    for probes in (FIXED, *(Probes(seed, seed) for seed in seeds)):
        grid = grid_of(probes)
        assert tells_all_apart(grid.accuracies)
        assert all(0 < share < 1 for pair in grid.accuracies.values() for share in pair)
        assert grid.accuracies[grid.best][1] < 0.5  # so that no start at one half passes


@pytest.mark.filterwarnings("ignore")
def test_one_maximum_for_all_is_told_on_fresh_inputs_as_on_the_usual_ones():
    def softmax(scores):
        e = np.exp(scores - scores.max())
        return e / e.sum(axis=1, keepdims=True)

    for probes in (FIXED, *(Probes(seed, seed) for seed in range(10))):
        verdict = judge(softmax, EXERCISES["softmax"], probes=probes)
        assert verdict.faults == ("one maximum for all",)

"""Answers are judged on fresh inputs as they are on the usual ones."""
import numpy as np
import pytest
from answers.right import RIGHT
from answers.wrong import WRONG

from cs231n_lite.exercises.checking import judge
from cs231n_lite.exercises.judge_search import grid_of
from cs231n_lite.exercises.problems import BEHIND, FIXED, Probes, loss_problems
from cs231n_lite.exercises.registry import EXERCISES

FRESH = [Probes(1, 1), Probes(2, 1), Probes(3, 2), Probes(2**62, 2**61)]


@pytest.mark.parametrize("probes", FRESH)
@pytest.mark.parametrize("id", RIGHT)
def test_right_answers_are_right_on_fresh_inputs_too(id, probes):
    statuses = {name: judge(answer, EXERCISES[id], probes=probes).status for name, answer in RIGHT[id].items()}
    assert set(statuses.values()) == {"correct"}, statuses


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("probes", FRESH[:2])
def test_wrong_answers_are_wrong_on_fresh_inputs_too(probes):
    passed = [wrong.name for wrong in WRONG
              if judge(wrong.answer, EXERCISES[wrong.exercise], probes=probes).status != "wrong"]
    assert passed == []


def test_other_values_leave_the_sizes_and_other_sizes_change_them():
    one, other, larger = (loss_problems(probes) for probes in (FRESH[0], FRESH[1], FRESH[2]))
    assert [p.X.shape for p in one] == [p.X.shape for p in other] != [p.X.shape for p in larger]
    assert not any(np.array_equal(p.X, q.X) for p, q in zip(one, other))


def test_the_correct_class_can_always_be_put_far_behind():
    for seed in range(300):  # in one of four hundred no sample was misclassified, and the weights were infinite
        problems = {p.name: p for p in loss_problems(Probes(seed, seed))}
        W, X, y = problems[BEHIND][1:4]
        behind = (X @ W).max(axis=1) - (X @ W)[np.arange(len(y)), y]
        assert behind.max() == pytest.approx(9.5)


@pytest.mark.parametrize("probes", [FIXED, *FRESH, *(Probes(i, i) for i in range(20))])
def test_on_every_grid_the_best_is_neither_first_nor_last_nor_best_on_training(probes):
    grid = grid_of(probes)
    points, accuracies = list(grid.right), grid.accuracies
    best_train = max(points, key=lambda point: accuracies[point][0])
    assert grid.best not in (points[0], points[-1], best_train)
    after = points[points.index(grid.best) + 1]
    assert accuracies[after][0] > accuracies[grid.best][1]
    assert all(0 < share <= 1 for pair in accuracies.values() for share in pair)

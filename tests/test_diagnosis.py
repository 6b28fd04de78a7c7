"""Every wrong answer of the bank is told what is wrong with it, and every right one is correct."""
import pytest
from answers.rare import RARE
from answers.right import RIGHT
from answers.wrong import WRONG, Wrong

from cs231n_lite.exercises import Verdict
from cs231n_lite.exercises.checking import judge
from cs231n_lite.exercises.registry import EXERCISES

# The fast tier tries every tenth of the rarer ones.
WRONG_ONES = [pytest.param(wrong, id=f"{wrong.exercise}: {wrong.name}", marks=marks)
              for wrong, marks in [
                  *((wrong, []) for wrong in WRONG),
                  *((wrong, [pytest.mark.slow] if n % 10 else []) for n, wrong in enumerate(RARE))]]
RIGHT_ONES = [(id, name, answer) for id in RIGHT for name, answer in RIGHT[id].items()]


def verdict_on(answer, exercise: str) -> Verdict:
    return judge(answer, EXERCISES[exercise])


@pytest.mark.parametrize("exercise, name, answer", RIGHT_ONES,
                         ids=[f"{id}: {name}" for id, name, _ in RIGHT_ONES])
def test_a_right_answer_in_any_style_is_correct(exercise, name, answer):
    verdict = verdict_on(answer, exercise)
    assert verdict.status == "correct" and verdict.faults == (), verdict


@pytest.mark.parametrize("wrong", WRONG_ONES)
def test_a_wrong_answer_is_wrong_and_told_what_is_wrong_with_it(wrong: Wrong):
    verdict = verdict_on(wrong.answer, wrong.exercise)
    assert verdict.status == "wrong" and set(verdict.faults) == wrong.faults, verdict


def test_the_bank_is_large_and_covers_all_exercises():
    assert len({id(answer) for _, _, answer in RIGHT_ONES}) >= 40
    assert RIGHT.keys() == EXERCISES.keys()
    assert len(WRONG) >= 120 and {wrong.exercise for wrong in WRONG} == EXERCISES.keys()

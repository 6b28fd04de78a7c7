"""The short questions: what a number may be, what its verdict gives away, and how it is named."""
import ast
from decimal import Decimal

import numpy as np
import pytest
from answers.wrong import WRONG
from mutants import changes
from nbformat.v4 import new_code_cell, new_notebook

from cs231n_lite.exercises import check, hint, solution, use
from cs231n_lite.exercises.checking import NotCorrect, judge
from cs231n_lite.exercises.diagnosis.faults import QUESTIONS
from cs231n_lite.exercises.judges.numbers import NUMBERS
from cs231n_lite.exercises.questions import bias_trick
from cs231n_lite.exercises.registry import EXERCISES
from cs231n_lite.exercises.solve import solve

ASKED = {id: exercise for id, exercise in EXERCISES.items()
         if exercise.notebook == "linear_classification"}


@pytest.fixture(autouse=True)
def logbook(tmp_path, monkeypatch):
    monkeypatch.setenv("CS231N_LITE_PROGRESS", str(tmp_path / "progress.json"))


def test_the_judges_know_the_numbers_as_they_were_worked_out_by_hand():
    known = {id: round(number.want, 12) for id, number in NUMBERS.items()}
    assert known == {"ship_score": 60.75, "sample_svm_loss": 6.2}


@pytest.mark.parametrize("id", NUMBERS)
def test_slips_of_a_number_can_be_told_apart_from_it_and_from_one_another(id):
    values = [(round(v, 6), name) for name, values in NUMBERS[id].slips.items() for v in values]
    assert len({v for v, _ in values} | {round(NUMBERS[id].want, 6)}) == len(values) + 1


@pytest.mark.parametrize("id", NUMBERS)
def test_a_calculation_broken_in_one_place_is_wrong_unless_it_comes_to_the_same(id):
    calculation = ast.parse(EXERCISES[id].source.partition(" = ")[2], mode="eval")
    broken = [ast.unparse(calculation) for _ in changes(calculation)]
    same = [text for text in broken if np.isclose(eval(text), EXERCISES[id].answer, rtol=1e-9)]
    correct = [text for text in broken if judge(eval(text), EXERCISES[id]).status == "correct"]
    assert correct == same and len(broken) > len(same) + 15


@pytest.mark.parametrize("id", NUMBERS)
def test_what_is_off_by_less_than_a_millionth_is_rounding_and_more_is_wrong(id):
    want = NUMBERS[id].want
    statuses = [judge(want * (1 + off), EXERCISES[id]).status for off in (5e-7, -5e-7, 5e-6, -5e-6)]
    assert statuses == ["correct", "correct", "wrong", "wrong"]


@pytest.mark.parametrize("id", NUMBERS)
@pytest.mark.parametrize("untouched", [..., None])
def test_dots_and_none_are_no_attempt_and_told_what_to_do(id, untouched):
    verdict = check(untouched, exercise=id)
    assert (verdict.status, verdict.faults) == ("not attempted", ())
    assert "after the `=`" in verdict.message and "NotImplementedError" not in verdict.message


@pytest.mark.parametrize("odd", [
    "60.75", b"", True, 1j, [], [[]], {}, np.array([]), np.array("x"), np.array([None, 1]), 10**400,
    Decimal("60.75"), len, type, NotImplemented, np.datetime64("2024"), np.nan, float("-inf"),
    np.ma.masked, object(),
])
def test_no_value_is_too_odd_for_a_verdict(odd):
    verdict = check(odd, exercise="ship_score")
    assert verdict.status == "wrong" and verdict.message.endswith((".", "?"))


@pytest.mark.parametrize("id, value", [("ship_score", "60.75"), ("sample_svm_loss", "6.2")])
def test_no_verdict_on_a_wrong_number_gives_the_right_one_away(id, value):
    others = [wrong for wrong in WRONG if wrong.exercise == id and value not in wrong.name]
    assert len(others) > 15
    assert not [w.name for w in others if value in repr(judge(w.answer, EXERCISES[id]))]


@pytest.mark.parametrize("id", ASKED)
def test_no_hint_gives_the_number_away(id):
    assert not [text for text in EXERCISES[id].hints if "60.75" in text or "6.2" in text]


def test_every_fault_of_a_question_has_an_answer_that_meets_it():
    met = {name for wrong in WRONG for name in wrong.faults}
    assert QUESTIONS.keys() <= met


@pytest.mark.parametrize("id", ASKED)
def test_strict_mode_raises_on_what_is_untouched_and_not_on_the_answer(id, monkeypatch):
    monkeypatch.setenv("CS231N_LITE_STRICT", "1")

    def stub(*args):
        raise NotImplementedError

    with pytest.raises(NotCorrect, match=f"{id}: not attempted"):
        check(... if EXERCISES[id].is_number else stub, exercise=id)
    assert check(EXERCISES[id].answer, exercise=id).status == "correct"


def test_a_question_is_named_by_its_id_or_its_function():
    assert hint("ship_score").markdown.startswith("**Hint 1 of 2.**")
    assert hint(bias_trick).markdown == f"**Hint 1 of 2.** {EXERCISES['bias_trick'].hints[0]}"
    sum_of_products = "ship_score = 0 * 56 + 0.25 * 231 + 0.2 * 24 - 0.3 * 2 - 1.2\n"
    assert sum_of_products in solution("ship_score").markdown


@pytest.mark.parametrize("ask", [hint, solution, check, use])
@pytest.mark.parametrize("value", [..., None, 60.75, np.zeros(3)])
def test_a_value_in_the_place_of_a_name_is_refused_with_what_to_write(ask, value):
    with pytest.raises(ValueError,
                       match=r'hint\("ship_score"\).* check\(ship_score, exercise="ship_score"\)'):
        ask(value)


@pytest.mark.parametrize("value", [60.75, ..., "ship_score"])
def test_a_number_is_not_there_to_be_used(value):
    with pytest.raises(ValueError, match="ship_score is a number, and use is for functions"):
        use(value, exercise="ship_score")


def test_use_hands_back_a_function_of_one_line():
    assert use(lambda W, b: W, exercise="bias_trick") is bias_trick
    assert use(np.vstack, exercise="kl_divergence") is EXERCISES["kl_divergence"].answer


@pytest.mark.parametrize("id", ASKED)
def test_a_solved_cell_is_checked_as_the_exercise_says_and_correct(id, monkeypatch):
    monkeypatch.setenv("CS231N_LITE_STRICT", "1")
    stub = new_code_cell(f"{id} = ...", metadata={"tags": [f"exercise:{id}"]})
    solved = solve(new_notebook(cells=[stub])).cells[0].source
    exec(f"{solved}\n{EXERCISES[id].check}", {"check": check})


@pytest.mark.parametrize("id, positional", [("bias_trick", ("W", "b")), ("binary_C", ("N", "reg")),
                                            ("kl_divergence", ("p", "q"))])
def test_a_judge_calls_an_answer_as_its_stub_is_written(id, positional):
    seen = []

    def answer(*args):
        seen.append(args)
        return EXERCISES[id].answer(*args)

    assert judge(answer, EXERCISES[id]).status == "correct"
    assert {len(args) for args in seen} == {len(positional)}

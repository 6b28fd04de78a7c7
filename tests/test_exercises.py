"""check tells right from wrong and never raises; use, hint, solution and progress follow it."""
import ast
import builtins
import json
import re
from importlib import import_module
from inspect import getsource

import nbformat
import numpy as np
import pytest
from answers.right import RIGHT
from notebook_runs import ROOT

from cs231n_lite.exercises import check, hint, progress, solution, use
from cs231n_lite.exercises.checking import NotCorrect
from cs231n_lite.exercises.judges.problems import is_clear_of_kinks, loss_problems
from cs231n_lite.exercises.judges.referee import (
    cross_entropy_of,
    hinge_of,
    loss_and_gradient,
    probabilities_of,
)
from cs231n_lite.exercises.registry import EXERCISES


@pytest.fixture(autouse=True)
def logbook(tmp_path, monkeypatch):
    monkeypatch.setenv("CS231N_LITE_PROGRESS", str(tmp_path / "progress.json"))
    monkeypatch.delenv("CS231N_LITE_STRICT", raising=False)
    return tmp_path / "progress.json"


def svm_loss_naive(W, X, y, reg):
    """An untouched stub."""
    raise NotImplementedError


def broken(W, X, y, reg):
    return X[len(X)], W


# ---- verdicts


@pytest.mark.parametrize("id", EXERCISES)
def test_a_name_in_quotes_is_told_so_and_kept_as_nothing(id, logbook):
    with pytest.raises(ValueError, match=re.escape(f"write {EXERCISES[id].check} instead")):
        check(id)
    with pytest.raises(ValueError, match="in quotes"):
        check(id, exercise=id)
    with pytest.raises(ValueError, match="is a number" if EXERCISES[id].is_number else "in quotes"):
        use(id)
    assert not logbook.exists()


@pytest.mark.parametrize("id", EXERCISES)
def test_the_package_s_own_answer_is_correct(id):
    assert check(EXERCISES[id].answer, exercise=id).status == "correct"


@pytest.mark.parametrize("id", EXERCISES)
def test_whether_a_number_is_asked_for_is_known_without_importing_the_answer(id, monkeypatch):
    wanted = not callable(EXERCISES[id].answer)
    monkeypatch.setattr("cs231n_lite.exercises.registry.import_module", None)
    assert EXERCISES[id].is_number == wanted


@pytest.mark.parametrize("id", EXERCISES)
def test_an_untouched_stub_is_not_attempted(id):
    def stub(*args):
        raise NotImplementedError

    verdict = check(... if EXERCISES[id].is_number else stub, exercise=id)
    assert verdict.status == "not attempted" and verdict.faults == ()


def test_an_answer_that_calls_an_unsolved_one_is_told_to_solve_that_first():
    def cross_entropy(scores, y):
        raise NotImplementedError

    def softmax_loss_vectorized(W, X, y, reg):
        return cross_entropy(X @ W, y)

    verdict = check(softmax_loss_vectorized)
    assert verdict.status == "wrong"
    assert "It calls cross_entropy, which still raises" in verdict.message


def test_the_course_s_untouched_stub_is_not_attempted():
    verdict = check(lambda W, X, y, reg: (0.0, np.zeros_like(W)), exercise="svm_loss_naive")
    assert verdict.status == "not attempted"


def test_a_crash_shows_the_student_s_own_line():
    message = check(broken, exercise="svm_loss_naive").message
    assert "return X[len(X)], W" in message and "IndexError" in message


def test_a_function_of_another_name_needs_to_be_told_its_exercise():
    with pytest.raises(ValueError, match="function broken is no exercise; expected one of ship_s"):
        check(broken)


def test_verdicts_say_the_same_as_text_and_as_a_card():
    verdict = check(broken, exercise="svm_loss_naive")
    for words in ("wrong", "in all 18", "svm_loss_naive"):
        assert words in repr(verdict) and words in verdict._repr_html_()


def test_a_script_is_told_the_verdict_on_the_screen(capsys):
    check(svm_loss_naive)
    assert capsys.readouterr().out.startswith("○ svm_loss_naive: not attempted.")


def test_strict_mode_raises_on_anything_but_correct(monkeypatch):
    monkeypatch.setenv("CS231N_LITE_STRICT", "1")
    for function in (svm_loss_naive, broken):
        with pytest.raises(NotCorrect):
            check(function, exercise="svm_loss_naive")
    assert check(EXERCISES["softmax"].answer).status == "correct"


# ---- the referee and its problems


def test_referee_agrees_with_numbers_worked_out_by_hand():
    assert hinge_of(np.array([3.2, 5.1, -1.7]), 0) == pytest.approx(2.9)
    assert cross_entropy_of(np.array([-2.85, 0.86, 0.28]), 2).real == pytest.approx(1.04, abs=0.005)
    np.testing.assert_allclose(probabilities_of(np.array([[1.0, -2.0, 0.0]])),
                               [[0.705, 0.035, 0.259]], atol=0.001)


@pytest.mark.parametrize("loss_of", [hinge_of, cross_entropy_of])
def test_regularization_cannot_hide_in_the_problems(loss_of):
    for problem in loss_problems():
        if problem.reg and problem.W.any():
            loss, dW = loss_and_gradient(loss_of, *problem[1:])
            assert problem.reg * np.sum(problem.W**2) > 0.1 * loss, problem.name
            of_reg = 2 * problem.reg * problem.W
            assert np.linalg.norm(of_reg) > 0.1 * np.linalg.norm(dW), problem.name


def test_problems_are_clear_of_kinks_and_leave_many_margins_inactive():
    active = []
    for problem in loss_problems():
        scores = problem.X @ problem.W
        assert is_clear_of_kinks(scores, problem.y), problem.name
        wrong = np.arange(scores.shape[1]) != problem.y[:, None]
        active += list((scores - scores[np.arange(len(scores)), problem.y][:, None] + 1 > 0)[wrong])
    assert 0.2 < np.mean(active) < 0.8


# ---- use, hint, solution, progress


def test_use_hands_back_the_student_s_function_once_it_is_correct(capsys):
    function = RIGHT["predict"]["predict_into_zeros"]
    assert use(function, exercise="predict") is function
    assert capsys.readouterr().out == "predict: yours\n"


@pytest.mark.parametrize("function, status", [(svm_loss_naive, "not attempted"), (broken, "wrong")])
def test_use_hands_back_the_package_s_function_until_then_and_says_why(function, status, capsys):
    assert use(function, exercise="svm_loss_naive") is EXERCISES["svm_loss_naive"].answer
    assert capsys.readouterr().out == f"svm_loss_naive: the package's, since yours is {status}\n"


@pytest.mark.parametrize("id", EXERCISES)
def test_hints_come_one_after_another_and_the_last_one_stays(id):
    hints = [hint(id).markdown for _ in range(len(EXERCISES[id].hints) + 1)]
    assert len(set(hints)) == len(EXERCISES[id].hints) >= 2 and hints[-1] == hints[-2]


@pytest.mark.parametrize("id", EXERCISES)
def test_solution_shows_the_derivation_and_the_package_s_answer(id):
    text = solution(id).markdown
    assert (f"{id} = " if EXERCISES[id].is_number else f"def {id}(") in text and "$$" in text


def shown(id):
    """The code that `solution` shows."""
    return solution(id).markdown.split("```python\n")[1].removesuffix("```")


@pytest.mark.parametrize("id", EXERCISES)
def test_a_solution_is_what_one_writes_on_the_board(id):
    """One function of at most 15 lines, of NumPy, its arguments and what it computes."""
    (node,) = ast.parse(shown(id)).body
    if EXERCISES[id].is_number:
        return
    start = node.body[1].lineno  # below the docstring
    found = [n for n in ast.walk(node) if isinstance(n, ast.Name)]
    names = {n.id for n in found if isinstance(n.ctx, ast.Load)}
    own = {n.id for n in found if isinstance(n.ctx, ast.Store)}
    arguments = {argument.arg for argument in node.args.args}
    assert node.name == id and ast.get_docstring(node) and node.end_lineno - start + 1 <= 15
    assert names <= own | arguments | {"np"} | vars(builtins).keys()
    assert not [n for n in ast.walk(node) if isinstance(n, (ast.Import, ast.ImportFrom, ast.Raise))]


@pytest.mark.parametrize("id", EXERCISES)
def test_a_solution_is_the_file_s_text_without_decorators_and_annotations(id):
    module = ast.parse(getsource(import_module(f"cs231n_lite.{EXERCISES[id].module}")))
    names = {getattr(node, "name", None) or ast.unparse(getattr(node, "targets", [node])[0]): node
             for node in module.body}
    for node in ast.walk(names[id]):
        for field in ("annotation", "returns"):
            if hasattr(node, field):
                setattr(node, field, None)
        if isinstance(node, ast.FunctionDef):
            node.decorator_list = []
    assert ast.dump(ast.parse(shown(id)).body[0]) == ast.dump(names[id])


@pytest.mark.parametrize("id", EXERCISES)
def test_a_solution_pasted_into_the_exercise_s_cell_passes_the_check_below_it(id):
    path = ROOT / "notebooks" / f"{EXERCISES[id].notebook}.ipynb"
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    imports, = (cell for cell in cells if "import check" in cell.source)
    namespace = {}
    exec(imports.source, namespace)
    exec(shown(id), namespace)
    asked, = (cell for cell in cells if f"check:{id}" in cell.metadata.get("tags", ()))
    assert eval(asked.source, namespace).status == "correct"


@pytest.mark.parametrize("id", EXERCISES)
def test_no_hint_holds_a_line_of_the_answer(id):
    lines = [line.strip() for line in solution(id).markdown.split("```python")[1].splitlines()
             if len(line.strip()) > 12]
    code = [line for line in lines if "=" in line or line.startswith("return")]
    assert code and not [line for line in code for hint in EXERCISES[id].hints if line in hint]


def test_progress_remembers_verdicts_hints_and_solutions():
    check(svm_loss_naive)
    check(EXERCISES["softmax"].answer)
    hint("softmax")
    solution("predict")
    rows = {row[1]: row[2:] for row in progress().rows}
    assert list(rows) == list(EXERCISES)
    assert rows["softmax"] == ("correct", "1 of 3", "")
    assert rows["predict"] == ("not attempted", "0 of 2", "seen")
    assert "softmax" in repr(progress()) and "softmax" in progress()._repr_html_()


@pytest.mark.parametrize("damage", [
    "", "{", "[]", '{"softmax": 3}', '{"softmax": {"status": 7, "hints": "many"}}'])
def test_a_damaged_progress_file_does_no_harm(logbook, damage):
    logbook.write_text(damage)
    progress()._repr_html_()
    hint("softmax")
    check(EXERCISES["softmax"].answer)
    assert {row[1]: row[2] for row in progress().rows}["softmax"] == "correct"
    assert json.loads(logbook.read_text())["softmax"]["hints"] == 1


def test_progress_that_cannot_be_written_is_not_kept_and_stops_nothing(monkeypatch, tmp_path):
    monkeypatch.setenv("CS231N_LITE_PROGRESS", str(tmp_path / "missing" / "progress.json"))
    assert check(svm_loss_naive).status == "not attempted"


def left_above(W, X, y, reg):
    """What a stub says."""
    raise NotImplementedError
    return 0.0, W


def test_a_line_that_raises_above_the_answer_is_to_be_deleted():
    verdict = check(left_above, "svm_loss_vectorized")
    assert verdict.status == "not attempted"
    assert verdict.message.startswith("Delete the line that raises NotImplementedError, since noth")


@pytest.mark.parametrize("word", ["true", " Yes", "ON"])
def test_strict_may_be_said_in_a_word(monkeypatch, word):
    monkeypatch.setenv("CS231N_LITE_STRICT", word)
    with pytest.raises(NotCorrect):
        check(left_above, "svm_loss_vectorized")


class StdinNotImplementedError(NotImplementedError):
    """As IPython calls it where nobody can be asked."""


def test_an_answer_that_asks_for_input_is_wrong_and_no_stub():
    def predict(W, X):
        raise StdinNotImplementedError("raw_input was called")

    verdict = check(predict)
    assert verdict.status == "wrong" and "StdinNotImplementedError" in verdict.message

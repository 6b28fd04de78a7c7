"""A crash is told what is wrong at the line that failed, or nothing; never what does not fit."""
import builtins
import linecache
from time import monotonic

import numpy as np
import pytest
from answers.crashes import CRASHES
from answers.wrong import compiled

from cs231n_lite.exercises.checking import judge
from cs231n_lite.exercises.diagnosis.crashes import meaning, number, where
from cs231n_lite.exercises.judges.problems import FIXED
from cs231n_lite.exercises.registry import EXERCISES
from cs231n_lite.grading.judging.sandbox import Limits
from cs231n_lite.grading.judging.session import Session
from cs231n_lite.grading.judging.verdicts import judged


def raised(source: str, *args, name: str = "f", **notebook) -> Exception:
    """What the function of that name in a cell raises."""
    function = compiled(source, name, {"np": np} | notebook)
    try:
        return function(*args)
    except Exception as error:
        return error


class Stopped(BaseException):
    """Ends a judgement at the first crash, and holds what was raised."""


def stop(error):
    raise Stopped(error)


@pytest.mark.parametrize("crash", CRASHES, ids=[f"{c.exercise}: {c.line}" for c in CRASHES])
def test_a_crash_quotes_the_line_that_failed_and_gives_advice_that_fits_or_none(crash, monkeypatch):
    monkeypatch.setattr("cs231n_lite.exercises.judges.calling.crash", stop)
    with pytest.raises(Stopped) as stopped:
        judge(crash.answer, EXERCISES[crash.exercise])
    error, = stopped.value.args
    advice, lines = meaning(error), linecache.getlines(crash.answer.__code__.co_filename)
    assert crash.line.startswith(lines[number(error) - 1].strip())
    assert f", `{crash.line}`," in where(error) and len(advice.split()) <= 60
    assert all(words in advice for words in crash.says) and bool(advice) == bool(crash.says), advice


def test_the_bank_is_large_and_covers_all_exercises_that_ask_for_a_function():
    asked = {id for id, exercise in EXERCISES.items() if not exercise.is_number}
    assert len(CRASHES) >= 100 and {crash.exercise for crash in CRASHES} == asked


def test_a_crash_in_a_helper_is_quoted_where_it_happened():
    error = raised("def mean(a):\n    return a.summ() / len(a)\ndef f(X):\n    return mean(X)",
                   np.ones((3, 2)))
    assert where(error) == " at line 2, `return a.summ() / len(a)`, where a has shape (3, 2),"
    assert meaning(error) == "Is `sum` meant?"


def test_an_expression_over_several_lines_is_quoted_as_one():
    error = raised("def f(X):\n    return (X\n            + X.T)", np.ones((3, 2)))
    assert where(error).startswith(" at line 2, `X + X.T`, where X has")


def test_a_function_called_with_other_arguments_than_it_has_is_told_of_the_stub():
    verdict = judge(lambda X: X, EXERCISES["predict"])
    assert "Keep the signature of the stub" in verdict.message


def test_what_the_student_raises_gets_no_advice():
    for line in ("raise IndexError('index 4 is out of bounds for axis 0 with size 4')",
                 "assert X is None"):
        assert meaning(raised(f"def f(X):\n    {line}", np.ones(4))) == ""


def test_no_name_is_suggested_where_two_are_equally_near():
    assert "meant?" not in meaning(raised(
        "def f(X):\n    score1, score2 = X\n    return score3", np.ones(2)))


HOSTILE = """
class Hostile(np.ndarray):
    def __getattribute__(self, name):
        seen.append(name)
        return super().__getattribute__(name)
    def __getitem__(self, index):
        seen.append("getitem")
        return super().__getitem__(index)
    def __repr__(self):
        seen.append("repr")
        return "?"
    def __len__(self):
        seen.append("len")
        return 1

class Other:
    @property
    def __class__(self):
        seen.append("class")
        return np.ndarray
    def __eq__(self, other):
        seen.append("eq")
        return True
    __hash__ = None

def f(X):
    odd, other = X.view(Hostile), Other()
    seen.clear()
    {}
"""


@pytest.mark.parametrize("line", [
    "X[odd, 1, 1, 1]", "X[other.missing_name, odd]", "undefined + odd + other",
    "if X > 0: odd, other", "np.max(0, X), odd", "X @ X, odd", "for _ in range(3.0): odd",
    "X - np.ones(5), odd, other", "X(odd, other)", "other - None"])
def test_nothing_of_the_student_s_runs_again_to_find_the_advice(line):
    seen = []
    error = raised(HOSTILE.format(line), np.ones((3, 2)), seen=seen)
    seen.clear()
    where(error), meaning(error)
    assert seen == []


def test_names_of_builtins_that_were_replaced_do_no_harm(monkeypatch):
    monkeypatch.setattr(builtins, "odd", object(), raising=False)
    assert meaning(raised("def f(X):\n    return odd - X.max", np.ones(2))) == (
        "`X.max` is the function itself, not its result: call it, with round brackets.")


def test_source_that_is_not_what_ran_gives_no_advice():
    function = compiled("def f(X):\n    return X[9]", "f", {})
    file = function.__code__.co_filename
    linecache.cache[file] = (1, None, ["def f(X):\n", "  return (((\n"], file)
    with pytest.raises(IndexError) as caught:
        function(np.ones(3))
    assert meaning(caught.value) == "" and where(caught.value) == " at line 2, `return (((`,"


def test_the_grader_gives_the_same_advice_as_the_check():
    cell = ("import numpy as np\ndef svm_loss_naive(W, X, y, reg):\n    dW = np.zeros_like(W)\n"
            "    for i in range(len(X)):\n        dW[y[i]] += X[i]\n    return 0.0, dW")
    with Session({"": [cell]}, Limits(seconds=600), False, monotonic() + 600) as session:
        found = judged(session, "svm_loss_naive", "", [FIXED])
    here = judge(compiled(cell, "svm_loss_naive", {}), EXERCISES["svm_loss_naive"])
    assert (found.message, found.line) == (here.message, here.line) and here.line == 5
    assert "as many as a column of `dW`" in here.message


def test_without_positions_the_line_is_still_quoted(monkeypatch):
    error = raised("def f(X):\n    return X.summ()", np.ones(3))
    monkeypatch.setattr("cs231n_lite.exercises.diagnosis.scene.islice",
                        lambda positions, *_: iter([(2, None, None, None)]))
    assert where(error) == " at line 2, `return X.summ()`, where X has shape (3,),"
    assert meaning(error) == ""

"""check: is this function right?  use: the student's function if it is, else the package's."""
import os
import sys
from collections.abc import Callable
from importlib import import_module

from cs231n_lite.exercises.logbook import note
from cs231n_lite.exercises.registry import Exercise, exercise_of
from cs231n_lite.exercises.verdict import CORRECT, Verdict, not_attempted, verdict_of


class NotCorrect(AssertionError):
    """Raised by `check` in strict mode, with the verdict as its text."""


def check(function: Callable, exercise: str | None = None) -> Verdict:
    """Judge a function against its exercise, named by `exercise` or by the function's own name.

    Returns the verdict, which shows itself in a notebook and is printed in a
    script.  A wrong answer raises nothing, unless the environment variable
    CS231N_LITE_STRICT is 1: then anything but a correct one raises NotCorrect.
    Raises ValueError when no exercise has that name.
    """
    verdict = judge(function, exercise_of(exercise or function))
    note(verdict.exercise, status=verdict.status)
    if os.environ.get("CS231N_LITE_STRICT") == "1" and verdict.status != CORRECT:
        raise NotCorrect(str(verdict))
    if not in_notebook():
        print(verdict)
    return verdict


def use(function: Callable, exercise: str | None = None) -> Callable:
    """The function itself when it is correct, the package's until then; prints which of the two."""
    asked = exercise_of(exercise or function)
    if judge(function, asked).status == CORRECT:
        print(f"{asked.id}: yours")
        return function
    print(f"{asked.id}: the package's, until yours is correct")
    return answer(asked)


def judge(function: Callable, exercise: Exercise) -> Verdict:
    """The verdict on a function, without telling anybody."""
    try:
        return verdict_of(exercise.id, exercise.judge(function))
    except NotImplementedError:
        return not_attempted(exercise.id)


def answer(exercise: Exercise) -> Callable:
    """The package's own function."""
    return getattr(import_module(f"cs231n_lite.{exercise.module}"), exercise.id)


def in_notebook() -> bool:
    """True under IPython, where the last value of a cell shows itself."""
    ipython = sys.modules.get("IPython")
    return ipython is not None and ipython.get_ipython() is not None

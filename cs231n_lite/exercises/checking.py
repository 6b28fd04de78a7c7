"""check: is this answer right?  use: the student's function if it is, else the package's."""
import ast
import os
from collections.abc import Callable
from inspect import isfunction
from typing import Any

from cs231n_lite.checks_basic import short
from cs231n_lite.exercises.diagnosis.locate import located
from cs231n_lite.exercises.diagnosis.source import definition
from cs231n_lite.exercises.frontend import shown
from cs231n_lite.exercises.judges.calling import Untouched, crash
from cs231n_lite.exercises.judges.problems import FIXED, Probes
from cs231n_lite.exercises.limits import (
    SECONDS,
    WAITING,
    Endless,
    line_of,
    output_limit,
    time_limit,
)
from cs231n_lite.exercises.logbook import keep, note, report
from cs231n_lite.exercises.registry import EXERCISES, WITH_ANSWERS, Exercise, exercise_of
from cs231n_lite.exercises.verdict import CORRECT, Fault, Trial, Verdict, not_attempted, verdict_of

STRICT = ("1", "true", "yes", "on")
ELSEWHERE = "not available here"  # where the package's is in a copy without answers


class NotCorrect(AssertionError):
    """Raised by `check` in strict mode, with the verdict as its text."""


def check(answer: Callable | float | None = None, exercise: str | None = None) -> Verdict:
    """Judge a function or number against the exercise of its own name, or of `exercise`.

    Returns the verdict, which shows itself in a notebook, is printed in a script,
    and is true only of a correct answer.  A wrong one raises nothing, unless the
    environment variable CS231N_LITE_STRICT is 1, or true: then anything but a
    correct one raises NotCorrect.
    A function that runs on and on is stopped after ten seconds of computing, or
    ten minutes of waiting; from a thread other than the main one that is not
    possible.
    Raises ValueError when no exercise has that name, or the name is in quotes.
    """
    refuse_quotes(answer, "check")
    asked = asked_by("check", answer, exercise)
    with output_limit():
        verdict = located(judge_here(answer, asked), answer, asked.judge)
    note(verdict.exercise, status=verdict.status, nudge=verdict.nudge)
    keep(verdict.exercise, answer, verdict.status)
    report(verdict)
    is_strict = os.environ.get("CS231N_LITE_STRICT", "").strip().casefold() in STRICT
    if is_strict and verdict.status != CORRECT:
        raise NotCorrect(str(verdict))
    return shown(verdict)


def use(function: Callable | None = None, exercise: str | None = None) -> Callable:
    """The function itself when it is correct, the package's until then; prints which of the two.

    In a handout, which comes without answers, the package's raises Absent once it is called.
    Raises ValueError for an exercise that asks for a number, when there is none of that name, and
    for a name in quotes.
    """
    asked = asked_by("use", function, exercise)
    if asked.is_number:
        raise ValueError(f"{asked.id} is a number, and use is for functions that later cells call; "
                         "write the number itself where it is needed.")
    refuse_quotes(function, "use")
    if function is None or not callable(function):
        raise ValueError(f"{asked.id} is {function!r:.60}; expected your function itself.")
    with output_limit(0):
        status = judge_here(function, asked).status
    keep(asked.id, function, status)
    if status == CORRECT:
        print(f"{asked.id}: yours")
        return function
    elsewhere = "the package's" if WITH_ANSWERS else ELSEWHERE
    print(f"{asked.id}: {elsewhere}, since yours is {status}")
    return asked.answer


def asked_by(call: str, answer: Any, exercise: str | None) -> Exercise:
    """The exercise that an answer is for: of its own name, or the one that is named with it."""
    if exercise is None:
        return exercise_of(answer, call)
    if not isinstance(exercise, str):
        raise ValueError(f"exercise is {short(exercise)}; expected the name of one, in quotes, "
                         f"after one answer: {call} takes them one at a time.")
    return exercise_of(exercise, call)


def refuse_quotes(answer: Any, asked: str) -> None:
    """Raise ValueError for the name of an exercise where its answer is meant."""
    if isinstance(answer, str) and answer in EXERCISES:
        call = EXERCISES[answer].check if asked == "check" else f"use({answer})"
        raise ValueError(f'the name is in quotes, and {asked}("{answer}") gets a text alone; '
                         f"write {call} instead.")


def judge_here(answer: Any, exercise: Exercise) -> Verdict:
    """As `judge`, in this process: whatever the answer raises is its own fault, but for Ctrl-C.

    `judge` lets through what is no Exception, by which a grader ends the judgement of an answer
    elsewhere.
    """
    try:
        return judge(answer, exercise)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return verdict_of(exercise.id, [Trial("comes to an end", (crash(error),))])


def judge(answer: Any, exercise: Exercise, seconds: float = SECONDS, probes: Probes = FIXED,
          waiting: float = WAITING) -> Verdict:
    """The verdict on an answer, told to nobody; `time_limit` says when it is stopped."""
    is_class = isinstance(answer, type)
    if not exercise.is_number and (is_class or not callable(answer)):
        found = f"the class {answer.__name__}" if is_class else short(answer)
        fault = Fault("odd answer", f"It is {found}, and no function; "
                                    "define it in its cell, run that, then this one again.")
        return verdict_of(exercise.id, [Trial("is a function", (fault,))])
    inputs = {} if exercise.is_number else {"probes": probes}
    try:
        with time_limit(seconds, waiting):
            return verdict_of(exercise.id, exercise.judge(answer, **inputs))
    except Untouched:
        return not_attempted(exercise.id, untouched=True)
    except NotImplementedError:
        return not_attempted(exercise.id, exercise.is_number, is_above=raises_above(answer))
    except Endless as error:
        fault = Fault("endless", f"It was stopped {error}{at(answer, error)}. The inputs of a "
                                 "check are small, so look for a loop that never reaches its end.")
    except Exception as error:  # whatever an answer is made of, a check returns a verdict
        fault = Fault("odd answer",
                      f"What it returns cannot be looked at: {type(error).__name__}: {error}.")
    except SystemExit as error:
        fault = Fault("exit", f"It ends the whole program{at(answer, error)}; "
                              "leave a function with return.")
    return verdict_of(exercise.id, [Trial("comes to an end", (fault,))])


def raises_above(answer: Any) -> bool:
    """True for a function in which the stub's own line was left above what was written."""
    tree = definition(answer) if isfunction(answer) else None
    return tree is not None and any(isinstance(line, ast.Raise) for line in tree.body[:-1])


def at(function: Callable, error: BaseException) -> str:
    """' (at `...`)', with the line of the function where `error` was raised."""
    line = line_of(function, error)
    return f" (at `{line}`)" if line else ""


"""The banks of right and wrong answers are judged through the pipe as in a student's kernel."""
import inspect
import linecache
from pathlib import Path
from time import monotonic

import pytest
from answers import right
from answers.right import RIGHT
from answers.wrong import WRONG

from cs231n_lite.exercises.checking import judge
from cs231n_lite.exercises.registry import EXERCISES
from cs231n_lite.grading.judging.sandbox import Limits
from cs231n_lite.grading.judging.session import Session

pytestmark = pytest.mark.filterwarnings("ignore")
BASE = Path(right.__file__).read_text()
# What is compiled elsewhere, or exists only in the process that made it, is no notebook's cell.
RIGHT_CELLS = {(id, name): f"{id} = {name}" for id in RIGHT for name, answer in RIGHT[id].items()
               if inspect.isfunction(answer) and answer.__name__ == name}


def cell_of(function) -> str | None:
    """The source of a wrong answer as a cell that binds its own name."""
    code = getattr(function, "__code__", None)
    if code is None or not code.co_filename.startswith("<cell"):
        return None
    return "".join(linecache.cache[code.co_filename][2])


WRONG_CELLS = [(w, cell) for w in WRONG
               if not EXERCISES[w.exercise].is_number and (cell := cell_of(w.answer))]


@pytest.mark.parametrize("step", [20, pytest.param(1, marks=pytest.mark.slow)])
def test_right_answers_are_correct(step):
    assert len(RIGHT_CELLS) > 60
    chosen = list(RIGHT_CELLS.items())[::step]
    books = {f"{id} {name}": [BASE, cell] for (id, name), cell in chosen}
    with Session(books, Limits(seconds=2000), False, monotonic() + 2000) as session:
        found = {key: judge(session.answer(key.split()[0], key), EXERCISES[key.split()[0]])
                 for key in books}
    assert not [f"{key}: {verdict}" for key, verdict in found.items()
                if verdict.status != "correct"]


@pytest.mark.parametrize("step", [pytest.param(3, marks=pytest.mark.slow),
                                  pytest.param(1, marks=pytest.mark.everything)])
def test_wrong_answers_are_told_the_same(step):
    assert len(WRONG_CELLS) > 100
    chosen = WRONG_CELLS[::step]
    books = {f"{w.exercise} {n}": [BASE, cell, f"{w.exercise} = {w.answer.__name__}"]
             for n, (w, cell) in enumerate(chosen)}
    differ = {}
    with Session(books, Limits(seconds=2000), False, monotonic() + 2000) as session:
        for key, (w, _) in zip(books, chosen):
            verdict = judge(session.answer(w.exercise, key), EXERCISES[w.exercise])
            if (verdict.status, set(verdict.faults)) != ("wrong", w.faults):
                differ[w.name] = (w.faults, str(verdict)[:300])
    assert differ == {}

"""A notebook's solved twin: the same, with the package's answers in the place of the stubs."""
from collections.abc import Container
from copy import deepcopy

from nbformat import NotebookNode

from cs231n_lite.exercises.registry import EXERCISES, Exercise, exercise_of

NOT_COMPARED = ["nbval-ignore-output", "nbval-ignore-words"]


def solve(notebook: NotebookNode, ids: Container[str] = EXERCISES) -> NotebookNode:
    """A copy of `notebook` in which the exercises in `ids` are solved, all of them by default.

    Each of their stubs becomes an import of the answer, or, where a number is
    asked for, the calculation of it.  What their checks say, and what `use` says,
    is no longer what was stored, so tags let those outputs differ; all others must
    come out as they were.  Raises ValueError when a stub's tag names no
    exercise.
    """
    solved = deepcopy(notebook)
    for cell in solved.cells:
        for tag in list(cell.metadata.get("tags", ())):
            kind, _, id = tag.partition(":")
            if kind == "exercise" and exercise_of(id).id in ids:
                cell.source = answer(exercise_of(id))
            elif kind == "use" or (kind == "check" and id in ids):
                cell.metadata.tags += NOT_COMPARED
    return solved


def answer(exercise: Exercise) -> str:
    """The cell that gives the exercise's name its answer."""
    if exercise.is_number:
        return exercise.source.strip()
    return f"from cs231n_lite.{exercise.module} import {exercise.id}"

"""The solved twin of a notebook."""
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output

from cs231n_lite.exercises.registry import EXERCISES
from cs231n_lite.exercises.solve import answer, solve

STUB = "def {}():\n    raise NotImplementedError"


def cell(source: str, *tags: str) -> NotebookNode:
    """A code cell with tags, as it is stored."""
    stored = [new_output("execute_result", {"text/plain": "stored"}, execution_count=1)]
    return new_code_cell(source, metadata={"tags": list(tags)} if tags else {}, outputs=stored,
                         execution_count=1)


@pytest.fixture
def notebook() -> NotebookNode:
    """Two exercises of different modules, with their checks and uses, and a cell without tags."""
    return new_notebook(cells=[
        cell("1 + 1"),
        cell(STUB.format("softmax"), "exercise:softmax"),
        cell("check(softmax)", "check:softmax"),
        cell("f = use(softmax)", "use"),
        cell(STUB.format("sgd"), "exercise:sgd"),
        cell("check(sgd)", "check:sgd"),
    ])


def test_stubs_become_imports_of_the_answers(notebook):
    assert [c.source for c in solve(notebook).cells] == [
        "1 + 1",
        "from cs231n_lite.losses import softmax",
        "check(softmax)",
        "f = use(softmax)",
        "from cs231n_lite.optim import sgd",
        "check(sgd)",
    ]


def test_the_dots_of_a_number_become_the_calculation_of_it():
    dots = cell("ship_score = ...  # TODO: the score of the ship", "exercise:ship_score")
    twin = solve(new_notebook(cells=[dots]))
    assert twin.cells[0].source == "ship_score = 0 * 56 + 0.25 * 231 + 0.2 * 24 - 0.3 * 2 - 1.2"


def test_only_what_checks_and_uses_say_is_no_longer_compared(notebook):
    twin = solve(notebook)
    assert [i for i, c in enumerate(twin.cells)
            if "nbval-ignore-output" in c.metadata.get("tags", ())] == [2, 3, 5]
    assert [c.outputs for c in twin.cells] == [c.outputs for c in notebook.cells]


def test_the_exercises_that_are_not_asked_for_stay_as_they_are(notebook):
    twin = solve(notebook, {"sgd"})
    assert [c.source for c in twin.cells[:4]] == [c.source for c in notebook.cells[:4]]
    assert twin.cells[2].metadata == notebook.cells[2].metadata
    assert twin.cells[4].source == "from cs231n_lite.optim import sgd"


def test_the_notebook_itself_is_not_touched(notebook):
    before = str(notebook)
    solve(notebook)
    assert str(notebook) == before


def test_a_stub_that_belongs_to_no_exercise_is_refused_by_name(notebook):
    notebook.cells[1].metadata.tags = ["exercise:sofmax"]
    with pytest.raises(ValueError, match="'sofmax' is no exercise"):
        solve(notebook)


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_every_exercise_has_its_answer_where_the_twin_takes_it_from(exercise):
    namespace = {}
    exec(answer(exercise), namespace)
    assert namespace[exercise.id] is exercise.answer or namespace[exercise.id] == exercise.answer

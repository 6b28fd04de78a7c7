"""Nothing that a notebook holds, or shows, is the answer to an exercise."""
import ast
import re
from collections.abc import Iterator

import nbformat
import pytest
from nbformat import NotebookNode
from notebook_runs import committed_notebooks, tagged

from cs231n_lite.exercises.registry import EXERCISES

CELLS = [cell for text in committed_notebooks().values()
         for cell in nbformat.reads(text, as_version=4).cells]
CODE = [cell for cell in CELLS if cell.cell_type == "code"]
NUMBERS = [exercise for exercise in EXERCISES.values() if exercise.is_number]
FUNCTIONS = [exercise for exercise in EXERCISES.values() if not exercise.is_number]


def statements(code: str) -> set[str]:
    """The assignments and returned expressions of some code, each in one spelling."""
    found = (node for node in ast.walk(ast.parse(code))
             if isinstance(node, ast.Assign | ast.AugAssign | ast.Return) and node.value)
    return {ast.unparse(node).removeprefix("return ") for node in found}


def compared_texts(cell: NotebookNode) -> Iterator[str]:
    """What a cell shows to everybody alike."""
    if "nbval-ignore-output" not in cell.metadata.get("tags", ()):
        for output in cell.get("outputs", ()):
            yield str(output.get("text", output.get("data", "")))


@pytest.mark.parametrize("exercise", NUMBERS, ids=lambda exercise: exercise.id)
def test_no_cell_holds_or_shows_the_number(exercise):
    number = re.compile(rf"(?<![\d.]){re.escape(f'{exercise.answer:.4g}')}0*(?!\d)")
    texts = [cell.source for cell in CELLS] + [text for cell in CODE
                                               for text in compared_texts(cell)]
    assert [text for text in texts if number.search(text)] == []


@pytest.mark.parametrize("exercise", FUNCTIONS, ids=lambda exercise: exercise.id)
def test_no_cell_holds_a_line_of_the_answer_that_is_not_given_with_an_exercise(exercise):
    stubs = [cell for cell in CODE if tagged(cell, "exercise")]
    given = set().union(*(statements(cell.source) for cell in stubs))
    answer = {line for line in statements(exercise.source) - given if len(line) > 12}
    assert answer
    assert {cell.id: lines for cell in CODE if cell not in stubs
            and (lines := statements(cell.source) & answer)} == {}


def test_the_constant_of_the_binary_svm_is_not_written_out():
    written = re.compile(r"1 */ *\(? *N *(\\lambda|\\, *\\lambda|\* *reg)|frac\{?1\}?\{N *\\")
    assert [cell.id for cell in CELLS if written.search(cell.source)] == []

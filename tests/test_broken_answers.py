"""Any broken line of an answer in losses.py turns the solved notebooks red: all are tried."""
import ast
import shutil
import sys
from collections.abc import Iterator
from inspect import getsource
from types import ModuleType

import nbformat
import pytest
from mutants import difference, parts
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from notebook_runs import ROOT, committed_notebooks, nbval, normalize, tagged

from cs231n_lite import losses
from cs231n_lite.exercises import check
from cs231n_lite.exercises.checking import NotCorrect
from cs231n_lite.exercises.registry import EXERCISES
from cs231n_lite.exercises.solve import solve

IN_LOSSES = {id: e for id, e in EXERCISES.items() if e.module == "losses"}
OPPOSITE = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult, ast.Gt: ast.Lt, ast.Lt: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.USub: ast.UAdd,
}


def broken_answers() -> Iterator[tuple[str, str]]:
    """(what was broken, source of the broken function), one place of one answer at a time."""
    for function in ast.parse(getsource(losses)).body:
        if isinstance(function, ast.FunctionDef) and function.name in IN_LOSSES:
            del function.body[0]  # the docstring
            sound = ast.unparse(function)
            for _ in breakages(function):
                broken = ast.unparse(function)
                yield f"{function.name}: {difference(sound, broken)}", broken


def breakages(function: ast.FunctionDef) -> Iterator[None]:
    """Break the body of `function` anew at each step, by one statement, operator or constant."""
    for node in [node for node in ast.walk(function) if not isinstance(node, ast.arguments)]:
        for holder, key, part in list(parts(node)):
            if (other := instead_of(part)) is not None:
                holder[key] = other
                yield
                holder[key] = part


def instead_of(part: ast.AST) -> ast.AST | None:
    """Something wrong in the place of a statement, operator, number or True; else None."""
    if isinstance(part, ast.stmt):
        return ast.Pass()
    number = isinstance(part, ast.Constant) and isinstance(part.value, (int, float))
    if number and part.value is not False:
        return ast.Constant(1 - part.value)
    return OPPOSITE[type(part)]() if type(part) in OPPOSITE else None


BROKEN = dict(broken_answers())


def exercise_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """Of a notebook, the stubs and checks of what is answered in losses.py."""
    return [c for c in notebook.cells
            if {*tagged(c, "exercise"), *tagged(c, "check")} & IN_LOSSES.keys()]


@pytest.fixture(scope="module")
def solved_cells() -> list[NotebookNode]:
    """Those cells of all notebooks, solved."""
    notebooks = [nbformat.reads(text, as_version=4) for text in committed_notebooks().values()]
    return [cell for notebook in notebooks for cell in exercise_cells(solve(notebook))]


def run(cells: list[NotebookNode], broken: str, patch: pytest.MonkeyPatch) -> None:
    """Run cells in strict mode on a losses.py that has one broken function."""
    module = ModuleType("cs231n_lite.losses")
    exec(getsource(losses) + broken, vars(module))
    patch.setitem(sys.modules, "cs231n_lite.losses", module)
    patch.setenv("CS231N_LITE_STRICT", "1")
    namespace = {"check": check}
    for cell in cells:
        exec(cell.source, namespace)


# The fast tier tries every third.
TRIED = [pytest.param(name, id=name, marks=[pytest.mark.slow] if number % 3 else [])
         for number, name in enumerate(BROKEN)]


@pytest.mark.parametrize("name", TRIED)
def test_a_broken_answer_is_found_out_by_a_check(name, solved_cells, monkeypatch):
    with pytest.raises(NotCorrect):
        run(solved_cells, BROKEN[name], monkeypatch)


@pytest.mark.slow  # test_grade.py sees in the fast tier that a check of a wrong answer is red
def test_nbval_goes_red_at_the_check_of_the_broken_answer(tmp_path):
    package = shutil.copytree(ROOT / "cs231n_lite", tmp_path / "broken" / "cs231n_lite",
                              ignore=shutil.ignore_patterns("__pycache__"))
    with open(package / "losses.py", "a", encoding="utf-8") as file:
        file.write(BROKEN["svm_loss_naive: dW[:, y[i]] -= X[i] -> pass"])
    notebook = solve(nbformat.reads(committed_notebooks()["svm.ipynb"], as_version=4))
    notebook.cells = [
        new_code_cell("from cs231n_lite.exercises import check", execution_count=1),
        *exercise_cells(notebook),
    ]
    run = nbval(tmp_path, {"svm.ipynb": normalize(notebook)}, "--nbval-lax",
                PYTHONPATH=str(package.parent), CS231N_LITE_STRICT="1")
    checks = [i for i, cell in enumerate(notebook.cells)
              if "svm_loss_naive" in tagged(cell, "check")]
    assert list(run.red) == [f"svm.ipynb Cell {i}" for i in checks]
    assert all("svm_loss_naive: wrong" in text for text in run.red.values())

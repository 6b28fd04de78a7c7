"""The guard in conftest.py: what turns `pytest --nbval notebooks` red, shown on toy notebooks."""
import sys
from collections.abc import Iterable
from types import SimpleNamespace

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from notebook_runs import ROOT, Run, nbval, normalize


def value(text: str) -> list:
    """The outputs of a cell that ends in a value, shown as `text`."""
    return [new_output("execute_result", {"text/plain": text}, execution_count=1)]


def toy(*cells: tuple[str, Iterable], run: bool = True) -> str:
    """The text of a notebook of (source, outputs), as saved after a run or before."""
    return normalize(new_notebook(cells=[
        new_code_cell(source, id=f"cell-{i}", outputs=list(outputs), execution_count=i + 1 if run else None)
        for i, (source, outputs) in enumerate(cells)
    ]))


ERROR = [new_output("error", ename="NameError", evalue="x", traceback=[])]
ASKS = {
    "import os, sys": [],
    "os.environ['CS231N_LITE_DATA']": value("'cartoon'"),
    "len(os.environ['CS231N_LITE_PROGRESS']) > len('mine')": value("True"),
    "sys.executable": value(repr(sys.executable)),
}
TOYS = {
    "sound.ipynb": toy(("x = 1", []), ("x + 1", value("2")), ("", [])),
    "asks.ipynb": toy(*ASKS.items()).replace('"python3"', '"of another Python"'),
    "changed.ipynb": toy(("x = 1", []), ("x + 1", value("3")), ("x + 2", [])),
    "never-run.ipynb": toy(("x = 1", []), ("x + 1", []), run=False),
    "broken.ipynb": toy(("x = 1", []), ("x", ERROR)),
    "deadly.ipynb": toy(("x = 1", []), ("import os\nos._exit(1)", []), ("x", value("1"))),
}


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """All the toys in one strict run, whose caller has settings of her own."""
    return nbval(tmp_path_factory.mktemp("strict"), TOYS, "--nbval", "--continue-on-collection-errors",
                 CS231N_LITE_DATA="/elsewhere", CS231N_LITE_PROGRESS="mine")


def about(run: Run, notebook: str) -> dict[str, str]:
    """The complaints on one notebook."""
    return {name: text for name, text in run.red.items() if name.startswith(notebook)}


def test_a_notebook_that_does_as_it_did_is_green(strict):
    assert {f"sound.ipynb Cell {i}" for i in range(3)} <= strict.complaints.keys()
    assert not about(strict, "sound.ipynb")


def test_a_changed_output_and_a_missing_one_are_red(strict):
    assert list(about(strict, "changed.ipynb")) == ["changed.ipynb Cell 1", "changed.ipynb Cell 2"]


def test_a_notebook_saved_without_having_been_run_is_refused_in_one_sentence(strict):
    assert about(strict, "never-run.ipynb") == {
        "never-run.ipynb": "never-run.ipynb holds no output to compare with in 2 of 2 code cells, the first being "
                           "Cell 0, which was not run; run all cells and save the notebook, or use --nbval-lax to "
                           "compare nothing."}


def test_a_notebook_saved_with_an_error_is_refused(strict):
    assert "Cell 1, which ended in an error" in about(strict, "broken.ipynb")["broken.ipynb"]


def test_a_dead_kernel_is_named_with_its_cell(strict):
    assert list(about(strict, "deadly.ipynb")) == ["deadly.ipynb Cell 1", "deadly.ipynb Cell 2"]
    assert "the kernel died while it ran this cell" in about(strict, "deadly.ipynb")["deadly.ipynb Cell 1"]


def test_the_kernel_is_this_python_on_the_cartoons_with_progress_of_its_own_whatever_the_caller_has_set(strict):
    assert {f"asks.ipynb Cell {i}" for i in range(len(ASKS))} <= strict.complaints.keys()
    assert not about(strict, "asks.ipynb")


def test_a_lax_run_compares_nothing_and_takes_the_data_that_the_caller_named(tmp_path):
    named = toy(("import os\nassert os.environ['CS231N_LITE_DATA'] == '/elsewhere'", []), ("1", []), run=False)
    run = nbval(tmp_path, {"named.ipynb": named}, "--nbval-lax", CS231N_LITE_DATA="/elsewhere")
    assert (run.exit_code, run.complaints) == (0, {"named.ipynb Cell 0": None, "named.ipynb Cell 1": None})


@pytest.mark.parametrize("given, used", [(2000, 300), (7, 7)])
def test_a_cell_may_take_300_seconds_unless_the_caller_says_otherwise(pytestconfig, given, used):
    guard = pytestconfig.pluginmanager.get_plugin(str(ROOT / "conftest.py"))
    option = SimpleNamespace(nbval_cell_timeout=given, nbval_kernel_name=None)
    guard.pytest_configure(SimpleNamespace(option=option))
    assert option.nbval_cell_timeout == used

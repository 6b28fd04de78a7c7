"""The first cell of each notebook, wherever its kernel starts; and a cell that is run alone."""
import subprocess
import sys

import nbformat
import pytest
from notebook_runs import ROOT, clean_environment

pytestmark = pytest.mark.slow
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def first_cell(path):
    cells = nbformat.read(path, as_version=4).cells
    return next(cell.source for cell in cells if cell.cell_type == "code")


def said(start, cell, *options):
    """Exit code and last line of a kernel's Python that starts in a folder and runs the cell."""
    run = subprocess.run([sys.executable, *options, "-c", cell], cwd=start, check=False,
                         capture_output=True, text=True)
    return run.returncode, run.stderr.strip().split("\n")[-1]


@pytest.mark.parametrize("beside", ["cs231n_lite", "nothing"])
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_without_the_package_the_first_cell_says_in_one_sentence_what_to_do(
        notebook, beside, tmp_path):
    (tmp_path / beside).mkdir()
    code, line = said(tmp_path, first_cell(notebook), "-S")
    assert code == 1
    assert line.startswith("AssertionError: this kernel's Python lacks cs231n_lite or what it")
    assert "make lab" in line and ".venv" in line


def test_with_the_package_the_first_cell_runs_in_every_folder(tmp_path):
    (tmp_path / "cs231n_lite").mkdir()
    for start in (ROOT, ROOT / "notebooks", tmp_path):
        assert said(start, first_cell(NOTEBOOKS[0])) == (0, "")


def nbval(tmp_path, *arguments):
    """What pytest says of cells that are picked out."""
    environment = clean_environment(tmp_path, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
    run = subprocess.run([sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments],
                         cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
    return run.returncode, run.stdout + run.stderr


@pytest.mark.parametrize("chosen", [
    ["notebooks/svm.ipynb::Cell 5"], ["notebooks/svm.ipynb", "-k", "Cell and 5"]],
    ids=["named", "by -k"])
@pytest.mark.parametrize("how", ["--nbval", "--nbval-lax"])
def test_a_cell_that_is_picked_out_is_told_that_it_needs_those_above_it(tmp_path, how, chosen):
    code, text = nbval(tmp_path, how, *chosen)
    assert (code, "svm.ipynb is to be run in part, but a cell needs those above it" in text) == (
        pytest.ExitCode.USAGE_ERROR, True), text


def test_the_first_cells_of_a_notebook_may_be_run_alone(tmp_path):
    code, text = nbval(tmp_path, "--nbval", "notebooks/svm.ipynb::Cell 0")
    assert code == 0, text

"""The solved twins of the notebooks: each check says correct, each other output is as stored."""
import nbformat
import pytest
from notebook_runs import code_cells, committed_notebooks, nbval, normalize

from cs231n_lite.exercises.solve import solve

TWINS = {name: solve(nbformat.reads(text, as_version=4))
         for name, text in committed_notebooks().items()}
pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", TWINS)
def test_every_check_says_correct_and_nothing_else_changes(name, tmp_path):
    run = nbval(tmp_path, {name: normalize(TWINS[name])}, CS231N_LITE_STRICT="1")
    assert (run.exit_code, run.red) == (0, {}), run.screen
    assert len(run.complaints) == len(code_cells(TWINS[name]))


# The slow tier tries one, and runs all three, unsolved, on CIFAR-10 in test_notebooks.py.
ON_CIFAR10 = [name if name == "softmax.ipynb" else pytest.param(name, marks=pytest.mark.everything)
              for name in TWINS]


@pytest.mark.parametrize("name", ON_CIFAR10)
def test_every_check_says_correct_on_cifar10(name, tmp_path, cifar10):
    settings = {"CS231N_LITE_STRICT": "1", "CS231N_LITE_DATA": str(cifar10)}
    run = nbval(tmp_path, {name: normalize(TWINS[name])}, "--nbval-lax", **settings)
    assert (run.exit_code, run.red) == (0, {}), run.screen

"""A notebook's cells stay together and in order, however many workers share a run."""
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from notebook_runs import nbval, normalize


def leaning(cells: int) -> str:
    """The text of a notebook in which each cell needs the one above it."""
    sources = ["x = 0", *[f"assert x == {n}\nx += 1" for n in range(cells - 1)]]
    return normalize(new_notebook(cells=[new_code_cell(source, id=f"cell-{n}")
                                         for n, source in enumerate(sources)]))


@pytest.mark.slow
def test_two_workers_share_the_notebooks_and_part_none(tmp_path):
    books = {"a.ipynb": leaning(5), "b [2].ipynb": leaning(4)}
    run = nbval(tmp_path, books, "--nbval-lax", "-n2", PYTEST_PLUGINS="nbval.plugin,xdist.plugin")
    assert (run.exit_code, run.red, len(run.complaints)) == (0, {}, 9), run.screen
    assert "2 workers" in run.screen

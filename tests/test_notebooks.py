"""The notebooks as they are committed do what they say, on the cartoons and on CIFAR-10."""
import re
import subprocess
import sys
from itertools import pairwise

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from notebook_runs import (
    ROOT,
    clean_environment,
    code_cells,
    committed_notebooks,
    execute,
    nbval,
    normalize,
    tagged,
)

NOTEBOOKS = committed_notebooks()


def hurried(text):
    """The notebook with a tenth of its long trainings, of whose outputs the shape is compared."""
    text = re.sub(r"(?<=num_iters=)(1500|600)\b|(?<=\()(1500|600)(?=\) begins)",
                  lambda found: found[0][:-1], text)
    return text.replace("nbval-near-numbers", "hurried")


# The fast tier runs every cell, but trains for a tenth of the time.  The slow tier trains in full:
# what is strictly judged, below, differs from what is stored in the checks alone.
@pytest.mark.parametrize("pace", [hurried, pytest.param(str, marks=pytest.mark.everything)])
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_stored_output_comes_out_again_on_the_cartoons(name, pace, tmp_path):
    run = nbval(tmp_path, {name: pace(NOTEBOOKS[name])})
    assert (run.exit_code, run.red) == (0, {}), run.screen
    assert len(run.complaints) == len(code_cells(nbformat.reads(NOTEBOOKS[name], as_version=4)))


PLANTED = {  # faults in cells of svm.ipynb whose numbers differ: no two of them hide each other
    "gradcheck": ("num_checks=20", "num_checks=19"),
    "gradcheck-reg": ("\nregularized", "\nregularized.max_error"),
    "timing": ("round(1000 * min(", "round(np.nan * min("),
    "train": ("plots.plot_losses(history, ax)", "plots.plot_losses(history[::-1], ax)"),
    "accuracy": ('"training": ', '"test": '),
    "search-run": ("float(best_val)", "np.nan * float(best_val)"),
    "search-plot": ("plots.plot_search(results, axes)", "plots.plot_search(results, axes[::-1])"),
    "test": ("\nround(", "\nprint("),
    "templates": ("dataset.classes, axes", "dataset.classes[::-1], axes"),
    "templates-best": ("plots.Picture(fig, ", "print(fig, "),
    "mistakes": ("plots.Picture(fig, ", "('a picture', "),
    "confusion": ('cmap="Wistia"', 'cmap="Wistia_r"'),
    "further-train": ('f"{perf_counter() - start:.1f} s of training"', "None"),
    "further-test": ('"validation": ', '"": 0, "validation": '),
    "further-templates": ("plots.plot_templates(further.W", "plots.plot_templates(0 * further.W"),
}


@pytest.mark.slow
def test_a_fault_in_a_cell_whose_numbers_differ_is_red(tmp_path):
    notebook = nbformat.reads(hurried(NOTEBOOKS["svm.ipynb"]), as_version=4)
    cells = code_cells(notebook)
    for cell in cells:
        before, after = PLANTED.get(cell.id, ("", ""))
        assert before in cell.source, cell.id
        cell.source = cell.source.replace(before, after, 1) if before else cell.source
    run = nbval(tmp_path, {"svm.ipynb": normalize(notebook)})
    assert [cell.id for i, cell in enumerate(cells) if f"svm.ipynb Cell {i}" in run.red] == [
        *PLANTED], run.screen


@pytest.mark.slow
def test_without_nbval_and_conftest_nbmake_runs_them_and_sees_an_error(tmp_path):
    broken = new_notebook(cells=[new_code_cell("assert 1 == 2")])
    texts = {name: hurried(text) for name, text in NOTEBOOKS.items()} | {
        "broken.ipynb": normalize(broken)}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "--noconftest", "-p", "no:nbval", "--nbmake",
               "-p", "no:cacheprovider", "-q", "--color=no", "."]
    run = subprocess.run(
        command, cwd=tmp_path, check=False, capture_output=True, text=True,
        env=clean_environment(tmp_path, CS231N_LITE_DATA="cartoon", OMP_NUM_THREADS="1",
                              PYTEST_PLUGINS="nbmake.pytest_plugin"))
    assert re.findall(r"^FAILED (\S+)::", run.stdout, re.MULTILINE) == ["broken.ipynb"], run.stdout
    assert f"1 failed, {len(NOTEBOOKS)} passed" in run.stdout
    assert {name: (tmp_path / name).read_text(encoding="utf-8") for name in texts} == texts


@pytest.mark.slow
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_cell_runs_on_cifar10(name, tmp_path, cifar10):
    run = nbval(tmp_path, {name: NOTEBOOKS[name]}, "--nbval-lax", CS231N_LITE_DATA=str(cifar10))
    assert (run.exit_code, run.red) == (0, {}), run.screen


@pytest.mark.slow
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_strictly_judged_exactly_the_checks_fail_and_each_says_not_attempted(name, tmp_path):
    cells = code_cells(nbformat.reads(NOTEBOOKS[name], as_version=4))
    checks = {f"{name} Cell {i}": id for i, cell in enumerate(cells)
              for id in tagged(cell, "check")}
    run = nbval(tmp_path, {name: NOTEBOOKS[name]}, CS231N_LITE_STRICT="1")
    assert run.red.keys() == checks.keys(), run.screen
    assert all(f"{id}: not attempted" in run.red[cell] for cell, id in checks.items())


# The slow tier tries the one with most exercises.
AGAIN = [name if name == "svm.ipynb" else pytest.param(name, marks=pytest.mark.everything)
         for name in NOTEBOOKS]


@pytest.mark.slow
@pytest.mark.parametrize("name", AGAIN)
def test_from_each_exercise_or_use_cell_on_the_cells_can_be_run_again_after_the_end(name, tmp_path):
    notebook = nbformat.reads(NOTEBOOKS[name], as_version=4)
    cells = code_cells(notebook)
    starts = [i for i, cell in enumerate(cells)
              if tagged(cell, "exercise") or "use" in cell.metadata.get("tags", ())]
    parts = [cells[start:end] for start, end in pairwise([*starts, len(cells)])]
    # Backwards, so that each part finds the names as later parts have left them.
    notebook.cells += [new_code_cell(cell.source) for part in reversed(parts) for cell in part]
    execute(notebook, ROOT / "notebooks",
            clean_environment(tmp_path, CS231N_LITE_DATA="cartoon", OMP_NUM_THREADS="1"))
    assert len(parts) > 4 and notebook.cells[-1].execution_count == len(code_cells(notebook))

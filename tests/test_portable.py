"""A notebook that brings the package along runs alone, wherever it is opened, and is graded."""
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from math import inf
from pathlib import Path
from sysconfig import get_path
from venv import EnvBuilder

import nbformat
import pytest
from grading_helpers import SEEDS, VERDICTS_ALONE
from notebook_runs import ROOT, code_cells, tagged

from cs231n_lite.exercises.carried import NAME, PLACE
from cs231n_lite.exercises.portable import NOTEBOOKS, main, write_all
from cs231n_lite.exercises.reading import read_or_refuse
from cs231n_lite.grading.intake.bounds import CODE
from cs231n_lite.grading.intake.submission import Submission, books_of
from cs231n_lite.grading.judging.verdicts import graded

RIGHT = {"softmax": "def softmax(scores):\n"
                    "    e = np.exp(scores - scores.max(axis=1, keepdims=True))\n"
                    "    return e / e.sum(axis=1, keepdims=True)"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """The three notebooks, written once."""
    folder = tmp_path_factory.mktemp("portable")
    write_all(ROOT, folder)
    return folder


@pytest.fixture(scope="module")
def bare(tmp_path_factory) -> Path:
    """A Python that has all packages of this one but ours: no .pth file is followed from there."""
    python = empty(tmp_path_factory.mktemp("bare"))
    site = python.parents[1] / Path(get_path("purelib")).relative_to(sys.prefix)
    (site / "packages.pth").write_text(get_path("purelib"))
    return python


def empty(home: Path) -> Path:
    """A Python that has no packages, not even pip."""
    EnvBuilder(symlinks=True).create(home)
    return home / "bin" / "python"


def first_cell(path: Path) -> str:
    """The text of the cell that brings the package."""
    return code_cells(nbformat.read(path, as_version=4))[0].source


def run(python: Path, code: str, cwd: Path) -> subprocess.CompletedProcess:
    """A script in a folder of a student's, with nothing of ours around it."""
    environment = {"PATH": os.defpath, "HOME": str(cwd / "home"), "OMP_NUM_THREADS": "1"}
    return subprocess.run([python, "-"], input=code, cwd=cwd, env=environment,
                          check=False, capture_output=True, text=True)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_it_is_the_notebook_itself_below_one_more_cell(folder, name):
    first, *rest = json.loads((folder / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    cells = json.loads((ROOT / f"notebooks/{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    assert [cell["id"] for cell in rest] == [cell["id"] for cell in cells]
    different = [(new["id"], old["source"]) for new, old in zip(rest, cells)
                 if new["source"] != old["source"]]
    assert "`cs231n_lite` beside" in "".join(different[0][1]) and different[1][0] == "setup"
    assert len(different) == 2 + (name == "linear_classification")
    counts = [cell["execution_count"] for cell in (first, *rest) if cell["cell_type"] == "code"]
    assert counts == list(range(1, len(counts) + 1))


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_alone_in_a_folder_it_sends_nobody_to_make_or_to_files_of_a_clone(folder, name):
    book = nbformat.read(folder / f"{name}.ipynb", as_version=4)
    text = "\n".join(cell.source for cell in book.cells[1:])
    assert not re.search(r"`make [a-z]+`|\.\./|\.sh\b", text)
    links = set(re.findall(r"\]\((?!https?:|attachment:|#)([^)]+)\)", text))
    assert links <= {f"{other}.ipynb" for other in NOTEBOOKS}


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_cell_is_small_on_the_screen_and_folded(folder, name):
    cell = code_cells(nbformat.read(folder / f"{name}.ipynb", as_version=4))[0]
    assert cell.metadata.jupyter.source_hidden and cell.metadata.cellView == "form"
    title, data, *rest = cell.source.splitlines()
    assert title.startswith("#@title ") and re.fullmatch(r'PACKAGE = "[\w=-]+"', data)
    assert len(rest) <= 6 and len(data) < 500_000


def test_a_folder_that_cannot_be_written_is_refused_in_a_sentence(tmp_path, capsys):
    (tmp_path / "file").touch()
    assert main([str(tmp_path / "file")]) == 2
    assert capsys.readouterr().err == (f"{tmp_path / 'file'} cannot be written or read "
                                       "(File exists); name another folder.\n")


def test_a_notebook_in_the_middle_of_a_merge_is_refused_in_a_sentence(tmp_path):
    (tmp_path / "svm.ipynb").write_text("<<<<<<< ours\n{}\n>>>>>>> theirs\n")
    with pytest.raises(ValueError, match="in which Git has left a merge unfinished"):
        read_or_refuse(tmp_path / "svm.ipynb")


def test_one_damaged_letter_is_told_before_anything_is_unpacked(folder, tmp_path):
    cell = first_cell(folder / "softmax.ipynb")
    at = cell.index('PACKAGE = "') + 1000
    damaged = cell[:at] + ("a" if cell[at] != "a" else "b") + cell[at + 1:]
    said = run(Path(sys.executable), damaged, tmp_path).stderr
    assert said.endswith("AssertionError: This cell is damaged: fetch the notebook again.\n")
    assert not list(tmp_path.iterdir())


def test_what_cannot_be_installed_is_named_in_a_sentence(folder, tmp_path):
    cwd = tmp_path / "student"
    cwd.mkdir()
    said = run(empty(tmp_path / "empty"), first_cell(folder / "softmax.ipynb"), cwd).stderr
    assert re.search(r"RuntimeError: This notebook needs numpy>=\S+, matplotlib>=.* and pip could "
                     r"not install that \(.*No module named pip\); .* install it .*\.$",
                     said.strip())
    assert not list(cwd.iterdir())


@pytest.fixture
def says(bare, folder, tmp_path) -> Callable[..., list[str]]:
    """What a script prints after the cell, in a folder of its own."""
    def says(code: str, cell: Callable[[str], str] = str, cwd: Path = tmp_path) -> list[str]:
        done = run(bare, f"{cell(first_cell(folder / 'softmax.ipynb'))}\n{code}", cwd)
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()
    return says


BROUGHT = f"{NAME} comes from this notebook, and is now in {PLACE}, beside it."
WHERE = f"import {NAME}, os.path; print(os.path.relpath({NAME}.__file__))"


@pytest.mark.slow
def test_the_package_is_put_beside_the_notebook_and_found_there_the_next_time(says, tmp_path):
    expected = [BROUGHT, f"{PLACE}/{NAME}/__init__.py"]
    (tmp_path / NAME).mkdir()  # no package, but it would hide one that comes later
    assert says(WHERE) == expected
    made = (tmp_path / PLACE / NAME / "losses.py").stat().st_mtime_ns
    assert says(WHERE) == expected
    assert (tmp_path / PLACE / NAME / "losses.py").stat().st_mtime_ns == made
    assert not [path for path in tmp_path.rglob("*") if path.name.startswith("tmp")]


@pytest.mark.slow
def test_another_release_takes_the_place_of_the_package_and_of_nothing_else(says, tmp_path):
    says("")
    place = tmp_path / PLACE
    (place / NAME / "losses.py").write_text("old")
    (place / NAME / "digest").write_text("of an older one")
    (place / "datasets" / "mine").write_text("kept")
    assert says(f"from {NAME} import losses; print(losses.hinge.__name__)") == [BROUGHT, "hinge"]
    again = "import pathlib; pathlib.Path(cs231n_lite.__file__).with_name('digest').write_text('x')"
    refused = f"import {NAME}\n{again}\ntry:\n    carried.refuse_another('y')"
    assert "restart it" in says(f"{refused}\nexcept RuntimeError as error:\n    print(error)")[1]
    assert (place / "datasets" / "mine").read_text() == "kept"


@pytest.mark.slow
def test_an_installed_package_is_taken_as_it_is(folder, tmp_path):
    done = run(Path(sys.executable), first_cell(folder / "svm.ipynb"), tmp_path)
    assert (done.stdout, done.stderr) == (f"{NAME} is there already.\n", "")
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="a folder in which not even root can write")
def test_where_the_folder_cannot_be_written_it_goes_to_a_temporary_one(says):
    said, where = says(WHERE, cwd=Path("/proc"))
    assert re.fullmatch(rf"{NAME} comes from this notebook, and is now in \S+/{PLACE}\.", said)
    assert where.endswith(f"{PLACE}/{NAME}/__init__.py")


@pytest.mark.slow
@pytest.mark.parametrize("name", [
    pytest.param(name, marks=[] if name == "softmax" else pytest.mark.everything)
    for name in NOTEBOOKS])
def test_alone_in_an_empty_folder_it_passes_under_nbval(folder, bare, tmp_path, name):
    (tmp_path / f"{name}.ipynb").write_bytes((folder / f"{name}.ipynb").read_bytes())
    arguments = ["--nbval", "--nbval-current-env", "-q", "-p", "no:cacheprovider", f"{name}.ipynb"]
    done = run(bare, f"import pytest; pytest.main({arguments})", tmp_path)
    assert re.search(r"^\d+ passed in", done.stdout, re.MULTILINE), done.stdout


def test_handed_back_it_is_graded_like_any_other(folder):
    book = nbformat.read(folder / "softmax.ipynb", as_version=4)
    for cell in code_cells(book):
        for id in tagged(cell, "exercise"):
            cell.source = RIGHT.get(id, cell.source)
    submission = Submission("student", {"softmax.ipynb": nbformat.writes(book).encode()})
    found = {verdict.exercise: verdict.status
             for verdict in graded(submission, VERDICTS_ALONE, False, SEEDS).verdicts}
    assert found["softmax"] == "correct"
    assert set(found.values()) == {"correct", "not attempted"}


def test_what_it_brings_along_counts_for_no_code_of_the_student_s(folder):
    whole = (folder / "softmax.ipynb").read_text(encoding="utf-8")
    data = re.search(r'PACKAGE = \\"([\w=-]+)', whole)[1]  # a handout's holds what is stored, too
    large = whole.replace(data, "A" * 2 * CODE)
    found = books_of({"softmax.ipynb": large.encode()}, inf)["softmax.ipynb"]
    assert not found.fault and sum(map(len, found.cells)) < 30_000
    assert len(found.cells) == len(code_cells(nbformat.reads(whole, as_version=4)))

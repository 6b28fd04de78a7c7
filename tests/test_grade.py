"""One table for a folder of notebooks: verdicts, faults, and an exit status by the result."""
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from grading_helpers import SEEDS
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from notebook_runs import ROOT, clean_environment, committed_notebooks, normalize

from cs231n_lite.exercises.grade import (
    Error,
    Row,
    about,
    asked_in,
    copy_of,
    last_error,
    notebooks_of,
    table,
)
from cs231n_lite.exercises.reading import Notebook
from cs231n_lite.exercises.registry import EXERCISES
from cs231n_lite.exercises.solve import solve
from cs231n_lite.grading.intake.submission import Submission
from cs231n_lite.grading.judging.sandbox import Limits
from cs231n_lite.grading.judging.verdicts import graded

IMPORT = "from cs231n_lite.exercises import check"
BOOKS = dict.fromkeys(exercise.notebook for exercise in EXERCISES.values())
OF = {name: [id for id in EXERCISES if EXERCISES[id].notebook == name] for name in BOOKS}


def toy(*sources: str) -> str:
    """The text of a notebook of these code cells, never run, with prose between them."""
    return normalize(new_notebook(cells=[
        cell for i, source in enumerate(sources) for cell in (
            new_markdown_cell("prose", id=f"prose-{i}"), new_code_cell(source, id=f"cell-{i}"))
    ]))


def answered(*ids: str) -> list[str]:
    """Cells that take the package's answers and check them."""
    return [cell for id in ids for cell in (f"from cs231n_lite.{EXERCISES[id].module} import {id}",
                                            EXERCISES[id].check)]


def stub(id: str) -> list[str]:
    """The cells of an exercise that nobody has touched."""
    return [f"def {id}(*args):\n    raise NotImplementedError", f"check({id})"]


def grade(folder: Path, notebooks: dict[str, str], **settings: str) -> tuple[int, str]:
    """Exit status and screen of the command, in `folder`, with these notebooks."""
    (folder / "notebooks").mkdir()
    for name in ("conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    for name, text in notebooks.items():
        (folder / "notebooks" / name).write_text(text, encoding="utf-8")
    environment = clean_environment(
        folder, COLUMNS="200", PYTHONPATH=str(ROOT), PYTHONIOENCODING="utf-8",
        OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", **settings)
    run = subprocess.run([sys.executable, "-m", "cs231n_lite.exercises.grade"], cwd=folder,
                         env=environment, check=False, capture_output=True, encoding="utf-8")
    assert not run.stderr
    for name, text in notebooks.items():
        assert (folder / "notebooks" / name).read_text(encoding="utf-8") == text
    return run.returncode, run.stdout


def rows(screen: str) -> dict[str, str]:
    """What the table says of each exercise, blanks reduced."""
    lines = (re.sub(r"\s+", " ", line.strip())
             for line in screen.splitlines() if line.startswith("  "))
    return {line.split(" ")[1]: line for line in lines}


@pytest.mark.slow
def test_all_solved_is_green_on_the_data_that_is_there_and_the_student_s_progress_stays(tmp_path):
    kept = tmp_path / "kept.json"
    kept.write_text(json.dumps({"sgd": {"status": "wrong"}}))
    says = 'import os\nassert os.environ["CS231N_LITE_DATA"] == "/elsewhere"'
    notebooks = {f"{name}.ipynb": toy(IMPORT, says, *answered(*ids)) for name, ids in OF.items()}
    status, screen = grade(tmp_path, notebooks, CS231N_LITE_DATA="/elsewhere",
                           CS231N_LITE_PROGRESS=str(kept))
    assert status == 0, screen
    assert [rows(screen)[id] for id in EXERCISES] == [f"✓ {id} correct" for id in EXERCISES]
    assert screen.startswith("Running ") and screen.endswith("16 of 16 exercises are correct.\n")
    assert json.loads(kept.read_text()) == {"sgd": {"status": "wrong"}}


@pytest.fixture(scope="module")
def troubled(tmp_path_factory) -> tuple[int, str]:
    """The table of a folder in which everything that can go wrong has gone wrong."""
    wrong = "def svm_loss_naive(W, X, y, reg):\n    return undefined"
    svm = [IMPORT, wrong, "check(svm_loss_naive)", *stub("sgd"),
           "def predict(W, X):\n    return (", "check(predict)", "use(predict)",
           "def break_svm_loss():\n    return 3", *stub("break_svm_loss"),
           *answered("search"), "def search(*args):\n    return None", "check(search)"]
    softmax = [IMPORT, "x = elsewhere", *answered("softmax"), "check(softmax)",
               "import os\nos._exit(1)"]
    return grade(tmp_path_factory.mktemp("troubled"), {
        "svm.ipynb": toy(*svm), "softmax.ipynb": toy(*softmax)})


def test_anything_else_than_all_correct_is_red(troubled):
    status, screen = troubled
    assert status == 1 and "\n1 of 16 exercises are correct.\n" in screen


def test_the_last_line_says_that_make_s_error_is_no_breakdown(troubled):
    assert troubled[1].splitlines()[-1] == (
        "Until all are, and every cell runs, the exit status is 1, which make calls Error 1: "
        "there is work left, and nothing has broken down.")


def test_a_wrong_answer_has_its_first_fault_in_its_row(troubled):
    row = rows(troubled[1])["svm_loss_naive"]
    assert row.startswith("✗ svm_loss_naive wrong It stops at line 2, `return undefined`")


def test_an_untouched_stub_is_not_attempted(troubled):
    assert rows(troubled[1])["sgd"] == "○ sgd not attempted"


def test_an_answer_above_an_untouched_stub_is_pointed_at(troubled):
    assert rows(troubled[1])["break_svm_loss"].startswith(
        "○ break_svm_loss not attempted Code cell 9 answers it, but code cell 10 below defines it")


def test_a_syntax_error_is_named_with_its_cell_and_line(troubled):
    row = r"– predict not checked .*SyntaxError: .*, in code cell 6, line 2: `return \(`"
    assert re.fullmatch(row, rows(troubled[1])["predict"])


@pytest.mark.parametrize("line, said", [
    (2, ", line 2: `x = 1`"), (0, ": `if True:`"), (3, ": `if True:`"), (9, ": `if True:`")])
def test_an_error_is_told_with_the_line_that_it_names_if_there_is_one(line, said):
    assert about(1, ["if True:\n  x = 1\n\n"], Error("NameError: x", line)) == (
        f"NameError: x, in code cell 1{said}")


def test_a_syntax_error_that_python_3_13_calls_incomplete_is_called_a_syntax_error():
    text = "  Cell In[6], line 1\n_IncompleteInputError: incomplete input (1234.py, line 1)\n"
    assert last_error(text) == "SyntaxError: incomplete input (1234.py, line 1)"


def test_an_exercise_whose_check_was_deleted_says_so(troubled):
    assert rows(troubled[1])["svm_loss_vectorized"] == (
        "– svm_loss_vectorized not checked No cell that was run says check(svm_loss_vectorized).")


def test_of_several_checks_the_last_one_counts(troubled):
    assert rows(troubled[1])["search"].startswith("✗ search wrong It returns None")
    assert rows(troubled[1])["softmax"] == "✓ softmax correct"


def test_a_cell_that_does_not_run_is_named_even_where_it_asks_for_nothing(troubled):
    after = re.sub(r" +", " ", troubled[1].rpartition("\nsoftmax.ipynb\n")[2])
    assert ("does not run NameError: name 'elsewhere' is not defined, "
            "in code cell 2, line 1: `x = elsewhere`") in after


@pytest.mark.parametrize("name", ["zz.ipynb", "svm.ipynb"])
def test_a_file_that_is_no_notebook_is_named_once(name, tmp_path):
    (tmp_path / name).write_text('{"cells":')
    *others, row = table(tmp_path / name)
    assert (row.name, row.verdict) == ("the notebook", "does not run")
    assert row.fault.startswith(f"{name} is JSON that breaks off in line 1")
    assert others == [Row(id, "not checked") for id in OF.get(name.partition(".")[0], ())]


HELPER = "def scores(W, X):\n    return X @ W"
LEANS = ["import numpy as np\nfrom helpers import scores\nfrom cs231n_lite.exercises import check",
         "assert open('notes.txt').read() == 'mine'",
         "def predict(W, X):\n    return scores(W, X).argmax(axis=1)", "check(predict)"]


def odd_notebooks() -> dict[str, bytes]:
    """Notebooks with the same cells as others than Jupyter save them, and browsers call them."""
    text = toy(*LEANS)
    sheet = {"cells": [{"cell_type": "code", "language": "python", "input": cell, "outputs": []}
                       for cell in LEANS]}
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [sheet]}
    elsewhere = json.loads(text.replace('"python3"', '"of-another-machine"'))
    for cell in elsewhere["cells"]:
        cell["metadata"] = {"tags": ["nbval-skip"], "id": 3}
    return {"svm[1].ipynb": b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(),
            "softmax::b.ipynb": json.dumps(elsewhere | {"nbformat_minor": 99}).encode(),
            "LINEAR.IPYNB": json.dumps(old).encode().replace(b"X @ W", b"X @ W  # \xe4")}


@pytest.mark.slow
def test_what_the_grader_calls_correct_is_correct_here_whoever_saved_it_and_wherever_it_lies(
        tmp_path, monkeypatch):
    folder = tmp_path / "work [24 points]::x"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    (folder / "helpers.py").write_text(HELPER)
    monkeypatch.setenv("PYTEST_ADDOPTS", "-n 2 --maxfail=1 -k nothing")
    monkeypatch.setenv("COLUMNS", "200")
    for name, data in odd_notebooks().items():
        (folder / name).write_bytes(data)
        rows = table(folder / name)
        assert {row.name: row.verdict for row in rows}.get("predict") == "correct", (name, rows)
        assert "does not run" not in {row.verdict for row in rows}, (name, rows)
        submission = Submission("ada", {name: data}, modules={"helpers.py": HELPER.encode()})
        found = {v.exercise: v.status for v in graded(submission, Limits(), False, SEEDS).verdicts}
        assert found["predict"] == "correct", name
    assert len(list(folder.iterdir())) == 5 + folder.joinpath("__pycache__").exists()


def test_the_copy_that_runs_has_nothing_that_keeps_a_cell_from_running_as_in_jupyter():
    cells = ["# NBVAL_SKIP\nx = 1", "x", "y"]
    tags = ["nbval-skip", "skip"], ["raises-exception", "nbval-skip"], "odd"
    saved = [{"metadata": {"tags": tag, "collapsed": True}} for tag in tags]
    copied = nbformat.reads(copy_of(Notebook(cells, saved)), as_version=4)
    nbformat.validate(copied)
    assert [cell.source for cell in copied.cells] == ["# not NBVAL_SKIP\nx = 1", "x", "y"]
    assert [cell.metadata for cell in copied.cells] == [{}, {"tags": ["raises-exception"]}, {}]


def test_a_cell_with_an_unfinished_merge_says_so_in_place_of_what_python_makes_of_it():
    merging = "<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> theirs"
    said = about(2, ["x", merging], Error("SyntaxError: invalid syntax", 3))
    assert said.startswith("Git has left a merge unfinished") and "in code cell 2" in said


def test_a_second_copy_stands_in_for_a_notebook_that_is_missing(tmp_path):
    (tmp_path / "svm (1).ipynb").touch()
    (tmp_path / "softmax.ipynb").touch()
    (tmp_path / "softmax-Copy1.ipynb").touch()
    assert asked_in(tmp_path / "svm (1).ipynb") == OF["svm"]
    assert asked_in(tmp_path / "softmax-Copy1.ipynb") == []
    assert asked_in(tmp_path / "svm.ipynb") == OF["svm"]


def test_nothing_of_pytest_s_own_is_shown(troubled):
    assert not [word for word in ("Traceback", "pytest", "passed") if word in troubled[1]]


def test_a_notebook_that_is_missing_leaves_its_exercises_unchecked(tmp_path):
    missing = tmp_path / "softmax.ipynb"
    reason = f"There is no {missing}."
    assert table(missing) == [Row(id, "not checked", reason) for id in OF["softmax"]]


def test_checkpoints_are_no_notebooks_of_the_student_s(tmp_path):
    (tmp_path / ".ipynb_checkpoints").mkdir()
    (tmp_path / ".ipynb_checkpoints" / "svm-checkpoint.ipynb").touch()
    (tmp_path / "svm-Copy1.ipynb").touch()
    assert [path.name for path in notebooks_of(tmp_path)] == [
        "linear_classification.ipynb", "svm.ipynb", "softmax.ipynb", "svm-Copy1.ipynb"]


@pytest.mark.everything  # test_notebooks.py and test_solved.py run them strictly in the slow tier
def test_the_notebooks_themselves_are_red_untouched_and_green_solved(tmp_path):
    texts = committed_notebooks()
    (tmp_path / "untouched").mkdir()
    (tmp_path / "solved").mkdir()
    status, screen = grade(tmp_path / "untouched", texts)
    assert status == 1
    assert [rows(screen)[id] for id in EXERCISES] == [f"○ {id} not attempted" for id in EXERCISES]
    twins = {name: normalize(solve(nbformat.reads(text, as_version=4)))
             for name, text in texts.items()}
    status, screen = grade(tmp_path / "solved", twins)
    assert status == 0, screen

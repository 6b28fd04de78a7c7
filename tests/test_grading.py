"""The grader on notebooks that mean no harm: verdicts, files, and what it cannot judge."""
import ast
import base64
import csv
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic, process_time, sleep

import attacks
import psutil
import pytest
from grading_helpers import SEEDS, left_over, notebook, traces, verdicts
from joblib import parallel_config
from notebook_runs import ROOT, clean_environment

from cs231n_lite.exercises.judges.problems import Probes
from cs231n_lite.exercises.reading import Notebook, notebook_of
from cs231n_lite.exercises.registry import EXERCISES
from cs231n_lite.exercises.verdict import CORRECT, Verdict
from cs231n_lite.grading import run
from cs231n_lite.grading.__main__ import main
from cs231n_lite.grading.intake.finding import found_in
from cs231n_lite.grading.intake.submission import Submission, places
from cs231n_lite.grading.judging import sandbox
from cs231n_lite.grading.judging.sandbox import Limits
from cs231n_lite.grading.judging.session import Session
from cs231n_lite.grading.judging.verdicts import graded, judged
from cs231n_lite.grading.reporting import pages, report
from cs231n_lite.grading.reporting.pictures import bounded, pictures_of
from cs231n_lite.grading.reporting.report import first_fault
from cs231n_lite.grading.run import grade
from cs231n_lite.grading.running.excerpt import MAGIC, Excerpts, plain

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n and so on").decode()
PICTURE = {"output_type": "display_data",
           "data": {"image/png": PNG, "text/html": "<script>alert(1)</script>"}}
SCRIPT = "<script>alert('x')</script>"
STUB = "def predict(W, X):\n    # TODO: replace the next line.\n    raise NotImplementedError"
ENDLESS = "def predict(W, X):\n    while True:\n        pass"


@pytest.fixture(autouse=True)
def nothing_stays():
    before = traces()
    yield
    assert not left_over(before)[0]


def status(*cells: str, exercise: str = "predict") -> str:
    return verdicts(*cells)[exercise].status


@pytest.fixture(scope="module")
def together() -> dict[tuple[str, ...], str]:
    """The status of predict or softmax in notebooks that do no harm, all of them in one process."""
    books = {str(number): list(cells) for number, cells in enumerate(HARMLESS)}
    with Session(books, Limits(seconds=2000), False, monotonic() + 2000) as session:
        return {cells: judged(session, asked_of(cells), str(number), [Probes(SEEDS[0])]).status
                for number, cells in enumerate(HARMLESS)}


def asked_of(cells: tuple[str, ...]) -> str:
    """The exercise that a notebook answers."""
    return "softmax" if cells[0].startswith(SOFTMAX) else "predict"


@pytest.fixture(params=["together", pytest.param("alone", marks=pytest.mark.slow)])
def status_of(request) -> Callable[..., str]:
    """Gives the status in a notebook of these cells; the slow tier grades each of them alone."""
    if request.param == "together":
        found = request.getfixturevalue("together")
        return lambda *cells: found[cells]
    return lambda *cells: status(*cells, exercise=asked_of(cells))


def test_a_right_answer_is_correct_and_a_wrong_one_is_told_what_is_wrong_with_it():
    found = verdicts(attacks.RIGHT, "def svm_loss_naive(W, X, y, reg):\n    return W @ X")
    assert found["predict"].status == "correct"
    assert found["svm_loss_naive"].status == "wrong"
    assert "at line 2, `return W @ X`, where W has shape" in found["svm_loss_naive"].message


def test_an_untouched_stub_a_missing_function_and_none_are_not_attempted():
    found = verdicts("def predict(W, X):\n    raise NotImplementedError", "search = None")
    assert {found[id].status for id in ("predict", "search", "sgd")} == {"not attempted"}
    assert "No cell of svm.ipynb defines sgd" in found["sgd"].message


@pytest.mark.parametrize("name", ["an imported answer", "an answer under another name",
                                  "an answer given by use"])
def test_what_the_notebook_does_not_define_is_not_attempted(name):
    verdict = verdicts(attacks.SPIES[name])["predict"]
    assert verdict.status == "not attempted"
    assert "only what the notebook itself defines counts" in verdict.message


def test_every_answer_that_is_imported_from_the_package_is_not_attempted():
    found = verdicts(*(f"from cs231n_lite.{EXERCISES[id].module} import {id}" for id in EXERCISES))
    assert {verdict.status for verdict in found.values()} == {"not attempted"}


def test_a_notebook_s_own_helpers_constants_and_imports_come_along_and_nothing_else_is_run():
    assert status("import numpy as np\nfrom numpy import argmax as best_of\nAXIS = {}",
                  "AXIS['of'] = 1", "def scores(W, X):\n    return X @ W",
                  "raise SystemExit('training')\nscores = None",
                  "%matplotlib inline\nfiles = !ls\n"
                  "def predict(W, X):\n    return best_of(scores(W, X), axis=AXIS['of'])",
                  "%%bash\nrm -rf /",
                  "import numpy as np\ndef scores(W, X):\n    return X @ W") == "correct"


WORKING = [
    ("from numpy import *\ndef predict(W, X):\n    return argmax(X @ W, axis=1)",),
    ("%pylab inline\ndef predict(W, X):\n    return argmax(np.dot(X, W), axis=1)",),
    ("def predict(W, X):\n    display(W.shape)\n    return (X @ W).argmax(axis=1)",),
    ("from __future__ import annotations",
     "def predict(W: Array, X: Array) -> Array:\n    return (X @ W).argmax(axis=1)"),
    ("import numpy as np\nM = np.zeros((9, 9))\nnp.fill_diagonal(M, 1)\nprint(M)",
     "train(W, M)\nraise SystemExit",
     "def predict(W, X):\n    n = W.shape[1]\n"
     "    return (X @ W @ (M[:n, :n] if n < 9 else np.eye(n))).argmax(axis=1)"),
    ("!pip install \\\n    numpy\nimport numpy as np\n"
     "def predict(W, X):\n    return np.argmax(X @ W, axis=1)",),
    ("async def f():\n    return 1\naxis = await f()\n"
     "def predict(W, X):\n    return (X @ W).argmax(axis=axis)",),
    ("import asyncio\nawait asyncio.sleep(1)\n"
     "def predict(W, X):\n    return (X @ W).argmax(axis=1)",),
    ("def boom():\n    raise ValueError\npredict = boom()", attacks.RIGHT),
]


@pytest.mark.parametrize("cells", WORKING, ids=lambda cells: cells[0][:20])
def test_what_works_in_a_notebook_works_here(cells, status_of):
    assert status_of(*cells) == "correct"


def test_a_helper_whose_statement_failed_is_named_with_its_cause():
    found = verdicts("M = open('weights.txt').read()\nN = M + M",
                     "def predict(W, X):\n    return X @ W @ N")["predict"]
    assert found.status == "wrong" and ", `return X @ W @ N`," in found.message
    assert ("name 'N' is not defined, for its own statement stopped with NameError: name 'M'"
            in found.message)
    assert "FileNotFoundError: [Errno 2] No such file or directory: 'weights.txt'" in found.message


def test_lines_of_blanks_in_a_cell_that_cannot_be_read_are_read_in_one_pass():
    lines = f"({' ' * 10**6}\n{'a.' * 10**6}\n"
    assert MAGIC.sub("", lines + "%time") == lines  # this took hours


def test_the_last_definition_counts(status_of):
    assert status_of(attacks.WRONG, attacks.RIGHT) == "correct"
    assert status_of(attacks.RIGHT, attacks.WRONG) == "wrong"


def test_a_function_that_leans_on_what_use_gave_works_with_the_student_s_own():
    softmax = ("import numpy as np\nfrom cs231n_lite.exercises import use\ndef softmax(scores):\n"
               "    p = np.exp(scores - scores.max(axis=1, keepdims=True))\n"
               "    return p / p.sum(axis=1, keepdims=True)")
    leaning = ("probabilities = use(softmax)\n"
               "def predict(W, X):\n    return probabilities(X @ W).argmax(axis=1)")
    assert status(softmax, leaning) == "correct"


FUNCTIONS = [
    "predict = lambda W, X: (X @ W).argmax(axis=1)",
    "from functools import lru_cache, partial\n"
    "def f(axis, W, X):\n    return (X @ W).argmax(axis=axis)\npredict = partial(f, 1)",
    "class Best:\n    def __call__(self, W, X):\n        return (X @ W).argmax(axis=1)\n"
    "predict = Best()",
    "import numpy as np\nif True:\n    def predict(W, X):\n        return np.argmax(X @ W, axis=1)",
    "class predict:\n    def __new__(cls, W, X):\n        return (X @ W).argmax(axis=1)",
    "import numpy as np\nfrom functools import partial\n"
    "def best(X, W):\n    return np.argmax(X @ W, axis=1)\n"
    "def flipped(f, W, X):\n    return f(X, W)\npredict = partial(partial(flipped), best)",
]


@pytest.mark.parametrize("cell", FUNCTIONS)
def test_any_kind_of_function_counts_as_long_as_the_notebook_defines_it(cell, status_of):
    assert status_of(cell) == "correct"


SOFTMAX = ("import numpy as np\nfrom functools import partial\n"
           "def row(s):\n    p = np.exp(s - s.max())\n    return p / p.sum()\n")


OF_NUMPY = {"softmax = partial(np.apply_along_axis, row, 1)": "correct",
            "softmax = partial(np.exp, where=True)": "not attempted",
            "softmax = np.exp": "not attempted"}


@pytest.mark.parametrize("cell", OF_NUMPY)
def test_a_function_of_numpy_s_is_not_the_notebook_s_until_it_is_given_one_that_is(cell, status_of):
    assert status_of(SOFTMAX + cell) == OF_NUMPY[cell]


THEIRS = [
    "from cs231n_lite.losses import softmax as theirs\nsoftmax = partial(theirs, row)",
    "from cs231n_lite import losses\nsoftmax = partial(losses.softmax, s=row)",
    "from cs231n_lite.exercises import use\nsoftmax = partial(use(row), row)",
    "from cs231n_lite.classifiers import Softmax as softmax",
    "from cs231n_lite import classifiers\nsoftmax = classifiers.Softmax",
]


@pytest.mark.parametrize("cell", THEIRS)
def test_a_function_of_the_package_s_stays_that_whatever_it_is_given(cell, status_of):
    assert status_of(SOFTMAX + cell) == "not attempted"


def test_a_number_is_judged_by_what_its_cell_computes():
    found = verdicts("ship_score = 0 * 56 + 0.25 * 231 + 0.2 * 24 - 0.3 * 2 - 1.2",
                     "sample_svm_loss = ...", name="linear_classification.ipynb")
    assert found["ship_score"].status == "correct"
    assert found["sample_svm_loss"].status == "not attempted"


@pytest.mark.parametrize("value, reason", [
    ("[0] * 10**5", "Refused: a list of more than 8,192 parts"),
    pytest.param("[[0] * 8000] * 100", "Refused: more than 8,192 parts at once",
                 marks=pytest.mark.slow),
    ("type('Odd', (), {'__array__': lambda *a: 1 / 0})()", "ZeroDivisionError")])
def test_a_number_that_cannot_cross_is_told_as_what_it_is(value, reason):
    found = verdicts(f"ship_score = {value}", name="linear_classification.ipynb")
    assert found["ship_score"].status == "wrong" and reason in found["ship_score"].message, found


def test_a_cell_that_cannot_be_read_fails_its_own_exercise_alone():
    found = verdicts("def sgd(loss, W):\n    return (", attacks.RIGHT)
    assert found["predict"].status == "correct" and found["sgd"].status == "wrong"
    assert "SyntaxError" in found["sgd"].message
    assert "code cell 1, line 2" in found["sgd"].message


@pytest.mark.parametrize("id, cell", [
    ("sgd", "def sgd(loss, W):\n    return ("), ("ship_score", "ship_score = 3")])
def test_a_wrong_answer_s_code_is_kept_where_it_never_became_a_function(id, cell):
    book = {"svm.ipynb": notebook("sgd = 1\nship_score = 2", cell, "a = 1")}
    found = graded(Submission("student", book), Limits(search=0), False, SEEDS)
    assert found.cells[id] == [cell]


def test_what_is_changed_shared_or_overwritten_is_told_as_in_the_student_s_own_kernel():
    changes = ("import numpy as np\n"
               "def softmax(scores):\n    scores -= scores.max()\n    return np.exp(scores)")
    buffer = ("import numpy as np\nfrom numpy import zeros\nkept = {}\n"
              "def svm_loss_naive(W, X, y, reg):\n"
              "    dW = kept.setdefault(W.shape, zeros(W.shape))\n    dW += 1\n    return 1.0, dW")
    found = verdicts(changes, buffer, "def predict(W, X):\n    return W")
    assert found["softmax"].faults[0] == "input changed"
    buffered = found["svm_loss_naive"]
    assert "overwritten" in buffered.faults or buffered.status == "wrong"
    assert found["predict"].faults[0] == "aliasing"


def test_a_blind_reporter_still_tells_what_is_changed_or_shared():
    blind = "".join(f"\n    {line}" for line in attacks.BLIND)
    cells = (f"import sys\nimport numpy as np\ndef blind():{blind}",
             "def softmax(scores):\n"
             "    blind()\n    scores -= scores.max()\n    return np.exp(scores)",
             "def predict(W, X):\n    blind()\n    return W")
    found = verdicts(*cells)
    assert found["softmax"].faults[0] == "input changed"
    assert found["predict"].faults[0] == "aliasing"


def test_an_exception_by_the_name_of_one_that_ends_programs_ends_its_own_exercise_alone():
    found = verdicts("class SystemExit(Exception):\n    pass\n"
                     "def boom():\n    raise SystemExit('bye')\npredict = boom()",
                     "def softmax(scores):\n    return 2 * scores")
    assert found["predict"].status == "wrong" and "bye" in found["predict"].message
    assert found["softmax"].status == "wrong" and "bye" not in found["softmax"].message


def test_a_submission_at_which_the_grader_itself_stops_is_reported_and_the_others_are_graded(
        course, tmp_path, monkeypatch):
    real = run.graded

    def stops_at_cy(submission, *rest):
        if submission.student == "cy":
            raise MemoryError("too much")
        return real(submission, *rest)

    monkeypatch.setattr(run, "graded", stops_at_cy)
    results = grade([course / "ada", course / "cy.ipynb"], tmp_path / "out")
    assert by_student(results) == {"ada": "correct", "cy": "does not run"}
    assert "MemoryError: too much" in results[1]["exercises"][0]["message"]


@pytest.mark.slow
def test_a_submission_that_kills_its_worker_is_reported_and_the_others_are_graded(
        course, tmp_path, monkeypatch):
    real = run.result_of

    def dies_at_cy(submission, *rest):
        if submission.student == "cy":
            os.kill(os.getpid(), signal.SIGKILL)
        return real(submission, *rest)

    monkeypatch.setattr(run, "result_of", dies_at_cy)
    with parallel_config(n_jobs=2):
        results = grade([course], tmp_path / "out")
    found = {result["student"]: result["exercises"][0] for result in results}
    assert {name for name, row in found.items()
            if "killed the grader's process" in row["message"]} == {"cy"}
    assert found["cy"]["verdict"] == "does not run" and by_student(results)["ada"] == "correct"


@pytest.mark.parametrize("cell", [
    "\n" * 10**6, " " * 10**6, "x" * 10**6, "def " * 10**5, "check(" * 10**5])
def test_long_cells_of_nothing_are_read_in_one_pass(cell):
    notebooks = {"mine.ipynb": Notebook([cell, "  predict = 3\ncheck(sgd)\nsearch == 3"], [])}
    chosen = places(notebooks, alone=True)  # this took hours
    assert {id for id in chosen if EXERCISES[id].notebook != "svm"} == set()


@pytest.mark.slow
def test_a_right_answer_stays_correct_though_others_never_end():
    endless = [f"def {id}(*args):\n    while True:\n        pass" for id in
               ("svm_loss_naive", "svm_loss_vectorized", "sgd", "softmax", "cross_entropy")]
    found = verdicts(attacks.RIGHT, *endless, limits=Limits(seconds=24))
    assert found["predict"].status == "correct", found["predict"]
    assert found["svm_loss_naive"].message.startswith("It was stopped after 6 seconds")
    assert found["cross_entropy"].status == "wrong" and "softmax_loss_naive" in found


def test_a_right_answer_that_there_was_no_time_to_try_again_says_so():
    right = Verdict("predict", CORRECT, (), "It agrees.")
    with Session({}, Limits(), False, end=monotonic()) as over:
        found = judged(over, "predict", "svm.ipynb", [Probes(1, 2)], right)
    assert (found.status, found.faults) == ("correct", ("haste",))
    assert first_fault(found).startswith("It is right on the first inputs; others were not tried")
    assert first_fault(right) == ""


NOTED = """
import numpy as np

def svm_loss_naive(W, X, y, reg):
    loss, dW = 0.0, np.zeros_like(W)
    for i in range(len(X)):
        margins = np.maximum(0, X[i] @ W - X[i] @ W[:, y[i]] + 1)
        margins[y[i]] = 0
        loss += margins.sum()
        dW[:, margins > 0] += X[i][:, None]
        dW[:, y[i]] -= (margins > 0).sum() * X[i]
    return loss / len(X) + reg * np.sum(W**2), dW / len(X) + 2 * reg * W

svm_naive = use(svm_loss_naive)

def svm_loss_vectorized(W, X, y, reg):
    return svm_naive(W, X, y, reg)

def sgd(loss, W, X, y, learning_rate, reg, num_iters, batch_size, rng):
    W, losses = W.copy(), []
    for _ in range(num_iters):
        rows = np.random.choice(len(X), batch_size)
        value, dW = loss(W, X[rows], y[rows], reg)
        losses.append(value)
        W -= learning_rate * dW
    return W, losses
"""


def test_what_is_noted_of_a_correct_answer_stands_in_the_table_and_on_the_card():
    cells = notebook("from cs231n_lite.exercises import use", NOTED)
    student = Submission("ada", {"svm.ipynb": cells})
    found = graded(student, Limits(), False, SEEDS)
    rows = {row["exercise"]: row for row in report.entry(student, found, {})["exercises"]}
    for id, words in (("svm_loss_vectorized", "Note: It calls `svm_naive`"),
                      ("sgd", "Note: It does not draw with `rng`")):
        assert rows[id]["verdict"] == "correct" and rows[id]["fault"].startswith(words), rows[id]
        assert words.replace("`", "") in re.sub("</?code>", "", pages.card(rows[id]))
    assert rows["svm_loss_naive"]["verdict"] == "correct" and rows["svm_loss_naive"]["fault"] == ""


@pytest.mark.parametrize("name", attacks.NO_NOTEBOOKS)
def test_what_is_no_notebook_does_not_run_and_says_why(name):
    submission = Submission("student", {"svm.ipynb": attacks.NO_NOTEBOOKS[name]})
    found = graded(submission, Limits(), False, SEEDS)
    assert {(verdict.status, verdict.message) for verdict in found.verdicts} == {
        ("does not run", "")}
    assert found.fault.startswith("svm.ipynb is ")


def test_links_pipes_and_folders_are_not_followed(tmp_path):
    other = tmp_path / "other.ipynb"
    other.write_bytes(notebook(attacks.RIGHT))
    mine = tmp_path / "course" / "mine"
    mine.mkdir(parents=True)
    (mine / "svm.ipynb").symlink_to(other)
    os.mkfifo(mine / "softmax.ipynb")
    (submission,) = found_in([tmp_path / "course"]).submissions
    found = submission.read().notebooks
    assert all(isinstance(reason, str) for reason in found.values()) and len(found) == 2


def test_a_picture_is_taken_for_one_when_it_is_one():
    liar = {"data": {"image/png": base64.b64encode(b"<svg>").decode(),
                     "image/jpeg": "not base64 %"}}
    odd = ({"data": 3}, 3, {"data": {"image/png": {"a": 3}}}, {})
    book = notebook_of("x", notebook("1", outputs=(*odd, PICTURE, liar)))
    assert list(pictures_of(book)) == [("image/png", base64.b64decode(PNG))]


def test_a_picture_that_was_pasted_into_an_answer_in_words_is_shown():
    pasted = [{"cell_type": "markdown", "source": "![me](attachment:me.png)", "attachments": odd}
              for odd in ({"me.png": PICTURE["data"], "you.png": 3}, 3, {"we": {"image/png": 3}})]
    book = notebook_of("x", json.dumps({"cells": [{"cell_type": "code", "source": "1"}, *pasted],
                                        "nbformat": 4, "metadata": {}}).encode())
    assert list(pictures_of(book)) == [("image/png", base64.b64decode(PNG))]
    assert list(pictures_of(bounded({"x": book})[0]["x"])) == list(pictures_of(book))


def test_what_would_fill_the_memory_is_no_notebook(monkeypatch):
    many = b'{"cells": [' + b"{}," * 10**6 + b"{}]}"  # this took 30 times its size
    assert notebook_of("x", many).fault == (
        "x has 1,000,003 lists and objects; expected a notebook, with at most 1,000,000.")
    monkeypatch.setattr("json.loads", lambda text: bytes(10**18))
    assert notebook_of("x", b"{}").fault == "x takes more memory than there is; clear its outputs."


# --------------------------------------------------------------- a course


@pytest.fixture
def course(tmp_path) -> Path:
    """Students of all kinds: a folder, one with notebooks/, a single notebook, one that is none."""
    folder = tmp_path / "course"
    for name, book in {
        "ada/svm.ipynb": notebook(attacks.RIGHT, outputs=(PICTURE,)),
        "=ben/notebooks/svm.ipynb": notebook(attacks.WRONG),
        "=ben/notebooks/.ipynb_checkpoints/svm-checkpoint.ipynb": notebook(attacks.RIGHT),
        "cy.ipynb": notebook(f"def predict(W, X):\n    raise ValueError({SCRIPT!r})"),
        "dee.ipynb": b"{",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(book)
    return folder


def by_student(results: list[dict], exercise: str = "predict") -> dict[str, str]:
    """What each student's answer to one exercise was found to be."""
    return {result["student"]: row["verdict"] for result in results
            for row in result["exercises"] if row["exercise"] == exercise}


def test_a_course_is_graded_into_csv_json_and_pages(course, tmp_path):
    out = tmp_path / "out"
    results = grade([course], out)
    want = {"ada": "correct", "=ben": "wrong", "cy": "wrong", "dee": "does not run"}
    assert by_student(results) == want == by_student(json.loads((out / "results.json").read_text()))
    rows = list(csv.DictReader((out / "results.csv").open(encoding="utf-8-sig")))
    assert {row["student"] for row in rows} == {"ada", "'=ben", "cy", "dee"}
    assert [row["verdict"] for row in rows
            if (row["student"], row["exercise"]) == ("ada", "predict")] == ["correct"]
    assert {row["student"]: row["line"] for row in rows if row["exercise"] == "predict"} == {
        "ada": "", "'=ben": "3", "cy": "2", "dee": ""}
    pages = {path.stem.rpartition("-")[0]: path.read_text()
             for path in (out / "students").glob("*.html")}
    assert len(pages) == 4 and f'src="data:image/png;base64,{PNG}"' in pages["ada"]
    assert "Line 3, <code>return np.zeros(len(X), int)</code>: the fault" in pages["-ben"]
    assert not any("<script" in page for page in pages.values()) and "&lt;script&gt;" in pages["cy"]
    assert [row["cells"] for result in results if result["student"] == "=ben"
            for row in result["exercises"] if row["exercise"] == "predict"] == [[attacks.WRONG]]
    overview = (out / "index.html").read_text()
    assert "4 students" in overview and overview.count("<script") == 1
    for path in (out / "students").glob("*.html"):
        assert f'href="students/{path.name}"' in overview
    assert not list(out.rglob("*.part"))


def test_a_run_that_was_cut_off_goes_on_and_what_has_changed_is_graded_again(
        course, tmp_path, monkeypatch):
    out, done = tmp_path / "out", []
    first = grade([course / "ada", course / "cy.ipynb"], out)
    real = run.graded
    monkeypatch.setattr(run, "graded", lambda s, *rest: done.append(s.student) or real(s, *rest))
    assert by_student(grade([course], out))["ada"] == by_student(first)["ada"]
    assert sorted(done) == ["=ben", "dee"]
    (course / "cy.ipynb").write_bytes(notebook(attacks.RIGHT))
    damaged = next((out / "students").glob("ada-*.json"))
    damaged.write_text(damaged.read_text()[:50])
    assert by_student(grade([course], out))["cy"] == "correct" and sorted(done[2:]) == ["ada", "cy"]


@pytest.mark.slow
def test_a_run_that_is_killed_leaves_no_process_and_the_next_one_grades_only_the_rest(
        course, tmp_path):
    for number in range(6):
        (course / f"student{number}.ipynb").write_bytes(notebook(attacks.RIGHT))
    (course / "zoe.ipynb").write_bytes(notebook(ENDLESS))
    out = tmp_path / "out"
    cut_off = started(tmp_path, [course, "--jobs", "2", "--seconds", "20"], subprocess.DEVNULL)
    wait_until(lambda: len(finished(out)) >= 3)
    cut_off.kill()
    cut_off.wait()
    wait_until(lambda: not living(f"MARK={tmp_path}") and not traces()[0])
    kept = finished(out)
    assert len(kept) < 11 and not (out / "results.csv").exists()
    results = grade([course], out, Limits(seconds=20))
    assert kept.items() <= finished(out).items()
    assert len(results) == 11
    assert by_student(results)["zoe"] == "wrong" and by_student(results)["student5"] == "correct"
    assert not list(out.rglob("*.part*"))


@pytest.mark.slow
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_run_that_is_terminated_ends_at_once_with_all_that_it_started(tmp_path, jobs):
    for student in ("ada", "ben", "cy"):
        (tmp_path / f"{student}.ipynb").write_bytes(notebook(ENDLESS))
    arguments = [*tmp_path.glob("*.ipynb"), "--jobs", jobs, "--seconds", "4000"]
    terminated = started(tmp_path, arguments, subprocess.PIPE)
    wait_until(lambda: computing(terminated.pid) == int(jobs))
    terminated.terminate()
    _, said = terminated.communicate(timeout=500)  # of a thousand that a student's function has
    assert terminated.returncode == 143
    assert "Traceback" not in said and "leaked" not in said
    wait_until(lambda: not living(f"MARK={tmp_path}"))


def started(folder: Path, arguments: list, stderr: int) -> subprocess.Popen:
    """The grader's command as a process of its own, whose results go to out/ in this folder."""
    command = [sys.executable, "-m", "cs231n_lite.grading", "run", "--out", folder / "out"]
    marked = clean_environment(folder, PYTHONPATH=str(ROOT), MARK=str(folder))
    return subprocess.Popen([*command, *arguments], env=marked, stderr=stderr, encoding="utf-8")


def computing(pid: int) -> int:
    """How many students' functions run below a process: what precedes them takes no 3 seconds."""
    below = psutil.Process(pid).children(recursive=True)
    found = 0
    for process in below:
        with suppress(psutil.Error):
            found += ("cs231n_lite.grading.running.student" in " ".join(process.cmdline())
                      and process.cpu_times().user > 3)
    return found


def finished(out: Path) -> dict[Path, int]:
    """The results of students, and when each was written."""
    return {path: path.stat().st_mtime_ns for path in out.glob("students/*.json")}


def wait_until(condition) -> None:
    """Come back once the condition holds; fail when it never does."""
    end = monotonic() + 600
    while not condition():
        assert monotonic() < end, "this never came true"
        sleep(0.05)


def living(mark: str) -> list[str]:
    """The processes whose environment holds the mark."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (folder / "environ").read_bytes().split(b"\0"):
                found.append(folder.name)
        except OSError:
            continue
    return found


@pytest.mark.slow
def test_several_processes_give_the_same_table(course, tmp_path):
    with parallel_config(n_jobs=2):
        two, one = (by_student(grade([course], tmp_path / name)) for name in ("two", "one"))
    assert two == one


@pytest.mark.slow
def test_a_dask_cluster_gives_the_same_table_though_a_worker_is_killed(course, tmp_path):
    import distributed  # not before it is needed: it takes a while

    expected = by_student(grade([course], tmp_path / "one"))
    cluster = distributed.LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1",
                                       dashboard_address=None, local_directory=str(tmp_path))
    with cluster, distributed.Client(cluster) as client, parallel_config(backend="dask"):
        victim = next(iter(client.run(os.getpid).values()))
        threading.Timer(0.3, os.kill, (victim, signal.SIGKILL)).start()
        assert by_student(grade([course], tmp_path / "many")) == expected
    wait_until(lambda: not traces()[0])


def test_what_was_graded_without_bubblewrap_is_graded_again_with_it(monkeypatch, tmp_path):
    done = []

    def not_graded(submission, *_):
        done.append(submission.student)
        return run.not_graded(ValueError())

    monkeypatch.setattr(run, "graded", not_graded)
    (tmp_path / "ada.ipynb").write_bytes(notebook())
    for isolated, want in ((False, 1), (False, 1), (True, 2)):
        monkeypatch.setattr(run.sandbox, "isolates", lambda isolated=isolated: isolated)
        grade([tmp_path / "ada.ipynb"], tmp_path / "out")
        assert len(done) == want


@pytest.mark.parametrize("cell", [
    "def predict(W, X):\n    return ['x' * 200_000] * len(X)",
    "def predict(W, X):\n    raise ValueError('x' * 3_000_000)",
    "import sys\ndef predict(W, X):\n    sys._getframe(1).f_globals['TEXT'] = 10**7\n"
    "    raise ValueError('x' * 3_000_000)"])
def test_a_message_without_end_is_cut(tmp_path, cell):
    (tmp_path / "svm.ipynb").write_bytes(notebook(cell))
    (result,) = grade([tmp_path / "svm.ipynb"], tmp_path / "out")
    assert by_student([result]) == {"svm": "wrong"}
    assert max(map(len, (tmp_path / "out" / "results.csv").read_text().splitlines())) < 2500
    assert sum(path.stat().st_size for path in tmp_path.glob("out/**/*.*")) < 200_000


@pytest.mark.parametrize("limits", [
    Limits(seconds=-1), Limits(seconds=float("nan")), Limits(seconds=1e300), Limits(memory=2**20),
    Limits(output=0)])
def test_limits_in_which_nothing_can_run_are_refused(limits, tmp_path):
    (tmp_path / "ada.ipynb").write_bytes(notebook())
    with pytest.raises(ValueError, match="is .*; expected .* to .* for a submission"):
        grade([tmp_path / "ada.ipynb"], tmp_path / "out", limits)
    assert not (tmp_path / "out").exists()


def test_a_folder_of_nothing_is_refused(tmp_path):
    (tmp_path / "empty").mkdir()
    for nothing in (tmp_path / "empty", tmp_path / "missing"):
        with pytest.raises(ValueError, match="holds no notebook|There is no"):
            grade([nothing], tmp_path / "out")


@pytest.mark.parametrize("stray", ["svm.ipynb", "notebooks/svm.ipynb"])
def test_a_course_that_holds_a_notebook_of_the_assignment_itself_is_refused_before_students_vanish(
        course, tmp_path, stray):
    (course / stray).parent.mkdir(exist_ok=True)
    (course / stray).write_bytes(notebook())
    with pytest.raises(ValueError,
                       match="course holds notebooks of the assignment, and so do =ben, ada in it"):
        grade([course], tmp_path / "out")


def test_a_student_s_own_copies_make_no_other_students(tmp_path):
    for name in ("svm.ipynb", "notebooks/svm.ipynb", ".ipynb_checkpoints/svm.ipynb",
                 "data/numbers.ipynb"):
        (tmp_path / "ada" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "ada" / name).write_bytes(notebook())
    assert [found.student for found in found_in([tmp_path / "ada"]).submissions] == ["ada"]


@pytest.mark.parametrize("name", [b"svm\xff.ipynb", b"svm.ipynb", b"\xff/svm.ipynb"])
def test_a_link_to_nowhere_and_a_name_of_odd_bytes_stop_nothing(tmp_path, name):
    link = Path(os.fsdecode(os.fsencode(tmp_path / "course" / "eve") + b"/" + name))
    link.parent.mkdir(parents=True)
    link.symlink_to("nowhere")
    assert by_student(grade([tmp_path / "course"], tmp_path / "out")) == {"eve": "does not run"}


def test_the_command_shows_table_progress_and_isolation(course, tmp_path, capsys):
    out = ["--out", str(tmp_path / "out")]
    assert main(["run", str(course / "ada"), str(course / "dee.ipynb"), *out, "--jobs", "1"]) == 0
    done = capsys.readouterr()
    assert "ada\n" in done.out and "✓ predict" in done.out and "does not run" in done.out
    isolation = "Isolated: all limits were enforced." if sandbox.isolates() else "Not isolated"
    assert isolation in done.out
    assert "2/2" in done.err
    assert main(["run", str(tmp_path / "nobody"), *out]) == 2
    refused = capsys.readouterr().err
    assert refused.count("\n") == 1 and "There is no" in refused


@pytest.mark.parametrize("memory", ["inf", "nan", "-1"])
def test_a_memory_that_is_none_is_refused_in_one_sentence(memory, course, tmp_path, capsys):
    assert main(["run", str(course), "--out", str(tmp_path / "out"), f"--memory={memory}"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("memory is ") and said.count("\n") == 1


def test_without_bubblewrap_the_report_says_what_was_not_enforced(monkeypatch, course, tmp_path):
    monkeypatch.setattr(sandbox, "isolates", lambda: False)
    (result,) = grade([course / "ada"], tmp_path / "out")
    assert sandbox.OTHERS in result["not_enforced"]
    assert "Not isolated" in next((tmp_path / "out").rglob("*.html")).read_text()


def test_what_is_left_out_of_the_readable_takes_its_neighbours_along_one_by_one(tmp_path):
    for path in ("a/b/secret", "a/b/c", "a/d"):
        (tmp_path / path).mkdir(parents=True)
    found = sandbox.without(str(tmp_path), [str(tmp_path / "a/b/secret"), "/elsewhere"])
    assert sorted(found) == [str(tmp_path / "a/b/c"), str(tmp_path / "a/d")]
    assert sandbox.without(str(tmp_path), ["/elsewhere"]) == [str(tmp_path)]


def test_a_bubblewrap_that_does_not_work_is_not_used(monkeypatch, tmp_path):
    broken = tmp_path / "bwrap"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    sandbox.isolates.cache_clear()
    monkeypatch.setitem(sandbox.ENVIRONMENT, "PATH", f"{tmp_path}:/usr/bin:/bin")
    assert sandbox.isolates() is False
    sandbox.isolates.cache_clear()


@pytest.mark.parametrize("chosen, others", [
    ("svm.ipynb", {"notebooks/svm.ipynb": attacks.RIGHT, "backup/svm.ipynb": attacks.RIGHT}),
    ("notebooks/svm.ipynb",
     {"backup/svm.ipynb": STUB, "a/b/svm.ipynb": attacks.RIGHT, "mine.ipynb": attacks.RIGHT}),
    ("notebooks/svm.ipynb", {"backup/svm.ipynb": attacks.WRONG, "svm (1).ipynb": attacks.RIGHT}),
    ("z/svm.ipynb", {"a/b/svm.ipynb": attacks.RIGHT}),
    ("svm (1).ipynb", {"svm.ipynb": STUB, "mine.ipynb": attacks.RIGHT}),
    ("SVM.IPYNB", {"backup/svm.ipynb": attacks.RIGHT, "svm (1).ipynb": STUB}),
])
def test_of_several_notebooks_the_nearest_that_answers_an_exercise_counts(tmp_path, chosen, others):
    for name, cell in {chosen: attacks.RIGHT, **others}.items():
        (tmp_path / "ada" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "ada" / name).write_bytes(notebook(cell))
    (ada,) = found_in([tmp_path]).submissions
    books = {name: notebook_of(name, data) for name, data in ada.read().notebooks.items()}
    assert ada.student == "ada" and places(books)["predict"] == chosen


def test_a_notebook_handed_in_alone_may_end_in_capitals(tmp_path):
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "Ada.IPYNB").write_bytes(notebook(attacks.RIGHT))
    assert [found.student for found in found_in([tmp_path / "course"]).submissions] == ["Ada"]
    (tmp_path / "SVM.IPYNB").write_bytes(notebook(attacks.RIGHT))
    assert list(found_in([tmp_path]).submissions[0].notebooks) == ["SVM.IPYNB", "course/Ada.IPYNB"]


def test_all_worksheets_of_an_old_notebook_are_read():
    sheets = [{"cells": [{"cell_type": "code", "input": [cell]}]} for cell in ("a = 1", "b = 2")]
    old = json.dumps({"nbformat": 3, "worksheets": sheets}).encode()
    assert notebook_of("x", old).cells == ["a = 1", "b = 2"]


@pytest.mark.parametrize("name", ["other.ipynb", "svm.ipynb"])
def test_every_exercise_has_its_place_in_the_report_on_a_folder_though_notebooks_were_deleted(name):
    found = verdicts("x = 1", name=name)
    assert found.keys() == EXERCISES.keys()
    assert "There is no softmax.ipynb" in found["softmax"].message


def test_a_notebook_handed_in_alone_is_judged_on_what_it_was_made_for():
    alone = Submission("ada", {"svm_ada.ipynb": notebook("x = 1")}, alone=True)
    found = [verdict.exercise for verdict in graded(alone, Limits(), False, SEEDS).verdicts]
    assert found == [id for id in EXERCISES if EXERCISES[id].notebook == "svm"]


SUSPECTS = "from cs231n_lite.exercises.suspects import suspicious_softmax_loss, suspicious_svm_loss"
CHOSEN = """import numpy as np
W, X, y = np.ones((2, 2)), np.ones((3, 2)), np.array([0, 1, 0])
reg = max((0.0, 1.0), key=lambda reg: suspicious_svm_loss(W, X, y, reg)[0])"""


def test_a_wrong_loss_may_be_asked_where_its_exercise_is_prepared_and_for_no_other_one():
    others = ["svm_loss_vectorized", "break_softmax_loss"]
    found = verdicts(SUSPECTS, CHOSEN, "def break_svm_loss():\n    return W, X, y, reg",
                     *(f"def {id}(*args):\n    return suspicious_svm_loss(*args)" for id in others))
    assert found["break_svm_loss"].status == "correct"
    for id in others:
        assert found[id].status == "wrong"
        assert f"this loss is not there for {id}" in found[id].message


def test_a_wrong_loss_may_be_asked_in_the_answer_and_refuses_what_it_refuses_in_a_notebook():
    body = [f"    {line}" for line in [*CHOSEN.splitlines(), "return W, X, y, reg"]]
    odd = "def break_softmax_loss():\n    return suspicious_softmax_loss([[1]], 2, 3, 4)"
    found = verdicts(SUSPECTS, "\n".join(["def break_svm_loss():", *body]), odd)
    assert found["break_svm_loss"].status == "correct"
    assert "W is a list of 1; expected a NumPy array" in found["break_softmax_loss"].message


# --------------------------------------------------------------- what an answer needs


ANSWER = "def predict(W, X):\n    return (X @ W).argmax(axis=AXIS)"


COMMANDS = [
    ("%precision 3\nmsg = ('%d rows'\n       % len('abc'))\nAXIS = len(msg) - 5", ANSWER),
    ("%precision 3\nAXIS = (2\n!= 3) + 0", ANSWER),
    ("%precision 3\nAXIS = 3 \\\n  % 2", ANSWER),
    ("!echo it's (fine\nNOTE = '''\n%d rows\n! (\n'''  # it's (\nAXIS = NOTE.count('%')", ANSWER),
    ("if True:\n    %time AXIS = \\\n        1", ANSWER),
    ("AXIS = %time 1", ANSWER),
    ("%time\n%timeit AXIS = 0\nAXIS = 1", ANSWER),
]


@pytest.mark.parametrize("cells", COMMANDS, ids=lambda cells: cells[0][:30])
def test_commands_of_ipython_are_told_from_lines_that_look_like_them(cells, status_of):
    assert status_of(*cells) == "correct"


@pytest.mark.parametrize("part", ["(\n%\n", "'\\", *(
    pytest.param(part, marks=pytest.mark.slow) for part in ("%\n", "'''", "\\\n", "'\n", "x\n"))])
def test_long_cells_with_commands_are_read_in_one_pass(part):
    start = process_time()
    plain(10**5 * part + "\n%time (")
    assert process_time() - start < 20


LEANING = [
    ("from functools import singledispatch\n@singledispatch\ndef best(s):\n    raise TypeError",
     "import numpy as np\n@best.register\ndef _(s: np.ndarray):\n    return s.argmax(axis=1)",
     "def predict(W, X):\n    return best(X @ W)"),
    ("TABLE = {}\ndef register(name):\n    def keep(f):\n        TABLE[name] = f\n"
     "        return f\n    return keep",
     "@register('best')\ndef best(s):\n    return s.argmax(axis=1)",
     "def predict(W, X):\n    return TABLE['best'](X @ W)"),
    ("import numpy as np\nnp.float = float",
     "def predict(W, X):\n    return (X @ W.astype(np.float)).argmax(axis=1)"),
    ("AXIS = 'google.colab' not in str(get_ipython()) and 1", ANSWER),
    ("def setup():\n    global AXIS\n    AXIS = 1", "setup()", ANSWER),
    ("class Config:\n    axis = 0", "setattr(Config, 'axis', 1)",
     ANSWER.replace("AXIS", "Config.axis")),
    ("T = {}", "old = T.update(axis=1)", ANSWER.replace("AXIS", "T['axis']")),
    ("A = []", "[A.append(1) for i in range(3)]", ANSWER.replace("AXIS", "A[2]")),
    ("T = {}\ndef put(key, value, table):\n    table[key] = value",
     "if T is not None:\n    put('axis', 1, T)", ANSWER.replace("AXIS", "T['axis']")),
    ("import numpy as np\nA = np.zeros(1, int)", "B = np.add(0, 1, out=A)",
     ANSWER.replace("AXIS", "A[0]")),
    ("T = {}", "alias = T\nalias['axis'] = 1", ANSWER.replace("AXIS", "T['axis']")),
    ("def best(s):\n    return s.argmax(axis=1)",
     "def predict(W, X):\n    return globals()['best'](X @ W)"),
]


@pytest.mark.parametrize("cells", LEANING, ids=lambda cells: cells[1][:30])
def test_what_an_answer_leans_on_comes_along_however_it_was_set(cells, status_of):
    assert status_of(*cells) == "correct"


@pytest.mark.parametrize("cell", [
    "check(predict)\nhint('predict')", "plt.plot(A)\nprint(T.get('axis'))",
    "W, history = train(predict, A, T)", "accuracy = (predict(W, X) == y).mean()",
    "fig, ax = plt.subplots()\nax.plot(losses)", "train(SIZE, 10)", "scores = best(X_dev @ W)",
    "x = dict.fromkeys('ab')", "def train():\n    A.append(1)", "model.fit(X_train, A)",
    "rank(X_dev, by=T)", "x, y = A", "mean = X_train[A].mean()", "W = A.copy()",
])
def test_checks_plots_and_training_stay_behind(cell):
    before = ("import numpy as np\nA, T, SIZE = [0], {}, 3\nSIZE = 10\n"
              "def best(s):\n    return s.argmax(axis=A[0])")
    after = "def predict(W, X):\n    return best(np.asarray(X @ W)[:, :SIZE] if T else dict(T))"
    needed = Excerpts([before, cell, after]).needed("predict")
    assert len(needed) == 5, [ast.unparse(part.node) for part in needed]


HARMLESS = [*WORKING, *COMMANDS, *LEANING, *((cell,) for cell in FUNCTIONS),
            *((SOFTMAX + cell,) for cell in (*THEIRS, *OF_NUMPY)),
            (attacks.WRONG, attacks.RIGHT), (attacks.RIGHT, attacks.WRONG)]

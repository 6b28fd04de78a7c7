"""Honest work that came in an odd way is judged as what it is, or told what is in its way."""
import json
from collections.abc import Callable
from functools import partial
from time import monotonic

import attacks
import pytest
from grading_helpers import SEEDS, VERDICTS_ALONE, notebook, verdicts

from cs231n_lite.exercises.judges.problems import Probes
from cs231n_lite.exercises.reading import Notebook
from cs231n_lite.exercises.registry import EXERCISES
from cs231n_lite.exercises.verdict import Verdict
from cs231n_lite.grading.intake.submission import Submission, places
from cs231n_lite.grading.judging import process, sandbox
from cs231n_lite.grading.judging.sandbox import Limits
from cs231n_lite.grading.judging.session import Session
from cs231n_lite.grading.judging.verdicts import graded, judged, outcome
from cs231n_lite.grading.reporting import pages, report
from cs231n_lite.grading.running import refusals
from cs231n_lite.grading.running.beside import modules_beside, written_by
from cs231n_lite.grading.running.excerpt import Excerpts

STUB = "def predict(W, X):\n    # TODO: replace the next line.\n    raise NotImplementedError"


@pytest.mark.parametrize("cells, expected", [
    (["x = check(predict)", "def sgd():"], {"svm"}),
    (["check(predict)", "check(sgd)", "def softmax(s):"], {"svm", "softmax alone"}),
    ([f"check({id})" for id in EXERCISES if id != "cross_entropy"],
     {"linear_classification", "svm", "softmax"}),
])
def test_a_notebook_handed_in_alone_is_judged_on_all_exercises_of_the_one_that_it_is(
        cells, expected):
    chosen = places({"my answers.ipynb": Notebook(cells, [])}, alone=True)
    whole = {exercise.notebook for exercise in EXERCISES.values()} & expected
    assert set(chosen.values()) == {"my answers.ipynb"}
    assert chosen.keys() == {id for id in EXERCISES if EXERCISES[id].notebook in whole} | (
        {"softmax"} if "softmax alone" in expected else set())


# --------------------------------------------------------------- what is no notebook


def test_why_nothing_could_be_judged_stands_once_in_table_csv_and_page():
    submission = Submission("ada", {"svm.ipynb": b"<html>", "softmax.ipynb": b""})
    result = report.entry(submission, graded(submission, Limits(), False, SEEDS), {})
    assert "svm.ipynb is a web page" in result["fault"]
    for text in (report.table([result]), report.csv_of([result]), pages.page(result, {})):
        assert text.count("is a web page") == text.count("softmax.ipynb is empty") == 1


def test_of_several_notebooks_one_that_is_none_is_told_at_the_first_of_its_exercises():
    submission = Submission("ada", {"svm.ipynb": b"<html>", "softmax.ipynb": notebook("x = 1")})
    found = graded(submission, Limits(), False, SEEDS)
    told = {v.exercise: v.message for v in found.verdicts if v.status == "does not run"}
    assert {EXERCISES[id].notebook for id in told} == {"svm"} and not found.fault
    assert sum(map(bool, told.values())) == 1
    assert next(iter(told.values())).startswith("svm.ipynb is a web page")
    assert any("There is no linear_classification.ipynb" in v.message for v in found.verdicts)


# --------------------------------------------------------------- where an answer stands


ABOVE = [attacks.RIGHT, "x = 1", STUB,
         "def softmax(s):\n    return s\n\n\ndef softmax(s):\n    raise NotImplementedError",
         f"<<<<<<< HEAD\n{attacks.RIGHT}\n=======\n>>>>>>> mine".replace("predict", "search"),
         attacks.RIGHT.replace("predict", "sgd")]
POINTED_AT = {"predict": ("not attempted", "Code cell 1 answers it, but code cell 3 below"),
              "softmax": ("not attempted", "Code cell 4 defines it more than once"),
              "search": ("wrong", "Git has left a merge unfinished"),
              "sgd": ("not attempted", "A markdown cell defines it")}


@pytest.fixture(scope="module")
def hidden() -> dict[str, Verdict]:
    """The verdicts on a notebook whose answers stand where they do not count."""
    book = json.loads(notebook(*ABOVE))
    book["cells"][-1]["cell_type"] = "markdown"
    submission = Submission("ada", {"svm.ipynb": json.dumps(book).encode()})
    return {v.exercise: v for v in graded(submission, VERDICTS_ALONE, False, SEEDS).verdicts}


@pytest.mark.parametrize("id", POINTED_AT)
def test_an_answer_that_does_not_count_where_it_stands_is_pointed_at(id, hidden):
    status, words = POINTED_AT[id]
    assert hidden[id].status == status and words in hidden[id].message, hidden[id]


# --------------------------------------------------------------- what only the grader forbids

FORBIDDEN = {
    "svm_loss_naive": ("open('x', 'w')", "lets no file be written"),
    "svm_loss_vectorized": ("np.save('weights', np.zeros(3))", "lets no file be written"),
    "sgd": ("open('weights.txt').read()", "has no files of yours"),
    "kl_divergence": ("from cs231n_lite import data; data.load('/mine')", "has no files of yours"),
    "predict": ("import subprocess; subprocess.run(['ls'])", "lets no process be started"),
    "search": ("import multiprocessing as m; m.Pool(2)", "lets no process be started"),
    "softmax": ("import socket; socket.create_connection(('127.0.0.1', 80))", "no connection"),
    "cross_entropy": ("import helpers", "has no module `helpers`: if it is your own, hand it in"),
    "softmax_loss_naive": ("return scores", "has no module `mine.py`: if it is your own"),
    "softmax_loss_vectorized": ("input('?')", "the grader types nothing in"),
    "break_svm_loss": ("import os; os.fork()", "lets an answer compute, and neither write files"),
    "break_softmax_loss": ("return WEIGHTS", "has no files of yours"),
}


@pytest.fixture(scope="module", params=[False, pytest.param(True, marks=pytest.mark.slow)],
                ids=["cage alone", "bubblewrap"])
def forbidden(request) -> dict[str, Verdict]:
    """The verdicts on functions that do what a notebook may do, and the grader forbids."""
    functions = (f"def {id}(*args):\n    {line}" for id, (line, _) in FORBIDDEN.items())
    top = ("import numpy as np\nWEIGHTS = np.load('weights.npy')", "%run mine.py")
    return verdicts(*top, *functions, isolated=request.param and sandbox.isolates())


@pytest.mark.parametrize("id", FORBIDDEN)
def test_what_the_grader_forbids_is_told_with_what_to_do_instead(id, forbidden):
    line, words = FORBIDDEN[id]
    verdict = forbidden[id]
    assert verdict.status == "wrong" and verdict.faults == ("refused",)
    assert f"`{line}`" in verdict.message and "misspelt" not in verdict.message
    assert "for the grader " in verdict.message and words in verdict.message


@pytest.mark.slow
def test_what_a_function_of_the_student_s_raises_after_it_has_met_a_refusal_is_its_own():
    cell = ("def predict(W, X):\n    try:\n        import helpers\n"
            "    except ImportError:\n        return X[0, 0, 0]")
    assert "IndexError" in verdicts(cell)["predict"].message


@pytest.mark.parametrize("kind, module", [
    ("module", "<script>alert(1)</script>"), ("module", "x" * 10**6), ("module", 3), ([], ""),
    ("none", ""), (None, None)])
def test_of_what_a_process_says_of_a_refusal_the_words_are_the_grader_s(kind, module):
    assert len(refusals.told(kind, module)) < 300 and "<" not in refusals.told(kind, module)


# --------------------------------------------------------------- modules of the student's own

SCORES = b"def scores(W, X):\n    return X @ W\n"
HELPERS = SCORES + b"def predict(W, X):\n    return scores(W, X).argmax(axis=1)\n"
BEST = b"class Best:\n    def __call__(self, W, X):\n        return (X @ W).argmax(axis=1)\n"
BOOK = "notebooks/svm.ipynb"
LEANS = "def predict(W, X):\n    return scores(W, X).argmax(axis=1)"
WITH_MODULES = {
    "a function that leans on one": (["from helpers import scores", LEANS],
                                     {"notebooks/helpers.py": SCORES}, "correct"),
    "a function out of one": (["from helpers import predict"],
                              {"notebooks/helpers.py": HELPERS}, "correct"),
    "all of one": (["from helpers import *"], {"notebooks/helpers.py": HELPERS}, "correct"),
    "a class of one": (["import helpers as h", "predict = h.Best()"],
                       {"notebooks/helpers.py": BEST}, "correct"),
    "one in a folder": (["from mine.helpers import predict"],
                        {"notebooks/mine/helpers.py": HELPERS}, "correct"),
    "one above": (["import sys\nsys.path.append('..')", "from helpers import scores", LEANS],
                  {"helpers.py": SCORES}, "correct"),
    "one in a package": (["from mine import predict"],
                         {"notebooks/mine/__init__.py": b"from .helpers import predict",
                          "notebooks/mine/helpers.py": HELPERS}, "correct"),
    "one that is imported in the function": (
        [LEANS.replace("    return", "    from helpers import scores\n    return")],
        {"notebooks/helpers.py": SCORES}, "correct"),
    "one that is run": (["%run helpers.py", LEANS], {"notebooks/helpers.py": SCORES}, "correct"),
    "one that is run and answers": (["%run -i ./helpers.py"],
                                    {"notebooks/helpers.py": HELPERS}, "correct"),
    "one that a cell writes": (["%%writefile helpers.py\n" + HELPERS.decode(),
                                "from helpers import predict"], {}, "correct"),
    "one that two cells write": (["%%writefile helpers.py\n" + SCORES.decode(),
                                  "%%writefile -a helpers.py\n" + LEANS,
                                  "from helpers import predict"], {}, "correct"),
    "one with a mark and Windows' line ends": (
        ["from helpers import predict"],
        {"notebooks/helpers.py": b"\xef\xbb\xbf" + HELPERS.replace(b"\n", b"\r\n")}, "correct"),
    "one of the name of an installed one": ([attacks.RIGHT],
                                            {"notebooks/numpy.py": b"raise SystemExit"}, "correct"),
    "one that hands on what is the package's": (
        ["from helpers import predict"],
        {"notebooks/helpers.py": b"from cs231n_lite.classifiers import predict"}, "not attempted"),
    "the package itself": (["from cs231n_lite.classifiers import predict"],
                           {"notebooks/cs231n_lite/classifiers.py": HELPERS}, "not attempted"),
    "the package itself, above": (["from cs231n_lite.classifiers import predict"],
                                  {"cs231n_lite/classifiers.py": HELPERS,
                                   "cs231n_lite/__init__.py": b""}, "not attempted"),
    "a new module of the package": (["from cs231n_lite.mine import predict"],
                                    {"notebooks/cs231n_lite/mine.py": HELPERS}, "wrong"),
    "another's": (["from helpers import predict"], {"other/helpers.py": HELPERS}, "wrong"),
    "one that cannot be had": (["from helpers import predict"],
                               {"notebooks/helpers.py": "helpers.py is a link."}, "wrong"),
}


@pytest.fixture(scope="module")
def with_modules() -> Callable[[str], str]:
    """The verdict on predict in each of these notebooks, all of them in one process."""
    cells = {name: cells for name, (cells, _, _) in WITH_MODULES.items()}
    modules = {name: modules_beside(BOOK, files) | written_by(cells)
               for name, (cells, files, _) in WITH_MODULES.items()}
    end = monotonic() + 2000
    with Session(cells, Limits(seconds=2000), False, end, modules=modules) as one:
        return {name: outcome(partial(judged, one, "predict", name, [Probes(SEEDS[0])]), "predict")
                for name in WITH_MODULES}.__getitem__


@pytest.mark.parametrize("name", WITH_MODULES)
def test_a_module_of_the_student_s_own_is_the_student_s_work_and_the_package_s_never(
        name, with_modules):
    verdict = with_modules(name)
    assert verdict.status == WITH_MODULES[name][2], verdict


@pytest.mark.slow
def test_modules_come_from_the_submission_and_change_its_key():
    files = {"notebooks/helpers.py": HELPERS}
    with_one, without = (Submission("ada", {BOOK: notebook("from helpers import predict")},
                                    modules=modules) for modules in (files, {}))
    assert with_one.key != without.key
    found = {v.exercise: v.status
             for v in graded(with_one, VERDICTS_ALONE, False, SEEDS).verdicts}
    assert found["predict"] == "correct"


@pytest.mark.slow
def test_an_exercise_that_a_lost_file_may_answer_says_which():
    for path in ("helpers.py", "svm.ipynb"):
        found = verdicts(f"%run {path}")["predict"]
        assert found.status == "not attempted"
        assert f"Code cell 1 runs {path}, which is no module beside" in found.message


def test_the_cells_of_an_answer_are_those_that_run_a_file_for_it_too():
    book = Excerpts(["x = 1", "%run helpers.py", LEANS], {"helpers": SCORES.decode()})
    assert book.cells_of(book.needed("predict")) == [2, 3]


# --------------------------------------------------------------- time that is not the student's


def test_the_clock_stands_while_set_up_goes_on_and_no_longer_than_it_may(monkeypatch):
    now = 100.0
    monkeypatch.setattr(process, "monotonic", lambda: now)
    one = Session({}, Limits(seconds=60), False, end=160.0)
    one.set_apart(True)
    now = 125.0
    assert one.left() == 60
    one.set_apart(False)
    assert (one.left(), one.end, one.spared) == (60, 185, 25)
    one.set_apart(True)
    now = 135.0
    assert one.left() == 55  # of thirty seconds for set-up five were left
    one.set_apart(True)
    one.set_apart(False)
    assert (one.left(), one.spared) == (55, 30)


@pytest.mark.slow
def test_images_that_answers_lean_on_are_loaded_once_and_for_none_of_the_student_s_time():
    cells = ["import sys\nimport numpy as np\nfrom cs231n_lite.preprocess import prepare",
             "dataset, splits, rows = prepare()",
             "D = (rows.X_train.shape[1], sys.stdout.flush())[0]",
             attacks.RIGHT.replace("return", "assert D == 3073\n    return"),
             "def softmax(scores):\n    assert D == 3073\n"
             "    p = np.exp(scores - scores.max(axis=1, keepdims=True))\n"
             "    return p / p.sum(axis=1, keepdims=True)"]
    with Session({"svm": cells}, Limits(seconds=2000), False, monotonic() + 2000) as one:
        for id in ("predict", "softmax", "predict"):
            assert judged(one, id, "svm", [Probes(SEEDS[0])]).status == "correct"
        loads, spared = one.printed.count(b"training"), one.spared
    assert loads == 1 and spared > 0


@pytest.mark.slow
def test_a_student_s_code_that_calls_its_own_time_set_up_gets_no_more_than_there_is():
    cell = ("import sys\ndef predict(W, X):\n    frame = sys._getframe()\n"
            "    while 'channel' not in frame.f_locals:\n        frame = frame.f_back\n"
            "    frame.f_locals['channel'].say_apart(1)\n    while True:\n        pass")
    found = verdicts(cell, limits=Limits(seconds=6, search=0))["predict"]
    assert found.status == "wrong" and "stopped after" in found.message

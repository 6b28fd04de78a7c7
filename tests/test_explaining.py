"""The grader names the line that the check names, and nothing that is sent changes a verdict."""
import linecache
import re
from inspect import getsource
from textwrap import dedent
from time import monotonic

import pytest
from answers import right
from answers.wrong import WRONG
from grading_helpers import verdicts

from cs231n_lite.exercises.checking import judge
from cs231n_lite.exercises.diagnosis.locate import located
from cs231n_lite.exercises.registry import EXERCISES
from cs231n_lite.exercises.verdict import Verdict
from cs231n_lite.grading.judging import explaining
from cs231n_lite.grading.judging.explaining import explained
from cs231n_lite.grading.judging.sandbox import Limits
from cs231n_lite.grading.judging.session import Session

PATIENT = Limits(seconds=2000, search=9)
QUICK = Limits(seconds=20, search=0.5)
TURNED = "import numpy as np\ndef predict(W, X):\n    s = X @ W\n    return s.argmax(axis=0)"
PREDICT = Verdict("predict", "wrong", ("predict: argmax over the wrong axis",), "It is wrong.")


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch):
    monkeypatch.setattr(explaining, "KNOWN", {})


def told(cell: str, limits: Limits = PATIENT, verdict: Verdict = PREDICT) -> Verdict:
    return explained(verdict, [cell], limits, False, monotonic() + limits.seconds)


def lines_of(verdict: Verdict) -> tuple:
    return verdict.line, re.findall(r"Line \d+.*", verdict.message), verdict.nudge


def in_a_cell(wrong) -> str:
    """The answer under the name of its exercise, on the lines that it has."""
    file = wrong.answer.__code__.co_filename
    return "".join(linecache.cache[file][2]) + f"\n\n{wrong.exercise} = {wrong.answer.__name__}"


HERE = [w for w in WRONG if getattr(w.answer, "__code__", None)
        and w.answer.__code__.co_filename.startswith("<cell")]


@pytest.mark.parametrize("step", [pytest.param(17, marks=pytest.mark.slow)])
def test_check_and_grader_name_the_same_line_for_the_same_answer(step):
    differ = {}
    for wrong in HERE[::step]:
        exercise = EXERCISES[wrong.exercise]
        verdict = judge(wrong.answer, exercise)
        here = located(verdict, wrong.answer, exercise.judge)
        there = explained(verdict, [getsource(right), in_a_cell(wrong)], PATIENT, False,
                          monotonic() + PATIENT.seconds)
        if lines_of(here) != lines_of(there) or here.message != there.message:
            differ[wrong.name] = (here.message, there.message)
    assert differ == {}


def test_the_line_is_counted_from_the_top_of_the_cell_below_commands_and_empty_lines():
    cell = f"\n\n%%time\n{TURNED}"
    assert told(cell).message == ("It is wrong.\nLine 7, `return s.argmax(axis=0)`: the axis here "
                                  "is not the one that is needed.")
    assert told(cell).line == 7 and verdicts(cell.replace("axis=0", "axs=0"))["predict"].line == 7


def test_line_and_remark_come_with_the_verdict_of_a_submission():
    cell = dedent(getsource(right.predict_by_argmax)).split("\n", 1)[1]
    cell = "import numpy as np\n" + cell.replace("predict_by_argmax", "predict").replace(
        "axis=1", "axis=0")
    found = verdicts(cell, limits=PATIENT)["predict"]
    assert (found.status, found.line) == ("wrong", 4) and "\nLine 4, `y_pred" in found.message


def test_what_is_the_same_is_looked_through_once(monkeypatch):
    asked = []
    search = explaining.found
    monkeypatch.setattr(explaining, "found", lambda *how: asked.append(how) or search(*how))
    assert told(TURNED) == told(TURNED) and len(asked) == 1
    told(TURNED + "  # mine")
    assert len(asked) == 2


def test_a_right_answer_and_one_without_time_are_not_looked_through(monkeypatch):
    monkeypatch.setattr(explaining, "found", None)
    right_one = Verdict("predict", "correct", (), "Right.")
    assert told(TURNED, verdict=right_one) == right_one
    assert told(TURNED, Limits(search=0)) == PREDICT
    assert explained(PREDICT, [TURNED], PATIENT, False, monotonic() + 1) == PREDICT


@pytest.mark.parametrize("sent", [
    {}, {"remarks": 3, "file": "<cell 1>", "lines": []},
    {"remarks": [], "file": [], "lines": [["axis", 4, [], ""]]},
    {"remarks": [], "file": "<cell 2>", "lines": [["axis", 4, [], ""]]},
    *({"remarks": [], "file": "<cell 1>", "lines": [line]} for line in (
        ["axis", 5, [], ""], ["axis", 0, [], ""], ["axis", -1, [], ""], ["axis", True, [], ""],
        ["axis", "4", [], ""], ["axis", 4.0, [], ""], ["<script>", 4, [], ""], [[], 4, [], ""],
        ["axis", 4, 7, ""], ["axis", 4, ""])),
    {"remarks": [], "file": "<cell 1>", "lines": 7},
])
def test_what_a_process_sends_is_dropped_where_it_is_no_line(monkeypatch, sent):
    monkeypatch.setattr(Session, "answer", lambda *_: None)
    monkeypatch.setattr(Session, "explain", lambda *_: sent)
    assert told(TURNED) == PREDICT


def test_what_a_process_sends_is_cut(monkeypatch):
    monkeypatch.setattr(Session, "answer", lambda *_: None)
    monkeypatch.setattr(Session, "explain", lambda *_: {
        "remarks": ["x" * 10**6] * 100, "file": "<cell 1>",
        "lines": [["axis", 5, ["x"] * 100, "x" * 10**6]] * 100})
    message = told(f"{TURNED}\n" + "y" * 10**6).message
    assert len(message) < 5000 and message.count("Line 5") == 1


HOSTILE = {
    "forges what looks for the line": (
        "import sys, types\nfake = types.ModuleType('fake')\n"
        "fake.repairs_of = lambda *_: [types.SimpleNamespace(kind='axis', line=10**6)]\n"
        "sys.modules['cs231n_lite.exercises.diagnosis.locate'] = fake\n"
        "def predict(W, X):\n    return sys.maxsize"),
    "never ends": "while True:\n    predict = 3",
    "ends its process": "import os\ndef predict(W, X):\n    return 3\npredict.x = os._exit(0)",
    "asks for all memory": "def predict(W, X):\n    return [0] * 10**12",
    "writes to the channel": (
        "import os\nfor fd in range(3, 64):\n    try:\n        os.write(fd, b'x' * 999)\n"
        "    except OSError:\n        os = os\ndef predict(W, X):\n    return os.sep"),
}


@pytest.mark.parametrize("name", [pytest.param(name, marks=pytest.mark.slow)
                                  if name == "never ends" else name for name in HOSTILE])
def test_a_hostile_answer_gets_no_line_and_keeps_its_verdict(name):
    found = told(HOSTILE[name], QUICK)
    assert (found.status, found.faults) == (PREDICT.status, PREDICT.faults)
    assert found.line is None or (name == "asks for all memory" and found.line == 2)


def test_one_student_s_process_does_not_explain_another_s_answer():
    told("import numpy as np\nnp.matmul = np.ascontiguousarray = None\n" + TURNED)
    assert told(TURNED).line == 4

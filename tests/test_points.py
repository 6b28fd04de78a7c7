"""Points: what a table may say, what an answer earns by it, and where the sum is shown."""
import base64
import csv
import json
import re

import attacks
import numpy as np
import pytest
from grading_helpers import VERDICTS_ALONE, notebook

from cs231n_lite.exercises.checking import judge_here
from cs231n_lite.exercises.grade import Row, sum_of
from cs231n_lite.exercises.judges.loss import LossJudge
from cs231n_lite.exercises.points import Worth, earned, points_in, total
from cs231n_lite.exercises.registry import EXERCISES
from cs231n_lite.grading.__main__ import main
from cs231n_lite.grading.reporting.report import csv_of, table
from cs231n_lite.grading.reporting.scoring import scored
from cs231n_lite.grading.run import grade

PAIRS = ("svm_loss_naive", "svm_loss_vectorized", "cross_entropy", "softmax_loss_naive",
         "softmax_loss_vectorized")
POINTS = {"predict": Worth(1), "svm_loss_vectorized": Worth(4, 1, 2.5), "softmax": Worth(0.5)}


def entry(student: str, *rows: tuple[str, str, list[str]]) -> dict:
    """A result with these exercises, verdicts and faults."""
    return {"student": student, "fault": "", "exercises": [
        {"exercise": id, "verdict": verdict, "faults": faults, "line": None, "fault": ""}
        for id, verdict, faults in rows]}


def read(tmp_path, text: str | bytes) -> dict[str, Worth]:
    """The table of this text."""
    (tmp_path / "points.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return points_in(tmp_path / "points.csv")


def test_a_table_may_have_part_marks_blanks_and_what_spreadsheets_add(tmp_path):
    assert read(tmp_path, "exercise,points\npredict,1\n") == {"predict": Worth(1)}
    assert read(tmp_path, b"\xef\xbb\xbfexercise, points, loss, gradient\r\npredict,1,,\r\n\r\n"
                b" svm_loss_vectorized , 4, 1, 2.5\r\nsoftmax,.5,0,0\r\n,,,\r\n") == POINTS


@pytest.mark.parametrize("mark, name", [(";", "semicolons"), ("\t", "tabs")])
def test_a_table_that_is_not_parted_by_commas_is_refused_in_that_word(tmp_path, mark, name):
    with pytest.raises(ValueError, match=f"points.csv has {name} between its cells; expected comm"):
        read(tmp_path, "exercise,points\npredict,0,5\n".replace(",", mark))


@pytest.mark.parametrize("text, line, says", [
    ("", 1, "''; expected exercise,points"), ("predict,1\n", 1, "'predict,1'; expected"),
    ("exercise,points\nperdict,1\n", 2, "'perdict'; expected one of ship_score"),
    ("exercise,points\nsgd,2\n\nsgd,3\n", 4, "sgd a second time"),
    ("exercise,points\nsgd\n", 2, "0 cells"), ("exercise,points\nsgd,\n", 2, "1 cells"),
    ("exercise,points\nsgd,1,,,\n", 2, "4 cells"),
    *[(f"exercise,points\nsgd,{odd}\n", 2, f"points '{odd}'; expected a number from 0")
      for odd in ("-1", "two", "nan", "inf", "1e9")],
    ("exercise,points,loss,gradient\nsgd,1,1,\n", 2, "part marks for sgd"),
    ("exercise,points,loss,gradient\ncross_entropy,2,1,3\n", 2, "than the 2 for all of it"),
    ("exercise,points\nsgd,0\n", None, "gives no points"),
    (b"exercise,points\nsgd,1\xff\n", None, "no text in UTF-8"),
])
def test_a_table_that_cannot_be_meant_is_refused_in_one_sentence_with_its_line(
        tmp_path, text, line, says):
    with pytest.raises(ValueError, match=re.escape(says)) as error:
        read(tmp_path, text)
    message = str(error.value)
    assert message.startswith(f"{tmp_path / 'points.csv'}" + (f", line {line} " if line else ""))
    assert message.endswith(".") and "\n" not in message


def test_part_marks_are_for_losses_with_their_gradients():
    assert tuple(id for id, exercise in EXERCISES.items() if exercise.has_gradient) == PAIRS


@pytest.mark.parametrize("verdict, faults, earns", [
    ("correct", [], 4), ("correct", ["haste"], 4), ("not attempted", [], 0),
    ("wrong", ["crash"], 0), ("does not run", ["notebook"], 0),
    ("wrong", ["gradient: special", "gradient: not divided by N"], 1),
    ("wrong", ["loss: not finite"], 2.5), ("wrong", ["loss: scaled", "gradient: scaled"], 0),
    ("wrong", ["loss: scaled", "no shift"], 0)])
def test_a_part_that_alone_is_right_earns_its_part_marks(verdict, faults, earns):
    assert earned(POINTS, "svm_loss_vectorized", verdict, faults) == earns
    assert earned(POINTS, "sgd", verdict, faults) == 0


@pytest.mark.slow
def test_over_the_whole_bank_no_part_is_paid_that_is_wrong_and_nearly_all_that_are_right(
        monkeypatch):
    from answers.rare import RARE
    from answers.wrong import WRONG

    marks, found, seen = {id: Worth(4, 1, 2) for id in PAIRS}, [], set()
    numbers = LossJudge.faults

    def spy(judge, problem):
        for fault in numbers(judge, problem):
            seen.add(fault.id)
            yield fault

    monkeypatch.setattr(LossJudge, "faults", spy)
    for wrong in (wrong for wrong in WRONG + RARE if wrong.exercise in PAIRS):
        seen.clear()
        with np.errstate(all="ignore"):
            verdict = judge_here(wrong.answer, EXERCISES[wrong.exercise])
        found.append(({"loss": 2, "gradient": 1}[next(iter(seen & {"loss", "gradient"}))]
                      if len(seen & {"loss", "gradient"}) == 1 else 0,
                      earned(marks, wrong.exercise, verdict.status, verdict.faults)))
    assert not [pair for pair in found if pair[1] not in (0, pair[0])]
    assert sum(right > 0 for right, _ in found) > 200
    assert sum(right != paid for right, paid in found) <= 3


def test_sum_and_points_stand_in_table_and_csv_and_only_where_points_were_given():
    plain = entry("ada", ("predict", "correct", []),
                  ("svm_loss_vectorized", "wrong", ["gradient: scaled"]), ("sgd", "correct", []))
    result = scored(plain, POINTS)
    assert (result["points"], result["of"]) == (2, 5.5)
    assert [(row["points"], row["of"]) for row in result["exercises"]] == [(1, 1), (1, 4), (0, 0)]
    assert table([result]).splitlines()[1] == "ada: 2 of 5.5 points"
    rows = list(csv.DictReader(csv_of([result]).splitlines()))
    assert [(row["points"], row["sum"]) for row in rows] == [("1", "2"), ("1", "2"), ("0", "2")]
    assert scored(plain, None) == plain and "points" not in csv_of([plain])
    assert table([plain]).splitlines()[1] == "ada"


def test_a_sum_shows_nothing_of_binary_fractions():
    tenths = {id: Worth(0.1) for id in list(EXERCISES)[:3]}
    result = scored(entry("ada", *((id, "correct", []) for id in tenths)), tenths)
    assert result["points"] == result["of"] == total(tenths) == 0.3


def test_other_points_change_page_csv_and_json_and_grade_nobody_again(tmp_path):
    (tmp_path / "ada.ipynb").write_bytes(notebook(attacks.RIGHT))
    pages, written = [], []
    for points in ({"predict": Worth(2), "softmax": Worth(8)}, {"predict": Worth(3)}, None):
        result, = grade([tmp_path / "ada.ipynb"], tmp_path / "out", VERDICTS_ALONE, points=points)
        assert json.loads((tmp_path / "out" / "results.json").read_text()) == [result]
        page, = (tmp_path / "out" / "students").glob("*.html")
        pages.append(re.search(r"<p>(\d of .*?)</p>", page.read_text())[1])
        written += [path.stat().st_mtime_ns for path in page.parent.glob("*.json")]
    assert [re.sub("<!--.*?-->", "", page) for page in pages] == [
        "1 of 6 exercises are correct. 2 of 10 points.<br><span class=quiet>predict 2 of 2.</span>",
        "1 of 6 exercises are correct. 3 of 3 points.<br><span class=quiet>predict 3 of 3.</span>",
        "1 of 6 exercises are correct."]
    assert len(set(written)) == 1


def test_a_missing_table_is_told_in_one_sentence_before_anybody_is_graded(tmp_path, capsys):
    (tmp_path / "ada.ipynb").write_bytes(notebook(attacks.RIGHT))
    command = ["run", str(tmp_path / "ada.ipynb"), "--out", str(tmp_path / "out")]
    assert main([*command, "--points", str(tmp_path / "none.csv")]) == 2
    assert "No such file" in capsys.readouterr().err and not (tmp_path / "out").exists()


def test_make_grade_adds_points_up_and_hands_them_to_github_classroom(tmp_path, monkeypatch):
    output = tmp_path / "output"
    monkeypatch.setenv("GITHUB_OUTPUT", str(output))
    rows = [Row("predict", "correct"), Row("svm_loss_vectorized", "wrong", "", ("loss: scaled",)),
            Row("predict", "wrong")]  # of a copy
    assert sum_of(POINTS, rows) == "3.5 of 5.5 points."
    name, _, text = output.read_text().strip().partition("=")
    told = json.loads(base64.b64decode(text))
    assert name == "result" and told == {
        "version": 1, "status": "fail", "max_score": 5.5, "tests": [
            {"name": "predict", "score": 1.0, "status": "pass"},
            {"name": "svm_loss_vectorized", "score": 2.5, "status": "fail"},
            {"name": "softmax", "score": 0.0, "status": "fail"}]}
    assert sum_of({"predict": Worth(1)}, rows[:1]) == "1 of 1 points."
    monkeypatch.delenv("GITHUB_OUTPUT")
    assert sum_of(POINTS, []) == "0 of 5.5 points."
